"""The walk over two contracts: matched declarations once each, and the imported types that their fields lead to."""

from __future__ import annotations

import datetime
from collections import deque
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.changes.protobuf.facts import Carrier, Fact
from treaty.changes.protobuf.matching import Matching
from treaty.changes.protobuf.surfaces import DEFAULT, Surface
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.changes.change import Level
    from treaty.model.lifecycle import Lifecycle
    from treaty.model.protobuf.nodes import Schema


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about two contracts.

    ``surfaces`` are those that matter, ``roles`` who the owner is, ``strict`` whether JSON readers refuse what they do
    not know. ``levels`` is the policy's reading of the catalogue (``rule`` or ``rule@role`` to a level, None for off).
    ``today`` and ``sunset_required`` decide whether a deprecated declaration may go.
    """

    surfaces: Surface = DEFAULT
    roles: Role = Role.BOTH
    strict: bool = False
    levels: Mapping[str, Level | None] = field(default_factory=lambda: MappingProxyType({}))
    today: datetime.date = field(default_factory=datetime.date.today)
    sunset_required: bool = False

    def may_go(self, lifecycle: Lifecycle) -> bool:
        """Whether what carries ``lifecycle`` was announced to go, and its day has come.

        ``removed_in`` is not asked: Protobuf files name no version of their own.
        """
        if not lifecycle.deprecated or "sunset" in lifecycle.unreadable:
            return False
        return lifecycle.sunset <= self.today if lifecycle.sunset is not None else not self.sunset_required


class Comparison:
    """Gathers the facts between ``old`` and ``new``; each pair of types is compared once.

    Within ``outer`` it compares two messages of other names, ``pair``, with everything they lead to, types of other
    names included.
    """

    def __init__(
        self,
        old: Schema,
        new: Schema,
        question: Question,
        *,
        outer: Comparison | None = None,
        pair: tuple[str, str] | None = None,
    ) -> None:
        self.old = old
        self.new = new
        self.question = question
        self.matching: Matching = outer.matching if outer is not None else Matching(old, new)
        self.following = pair is not None
        self.facts: list[Fact] = []
        start = [pair] if pair is not None else list(self.matching.messages.items())
        self._waiting: deque[tuple[str, str]] = deque(start)
        self._seen = set(start)
        self._enums: set[tuple[str, str]] = set() if pair is not None else set(self.matching.enums.items())
        self._carriers: dict[tuple[str, str], Carrier] | None = None

    def add(self, fact: Fact) -> None:
        self.facts.append(fact)

    def run(self) -> list[Fact]:
        """Every fact, in the order of the old contract."""
        from treaty.changes.protobuf.declarations import compare_declarations
        from treaty.changes.protobuf.enums import compare_enums
        from treaty.changes.protobuf.messages import compare_messages

        if not self.following:
            compare_declarations(self)
        while self._waiting:
            old, new = self._waiting.popleft()
            compare_messages(self, self.old.messages[old], self.new.messages[new])
        for old, new in sorted(self._enums):
            compare_enums(self, self.old.enums[old], self.new.enums[new])
        return self.facts

    def reach(self, old: str, new: str) -> None:
        """Compare two messages that the fields of others lead to, once."""
        if (old, new) not in self._seen:
            self._seen.add((old, new))
            self._waiting.append((old, new))

    def reach_enum(self, old: str, new: str) -> None:
        """Compare two enums that the fields of messages lead to, once."""
        self._enums.add((old, new))

    def between(self, old: str, new: str) -> list[Fact]:
        """The facts between two messages of other names, and all that they lead to; told to nobody."""
        return Comparison(self.old, self.new, self.question, outer=self, pair=(old, new)).run()

    def enum_carrier(self, old: str, new: str) -> Carrier | None:
        """A field of a message on both sides that holds the enum, for showing what became of a value."""
        if self._carriers is None:
            self._carriers = {}
            for name, other in self.matching.messages.items():
                for number, before in self.old.messages[name].fields.items():
                    after = self.new.messages[other].fields.get(number)
                    if before.type_name in self.old.enums and after is not None:
                        pair = before.type_name, after.type_name
                        self._carriers.setdefault(pair, Carrier(name, other, number))
        return self._carriers.get((old, new))
