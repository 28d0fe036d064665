"""Avro in Confluent's wire format, with fastavro."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import fastavro
import orjson
from fastavro.schema import SchemaParseException, UnknownType

from treaty.errors import DocumentError, InvalidContract
from treaty_registry.client.serializing import (
    AsyncDeserializer,
    AsyncSerializer,
    Deserializer,
    Serializer,
)

if TYPE_CHECKING:
    from fastavro.types import Schema

    from treaty_registry.client.serializing import Codec

_READING_ERRORS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    fastavro.read.SchemaResolutionError,
)
_WRITING_ERRORS = (ValueError, TypeError, KeyError, AttributeError, OverflowError)


class AvroCodec:
    """See :class:`treaty_registry.client.serializing.Codec`."""

    def __init__(self, text: str, texts: dict[str, str]) -> None:
        named: dict[str, dict[str, object]] = {}
        try:
            # What is referred to last was found furthest away, so it depends on nothing found before it.
            for referred in reversed(texts.values()):
                fastavro.parse_schema(_tree(referred), named_schemas=named, expand=False, _force=True)
            self.schema: Schema = fastavro.parse_schema(_tree(text), named_schemas=named)
        except (SchemaParseException, UnknownType, ValueError, KeyError, TypeError) as error:
            raise InvalidContract(f"fastavro cannot use this schema: {error}") from error

    @property
    def name(self) -> str | None:
        name = self.schema.get("name") if isinstance(self.schema, dict) else None
        return name if isinstance(name, str) else None

    def encode(self, value: object) -> bytes:
        buffer = io.BytesIO()
        try:
            fastavro.schemaless_writer(buffer, self.schema, value)
        except _WRITING_ERRORS as error:
            raise DocumentError(f"the value does not fit the schema {self.name or ''}: {error}") from error
        return buffer.getvalue()

    def decode(self, payload: memoryview, reader: Codec | None) -> object:
        reader_schema = reader.schema if isinstance(reader, AvroCodec) else None
        try:
            return fastavro.schemaless_reader(io.BytesIO(payload), self.schema, reader_schema)
        except _READING_ERRORS as error:
            raise DocumentError(f"the payload is no {self.name or 'value of its schema'}: {error}") from error


class AvroSerializer(Serializer):
    """See :class:`treaty_registry.client.serializing.Serializer`."""

    codec = AvroCodec
    schema_type = "AVRO"


class AvroDeserializer(Deserializer):
    """See :class:`treaty_registry.client.serializing.Deserializer`."""

    codec = AvroCodec
    schema_type = "AVRO"


class AsyncAvroSerializer(AsyncSerializer):
    """See :class:`treaty_registry.client.serializing.Serializer`."""

    codec = AvroCodec
    schema_type = "AVRO"


class AsyncAvroDeserializer(AsyncDeserializer):
    """See :class:`treaty_registry.client.serializing.Deserializer`."""

    codec = AvroCodec
    schema_type = "AVRO"


def _tree(text: str) -> Schema:
    """The tree of a schema; the bare name of a type is a schema too."""
    try:
        tree: Schema = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return tree
