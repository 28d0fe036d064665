"""Facts between two versions of one enum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.protobuf.descriptions import describe
from treaty.changes.protobuf.facts import Fact
from treaty.changes.protobuf.messages import compare_json_format, compare_reservations
from treaty.changes.protobuf.ranges import contains

if TYPE_CHECKING:
    from treaty.changes.protobuf.comparison import Comparison
    from treaty.changes.protobuf.facts import Carrier
    from treaty.model.protobuf.nodes import Enum, EnumValue

_NUMBER, _OPTIONS, _FEATURES, _JSON_FORMAT, _ENUM_TYPE = 2, 3, 7, 6, 2


def compare_enums(comparison: Comparison, old: Enum, new: Enum) -> None:
    """Compare two enums that are taken for versions of one, value by value, by number and by name."""
    subject = f"enum `{old.full_name}`"
    carrier = comparison.enum_carrier(old.full_name, new.full_name)
    if old.closed != new.closed:
        rule = "proto-enum-closed" if new.closed else "proto-enum-opened"
        words = {True: "closed", False: "open"}
        place = (_OPTIONS, _FEATURES, _ENUM_TYPE)
        where = old.location(place), new.location(place)
        comparison.add(Fact(rule, old.full_name, subject, words[old.closed], words[new.closed], *where, carrier))
    _values(comparison, old, new, carrier)
    compare_json_format(comparison, old, new, subject, _OPTIONS, _FEATURES, _JSON_FORMAT)
    compare_reservations(comparison, old, new, subject)
    for fact in describe(old, new, subject):
        comparison.add(fact)


def _values(comparison: Comparison, old: Enum, new: Enum, carrier: Carrier | None) -> None:
    now = {value.name: value for value in new.values}
    was = {value.name: value for value in old.values}
    names_now = _names(new)
    renamed: set[str] = set()
    for number, names in _names(old).items():
        lost = [name for name in names if name not in names_now.get(number, ())]
        fresh = [name for name in names_now.get(number, ()) if name not in names and name not in was]
        for name in names:
            value, other = was[name], now.get(name)
            if name not in lost:
                for fact in describe(value, now[name], _subject(value, old)):
                    comparison.add(fact)
            elif other is not None:
                comparison.add(
                    Fact(
                        "proto-enum-value-renumbered",
                        value.full_name,
                        _subject(value, old),
                        number,
                        other.number,
                        value.location(),
                        other.location((_NUMBER,)),
                        carrier,
                        (number,),
                    )
                )
            elif number not in names_now:
                comparison.add(_removed(comparison, value, old, new, carrier))
            elif fresh:
                target = now[fresh.pop(0)]
                renamed.add(target.name)
                comparison.add(
                    Fact(
                        "proto-enum-value-renamed",
                        value.full_name,
                        _subject(value, old),
                        name,
                        target.name,
                        value.location(),
                        target.location((_NUMBER,)),
                        carrier,
                        (number,),
                    )
                )
            else:
                kept = now[names_now[number][0]]
                where = value.location(), kept.location((_NUMBER,))
                subject = f"`{kept.name}` = {number} of `{old.full_name}`"
                comparison.add(
                    Fact("proto-enum-alias-removed", value.full_name, subject, name, None, *where, carrier, (number,))
                )
    for value in new.values:
        if value.name not in was and value.name not in renamed:
            comparison.add(_added(value, old, carrier))


def _removed(comparison: Comparison, value: EnumValue, old: Enum, new: Enum, carrier: Carrier | None) -> Fact:
    free = [
        word
        for word, reserved in (
            ("its number", contains(new.reserved_ranges, value.number)),
            ("its name", value.name in new.reserved_names),
        )
        if not reserved
    ]
    before = None
    if "its number" in free:
        rule = "proto-enum-value-removed-number-free"
    elif free:
        rule = "proto-enum-value-removed-name-free"
    elif comparison.question.may_go(value.lifecycle):
        rule = "proto-deprecated-declaration-removed"
        before = value.lifecycle.deprecated_since
    else:
        rule = "proto-enum-value-removed"
    after = " or ".join(free) if free else "both reserved"
    where = value.location(), new.location()
    return Fact(rule, value.full_name, _subject(value, old), before, after, *where, carrier, (value.number,))


def _added(value: EnumValue, old: Enum, carrier: Carrier | None) -> Fact:
    if contains(old.reserved_ranges, value.number):
        rule, before = "proto-reserved-number-used", value.number
    else:
        rule, before = "proto-enum-value-added", None
    where = old.location(), value.location()
    return Fact(rule, value.full_name, _subject(value, old), before, None, *where, carrier, (value.number,))


def _subject(value: EnumValue, enum: Enum) -> str:
    return f"`{value.name}` = {value.number} of `{enum.full_name}`"


def _names(enum: Enum) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for value in enum.values:
        names.setdefault(value.number, []).append(value.name)
    return names
