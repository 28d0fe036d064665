"""fastavro, the independent implementation: it writes a datum under one schema and tries to read it under another."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

import fastavro
import msgspec
from fastavro.read import SchemaResolutionError

from treaty.changes.avro.data import Chosen
from treaty.model.avro.canonical import parsing_attributes, written
from treaty.model.avro.types import Array, EnumType, Field, Map, Named, Record

if TYPE_CHECKING:
    from treaty.changes.avro.data import Datum
    from treaty.documents.location import JsonValue
    from treaty.model.avro.canonical import Style
    from treaty.model.avro.types import AvroType, Schema

__all__ = ["NAME", "Exchange"]

NAME = f"fastavro {fastavro.__version__}"
_Native: TypeAlias = (
    "bool | int | float | str | bytes | tuple[str, _Native] | list[_Native] | dict[str, _Native] | None"
)
# fastavro cannot refer to a name of the null namespace from inside another, so those names get a namespace.
_NULL_NAMESPACE = "_."
_WRAPPER, _VALUE = "_._.Message", "value"


class Exchange:
    """Data of one type of the writer's schema, read as one type of the reader's.

    Logical types are left out: they are no part of schema resolution, and fastavro refuses values it cannot convert.
    Invalid defaults are left out of the reader's schema, because fastavro would refuse the schema instead of the datum.
    """

    def __init__(self, writer: tuple[Schema, AvroType], reader: tuple[Schema, AvroType]) -> None:
        self._root = writer[1]
        self._writer = self._parsed(*writer, self._writing)
        self._reader = self._parsed(*reader, self._reading)

    @classmethod
    def of(cls, writer: tuple[Schema, AvroType], reader: tuple[Schema, AvroType]) -> Exchange | None:
        """The exchange, None where fastavro refuses to read one of the schemas."""
        try:
            return cls(writer, reader)
        except Exception:
            # Whatever its parser does not like costs the evidence, never the verdict.
            return None

    def _parsed(self, schema: Schema, root: AvroType, style: Style) -> fastavro.types.Schema:
        tree = written(schema, style, inline=True, root=root)
        # fastavro recurses in C without a limit, and ten thousand levels end the process; this encoder has one.
        msgspec.json.encode(tree)
        # A record of one field is written like the field alone. Given a bare union, fastavro keeps all named types with
        # each branch, and prints them all in its errors.
        wrapped: dict[Any, Any] = {"type": "record", "name": _WRAPPER, "fields": [{"name": _VALUE, "type": tree}]}
        return fastavro.parse_schema(wrapped)

    def encode(self, datum: Datum) -> bytes | None:
        """The binary form of a datum of the writer's type, None where fastavro does not write it."""
        stream = BytesIO()
        try:
            fastavro.schemaless_writer(stream, self._writer, {_VALUE: self._native(datum, self._root)})
        except Exception:
            # As above.
            return None
        return stream.getvalue()

    def refuses(self, wire: bytes) -> bool:
        """Whether fastavro cannot read ``wire`` under the reader's schema."""
        try:
            fastavro.schemaless_reader(BytesIO(wire), self._writer, self._reader)
        except (SchemaResolutionError, UnicodeDecodeError):
            return True
        except Exception:
            # A crash of the judge is no verdict.
            return False
        return False

    def _native(self, datum: Datum, node: AvroType) -> _Native:
        """A datum as fastavro takes it: the branch of a union is named, so that no other can be guessed."""
        if isinstance(datum, Chosen):
            branch = datum.branch
            name = self._name(branch.name) if isinstance(branch, Named) else branch.kind.value
            return (name, self._native(datum.value, branch))
        if isinstance(node, Record) and isinstance(datum, dict):
            return {field.name: self._native(datum[field.name], field.type) for field in node.fields}
        if isinstance(node, Map) and isinstance(datum, dict):
            return {key: self._native(value, node.values) for key, value in datum.items()}
        if isinstance(node, Array) and isinstance(datum, list):
            return [self._native(value, node.items) for value in datum]
        assert not isinstance(datum, dict | list)
        return datum

    def _name(self, name: str) -> str:
        return name if "." in name else _NULL_NAMESPACE + name

    def _writing(self, node: AvroType | Field) -> dict[str, JsonValue]:
        members = parsing_attributes(node)
        if isinstance(node, Named):
            members["name"] = self._name(node.name)
        return members

    def _reading(self, node: AvroType | Field) -> dict[str, JsonValue]:
        members = self._writing(node)
        if isinstance(node, Named):
            members["aliases"] = [self._name(alias) for alias in node.aliases]
        elif isinstance(node, Field):
            members["aliases"] = [*node.aliases]
        if isinstance(node, Field | EnumType) and node.default is not None and node.usable_default:
            members["default"] = node.default.value
        return members
