"""Arrays of a case: no more items than asked for, each as small as may be."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from treaty.model.schema.numbers import value_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from treaty.changes.proof.search.case import Arrays
    from treaty.changes.proof.search.facts import Contains, ItemFails
    from treaty.changes.proof.search.solver import Solver
    from treaty.documents.location import JsonValue

_MOST_ITEMS = 2000
_MOST_PLACES = 30
_VARIANTS = 4


class _Slot:
    """What is asked of one item."""

    __slots__ = ("accepting", "refusing")

    def __init__(self, accepting: list[JsonValue]) -> None:
        self.accepting = accepting
        self.refusing: list[JsonValue] = []


def arrays(case: Arrays, solver: Solver, depth: int) -> Iterator[JsonValue]:
    """Arrays the case allows, the shortest first."""
    if case.size.empty or (case.distinct and case.repeated):
        return
    for places in islice(product(*(_places(fails, case) for fails in case.failing)), _MOST_PLACES):
        wanted: dict[int, int] = {}
        for one in case.contains:
            number = solver.number(one.schema)
            wanted[number] = max(one.least, wanted.get(number, 0))
        contained = sum(wanted.values())
        least = max(case.size.least, 2 if case.repeated else 0, *(at + 1 for at in places), 0)
        most = _MOST_ITEMS if case.size.most is None else min(case.size.most, _MOST_ITEMS)
        lengths = [length for length in range(least, least + 5) if length <= most]
        if contained > least + 4 and contained <= most:
            lengths.append(contained)
        for length in lengths:
            solver.spend(1 + length // 8)
            slots = [_Slot([_item(items.first, items.rest, index) for items in case.items]) for index in range(length)]
            for at, fails in zip(places, case.failing, strict=True):
                slots[at].refusing.append(fails.schema)
            if _contain(slots, case.contains, solver, depth):
                yield from _filled(case, slots, solver, depth)


def _places(fails: ItemFails, case: Arrays) -> list[int]:
    """Where the failing item may stand: at the first place, or where the items of another schema change."""
    if not fails.or_later:
        return [fails.at]
    return sorted({fails.at, *(len(items.first) for items in case.items if len(items.first) > fails.at)})


def _item(first: tuple[JsonValue, ...], rest: JsonValue, index: int) -> JsonValue:
    return first[index] if index < len(first) else rest


def _contain(slots: list[_Slot], wanted: list[Contains], solver: Solver, depth: int) -> bool:
    """Give some slots what the array is to contain, and keep it from the others where there may not be more."""
    for one in wanted:
        count = sum(_asks(slot, one, solver) for slot in slots)
        for slot in slots:
            if count >= one.least:
                break
            asked = [*slot.accepting, one.schema]
            if not _asks(slot, one, solver) and _any(solver, asked, slot.refusing, depth):
                slot.accepting = asked
                count += 1
        if count < one.least:
            return False
    for one in wanted:
        count = 0
        for slot in slots if one.most is not None else ():
            refused = [*slot.refusing, one.schema]
            if not _asks(slot, one, solver) and _any(solver, slot.accepting, refused, depth):
                slot.refusing = refused
            else:
                count += 1
        if one.most is not None and count > one.most:
            return False
    return True


def _asks(slot: _Slot, wanted: Contains, solver: Solver) -> bool:
    number = solver.number(wanted.schema)
    return any(solver.number(schema) == number for schema in slot.accepting)


def _any(solver: Solver, accepting: list[JsonValue], refusing: list[JsonValue], depth: int) -> bool:
    return any(True for _ in solver.values(accepting, refusing, depth=depth + 1))


def _filled(case: Arrays, slots: list[_Slot], solver: Solver, depth: int) -> Iterator[JsonValue]:
    if case.repeated:
        yield from _repeated(slots, solver, depth)
        return
    if case.distinct:
        found = _distinct(slots, solver, depth)
        if found is not None:
            yield found
        return
    columns: list[list[JsonValue]] = []
    known: dict[tuple[Hashable, ...], list[JsonValue]] = {}
    for slot in slots:
        same = (*map(id, slot.accepting), 0, *map(id, slot.refusing))
        column = known.get(same)
        if column is None:
            column = known[same] = solver.some(slot.accepting, slot.refusing, _VARIANTS, name="", depth=depth + 1)
        if not column:
            return
        columns.append(column)
    yield [column[0] for column in columns]
    for at, column in enumerate(columns[:_VARIANTS]):
        for value in column[1:]:
            varied = [other[0] for other in columns]
            varied[at] = value
            yield varied


def _distinct(slots: list[_Slot], solver: Solver, depth: int) -> list[JsonValue] | None:
    found: list[JsonValue] = []
    used: set[Hashable] = set()
    for slot in slots:
        enough = len(slots) + 1
        for value in islice(solver.values(slot.accepting, slot.refusing, depth=depth + 1, number=enough), enough):
            if value_key(value) not in used:
                used.add(value_key(value))
                found.append(value)
                break
        else:
            return None
    return found


def _repeated(slots: list[_Slot], solver: Solver, depth: int) -> Iterator[JsonValue]:
    """Two slots share a value."""
    for one in range(min(len(slots), 6)):
        for other in range(one + 1, min(len(slots), 6)):
            both = [*slots[one].accepting, *slots[other].accepting]
            neither = [*slots[one].refusing, *slots[other].refusing]
            for shared in islice(solver.values(both, neither, depth=depth + 1), 2):
                found: list[JsonValue] = []
                for index, slot in enumerate(slots):
                    if index in (one, other):
                        found.append(shared)
                        continue
                    mine = list(islice(solver.values(slot.accepting, slot.refusing, depth=depth + 1), 1))
                    if not mine:
                        break
                    found += mine
                if len(found) == len(slots):
                    yield found
