"""Facts about which fields of a message exclude each other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from treaty.changes.protobuf.descriptions import describe
from treaty.changes.protobuf.facts import Carrier, Fact
from treaty.changes.protobuf.fields import field_subject

if TYPE_CHECKING:
    from treaty.changes.protobuf.comparison import Comparison
    from treaty.model.protobuf.nodes import Field, Message, Oneof


def survivors(old: Message, new: Message) -> dict[str, str]:
    """The oneofs of ``old`` that are still there, to their name in ``new``: by name, else by a field they share."""
    names = {one.name for one in new.oneofs}
    found = {one.name: one.name for one in old.oneofs if one.name in names}
    taken = set(found.values())
    for one in old.oneofs:
        if one.name not in found:
            homes = Counter(_oneof(new, number) for number in one.numbers if number in new.fields)
            for home, _ in homes.most_common():
                if home is not None and home not in taken:
                    found[one.name] = home
                    taken.add(home)
                    break
    return found


def compare_oneofs(comparison: Comparison, old: Message, new: Message) -> None:
    """Compare the oneofs of two versions of a message, and which fields moved between them."""
    alive = survivors(old, new)
    after = {one.name: one for one in new.oneofs}
    subject = f"message `{old.full_name}`"
    for one in old.oneofs:
        home = alive.get(one.name)
        place = one.location()
        if home is None:
            comparison.add(Fact("proto-oneof-removed", one.full_name, subject, one.name, None, place, new.location()))
        else:
            if home != one.name:
                comparison.add(
                    Fact("proto-oneof-renamed", one.full_name, subject, one.name, home, place, after[home].location())
                )
            for fact in describe(one, after[home], f"oneof `{one.full_name}`"):
                comparison.add(fact)
    for number, field in old.fields.items():
        other = new.fields.get(number)
        if other is not None and (field.oneof or other.oneof):
            _moved(comparison, old, new, field, other, alive)


def _moved(
    comparison: Comparison, old: Message, new: Message, field: Field, other: Field, alive: dict[str, str]
) -> None:
    here = alive.get(field.oneof) if field.oneof is not None else None
    if here == other.oneof and (here is not None or field.oneof is None):
        return
    carrier = Carrier(old.full_name, new.full_name, field.number)
    joined = [
        number for number in _members(new, other.oneof, old) if _oneof(old, number) != field.oneof or not field.oneof
    ]
    joined = [number for number in joined if number != field.number]
    left = [
        number
        for number in _members(old, field.oneof, new)
        if number != field.number and (_oneof(new, number) != other.oneof or not other.oneof)
    ]
    where = field.location(), other.location()
    if joined:
        partners = ", ".join(old.fields[number].name for number in joined)
        comparison.add(
            Fact(
                "proto-field-moved-into-oneof",
                field.full_name,
                field_subject(field),
                partners,
                other.oneof,
                *where,
                carrier,
                tuple(joined),
            )
        )
    if left:
        partners = ", ".join(old.fields[number].name for number in left)
        comparison.add(
            Fact(
                "proto-field-moved-out-of-oneof",
                field.full_name,
                field_subject(field),
                field.oneof,
                partners,
                *where,
                carrier,
                tuple(left),
            )
        )
    if not joined and not left:
        before, after = (f"the oneof {name}" if name else "no oneof" for name in (field.oneof, other.oneof))
        comparison.add(
            Fact("proto-field-oneof-changed", field.full_name, field_subject(field), before, after, *where, carrier)
        )


def _oneof(message: Message, number: int) -> str | None:
    field = message.fields.get(number)
    return field.oneof if field is not None else None


def _members(message: Message, oneof: str | None, other: Message) -> list[int]:
    """The numbers in a oneof of ``message`` that ``other`` has too."""
    one: Oneof | None = next((one for one in message.oneofs if one.name == oneof), None)
    return [number for number in one.numbers if number in other.fields] if one is not None else []
