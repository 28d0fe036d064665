"""Which branches of the old type belong to which of the new one, in both directions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.avro.matching import select
from treaty.model.avro.types import Kind, branches_of
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


def join(old: AvroType, new: AvroType) -> Joint:
    """Put the branches of two types together; a type that is no union is its own only branch.

    Counterparts are first those that read each other, then those of which one reads the other, then those that are the
    only ones left of their kind, or at all: a value of one type where there was one of another is one change, not a
    removal and an addition.
    """
    before, after = branches_of(old), branches_of(new)
    forwards = {id(branch): select(branch, after) for branch in before}
    backwards = {id(branch): select(branch, before) for branch in after}
    rest_before, rest_after = list(before), list(after)
    links: list[Link] = []

    def main(one: AvroType, other: AvroType) -> None:
        rest_before.remove(one)
        rest_after.remove(other)
        read, fails = Role.NONE, Role.NONE
        if forwards[id(one)] is other:
            read |= Role.READS
        elif forwards[id(one)] is None:
            fails |= Role.READS
        if backwards[id(other)] is one:
            read |= Role.WRITES
        elif backwards[id(other)] is None:
            fails |= Role.WRITES
        links.append(Link(one, other, read, fails, main=True))

    for one in before:
        other = forwards[id(one)]
        if other is not None and backwards[id(other)] is one:
            main(one, other)
    for one in list(rest_before):
        other = forwards[id(one)]
        if other in rest_after and other is not None:
            main(one, other)
    for other in list(rest_after):
        source = backwards[id(other)]
        if source in rest_before and source is not None:
            main(source, other)
    unread_before = [one for one in rest_before if forwards[id(one)] is None]
    unread_after = [other for other in rest_after if backwards[id(other)] is None]
    for one, other in _alike(unread_before, unread_after):
        main(one, other)
    losses: list[Loss] = []
    for one in rest_before:
        other = forwards[id(one)]
        losses.append(Loss(one, added=False, fails=Role.NONE if other is not None else Role.READS))
        if other is not None:
            links.append(Link(one, other, Role.READS, Role.NONE, main=False))
    for other in rest_after:
        source = backwards[id(other)]
        losses.append(Loss(other, added=True, fails=Role.NONE if source is not None else Role.WRITES))
        if source is not None:
            links.append(Link(source, other, Role.WRITES, Role.NONE, main=False))
    return Joint(tuple(links), tuple(losses))


def _alike(before: list[AvroType], after: list[AvroType]) -> Iterator[tuple[AvroType, AvroType]]:
    """Pairs of branches that took each other's place, as far as can be told: null takes the place of nothing else."""
    left_before, left_after = list(before), list(after)
    for one in before:
        same = [other for other in left_after if other.kind is one.kind]
        if len(same) == 1 and sum(each.kind is one.kind for each in left_before) == 1:
            left_before.remove(one)
            left_after.remove(same[0])
            yield one, same[0]
    for exempt in ((Kind.NULL,), ()):
        ones = [one for one in left_before if one.kind not in exempt]
        others = [other for other in left_after if other.kind not in exempt]
        if len(ones) == len(others) == 1:
            yield ones[0], others[0]
            return
