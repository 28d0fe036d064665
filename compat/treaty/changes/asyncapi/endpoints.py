"""Which operations answer to each other: by what the application does and where, never by what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from treaty.model.asyncapi.nodes import Action, Message, Operation

__all__ = ["Endpoint", "Moved", "endpoints", "moved", "operations_paired"]

_PARAMETER = re.compile(r"\{([^{}]*)\}")


@dataclass(slots=True, eq=False)
class Endpoint:
    """Everything the application does with one action at one address, in one operation or in several."""

    action: Action
    operations: list[Operation] = field(default_factory=list)

    @property
    def label(self) -> str:
        """``send bet.settled``."""
        return self.operations[0].label

    @property
    def address(self) -> str | None:
        return self.operations[0].channel.address

    @property
    def messages(self) -> list[Message]:
        """Every message of its operations, each once."""
        return list({id(message): message for each in self.operations for message in each.messages}.values())


def parameter_names(address: str) -> list[str]:
    """The names in the braces of an address, in order."""
    return _PARAMETER.findall(address)


def endpoints(operations: Iterable[Operation]) -> dict[Hashable, Endpoint]:
    """Operations by action and address; the names of address parameters do not count.

    An operation whose address is not known before run time is found by the id of its channel.
    """
    found: dict[Hashable, Endpoint] = {}
    for operation in operations:
        channel = operation.channel
        where = ("id", channel.id) if channel.address is None else ("at", _PARAMETER.sub("{}", channel.address))
        endpoint = found.setdefault((operation.action, where), Endpoint(operation.action))
        endpoint.operations.append(operation)
    return found


class Moved(NamedTuple):
    """Two endpoints that are one: with another address, or the other action at the same one."""

    old: Endpoint
    new: Endpoint


def moved(old: list[Endpoint], new: list[Endpoint]) -> list[Moved]:
    """Pairs among the endpoints that have no partner at their own address; they are taken out of both lists."""
    found: list[Moved] = []
    for alike in (_other_action, _same_channel, _same_operation, _same_messages):
        for one in list(old):
            candidates = [other for other in new if alike(one, other)]
            if len(candidates) == 1 and sum(alike(each, candidates[0]) for each in old) == 1:
                old.remove(one)
                new.remove(candidates[0])
                found.append(Moved(one, candidates[0]))
    return found


def _other_action(old: Endpoint, new: Endpoint) -> bool:
    return old.action is not new.action and old.address is not None and old.address == new.address


def _same_channel(old: Endpoint, new: Endpoint) -> bool:
    ids = {each.channel.id for each in new.operations}
    return old.action is new.action and any(each.channel.id in ids for each in old.operations)


def _same_operation(old: Endpoint, new: Endpoint) -> bool:
    ids = {each.id for each in new.operations} - {None}
    return old.action is new.action and any(each.id in ids for each in old.operations)


def _same_messages(old: Endpoint, new: Endpoint) -> bool:
    before, after = ({message.label for message in each.messages} for each in (old, new))
    return old.action is new.action and before == after and bool(before) and "" not in before


def operations_paired(old: Endpoint, new: Endpoint) -> list[tuple[Operation | None, Operation | None]]:
    """The operations of two endpoints that are one: by id, then by their messages, then by position."""
    pairs: list[tuple[Operation | None, Operation | None]] = []
    left, right = list(old.operations), list(new.operations)
    for test in (_same_id, _shared_message, _anything):
        for one in list(left):
            other = next((each for each in right if test(one, each)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                pairs.append((one, other))
    return [*pairs, *((one, None) for one in left), *((None, other) for other in right)]


def _same_id(old: Operation, new: Operation) -> bool:
    return old.id is not None and old.id == new.id


def _shared_message(old: Operation, new: Operation) -> bool:
    return bool({each.label for each in old.messages} & {each.label for each in new.messages})


def _anything(old: Operation, new: Operation) -> bool:
    return True
