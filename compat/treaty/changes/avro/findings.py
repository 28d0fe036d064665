"""What was found at one place, before anyone asks which direction matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.changes.avro.walk import Way, trail
from treaty.model.avro.names import short_name
from treaty.model.avro.types import Named, type_name
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.avro.walk import Slot, Visit
    from treaty.documents.location import JsonValue, Location
    from treaty.model.avro.types import AvroType

__all__ = ["THE_VALUE", "Finding", "Raw", "Target", "at_slot", "at_visit", "path_of"]

Raw: TypeAlias = "bool | int | float | str | bytes | None"
"""A value of a primitive, enum or fixed type as it is written."""

_ROOT = "$"
THE_VALUE = "the value"
_SITES = 25


class Target(NamedTuple):
    """The values that show a finding: any of ``old`` or ``new``, whichever writes, at ``slot``, or inside ``visit``.

    ``refused`` and ``altered`` are the value to take where not every one shows it: one that is refused, one that is
    read as another. ``missing`` is the field of the reader that is not written.
    """

    visit: Visit | None
    slot: Slot | None
    old: AvroType
    new: AvroType
    refused: Raw = None
    altered: Raw = None
    missing: str = ""


@dataclass(slots=True, kw_only=True)
class Finding:
    """One difference.

    ``fails`` are the directions in which some value that is written can no longer be read (READS: the new schema does
    not read what the old one wrote), ``alters`` those in which it is read as another value. ``element`` names the
    place in the schema's own terms, ``subject`` says it shorter for sentences, ``sites`` are the ways to it through the
    data.
    """

    rule: str
    element: str
    subject: str
    fails: Role = Role.NONE
    alters: Role = Role.NONE
    before: JsonValue = None
    after: JsonValue = None
    base: Location | None = None
    revision: Location | None = None
    target: Target | None = None
    sites: dict[str, None] = field(default_factory=dict)


def at_slot(
    slot: Slot,
    rule: str,
    *,
    fails: Role = Role.NONE,
    alters: Role = Role.NONE,
    before: JsonValue = None,
    after: JsonValue = None,
    target: Target | None = None,
) -> Iterator[Finding]:
    """The finding ``rule`` about the types at ``slot``; none where its directions do not count there and it is no
    difference between counterparts."""
    owner = slot.owner
    read = slot.read if owner is None else slot.read & owner.read
    main = slot.main and (owner is None or owner.main)
    if main or read & (fails | alters):
        element, subject = _named(owner, slot)
        yield Finding(
            rule=rule,
            element=element,
            subject=subject,
            fails=fails & read,
            alters=alters & read,
            before=before,
            after=after,
            base=_slot_location(slot, new=False),
            revision=_slot_location(slot, new=True),
            target=target,
            sites=_sites(owner, slot.step),
        )


def at_visit(
    visit: Visit,
    rule: str,
    *,
    at: str = "",
    fails: Role = Role.NONE,
    alters: Role = Role.NONE,
    before: JsonValue = None,
    after: JsonValue = None,
    base: Location | None = None,
    revision: Location | None = None,
    refused: Raw = None,
    altered: Raw = None,
    missing: str = "",
) -> Iterator[Finding]:
    """The finding ``rule`` about the pair, or its field ``at``; none as in :func:`at_slot`."""
    if visit.main or visit.read & (fails | alters):
        step = f".{at}" if at else ""
        element, subject = _named(visit, None)
        yield Finding(
            rule=rule,
            element=element + step,
            subject=subject + step,
            fails=fails & visit.read,
            alters=alters & visit.read,
            before=before,
            after=after,
            base=base,
            revision=revision,
            target=Target(visit, None, visit.old, visit.new, refused, altered, missing),
            sites=_sites(visit, step),
        )


def path_of(slot: Slot) -> str:
    """The first way through the data that leads to ``slot``: `$.payload.items[].price`."""
    steps = [each.step for each, _ in trail(slot.owner, _first(slot.owner))]
    return "".join([_ROOT, *steps, slot.step])


def _named(visit: Visit | None, slot: Slot | None) -> tuple[str, str]:
    """Element and subject of a place.

    The element is the full name of the innermost named type and the way from there: ``platform.Money.amount``,
    ``platform.Bet.tags[]``; from the root, ``$``, where no named type is around. It does not depend on where the type
    is used, so it is the same in every contract that uses the type.
    """
    steps: list[str] = []
    while True:
        if slot is not None:
            steps.append(slot.step)
            visit = slot.owner
        if visit is None:
            way = "".join(reversed(steps))
            return _ROOT + way, way.removeprefix(".") or _root_name(slot)
        if visit.name is not None:
            way = "".join(reversed(steps))
            return visit.name + way, short_name(visit.name) + way
        slot = visit.entries[_first(visit)]


def _root_name(slot: Slot | None) -> str:
    """What a sentence calls the root: by its name where it has one that both sides share."""
    if slot is not None and isinstance(slot.new, Named) and type_name(slot.old) == slot.new.name:
        return slot.new.short
    return THE_VALUE


def _sites(visit: Visit | None, step: str) -> dict[str, None]:
    """The ways through the data to ``step`` inside ``visit``: one for each use of the named type around it."""
    steps = [step]
    while visit is not None and visit.name is None:
        slot = visit.entries[_first(visit)]
        steps.append(slot.step)
        visit = slot.owner
    below = "".join(reversed(steps))
    if visit is None:
        return {_ROOT + below: None}
    return {path_of(slot) + below: None for slot in islice(visit.uses, _SITES)}


def _first(visit: Visit | None) -> Role:
    """A direction in which the pair is reached."""
    return Role.READS if visit is None or Role.READS in visit.read else Role.WRITES


def _slot_location(slot: Slot, *, new: bool) -> Location:
    kept = slot.new_field if new else slot.old_field
    if kept is not None:
        return kept.place.location("type")
    if slot.owner is None:
        return (slot.new if new else slot.old).place.location()
    owner = slot.owner.new if new else slot.owner.old
    return owner.place.location("items" if slot.way is Way.ITEMS else "values")
