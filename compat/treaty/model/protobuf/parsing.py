"""From text to model: one schema with its references, or a set of files."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from treaty.documents.schema_text import SchemaText
from treaty.errors import InvalidContract
from treaty.model.protobuf.compiler import shared_compiler
from treaty.model.protobuf.diagnostics import compiler_error
from treaty.model.protobuf.reading import schema_from
from treaty.model.protobuf.sources import Sources, gather

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.model.protobuf.nodes import Schema

MAIN = "schema.proto"
"""The import path a schema without one of its own is compiled under."""

_REMEMBERED = 128


def parse(schema: SchemaText) -> Schema:
    """The model of one schema; its references are found by import path.

    ``schema.schema`` is the text of a .proto file, or its FileDescriptorProto in base64, as Confluent clients register
    it. The schema itself is the only root. The well-known types, google/type and the other common protos of Google,
    Confluent's annotations and `treaty/lifecycle.proto` need no reference.

    Raises InvalidContract for what protoc refuses and UnresolvedReference for an import or name that leads nowhere,
    both with line and column, LimitExceeded for a file that keeps protoc busy, and UsageError without the extra
    ``protobuf``.
    """
    from treaty.model.protobuf.serialization import text_of

    text = text_of(schema)
    return _compiled(((main_path(schema), text),), tuple(sorted(_texts(schema).items())), schema.name)


def parse_files(files: Mapping[str, str], references: Mapping[str, str] | None = None, *, folder: str = "") -> Schema:
    """The model of a set of files, import path to text, each of them a root.

    ``folder`` is put before the import paths wherever a file is named to people. Raises what :func:`parse` raises.
    """
    return _compiled(tuple(sorted(files.items())), tuple(sorted((references or {}).items())), None, folder)


def main_path(schema: SchemaText) -> str:
    """The import path ``schema`` is compiled under: MAIN, or what no reference has taken."""
    path = MAIN
    while path in schema.references:
        path = f"_{path}"
    return path


def _texts(schema: SchemaText) -> dict[str, str]:
    from treaty.model.protobuf.serialization import text_of

    return {path: text_of(SchemaText(text, schema.references, name=path)) for path, text in schema.references.items()}


@lru_cache(maxsize=_REMEMBERED)
def _compiled(
    roots: tuple[tuple[str, str], ...], references: tuple[tuple[str, str], ...], name: str | None, folder: str = ""
) -> Schema:
    if not roots:
        raise InvalidContract("there is no .proto file to compile")
    names = {path: name if name is not None else folder + path for path, _ in roots}
    sources = gather(dict(roots), dict(references), names)
    return compile_sources(sources)


def compile_sources(sources: Sources) -> Schema:
    """Compile what :func:`gather` found; raises as :func:`parse` does."""
    compiled = shared_compiler().compile(sources.texts, sources.roots)
    if not compiled.ok:
        raise compiler_error(compiled.output, sources)
    return schema_from(compiled.output, sources)
