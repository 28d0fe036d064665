"""Avro: printed again with all the author said, with full names where one text for every spelling is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.avro import canonical_text, normalized_text, parse
from treaty.model.avro.types import EnumType, Field, Fixed, Record
from treaty_registry.errors import RegistryError
from treaty_registry.formats.reading import Reading

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty.documents.schema_text import SchemaText
    from treaty.model.avro.types import AvroType


def read(schema: SchemaText, *, normalize: bool, strict: bool) -> Reading:
    """See :class:`treaty_registry.formats.reading.SchemaFormat`."""
    parsed = parse(schema, check_defaults=strict)
    fields = (
        frozenset(field.name for field in parsed.root.fields) if isinstance(parsed.root, Record) else frozenset[str]()
    )
    return Reading(normalized_text(parsed) if normalize else canonical_text(parsed), fields)


def resolved(schema: SchemaText) -> str:
    """One text with full names in which every type stands where it is used first, wherever it came from."""
    import orjson

    from treaty.model.avro.canonical import written

    return orjson.dumps(written(parse(schema, check_defaults=False), _complete, inline=True)).decode()


def written_as(schema: SchemaText) -> str | None:
    """There is one way to write it."""
    del schema
    return None


def formatted(schema: SchemaText, name: str) -> str:
    """``resolved`` is the only form there is."""
    if name != "resolved":
        raise RegistryError(422, f"The format {name!r} is not known for Avro schemas", advice="choose resolved")
    return resolved(schema)


def _complete(node: AvroType | Field) -> dict[str, JsonValue]:
    from treaty.model.avro.canonical import parsing_attributes

    members = parsing_attributes(node)
    if isinstance(node, Field | Record | EnumType | Fixed):
        if node.doc is not None:
            members["doc"] = node.doc
        if node.aliases:
            members["aliases"] = [*node.aliases]
    if isinstance(node, Field | EnumType) and node.default is not None:
        members["default"] = node.default.value
    if isinstance(node, Field):
        if node.order != "ascending":
            members["order"] = node.order
    elif node.logical is not None:
        members["logicalType"] = node.logical.name
        if node.logical.name == "decimal":
            members |= {"precision": node.logical.precision, "scale": node.logical.scale}
    for attribute in sorted(node.attributes):
        members.setdefault(attribute, node.attributes[attribute])
    return members
