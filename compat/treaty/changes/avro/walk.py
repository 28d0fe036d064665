"""The walk over pairs: from the root to every pair of types whose values one side writes and the other reads.

A pair is visited once, whatever the number of ways to it, so recursion ends and the cost follows the number of pairs.
Which types meet depends on names, aliases, kinds and sizes only, never on whether what is inside them resolves. So a
pair is incompatible in a direction exactly when the walk in that direction reaches something that fails: no answer is
ever assumed, so none has to be taken back, and recursive types need no verdict before their own.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from treaty.changes.avro.joints import Joint, join
from treaty.changes.avro.matching import Fields, match_fields
from treaty.model.avro.types import Array, Field, Map, Named, Record
from treaty.model.roles import Role

if TYPE_CHECKING:
    from treaty.model.avro.types import AvroType

__all__ = ["Slot", "Visit", "Way", "trail", "walk"]


class Way(Enum):
    """What kind of part of its owner a slot is."""

    ROOT = "root"
    FIELD = "field"
    ITEMS = "items"
    VALUES = "values"


@dataclass(slots=True, eq=False)
class Slot:
    """A place for values: the root, a field, the items of an array, the values of a map; on both sides.

    ``read`` are the directions in which its values travel, as far as its owner goes.
    """

    owner: Visit | None
    way: Way
    old: AvroType
    new: AvroType
    joint: Joint
    read: Role = Role.BOTH
    main: bool = True
    old_field: Field | None = None
    new_field: Field | None = None

    @property
    def step(self) -> str:
        """How element names write the way into the slot: `.amount`, `[]`, `.*`."""
        match self.way:
            case Way.FIELD:
                return f".{(self.new_field or self.old_field).name}"  # type: ignore[union-attr]  # a field slot has one
            case Way.ITEMS:
                return "[]"
            case Way.VALUES:
                return ".*"
        return ""

    def side(self, *, new: bool) -> tuple[AvroType, Field | None]:
        """The type and the field of one side."""
        return (self.new, self.new_field) if new else (self.old, self.old_field)


@dataclass(slots=True, eq=False)
class Visit:
    """A pair of types, no unions, that meet.

    ``read`` are the directions in which values travel between them, ``main`` whether they are each other's
    counterparts, ``entries`` the first slot through which each direction came, ``uses`` every slot that leads here.
    """

    old: AvroType
    new: AvroType
    read: Role = Role.NONE
    main: bool = False
    entries: dict[Role, Slot] = field(default_factory=dict)
    uses: dict[Slot, None] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    reads: Fields | None = None
    writes: Fields | None = None

    @property
    def name(self) -> str | None:
        """The full name of a named type, the new one's; None where the pair has none."""
        return self.new.name if isinstance(self.new, Named) else None


def walk(old: AvroType, new: AvroType) -> tuple[Slot, list[Visit]]:
    """The root slot and every pair that is reached from it, nearest first."""
    root = Slot(None, Way.ROOT, old, new, join(old, new))
    visits: dict[tuple[int, int], Visit] = {}
    waiting: deque[Visit] = deque()
    _follow(root, Role.BOTH, visits, waiting, main=True)
    while waiting:
        visit = waiting.popleft()
        for slot in visit.slots:
            _follow(slot, visit.read & slot.read, visits, waiting, main=visit.main and slot.main)
    return root, list(visits.values())


def _follow(slot: Slot, read: Role, visits: dict[tuple[int, int], Visit], waiting: deque[Visit], *, main: bool) -> None:
    """Enter the pairs behind ``slot``, again where there is something new about the way."""
    for link in slot.joint.links:
        directions = read & link.read
        if not directions:
            continue
        key = (id(link.old), id(link.new))
        visit = visits.get(key)
        if visit is None:
            visit = visits[key] = Visit(link.old, link.new)
            visit.slots = _slots(visit)
        visit.uses[slot] = None
        fresh = directions & ~visit.read
        counterparts = main and link.main and not visit.main
        if fresh or counterparts:
            for direction in (Role.READS, Role.WRITES):
                if direction in fresh:
                    visit.entries[direction] = slot
            visit.read |= fresh
            visit.main = visit.main or counterparts
            waiting.append(visit)


def _slots(visit: Visit) -> list[Slot]:
    """The slots of a pair, in the order of the new type."""
    old, new = visit.old, visit.new
    if isinstance(old, Array) and isinstance(new, Array):
        return [Slot(visit, Way.ITEMS, old.items, new.items, join(old.items, new.items))]
    if isinstance(old, Map) and isinstance(new, Map):
        return [Slot(visit, Way.VALUES, old.values, new.values, join(old.values, new.values))]
    if not isinstance(old, Record) or not isinstance(new, Record):
        return []
    visit.reads, visit.writes = match_fields(old, new), match_fields(new, old)
    pairs: dict[tuple[str, str], tuple[Field, Field, Role]] = {}
    for each in new.fields:
        source = visit.reads.sources.get(each.name)
        if source is not None:
            pairs[source.name, each.name] = (source, each, Role.READS)
    for each in old.fields:
        source = visit.writes.sources.get(each.name)
        if source is not None:
            known = pairs.get((each.name, source.name))
            pairs[each.name, source.name] = (each, source, (known[2] if known else Role.NONE) | Role.WRITES)
    counterparts: set[Field] = set()
    slots: list[Slot] = []
    for before, after, read in pairs.values():
        main = before not in counterparts and after not in counterparts
        counterparts |= {before, after}
        joint = join(before.type, after.type)
        slots.append(Slot(visit, Way.FIELD, before.type, after.type, joint, read, main, before, after))
    return slots


def trail(visit: Visit | None, direction: Role) -> list[tuple[Slot, Visit]]:
    """The way from the root to ``visit`` in one direction: each slot with the pair behind it."""
    way: list[tuple[Slot, Visit]] = []
    while visit is not None:
        slot = visit.entries[direction]
        way.append((slot, visit))
        visit = slot.owner
    way.reverse()
    return way
