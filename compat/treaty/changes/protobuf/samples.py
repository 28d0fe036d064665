"""Messages to try on the other side: the least one, and ones with a telling value in one field."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from google.protobuf.descriptor import FieldDescriptor as Types
from google.protobuf.message_factory import GetMessageClass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.protobuf.descriptor import Descriptor
    from google.protobuf.message import Message

    from treaty.changes.protobuf.meaning import FieldDescriptor

_UNDECLARED = 7_777_777
_NESTING = 3

_INTEGERS: Mapping[int, tuple[int, ...]] = {
    **dict.fromkeys((Types.TYPE_INT32, Types.TYPE_SINT32, Types.TYPE_SFIXED32), (1, -1, 2**31 - 1)),
    **dict.fromkeys((Types.TYPE_INT64, Types.TYPE_SINT64, Types.TYPE_SFIXED64), (1, -1, 5_000_000_000)),
    **dict.fromkeys((Types.TYPE_UINT32, Types.TYPE_FIXED32), (1, 2, 2**32 - 1)),
    **dict.fromkeys((Types.TYPE_UINT64, Types.TYPE_FIXED64), (1, 5_000_000_000, 2**64 - 1)),
}
"""Values near the ends of each range, small ones first: a witness should be as plain as it can be."""

_OTHERS: Mapping[int, tuple[object, ...]] = {
    Types.TYPE_BOOL: (True,),
    Types.TYPE_FLOAT: (1.5,),
    Types.TYPE_DOUBLE: (1.5, 1e300),
    Types.TYPE_STRING: ("text",),
    Types.TYPE_BYTES: (b"text", b"\xff\xfe"),
}


def least(message_class: type[Message]) -> Message:
    """A message with nothing but its required fields."""
    message = message_class()
    _complete(message, _NESTING)
    return message


def _complete(message: Message, nesting: int) -> None:
    for field in message.DESCRIPTOR.fields:
        if field.is_required:
            set_value(message, field, next(_values(field, nesting - 1)))


def with_field(message_class: type[Message], number: int, first: int | None = None) -> Iterator[Message]:
    """Messages whose field ``number`` has one of its telling values; ``first`` is an enum number to begin with."""
    field = message_class.DESCRIPTOR.fields_by_number.get(number)
    if field is None:
        return
    values = list(_values(field, _NESTING))
    if first in values:
        values.insert(0, first)
    for value in values:
        message = least(message_class)
        set_value(message, field, value)
        yield message
    if field.is_repeated and not _is_map(field):
        message = least(message_class)
        for value in (values * 2)[:2]:
            set_value(message, field, value)
        yield message


def with_fields(message_class: type[Message], numbers: tuple[int, ...]) -> Message:
    """A message with a value in each of ``numbers``, in their order."""
    message = least(message_class)
    for number in numbers:
        field = message_class.DESCRIPTOR.fields_by_number.get(number)
        if field is not None:
            set_value(message, field, next(_values(field, _NESTING)))
    return message


def set_value(message: Message, field: FieldDescriptor, value: object) -> None:
    """Set a singular field, or add one element to a repeated one or one entry to a map."""
    if _is_map(field):
        key_field, content = (field.message_type.fields_by_number[number] for number in (1, 2))  # type: ignore[union-attr]  # a map has an entry
        key = value if content is None else next(_values(key_field, 0))
        if content.message_type is not None:
            getattr(message, field.name)[key].CopyFrom(value)
        else:
            getattr(message, field.name)[key] = value
    elif field.is_repeated:
        getattr(message, field.name).append(value)
    elif field.message_type is not None:
        getattr(message, field.name).CopyFrom(value)
        getattr(message, field.name).SetInParent()
    else:
        setattr(message, field.name, value)


def _values(field: FieldDescriptor, nesting: int) -> Iterator[object]:
    if _is_map(field):
        yield from _values(field.message_type.fields_by_number[2], nesting)  # type: ignore[union-attr]  # a map has an entry
        return
    if field.message_type is not None:
        yield from _messages(GetMessageClass(cast("Descriptor", field.message_type)), nesting)
        return
    enum = field.enum_type
    if enum is not None:
        numbers = sorted((value.number for value in enum.values), key=lambda number: (number == 0, number < 0, number))
        yield from dict.fromkeys(numbers)
        if not enum.is_closed:
            yield _UNDECLARED
        return
    yield from _INTEGERS.get(field.type, _OTHERS.get(field.type, ()))


def _messages(message_class: type[Message], nesting: int) -> Iterator[Message]:
    """Messages of a nested type: each field in turn, then none."""
    if nesting > 0:
        for field in message_class.DESCRIPTOR.fields:
            for value in _values(field, nesting - 1):
                message = message_class()
                _complete(message, nesting - 1)
                if not (field.is_required and field.is_repeated):
                    set_value(message, field, value)
                yield message
    message = message_class()
    if nesting > 0:
        _complete(message, nesting - 1)
    yield message


def _is_map(field: FieldDescriptor) -> bool:
    return field.is_repeated and field.message_type is not None and field.message_type.GetOptions().map_entry
