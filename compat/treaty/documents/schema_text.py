"""One schema as text or tree, with the texts it refers to by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import JsonValue


@dataclass(frozen=True, slots=True)
class SchemaText:
    """A schema as a registry or a caller holds it.

    ``schema`` is source text, or the parsed tree of an Avro or JSON schema. ``references`` maps the name by which the
    schema refers to another (an Avro full name, a JSON Schema `$ref` URI, a Protobuf import path) to that one's text,
    closed over references of references. ``name`` is what messages call it.
    """

    schema: JsonValue
    references: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    name: str = "schema"

    @classmethod
    def of(cls, schema: SchemaText | JsonValue, name: str = "schema") -> SchemaText:
        """``schema`` itself when it is a SchemaText already, else a SchemaText without references."""
        return schema if isinstance(schema, SchemaText) else cls(schema, name=name)
