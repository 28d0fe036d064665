"""Avro schemas in files: a named type is defined in the text itself, or in a file beside it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from treaty.documents.document import Document
from treaty.documents.text import Text
from treaty.errors import DocumentError
from treaty.model.avro.parsing import parse_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.library import Library
    from treaty.documents.location import JsonValue, Location, Pointer
    from treaty.documents.node import Node
    from treaty.model.avro.types import Schema

__all__ = ["AvroFiles"]

_SUFFIX = ".avsc"
_NAMED = frozenset({"record", "error", "enum", "fixed"})


class AvroFiles:
    """Reads the Avro schemas of one library; names are looked for in the `.avsc` files of the same folder.

    A file called after the full name (``n.s.Money.avsc``) or the name (``Money.avsc``) is tried first, and only if it
    defines the type; then every file of the folder.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._indexes: dict[str, dict[str, Document]] = {}
        self._schemas: dict[tuple[str, Pointer], Schema] = {}

    def read(self, node: Node) -> Schema:
        """The schema written at ``node``, a whole document or a part of one.

        Invalid defaults are left to the comparison. Raises InvalidContract and UnresolvedReference at their place.
        """
        key = (node.document.path, node.pointer)
        known = self._schemas.get(key)
        if known is None:
            document = node.document if not node.pointer else _Excerpt(node)
            folder = posixpath.dirname(node.document.path)
            known = parse_document(document, lambda name: self._find(folder, name), check_defaults=False)
            self._schemas[key] = known
        return known

    def _find(self, folder: str, name: str) -> Document | None:
        """The document of ``folder`` that defines the full name ``name``."""
        listed = self._library.source.names(folder)
        for stem in (name, name.rpartition(".")[2]):
            if stem + _SUFFIX in listed:
                document = self._library.open(posixpath.join(folder, stem + _SUFFIX))
                if name in defined_names(document.tree):
                    return document
        if folder not in self._indexes:
            self._indexes[folder] = dict(self._defined(folder))
        return self._indexes[folder].get(name)

    def _defined(self, folder: str) -> Iterator[tuple[str, Document]]:
        for file in sorted(self._library.source.names(folder), reverse=True):
            if not file.endswith(_SUFFIX):
                continue
            try:
                document = self._library.open(posixpath.join(folder, file))
            except DocumentError:
                continue  # a broken neighbour is no reason to refuse this one; a name only it defines stays unresolved
            for name in defined_names(document.tree):
                yield name, document


class _Excerpt(Document):
    """A part of a document as a document of its own; its places are those of the whole."""

    __slots__ = ("_outer",)

    def __init__(self, node: Node) -> None:
        super().__init__(node.document.path, Text(b"", node.document.name), node.value, node.document.syntax)
        self._outer = node

    @property
    def prefix(self) -> Pointer:
        return self._outer.pointer

    def locate(self, pointer: Pointer) -> Location:
        return self._outer.document.locate((*self._outer.pointer, *pointer))


def defined_names(tree: JsonValue) -> set[str]:
    """The full names of all types that a schema defines, wherever it does (Avro 1.12, "Names")."""
    found: set[str] = set()
    waiting: list[tuple[JsonValue, str]] = [(tree, "")]
    while waiting:
        raw, namespace = waiting.pop()
        if isinstance(raw, list):
            waiting.extend((branch, namespace) for branch in raw)
        if not isinstance(raw, dict):
            continue
        kind, name = raw.get("type"), raw.get("name")
        if isinstance(kind, str) and kind in _NAMED and isinstance(name, str):
            own = raw.get("namespace")
            if "." in name:
                namespace = name.rpartition(".")[0]
            elif isinstance(own, str):
                namespace = own
            short = name.rpartition(".")[2]
            found.add(f"{namespace}.{short}" if namespace else short)
        waiting.extend((raw[keyword], namespace) for keyword in ("type", "items", "values", "fields") if keyword in raw)
    return found
