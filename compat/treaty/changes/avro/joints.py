"""Which branches of the old type belong to which of the new one, in both directions at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.avro.matching import Branches
from treaty.model.avro.types import Kind, Primitive, Union
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.model.avro.types import AvroType

__all__ = ["Joint", "Link", "Loss", "join"]


class Link(NamedTuple):
    """An old and a new branch that belong together.

    ``read`` are the directions in which values travel between them (READS: the new one reads the old one's), ``fails``
    those in which values of the writing one find no reader at all. ``main`` is off where a branch is only read into one
    that already has a counterpart of its own.
    """

    old: AvroType
    new: AvroType
    read: Role
    fails: Role
    main: bool


class Loss(NamedTuple):
    """A branch of one side without a counterpart on the other; ``fails`` is NONE where some other still reads it."""

    branch: AvroType
    added: bool
    fails: Role


class Joint(NamedTuple):
    """How two types, unions or not, are put together."""

    links: tuple[Link, ...]
    losses: tuple[Loss, ...]


_ALIKE = Joint((), ())


def join(old: AvroType, new: AvroType) -> Joint:
    """Put the branches of two types together; a type that is no union is its own only branch.

    Counterparts are first those that read each other, then those of which one reads the other, then those that are the
    only ones left of their kind, or at all: a value of one type where there was one of another is one change, not a
    removal and an addition. Two types that say the same all the way down, and can tell nothing, have no links at all.
    """
    if _alike(old, new):
        return _ALIKE
    before, after = Branches(old), Branches(new)
    forwards = {branch: after.select(branch) for branch in before.branches}
    backwards = {branch: before.select(branch) for branch in after.branches}
    # Dictionaries are ordered sets here: unions of thousands of records exist.
    rest_before, rest_after = dict.fromkeys(before.branches), dict.fromkeys(after.branches)
    links: list[Link] = []

    def main(one: AvroType, other: AvroType) -> None:
        del rest_before[one]
        del rest_after[other]
        read, fails = Role.NONE, Role.NONE
        if forwards[one] is other:
            read |= Role.READS
        elif forwards[one] is None:
            fails |= Role.READS
        if backwards[other] is one:
            read |= Role.WRITES
        elif backwards[other] is None:
            fails |= Role.WRITES
        links.append(Link(one, other, read, fails, main=True))

    for one, other in forwards.items():
        if other is not None and backwards[other] is one:
            main(one, other)
    for one in list(rest_before):
        other = forwards[one]
        if other is not None and other in rest_after:
            main(one, other)
    for other in list(rest_after):
        source = backwards[other]
        if source is not None and source in rest_before:
            main(source, other)
    unread_before = [one for one in rest_before if forwards[one] is None]
    unread_after = [other for other in rest_after if backwards[other] is None]
    if unread_before and unread_after:
        for one, other in _replaced(unread_before, unread_after):
            main(one, other)
    losses: list[Loss] = []
    for one in rest_before:
        other = forwards[one]
        losses.append(Loss(one, added=False, fails=Role.NONE if other is not None else Role.READS))
        if other is not None:
            links.append(Link(one, other, Role.READS, Role.NONE, main=False))
    for other in rest_after:
        source = backwards[other]
        losses.append(Loss(other, added=True, fails=Role.NONE if source is not None else Role.WRITES))
        if source is not None:
            links.append(Link(source, other, Role.WRITES, Role.NONE, main=False))
    return Joint(tuple(links), tuple(losses))


def _alike(old: AvroType, new: AvroType) -> bool:
    """Whether two types without names say the same: most do, and nothing more has to be asked about them."""
    if isinstance(old, Primitive) and isinstance(new, Primitive):
        same = old.kind is new.kind and old.logical == new.logical
        return same and not old.attributes and not new.attributes
    if isinstance(old, Union) and isinstance(new, Union) and len(old.branches) == len(new.branches):
        return all(map(_alike, old.branches, new.branches))
    return False


def _replaced(before: list[AvroType], after: list[AvroType]) -> Iterator[tuple[AvroType, AvroType]]:
    """Pairs of branches that took each other's place, as far as can be told: null takes the place of nothing else."""
    kinds_before, kinds_after = (Counter(each.kind for each in side) for side in (before, after))
    single = [kind for kind, count in kinds_before.items() if count == kinds_after[kind] == 1]
    for kind in single:
        yield next(each for each in before if each.kind is kind), next(each for each in after if each.kind is kind)
    for exempt in (Kind.NULL, None):
        ones = [one for one in before if one.kind not in single and one.kind is not exempt]
        others = [other for other in after if other.kind not in single and other.kind is not exempt]
        if len(ones) == len(others) == 1:
            yield ones[0], others[0]
            return
