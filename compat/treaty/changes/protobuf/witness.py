"""A message that proves a change: written by the runtime under one contract, refused or misread under the other."""

from __future__ import annotations

import contextlib
from itertools import islice
from typing import TYPE_CHECKING

from google.protobuf import json_format

from treaty.changes.change import Witness
from treaty.changes.protobuf.runtime import Runtime, read_bytes, read_json, runtime_name
from treaty.changes.protobuf.samples import least, with_field, with_fields
from treaty.changes.protobuf.surfaces import Surface
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.protobuf.message import Message

    from treaty.changes.protobuf.facts import Carrier, Fact
    from treaty.documents.location import JsonValue
    from treaty.model.protobuf.nodes import Schema

_TRIED = 60
_NOT_UTF8 = b"\xff\xfe"
_LENGTH_DELIMITED = 2
_ABSENT = frozenset({"proto-required-field-added", "proto-required-field-removed"})
_TOGETHER = frozenset({"proto-field-moved-into-oneof", "proto-field-moved-out-of-oneof"})
_UTF8 = frozenset({"proto-utf8-validation-added", "proto-utf8-validation-dropped"})
_ENUM_VALUES = "proto-enum-"
_BEYOND_BOTH = frozenset({"proto-reserved-number-used"})
"""What is misread was written under a contract older than both."""


class Witnesses:
    """Makes messages for the facts between two contracts; the message classes are built by the first one."""

    def __init__(self, old: Schema, new: Schema, *, strict: bool) -> None:
        self._schemas = old, new
        self._strict = strict
        self._runtimes: tuple[Runtime, Runtime] | None = None
        self._useless = False

    def show(self, fact: Fact, surfaces: Surface, roles: Role) -> Witness | None:
        """A message that shows ``fact`` on one of ``surfaces``, None when none of those tried does."""
        if fact.carrier is None or fact.rule in _BEYOND_BOTH:
            return None
        if self._runtimes is None:
            try:
                self._runtimes = Runtime(self._schemas[0]), Runtime(self._schemas[1])
            except TypeError:  # a contract that protoc accepts and the runtime does not: JSON names that collide
                self._useless = True
        if self._useless or self._runtimes is None:
            return None
        # What was required is missed by readers of the old contract, whoever the owner is.
        directions = Role.WRITES if fact.rule == "proto-required-field-removed" else roles
        witness = None
        for surface in (Surface.BYTES, Surface.TEXT):
            for role in (Role.READS, Role.WRITES):
                if surface in surfaces and role in directions:
                    attempt = _Attempt(fact, fact.carrier, role, self._runtimes, strict=self._strict)
                    with contextlib.suppress(RecursionError):  # more types in one chain than the runtime can take
                        witness = attempt.witness(surface)
                    if witness is not None:
                        return witness
        return None


class _Attempt:
    """One direction: the owner READS what the old contract wrote, or WRITES what the old contract reads."""

    def __init__(
        self, fact: Fact, carrier: Carrier, role: Role, runtimes: tuple[Runtime, Runtime], *, strict: bool
    ) -> None:
        self._fact = fact
        self._carrier = carrier
        self._reads = role is Role.READS
        self._writer, self._reader = runtimes if self._reads else runtimes[::-1]
        self._strict = strict

    def witness(self, surface: Surface) -> Witness | None:
        names = (self._carrier.old, self._carrier.new) if self._reads else (self._carrier.new, self._carrier.old)
        if not names[0]:
            return None
        writer = self._writer.message_class(names[0])
        if not names[1]:
            return self._unreadable(writer, names[0])
        reader = self._reader.message_class(names[1])
        if self._fact.rule in _UTF8:
            return self._not_utf8(writer, reader)
        if self._fact.rule == "proto-default-changed":
            return self._left_out(writer, reader)
        for message in islice(self._messages(writer), _TRIED):
            found = self._try(message, reader, surface)
            if found is not None:
                return found
        return None

    def _messages(self, writer: type[Message]) -> Iterator[Message]:
        fact, number = self._fact, self._carrier.number
        if fact.rule in _ABSENT or number is None:
            yield least(writer)
        elif fact.rule in _TOGETHER:
            for other in fact.others:
                yield with_fields(writer, (other, number))
                yield with_fields(writer, (number, other))
        elif fact.rule == "proto-field-renumbered":
            yield from with_field(writer, number if self._reads else fact.others[0])
        else:
            first = fact.others[0] if fact.rule.startswith(_ENUM_VALUES) and fact.others else None
            yield from with_field(writer, number, first)

    def _try(self, message: Message, reader: type[Message], surface: Surface) -> Witness | None:
        if surface is Surface.BYTES:
            data = message.SerializeToString(deterministic=True)
            names = self._fact.rule == "proto-enum-value-renumbered"
            reason = read_bytes(message, data, reader, names=names)
            return None if reason is None else self._witness(_json(message, self._writer), reason, data)
        try:
            text = json_format.MessageToJson(message, indent=None, descriptor_pool=self._writer.pool)
        except (json_format.Error, ValueError):  # a value that ProtoJSON cannot write proves nothing about JSON
            return None
        reason = read_json(message, text, reader, strict=self._strict, pool=self._reader.pool)
        return None if reason is None else self._witness(_json(message, self._writer), reason, None)

    def _not_utf8(self, writer: type[Message], reader: type[Message]) -> Witness | None:
        """Bytes written by hand, because the runtime writes no string that is not UTF-8."""
        number = self._carrier.number or 0
        field = writer.DESCRIPTOR.fields_by_number[number]
        tag = _varint(number << 3 | _LENGTH_DELIMITED)
        data = least(writer).SerializeToString() + tag + _varint(len(_NOT_UTF8)) + _NOT_UTF8
        if read_bytes(None, data, writer) is not None:
            return None
        reason = read_bytes(None, data, reader)
        return None if reason is None else self._witness({field.json_name: "\\xff\\xfe"}, reason, data)

    def _left_out(self, writer: type[Message], reader: type[Message]) -> Witness | None:
        message, read = least(writer), reader()
        number = self._carrier.number or 0
        fields = [one.DESCRIPTOR.fields_by_number.get(number) for one in (writer, reader)]
        if fields[0] is None or fields[1] is None or fields[0].is_required:
            return None
        data = message.SerializeToString(deterministic=True)
        reason = read_bytes(None, data, reader)
        if reason is None:
            read.ParseFromString(data)
            meant, understood = getattr(message, fields[0].name), getattr(read, fields[1].name)
            if meant == understood:
                return None
            reason = f"{fields[0].name} was left out to mean {meant!r} and reads as {understood!r}"
        return self._witness(_json(message, self._writer), reason, data)

    def _unreadable(self, writer: type[Message], name: str) -> Witness | None:
        numbers = [field.number for field in writer.DESCRIPTOR.fields[:1]]
        message = next(with_field(writer, numbers[0]), least(writer)) if numbers else least(writer)
        try:
            self._reader.message_class(name)
        except KeyError as error:
            data = message.SerializeToString(deterministic=True)
            return self._witness(_json(message, self._writer), f"refused: {error.args[0]}", data)
        return None

    def _witness(self, value: JsonValue, reason: str, data: bytes | None) -> Witness:
        sides = ("base", "revision") if self._reads else ("revision", "base")
        return Witness(
            value=value,
            accepted_by=sides[0],
            refused_by=sides[1],
            reason=reason,
            confirmed_by=runtime_name(),
            wire=data.hex() if data is not None else None,
        )


def _json(message: Message, runtime: Runtime) -> JsonValue:
    value: JsonValue = json_format.MessageToDict(message, descriptor_pool=runtime.pool)
    return value


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])
