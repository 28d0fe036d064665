"""JSON in Confluent's wire format, checked with jsonschema."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

import orjson
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import validator_for
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT7, EMPTY_REGISTRY, specification_with

from treaty.errors import DocumentError, InvalidContract, UnresolvedReference
from treaty_registry.client.serializing import (
    AsyncDeserializer,
    AsyncSerializer,
    Deserializer,
    Serializer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from treaty.documents.location import JsonValue
    from treaty_registry.client.serializing import Codec


_Checkable: TypeAlias = "str | int | float | bool | Mapping[str, _Checkable] | Sequence[_Checkable] | None"


class JsonCodec:
    """See :class:`treaty_registry.client.serializing.Codec`. Values are checked when written and when read."""

    def __init__(self, text: str, texts: dict[str, str]) -> None:
        try:
            tree = orjson.loads(text)
            resources = [(name, orjson.loads(referred)) for name, referred in texts.items()]
        except orjson.JSONDecodeError as error:
            raise InvalidContract(f"a schema is not JSON: {error}") from error
        if not isinstance(tree, dict | bool):
            raise InvalidContract("a JSON Schema is an object or a boolean")
        dialect = tree.get("$schema") if isinstance(tree, dict) else None
        specification = specification_with(dialect, default=DRAFT7) if isinstance(dialect, str) else DRAFT7
        registry = EMPTY_REGISTRY.with_resources(
            (name, specification.create_resource(resource)) for name, resource in resources
        )
        kind = validator_for(tree)
        try:
            if isinstance(tree, dict):
                kind.check_schema(tree)
        except SchemaError as error:
            raise InvalidContract(f"this is no valid JSON Schema: {error.message}") from error
        self._validator = kind(tree, registry=registry)
        title = tree.get("title") if isinstance(tree, dict) else None
        self._title = title if isinstance(title, str) else None

    @property
    def name(self) -> str | None:
        return self._title

    def encode(self, value: object) -> bytes:
        try:
            payload = orjson.dumps(value)
        except TypeError as error:
            raise DocumentError(f"the value cannot be written as JSON: {error}") from error
        self._check(value, "the value")
        return payload

    def decode(self, payload: memoryview, reader: Codec | None) -> object:
        try:
            value: JsonValue = orjson.loads(payload)
        except orjson.JSONDecodeError as error:
            raise DocumentError(f"the payload is not JSON: {error}") from error
        (reader if isinstance(reader, JsonCodec) else self)._check(value, "the payload")
        return value

    def _check(self, value: object, what: str) -> None:
        try:
            # Whatever can be written as JSON can be checked.
            self._validator.validate(cast("_Checkable", value))
        except ValidationError as error:
            raise DocumentError(f"{what} does not fit the schema at {error.json_path}: {error.message}") from error
        except Unresolvable as error:
            raise UnresolvedReference(f"the schema refers to what it does not name: {error}") from error


class JsonSerializer(Serializer):
    """See :class:`treaty_registry.client.serializing.Serializer`."""

    codec = JsonCodec
    schema_type = "JSON"


class JsonDeserializer(Deserializer):
    """See :class:`treaty_registry.client.serializing.Deserializer`."""

    codec = JsonCodec
    schema_type = "JSON"


class AsyncJsonSerializer(AsyncSerializer):
    """See :class:`treaty_registry.client.serializing.Serializer`."""

    codec = JsonCodec
    schema_type = "JSON"


class AsyncJsonDeserializer(AsyncDeserializer):
    """See :class:`treaty_registry.client.serializing.Deserializer`."""

    codec = JsonCodec
    schema_type = "JSON"
