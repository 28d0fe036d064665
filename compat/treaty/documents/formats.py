"""Which family of contract a document belongs to, and which version of it."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.location import Location, pointer_text
from treaty.errors import UnsupportedDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from treaty.documents.location import JsonValue, Pointer

__all__ = ["Family", "Format", "family"]


class Family(enum.StrEnum):
    """The five kinds of contract."""

    OPENAPI = "openapi"
    ASYNCAPI = "asyncapi"
    AVRO = "avro"
    JSON_SCHEMA = "json-schema"
    PROTOBUF = "protobuf"


class Format(NamedTuple):
    """A family and its version: ``3.1.0`` of OpenAPI, ``2020-12`` of JSON Schema, ``proto3`` or ``2023`` of Protobuf.

    Avro has one version, ``1``. A JSON Schema without ``$schema`` has the version ``2020-12``.
    """

    family: Family
    version: str


_SUPPORTED = {
    Family.OPENAPI: (re.compile(r"3\.[0-2](\.[0-9]+)?(-.+)?"), "3.0, 3.1 and 3.2"),
    Family.ASYNCAPI: (re.compile(r"(2\.[0-6]|3\.[01])(\.[0-9]+)?(-.+)?"), "2.x and 3.x"),
}
_DRAFTS = {
    "draft-04": "4",
    "draft-06": "6",
    "draft-07": "7",
    "2019-09": "2019-09",
    "2020-12": "2020-12",
}
_DRAFTS_READ = "4, 6, 7, 2019-09 and 2020-12"
_DRAFT = re.compile(r"https?://json-schema\.org/(?:draft/)?(draft-0[0-9]|20[0-9]{2}-[0-9]{2})/schema#?/?")
_LATEST_DRAFT = re.compile(r"https?://json-schema\.org/schema#?/?")
_NEWEST = "2020-12"
_AVRO_PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_AVRO_ONLY = frozenset({"record", "error", "enum", "fixed", "map", "int", "long", "float", "double", "bytes"})
_SCHEMA_KEYWORDS = frozenset(
    {"$defs", "$id", "$ref", "additionalProperties", "allOf", "anyOf", "const", "definitions", "enum", "format", "if"}
    | {"items", "maximum", "minimum", "not", "oneOf", "pattern", "patternProperties", "properties", "required", "type"}
)
_PROTOBUF = re.compile(
    rb"""^\s*(?:(syntax|edition)\s*=\s*["']([^"']+)["']|(?:package|import|option|message|enum|service)\s)""",
    re.MULTILINE,
)
_COMMENTS = re.compile(rb"//[^\n]*|/\*.*?\*/", re.DOTALL)
_LOOKED_FOR = (
    "Treaty looks for `openapi: 3.x`, `asyncapi: 2.x` or `3.x`, the `$schema` of JSON Schema, an Avro `type` (a file "
    "named .avsc) and Protobuf's `syntax` (a file named .proto)"
)


def family(content: JsonValue | bytes, path: str, locate: Callable[[Pointer], Location] | None = None) -> Format:
    """The family and version of a document: of its tree, or of its bytes where it is no JSON or YAML (Protobuf).

    ``path`` decides only where the content leaves it open (``.avsc``, ``.proto``); ``locate`` puts lines into the
    errors.

    Raises UnsupportedDocument for Swagger 2.0, versions Treaty does not read, and what is no contract at all.
    """
    place = locate or (lambda pointer: Location(path, pointer_text(pointer)))
    if isinstance(content, bytes):
        return _protobuf(content, path)
    found: Format | None = None
    if isinstance(content, dict):
        found = _declared(content, place)
    if found is None and (path.endswith(".avsc") or _is_avro(content)):
        found = Format(Family.AVRO, "1")
    if found is None:
        found = _json_schema(content, path, place)
    if found is None:
        raise UnsupportedDocument(
            "this is no contract of a family Treaty knows", location=place(()), advice=_LOOKED_FOR
        )
    return found


def _declared(tree: Mapping[str, JsonValue], place: Callable[[Pointer], Location]) -> Format | None:
    """The format of a document that names its own specification and version."""
    if "swagger" in tree:
        raise UnsupportedDocument(
            f"Swagger {tree['swagger']} is not supported: Treaty reads OpenAPI {_SUPPORTED[Family.OPENAPI][1]}",
            location=place(("swagger",)),
            advice="convert it once, for example with `npx swagger2openapi`, and keep the OpenAPI 3 document",
        )
    for kind, (pattern, supported) in _SUPPORTED.items():
        if kind not in tree:
            continue
        version = tree[kind]
        # Unquoted in YAML, 3.1 is a number; what its author meant is plain.
        written = version if isinstance(version, str) else str(version) if isinstance(version, float) else None
        if written is None or not pattern.fullmatch(written):
            raise UnsupportedDocument(
                f"{kind} {version!r} is not supported: Treaty reads {supported}",
                location=place((kind,)),
                advice=f'give the version of the specification as text, like `{kind}: "3.0.0"`'
                if written is None
                else "the version of the document itself belongs into info.version",
            )
        return Format(kind, written)
    return None


def _json_schema(content: JsonValue, path: str, place: Callable[[Pointer], Location]) -> Format | None:
    if isinstance(content, bool):
        return Format(Family.JSON_SCHEMA, _NEWEST)
    if not isinstance(content, dict):
        return None
    dialect = content.get("$schema")
    if isinstance(dialect, str):
        known = _DRAFT.fullmatch(dialect)
        version = _NEWEST if _LATEST_DRAFT.fullmatch(dialect) else _DRAFTS.get(known[1]) if known else None
        if version is None:
            raise UnsupportedDocument(
                f"the dialect {dialect!r} is not supported: Treaty reads JSON Schema draft {_DRAFTS_READ}",
                location=place(("$schema",)),
                advice="name the dialect the schema is written for",
            )
        return Format(Family.JSON_SCHEMA, version)
    if ".schema." in path or not _SCHEMA_KEYWORDS.isdisjoint(content):
        return Format(Family.JSON_SCHEMA, _NEWEST)
    return None


def _is_avro(content: JsonValue) -> bool:
    """Whether ``content`` can hardly be anything but an Avro schema; ``{"type": "string"}`` is left open."""
    if isinstance(content, str):
        return content in _AVRO_PRIMITIVES
    if isinstance(content, list):
        return bool(content) and all(
            _is_avro(branch) or (isinstance(branch, dict) and branch.get("type") in _AVRO_PRIMITIVES)
            for branch in content
        )
    if not isinstance(content, dict):
        return False
    kind = content.get("type")
    if kind == "array":
        return isinstance(content.get("items"), (str, list)) or _is_avro(content.get("items"))
    return kind in _AVRO_ONLY if isinstance(kind, str) else isinstance(kind, dict) and _is_avro(kind)


def _protobuf(content: bytes, path: str) -> Format:
    found = _PROTOBUF.search(_COMMENTS.sub(b"", content))
    if found is None and not path.endswith(".proto"):
        raise UnsupportedDocument(
            "this is neither JSON, YAML nor Protobuf", location=Location(path), advice=_LOOKED_FOR
        )
    # Without a syntax statement a file is proto2 (Protobuf language specification, "Syntax").
    version = found[2].decode("ascii", "replace") if found is not None and found[1] else "proto2"
    return Format(Family.PROTOBUF, version)
