"""Facts between two versions of one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.protobuf.descriptions import describe
from treaty.changes.protobuf.facts import Carrier, Fact
from treaty.changes.protobuf.fields import compare_fields, field_subject
from treaty.changes.protobuf.oneofs import compare_oneofs, survivors
from treaty.changes.protobuf.ranges import contains, without, written
from treaty.model.protobuf.nodes import Cardinality, Message

if TYPE_CHECKING:
    from treaty.changes.protobuf.comparison import Comparison
    from treaty.documents.location import JsonValue
    from treaty.model.protobuf.nodes import Enum, Field

_OPTIONS, _ACCESSOR, _MESSAGE_SET, _FEATURES, _JSON_FORMAT = 7, 2, 1, 12, 6


def compare_messages(comparison: Comparison, old: Message, new: Message) -> None:
    """Compare two messages that are taken for versions of one, field by field, by number."""
    subject = f"message `{old.full_name}`"
    carrier = Carrier(old.full_name, new.full_name)
    moved = _renumbered(old, new)
    for number, field in old.fields.items():
        other = new.fields.get(number)
        if other is not None:
            compare_fields(comparison, field, other, carrier._replace(number=number), field_subject(field))
        elif number in moved:
            target = new.fields[moved[number]]
            comparison.add(
                Fact(
                    "proto-field-renumbered",
                    field.full_name,
                    field_subject(field),
                    number,
                    target.number,
                    field.location(),
                    target.location(),
                    carrier._replace(number=number),
                    (target.number,),
                )
            )
        else:
            comparison.add(_removed(comparison, field, old, new, carrier._replace(number=number)))
    for number, field in new.fields.items():
        if number not in old.fields and number not in moved.values():
            comparison.add(_added(field, old, carrier._replace(number=number)))
    compare_oneofs(comparison, old, new)
    _message_options(comparison, old, new, subject)
    compare_reservations(comparison, old, new, subject)
    lost = without(old.extension_ranges, new.extension_ranges)
    if lost:
        comparison.add(
            Fact(
                "proto-extension-range-removed",
                old.full_name,
                subject,
                ", ".join(written(lost)),
                None,
                old.location(),
                new.location(),
            )
        )
    for fact in describe(old, new, subject):
        comparison.add(fact)


def _renumbered(old: Message, new: Message) -> dict[int, int]:
    """Old numbers that are gone, to the new numbers that now have their name."""
    by_name = {field.name: number for number, field in new.fields.items() if number not in old.fields}
    return {
        number: by_name[field.name]
        for number, field in old.fields.items()
        if number not in new.fields and field.name in by_name
    }


def _removed(comparison: Comparison, field: Field, old: Message, new: Message, carrier: Carrier) -> Fact:
    free = [
        word
        for word, reserved in (
            ("its number", contains(new.reserved_ranges, field.number)),
            ("its name", field.name in new.reserved_names),
        )
        if not reserved
    ]
    before: JsonValue = None
    after: JsonValue = " and ".join(free).replace("and its", "or its") if free else "both reserved"
    oneof = survivors(old, new).get(field.oneof) if field.oneof is not None else None
    if field.cardinality is Cardinality.REQUIRED:
        rule, after = "proto-required-field-removed", "gone"
    elif oneof is not None:
        rule, before = "proto-oneof-field-removed", field.oneof
    elif "its number" in free:
        rule = "proto-field-removed-number-free"
    elif free:
        rule = "proto-field-removed-name-free"
    elif comparison.question.may_go(field.lifecycle):
        rule = "proto-deprecated-declaration-removed"
        before = field.lifecycle.deprecated_since
    else:
        rule = "proto-field-removed"
    place, target = field.location(), new.location()
    return Fact(rule, field.full_name, field_subject(field), before, after, place, target, carrier)


def _added(field: Field, old: Message, carrier: Carrier) -> Fact:
    if contains(old.reserved_ranges, field.number):
        rule, before = "proto-reserved-number-used", field.number
    elif field.cardinality is Cardinality.REQUIRED:
        rule, before = "proto-required-field-added", None
    else:
        rule, before = "proto-field-added", None
    subject = field_subject(field)
    return Fact(rule, field.full_name, subject, before, None, old.location(), field.location(), carrier)


def _message_options(comparison: Comparison, old: Message, new: Message, subject: str) -> None:
    def option(name: str) -> tuple[bool, bool]:
        return old.options.get(name) is True, new.options.get(name) is True

    was, now = option("message_set_wire_format")
    if was != now:
        words = {True: "a message set", False: "plain fields"}
        place = (_OPTIONS, _MESSAGE_SET)
        comparison.add(
            Fact(
                "proto-message-set-changed",
                old.full_name,
                subject,
                words[was],
                words[now],
                old.location(place),
                new.location(place),
            )
        )
    was, now = option("no_standard_descriptor_accessor")
    if now and not was:
        place = (_OPTIONS, _ACCESSOR)
        comparison.add(
            Fact(
                "proto-descriptor-accessor-removed",
                old.full_name,
                subject,
                None,
                None,
                old.location(place),
                new.location(place),
            )
        )
    compare_json_format(comparison, old, new, subject, _OPTIONS, _FEATURES, _JSON_FORMAT)


def compare_json_format(
    comparison: Comparison, old: Message | Enum, new: Message | Enum, subject: str, *place: int
) -> None:
    """Tell when a message or enum gives up its promise to work in JSON; to promise it is no break."""
    before, after = old.features.json_format, new.features.json_format
    if before == "ALLOW" and after != "ALLOW":
        where = old.location(place), new.location(place)
        comparison.add(Fact("proto-json-format-weakened", old.full_name, subject, before, after, *where))


def compare_reservations(comparison: Comparison, old: Message | Enum, new: Message | Enum, subject: str) -> None:
    """Tell which numbers and names are no longer reserved, and which are now that did not belong to anything."""
    was_used, is_used = _members(old), _members(new)
    freed = without(old.reserved_ranges, [*new.reserved_ranges, *((number, number) for number in is_used.values())])
    names = sorted(old.reserved_names - new.reserved_names - is_used.keys())
    lost = [*written(freed), *(f'"{name}"' for name in names)]
    if lost:
        comparison.add(
            Fact(
                "proto-reservation-removed",
                old.full_name,
                subject,
                ", ".join(lost),
                None,
                old.location(),
                new.location(),
            )
        )
    taken = without(new.reserved_ranges, [*old.reserved_ranges, *((number, number) for number in was_used.values())])
    names = sorted(new.reserved_names - old.reserved_names - was_used.keys())
    gained = [*written(taken), *(f'"{name}"' for name in names)]
    if gained:
        comparison.add(
            Fact(
                "proto-reservation-added",
                old.full_name,
                subject,
                None,
                ", ".join(gained),
                old.location(),
                new.location(),
            )
        )


def _members(one: Message | Enum) -> dict[str, int]:
    if isinstance(one, Message):
        return {field.name: number for number, field in one.fields.items()}
    return {value.name: value.number for value in one.values}
