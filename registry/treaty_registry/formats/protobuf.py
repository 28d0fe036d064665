"""Protobuf: printed again by its meaning; comments are kept in the text but are no part of its identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.protobuf import canonical_text, normalized_text, parse, serialized
from treaty.model.protobuf.serialization import descriptor_of
from treaty_registry.errors import RegistryError
from treaty_registry.formats.reading import Reading

if TYPE_CHECKING:
    from treaty.documents.schema_text import SchemaText


def read(schema: SchemaText, *, normalize: bool, strict: bool) -> Reading:
    """See :class:`treaty_registry.formats.reading.SchemaFormat`. Texts and serialized descriptors are read alike.

    A client that looks a schema up by the descriptor it has compiled in does not have the comments.
    """
    del strict  # protoc checks defaults anyway
    parsed = parse(schema)
    messages = parsed.files[parsed.roots[0]].messages
    fields = frozenset(field.name for field in messages[0].fields.values()) if messages else frozenset[str]()
    if normalize:
        return Reading(normalized_text(schema), fields)
    return Reading(canonical_text(schema, comments=True), fields, identity=canonical_text(schema))


def resolved(schema: SchemaText) -> str:
    """The schema's own canonical form: a file cannot be written into another one."""
    return canonical_text(schema)


def written_as(schema: SchemaText) -> str | None:
    """``serialized`` for a FileDescriptorProto in base64: what clients without a compiler send, and expect back."""
    return "serialized" if descriptor_of(schema) is not None else None


def formatted(schema: SchemaText, name: str) -> str:
    """``serialized`` is the FileDescriptorProto in base64, which clients without a compiler ask for."""
    if name != "serialized":
        raise RegistryError(422, f"The format {name!r} is not known for Protobuf schemas", advice="choose serialized")
    return serialized(schema)
