"""Avro records as Pydantic classes: exact logical types, schemas on the class, datums by fastavro."""

from __future__ import annotations

import datetime
import io
import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    NaiveDatetime,
)
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AvroDecimal",
    "AvroRecord",
    "AvroSchema",
    "Int32",
    "Int64",
    "LocalTimestampMicros",
    "LocalTimestampMillis",
    "OneRecord",
    "TimeMillis",
    "TimestampMicros",
    "TimestampMillis",
    "parsed_schema",
]

Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
"""An Avro `int`."""
Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
"""An Avro `long`."""


def _in_milliseconds(value: Any) -> Any:
    """Cut to the unit of the schema, so that what is sent equals what is received."""
    if isinstance(value, datetime.datetime | datetime.time):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return value


TimestampMillis = Annotated[AwareDatetime, BeforeValidator(_in_milliseconds)]
"""A point in time, cut to milliseconds."""
TimestampMicros = AwareDatetime
"""A point in time; Python's own precision."""
LocalTimestampMillis = Annotated[NaiveDatetime, BeforeValidator(_in_milliseconds)]
"""A local time without a zone, cut to milliseconds."""
LocalTimestampMicros = NaiveDatetime
"""A local time without a zone."""
TimeMillis = Annotated[datetime.time, BeforeValidator(_in_milliseconds)]
"""A time of day, cut to milliseconds."""


@dataclass(frozen=True)
class AvroDecimal:
    """A decimal of at most ``precision`` digits, ``scale`` of them after the point; floats are refused."""

    precision: int
    scale: int = 0

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda number: format(number, "f"), when_used="json"
            ),
        )

    def _read(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise ValueError("a decimal is given as text, int or Decimal, never as a float")
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise ValueError(f"{value!r} is no decimal number") from None
        if not number.is_finite():
            raise ValueError(f"{value!r} is no finite number")
        shifted = number.scaleb(self.scale)
        if shifted != shifted.to_integral_value():
            raise ValueError(f"{number} has more than {self.scale} digits after the point")
        if abs(shifted) >= Decimal(10) ** self.precision:
            raise ValueError(f"{number} has more than {self.precision} digits")
        return number


@dataclass(frozen=True)
class OneRecord:
    """The annotation of a union of several records: what was decoded says which one it is."""

    records: tuple[str, ...]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_record_of, handler(source))


def _record_of(value: Any) -> Any:
    """fastavro gives a record in a union of records as its full name and its content."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        kind = _classes.get(value[0])
        return kind.from_datum(value[1]) if kind is not None else value[1]
    return value


_classes: dict[str, type[AvroRecord]] = {}
_parsed: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True)
class AvroSchema:
    """The schema of one class: its full name, its CRC-64-AVRO fingerprint, and where all definitions are.

    ``definitions`` holds every named type by full name, as JSON that names the others.
    """

    name: str
    fingerprint: str
    definitions: Mapping[str, str]

    @property
    def text(self) -> str:
        """The schema as JSON, complete in itself: each type is defined where it is used first."""
        return json.dumps(_inlined(self.name, self.definitions, set()), separators=(",", ":"))

    @property
    def parsed(self) -> Any:
        """The schema as fastavro takes it; parsed once."""
        key = (self.name, self.fingerprint)
        if key not in _parsed:
            _parsed[key] = parsed_schema(self.text)
        return _parsed[key]


def parsed_schema(text: str) -> Any:
    """A schema complete in itself, as fastavro takes it."""
    from fastavro import parse_schema

    return parse_schema(json.loads(text))


def _inlined(schema: Any, definitions: Mapping[str, str], told: set[str]) -> Any:
    if isinstance(schema, str):
        if schema not in definitions or schema in told:
            return schema
        told.add(schema)
        return _inlined(json.loads(definitions[schema]), definitions, told)
    if isinstance(schema, list):
        return [_inlined(each, definitions, told) for each in schema]
    if isinstance(schema, dict):
        if schema.get("type") == "record":
            fields = [
                {**each, "type": _inlined(each["type"], definitions, told)}
                for each in schema["fields"]
            ]
            return {**schema, "fields": fields}
        inside = {
            key: _inlined(schema[key], definitions, told)
            for key in ("items", "values")
            if key in schema
        }
        return {**schema, **inside}
    return schema


class AvroRecord(BaseModel):
    """A record. Its schema is on the class; fields have the names of the schema on the wire."""

    model_config = ConfigDict(
        defer_build=True,
        extra="forbid",
        populate_by_name=True,
        protected_namespaces=(),
    )

    avro: ClassVar[AvroSchema]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "avro" in cls.__dict__:
            _classes[cls.avro.name] = cls

    def to_datum(self) -> dict[str, Any]:
        """The content as fastavro takes it; every record says which one it is, for unions."""
        datum: dict[str, Any] = {"-type": self.avro.name}
        for name, field in type(self).model_fields.items():
            # Not by attribute: writing a deprecated field is no use of it to warn about.
            datum[field.alias or name] = _datum(self.__dict__[name])
        return datum

    def encode(self) -> bytes:
        """The content in Avro's binary encoding, without any header."""
        from fastavro import schemaless_writer

        buffer = io.BytesIO()
        schemaless_writer(buffer, self.avro.parsed, self.to_datum())
        return buffer.getvalue()

    @classmethod
    def decode(cls, data: bytes, writer: Any = None) -> Self:
        """A record from Avro's binary encoding.

        ``writer`` is the schema it was written with, as :func:`parsed_schema` gives it; differences to this class are
        resolved as Avro asks (defaults, aliases, promotions, the default of an enum). Raises ValueError or EOFError for
        bytes that are no such record.
        """
        from fastavro import schemaless_reader

        reader = cls.avro.parsed
        datum: Any = schemaless_reader(
            io.BytesIO(data),
            writer if writer is not None else reader,
            reader,
            return_record_name=True,
            return_record_name_override=True,
        )
        return cls.from_datum(datum)

    @classmethod
    def from_datum(cls, datum: Any) -> Self:
        """A record from what fastavro decoded."""
        return cls.model_validate(datum)


def _datum(value: Any) -> Any:
    if isinstance(value, AvroRecord):
        return value.to_datum()
    if isinstance(value, list):
        return [_datum(each) for each in value]
    if isinstance(value, dict):
        return {key: _datum(each) for key, each in value.items()}
    return value
