"""Whether a message that was read means what was written: field by field, by number, as values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from google._upb._message import FieldDescriptor as UpbFieldDescriptor
    from google.protobuf.descriptor import FieldDescriptor as PlainFieldDescriptor
    from google.protobuf.message import Message

    FieldDescriptor: TypeAlias = PlainFieldDescriptor | UpbFieldDescriptor


def misreading(written: Message, read: Message, *, names: bool = False) -> str | None:
    """What of ``written`` is not in ``read``, as a sentence; None when every field is there with the same value."""
    fields = read.DESCRIPTOR.fields_by_number
    for descriptor, value in written.ListFields():
        if descriptor.is_extension:
            continue
        other = fields.get(descriptor.number)
        path = descriptor.name
        if other is None:
            return f"the value of {path} is not seen"
        if not is_set(read, other):
            if value == _default(descriptor) and not other.is_repeated:
                continue
            return f"{path} was {_shown(value, descriptor)} and reads as not set"
        reason = _values(descriptor, value, other, getattr(read, other.name), names)
        if reason is not None:
            return f"{path}{reason}"
    return None


def is_set(message: Message, field: FieldDescriptor) -> bool:
    """Whether ``message`` holds a value for ``field``; for fields without presence any but the default."""
    return any(descriptor.number == field.number for descriptor, _ in message.ListFields())


def _default(field: FieldDescriptor) -> object:
    return None if field.message_type is not None or field.is_repeated else field.default_value


def _values(old: FieldDescriptor, was: object, new: FieldDescriptor, now: object, names: bool) -> str | None:
    if old.is_repeated or new.is_repeated:
        before = _items(old, was)
        after = _items(new, now)
        if len(before) != len(after):
            return f" had {_count(before)} and reads as {_count(after)}"
        for (one_field, one), (other_field, other) in zip(before, after, strict=True):
            reason = _single(one_field, one, other_field, other, names)
            if reason is not None:
                return reason
        return None
    return _single(old, was, new, now, names)


def _items(field: FieldDescriptor, value: object) -> list[tuple[FieldDescriptor, object]]:
    """The elements of a field: those of a map are its values in the order of the keys, then the keys."""
    if not field.is_repeated:
        return [(field, value)]
    if field.message_type is not None and field.message_type.GetOptions().map_entry and isinstance(value, Mapping):
        key, content = (field.message_type.fields_by_number[number] for number in (1, 2))
        ordered = sorted(value, key=repr)
        return [(content, value[one]) for one in ordered] + [(key, one) for one in ordered]
    return [(field, one) for one in value] if isinstance(value, Sequence) else []


def _single(old: FieldDescriptor, was: object, new: FieldDescriptor, now: object, names: bool) -> str | None:
    if old.message_type is not None and new.message_type is not None:
        reason = misreading(was, now, names=names)  # type: ignore[arg-type]  # the descriptors say both are messages
        return None if reason is None else f".{reason}"
    if (old.message_type is None) != (new.message_type is None) or not _equal(was, now):
        return f" was {_shown(was, old)} and reads as {_shown(now, new)}"
    if names and old.enum_type is not None and new.enum_type is not None and isinstance(was, int):
        before, after = (_enum_names(field, was) for field in (old, new))
        if before.isdisjoint(after):
            return f" was {', '.join(sorted(before)) or was} and reads as {', '.join(sorted(after)) or was}"
    return None


def _enum_names(field: FieldDescriptor, number: int) -> set[str]:
    values = field.enum_type.values if field.enum_type is not None else ()
    return {value.name for value in values if value.number == number}


def _equal(was: object, now: object) -> bool:
    if isinstance(was, str):
        was = was.encode("utf-8", "surrogateescape")
    if isinstance(now, str):
        now = now.encode("utf-8", "surrogateescape")
    if isinstance(was, float) and isinstance(now, float) and math.isnan(was) and math.isnan(now):
        return True
    if isinstance(was, bytes) != isinstance(now, bytes):
        return False
    return was == now


def _count(items: Sequence[object]) -> str:
    return f"{len(items)} value" + ("" if len(items) == 1 else "s")


def _shown(value: object, field: FieldDescriptor) -> str:
    if isinstance(value, int) and field.enum_type is not None and not field.is_repeated:
        return ", ".join(sorted(_enum_names(field, value))) or str(value)
    text = repr(value) if isinstance(value, str | bytes | int | float) else str(value).strip().replace("\n", " ")
    return text if len(text) <= 60 else text[:57] + "..."
