"""Reading Avro's binary form with a writer's and a reader's schema, exactly as the specification has it.

Avro 1.12, "Binary Encoding" and "Schema Resolution". This is the judge of last resort: common implementations read some
data that the specification refuses. It knows nothing of the walk, only the same rules about which types meet.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.changes.avro.matching import match_fields, promotable, select
from treaty.model.avro.types import Array, EnumType, Fixed, Kind, Map, Record, Union, branches_of, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.avro.findings import Raw
    from treaty.documents.location import JsonValue
    from treaty.model.avro.types import AvroType

__all__ = ["Decoded", "Reading", "Refusal", "decode", "promoted"]

Decoded: TypeAlias = "Raw | JsonValue | list[Decoded] | dict[str, Decoded]"
"""What was read: values as they are written, and the JSON of defaults that were filled in."""

_FLOATS = {Kind.FLOAT: (4, "<f"), Kind.DOUBLE: (8, "<d")}


class Refusal(NamedTuple):
    """Something the reader cannot take: where, by the reader's names of fields, and why."""

    path: str
    why: str


class Reading(NamedTuple):
    """What a reader makes of a datum: ``value`` is one only where there are no refusals, in the order they are met."""

    value: Decoded
    refusals: list[Refusal]


def decode(wire: bytes, writer: AvroType, reader: AvroType) -> Reading:
    """Read the datum in ``wire``, all of whose bytes ``writer`` wrote, as the reader has to.

    A reader stops at the first refusal; here what it refuses is skipped, to see the others as well. The recursion is as
    deep as the datum, which the caller keeps shallow.
    """
    decoder = _Decoder(wire)
    return Reading(decoder.read(writer, reader, "$"), decoder.refusals)


def promoted(raw: Raw, reader: AvroType) -> Raw:
    """A value of a primitive type as ``reader``, the same type or one it is promoted to, takes it.

    Raises UnicodeDecodeError for bytes that are no string.
    """
    if isinstance(raw, int) and not isinstance(raw, bool) and reader.kind in _FLOATS:
        form = _FLOATS[reader.kind][1]
        rounded: float = struct.unpack(form, struct.pack(form, raw))[0]
        return rounded
    if isinstance(raw, str) and reader.kind is Kind.BYTES:
        return raw.encode()
    if isinstance(raw, bytes) and reader.kind is Kind.STRING:
        return raw.decode()
    return raw


class _Decoder:
    def __init__(self, wire: bytes) -> None:
        self._wire = wire
        self._at = 0
        self.refusals: list[Refusal] = []

    def read(self, writer: AvroType, reader: AvroType, path: str) -> Decoded:
        if isinstance(writer, Union):
            writer = writer.branches[self._long()]
        chosen = select(writer, reader)
        if chosen is None:
            self._skip(writer)
            self._refuse(path, _mismatch(writer, reader))
            return None
        match writer, chosen:
            case Record(), Record():
                return self._record(writer, chosen, path)
            case EnumType(), EnumType():
                return self._symbol(writer.symbols[self._long()], chosen, path)
            case Array(), Array():
                return [self.read(writer.items, chosen.items, f"{path}[]") for _ in self._blocks()]
            case Map(), Map():
                return {self._text(): self.read(writer.values, chosen.values, f"{path}.*") for _ in self._blocks()}
        try:
            return promoted(self._scalar(writer), chosen)
        except UnicodeDecodeError as error:
            self._refuse(path, f"these bytes are no UTF-8: {error.reason}")
            return None

    def _refuse(self, path: str, why: str) -> None:
        self.refusals.append(Refusal(path, why))

    def _record(self, writer: Record, reader: Record, path: str) -> Decoded:
        taken = {id(source): name for name, source in match_fields(writer, reader).sources.items()}
        own = {field.name: field for field in reader.fields}
        found: dict[str, Decoded] = {}
        for field in writer.fields:
            name = taken.get(id(field))
            if name is None:
                self._skip(field.type)
            else:
                found[name] = self.read(field.type, own[name].type, f"{path}.{name}")
        for field in reader.fields:
            if field.name in found:
                continue
            if field.default is None:
                self._refuse(f"{path}.{field.name}", "it is not written and has no default")
            elif field.default.problem is not None:
                self._refuse(f"{path}.{field.name}", "it is not written and its default is invalid")
            else:
                found[field.name] = field.default.value
        return found

    def _symbol(self, symbol: str, reader: EnumType, path: str) -> str | None:
        if symbol in reader.symbols:
            return symbol
        if reader.default is not None and reader.usable_default:
            return str(reader.default.value)
        self._refuse(path, f"the symbol {symbol} is unknown to {reader.name}, which has no valid default")
        return None

    def _skip(self, writer: AvroType) -> None:
        if isinstance(writer, Union):
            writer = writer.branches[self._long()]
        match writer:
            case Record():
                for field in writer.fields:
                    self._skip(field.type)
            case Array():
                for _ in self._blocks():
                    self._skip(writer.items)
            case Map():
                for _ in self._blocks():
                    self._text()
                    self._skip(writer.values)
            case _:
                self._scalar(writer)

    def _scalar(self, writer: AvroType) -> Raw:
        match writer.kind:
            case Kind.NULL:
                return None
            case Kind.BOOLEAN:
                return self._bytes(1) != b"\0"
            case Kind.INT | Kind.LONG | Kind.ENUM:
                return self._long()
            case Kind.FLOAT | Kind.DOUBLE:
                size, form = _FLOATS[writer.kind]
                number: float = struct.unpack(form, self._bytes(size))[0]
                return number
            case Kind.STRING:
                return self._text()
        return self._bytes(writer.size if isinstance(writer, Fixed) else self._long())

    def _blocks(self) -> Iterator[None]:
        """One None for each item of an array or map; each has to be read before the next is asked for."""
        while count := self._long():
            if count < 0:
                self._long()
                count = -count
            for _ in range(count):
                yield None

    def _text(self) -> str:
        return self._bytes(self._long()).decode()

    def _long(self) -> int:
        shift = result = 0
        while True:
            byte = self._bytes(1)[0]
            result |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (result >> 1) ^ -(result & 1)
            shift += 7

    def _bytes(self, count: int) -> bytes:
        self._at += count
        return self._wire[self._at - count : self._at]


def _mismatch(writer: AvroType, reader: AvroType) -> str:
    """Why no branch takes what is written: against the closest one, where one is close."""
    branches = branches_of(reader)
    written = type_name(writer)
    for branch in branches:
        if isinstance(writer, Fixed) and isinstance(branch, Fixed) and branch.short == writer.short:
            return f"{written} of size {writer.size} is written, {branch.name} of size {branch.size} is expected"
    alike = [branch for branch in branches if branch.kind is writer.kind or promotable(branch, writer)]
    expected = ", ".join(type_name(branch) for branch in alike or branches)
    if len(branches) == 1 or alike:
        return f"{written} is written, {expected} is expected"
    return f"{written} is written, and no branch takes it" + (f": {expected}" if expected else "")
