"""Schemas as base64 of a FileDescriptorProto: how Confluent's clients register what they have compiled in."""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.protobuf.message import DecodeError

from treaty.documents.location import Location
from treaty.documents.schema_text import SchemaText
from treaty.errors import InvalidContract
from treaty.model.protobuf.compiler import shared_compiler
from treaty.model.protobuf.diagnostics import compiler_error
from treaty.model.protobuf.printing import print_file
from treaty.model.protobuf.reading import option_pool
from treaty.model.protobuf.sources import gather

if TYPE_CHECKING:
    from collections.abc import Mapping

_BASE64 = re.compile(r"\s*[A-Za-z0-9+/]+={0,2}\s*")
_PROBE = "dependencies.proto"


def text_of(schema: SchemaText) -> str:
    """The .proto text of ``schema``, printed when it is a serialized descriptor.

    Raises InvalidContract when it is neither text nor a descriptor, and the errors of :func:`gather` for what a
    descriptor depends on.
    """
    written = schema.schema
    if not isinstance(written, str):
        raise InvalidContract(
            "a Protobuf schema is the text of a .proto file, or its FileDescriptorProto in base64",
            location=Location(schema.name),
        )
    if not written.strip():
        raise InvalidContract("the schema is empty", location=Location(schema.name))
    if not _BASE64.fullmatch(written):
        return written
    return _printed(written, tuple(sorted(schema.references.items())), schema.name)


def descriptor_of(schema: SchemaText) -> FileDescriptorProto | None:
    """The FileDescriptorProto that ``schema`` is in base64, None when it is text.

    Raises InvalidContract when it could be base64 but holds no descriptor.
    """
    written = schema.schema
    if not isinstance(written, str) or not _BASE64.fullmatch(written):
        return None
    return _decoded(written, schema.name)


@lru_cache(maxsize=64)
def _printed(written: str, references: tuple[tuple[str, str], ...], name: str) -> str:
    proto = _decoded(written, name)
    dependencies = _dependencies([*proto.dependency, *proto.option_dependency], dict(references), name)
    return print_file(proto, option_pool([*dependencies, proto]))


def _decoded(written: str, name: str) -> FileDescriptorProto:
    try:
        proto = FileDescriptorProto.FromString(base64.b64decode(written, validate=False))
    except (binascii.Error, ValueError, DecodeError):
        proto = FileDescriptorProto()
    if not (proto.name or proto.syntax or proto.message_type or proto.enum_type or proto.service):
        raise InvalidContract(
            "neither the text of a .proto file nor a FileDescriptorProto in base64", location=Location(name)
        )
    return proto


def _dependencies(paths: list[str], references: Mapping[str, str], name: str) -> list[FileDescriptorProto]:
    """The descriptors of ``paths`` and of what they import, those first that others need."""
    if not paths:
        return []
    named = {path: text for path, text in references.items() if path in paths}
    texts = {path: text_of(SchemaText(text, references, name=path)) for path, text in named.items()}
    probe = "".join(f'import "{path}";\n' for path in paths)
    sources = gather({_PROBE: f'syntax = "proto3";\n{probe}'}, {**references, **texts}, {_PROBE: name})
    compiled = shared_compiler().compile(sources.texts, sources.roots)
    if not compiled.ok:
        raise compiler_error(compiled.output, sources)
    return [one for one in FileDescriptorSet.FromString(compiled.output).file if one.name != _PROBE]
