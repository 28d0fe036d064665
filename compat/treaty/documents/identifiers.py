"""The `$id`s and anchors of a document: names for places that JSON Schema lets references use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urldefrag, urljoin

from treaty.documents.formats import Family
from treaty.errors import UnsupportedDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from referencing import Specification

    from treaty.documents.document import Document
    from treaty.documents.location import JsonValue, Pointer

__all__ = ["Identifiers", "Scope", "identifiers_of"]

_NAMED = re.compile(rb"\$(?:id|anchor|dynamicAnchor)\b")
_NAMED_IN_DRAFT_4 = re.compile(rb"\bid\b")
_DATA = frozenset({"const", "default", "enum", "example", "examples"})
"""Keywords whose value is data: an `$id` in there names nothing."""
_OF_NAMES = frozenset(
    {"$defs", "channels", "definitions", "dependentSchemas", "messages", "operations", "paths", "patternProperties"}
    | {"properties", "responses", "schemas"}
)
"""Keywords whose value maps names to more: a member called `default` in there is no keyword."""
_NAMING = ("$id", "id", "$anchor", "$dynamicAnchor", "$ref")


class Scope(NamedTuple):
    """A schema resource: where it begins, and the absolute URI that relative references in it are resolved against."""

    root: Pointer
    uri: str


class Identifiers:
    """The named places of one document; pointers are from its root."""

    def __init__(self, document: Document, base: str) -> None:
        self.scopes: dict[Pointer, Scope] = {}
        self.resources: dict[str, Pointer] = {}
        self._anchors: dict[tuple[Pointer, str], Pointer] = {}
        self._root = Scope((), base)
        self._read(document.tree, _specification(document))

    def __bool__(self) -> bool:
        return bool(self.resources or self._anchors)

    def scope(self, pointer: Pointer) -> Scope:
        """The innermost schema resource around ``pointer``."""
        for end in range(len(pointer), -1, -1):
            found = self.scopes.get(pointer[:end])
            if found is not None:
                return found
        return self._root

    def anchor(self, scope: Pointer, name: str) -> Pointer | None:
        """The place of an anchor of the schema resource that begins at ``scope``."""
        return self._anchors.get((scope, name))

    def anchors(self, scope: Pointer) -> list[str]:
        """The names of all anchors of the schema resource that begins at ``scope``."""
        return [name for owner, name in self._anchors if owner == scope]

    def _read(self, tree: JsonValue, specification: Specification[JsonValue]) -> None:
        waiting: list[tuple[Pointer, JsonValue, Scope, Specification[JsonValue], bool]] = [
            ((), tree, self._root, specification, False)
        ]
        while waiting:
            pointer, value, scope, specification, names = waiting.pop()
            if isinstance(value, dict):
                if not names:
                    scope, specification = self._identify(pointer, value, scope, specification)
                children: Iterator[tuple[str | int, JsonValue]] = iter(value.items())
            elif isinstance(value, list):
                children = iter(enumerate(value))
            else:
                continue
            for token, child in children:
                if isinstance(child, (dict, list)) and (names or token not in _DATA):
                    waiting.append(((*pointer, token), child, scope, specification, token in _OF_NAMES and not names))

    def _identify(
        self, pointer: Pointer, value: dict[str, JsonValue], scope: Scope, specification: Specification[JsonValue]
    ) -> tuple[Scope, Specification[JsonValue]]:
        """The scope and the dialect inside ``value``; its names are noted."""
        dialect = value.get("$schema")
        if isinstance(dialect, str):
            specification = _detected(dialect, specification)
        # What is no text names nothing, and referencing would trip over it.
        naming: JsonValue = {name: value[name] for name in _NAMING if isinstance(value.get(name), str)}
        if not naming:
            return scope, specification
        resource = specification.create_resource(naming)
        identifier = resource.id()
        if identifier:
            uri = urldefrag(urljoin(scope.uri, identifier))[0]
            scope = self.scopes[pointer] = Scope(pointer, uri)
            self.resources.setdefault(uri, pointer)
        for anchor in resource.anchors():
            self._anchors.setdefault((scope.root, anchor.name), pointer)
        return scope, specification


def identifiers_of(document: Document, base: str) -> Identifiers | None:
    """The names inside ``document``, None where it has none, as most have; ``base`` is its own URI.

    OpenAPI 3.0 and Avro know no such names.
    """
    try:
        family, version = document.format
    except UnsupportedDocument:
        family, version = Family.JSON_SCHEMA, ""  # a part of a contract: it says nothing of itself
    if family is Family.AVRO or (family is Family.OPENAPI and version.startswith("3.0")):
        return None
    named = _NAMED_IN_DRAFT_4 if version == "4" else _NAMED
    if document.text and not named.search(document.text):
        return None
    found = Identifiers(document, base)
    return found or None


def _specification(document: Document) -> Specification[JsonValue]:
    """The dialect of the schemas in ``document`` where they name none themselves."""
    from referencing.jsonschema import DRAFT7, DRAFT202012

    tree = document.tree
    if isinstance(tree, dict):
        if "asyncapi" in tree:
            return cast("Specification[JsonValue]", DRAFT7)
        dialect = tree.get("jsonSchemaDialect")
        if isinstance(dialect, str):
            return _detected(dialect, cast("Specification[JsonValue]", DRAFT202012))
    return cast("Specification[JsonValue]", DRAFT202012)


def _detected(dialect: str, default: Specification[JsonValue]) -> Specification[JsonValue]:
    """The specification of a meta-schema URI; ``default`` for one that referencing does not know."""
    from referencing.jsonschema import specification_with

    # referencing types its specifications by what a schema may be; a tree may be more.
    return cast("Specification[JsonValue]", specification_with(dialect, default=cast("Specification[Any]", default)))
