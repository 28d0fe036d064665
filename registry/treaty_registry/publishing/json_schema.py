"""JSON Schemas: one text that stands alone, with what other files say taken along as definitions.

A registry knows no folders, so a reference such as ``../common/money.schema.json`` means nothing there; every validator
understands a definition.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

from treaty.documents.location import pointer_text
from treaty.errors import InvalidContract
from treaty_registry.publishing.units import SUFFIXES, Unit, written

if TYPE_CHECKING:
    from treaty.documents.library import Library
    from treaty.documents.location import JsonValue, Pointer
    from treaty.documents.node import Node

_DATA = frozenset({"const", "default", "enum", "example", "examples"})
"""Keywords whose values are data, in which ``$ref`` is a word like any other."""

_URIS = {
    "4": "http://json-schema.org/draft-04/schema#",
    "6": "http://json-schema.org/draft-06/schema#",
    "7": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}


def json_unit(library: Library, node: Node, draft: str | None) -> Unit:
    """The schema at ``node``, of ``draft`` where it does not say so itself.

    Raises UnresolvedReference at its place, and InvalidContract for what is no schema.
    """
    identity = node.value.get("$id") if isinstance(node.value, dict) else None
    absolute = isinstance(identity, str) and bool(urlsplit(identity).scheme)
    text = _Bundle(library, node).text(draft)
    return Unit(
        place=(node.document.path, node.pointer),
        location=node.location,
        type="JSON",
        text=text,
        uses=(),
        fallback=str(identity) if absolute and not node.pointer else node.document.path,
        as_written=text == node.document.text.decode(),
    )


class _Bundle:
    """One schema with everything it refers to elsewhere."""

    def __init__(self, library: Library, root: Node) -> None:
        self._library = library
        self._root = root
        self._names: dict[tuple[str, Pointer], str] = {}
        self._waiting: deque[tuple[str, Node]] = deque()
        self._keyword = "$defs"
        self._taken: set[str] = set()

    def text(self, draft: str | None) -> str:
        root = self._root.value
        if not isinstance(root, dict):
            if isinstance(root, bool):
                return written(self._root)
            raise InvalidContract("a JSON Schema is an object", location=self._root.location)
        declared = root.get("$schema")
        older = draft in ("4", "6", "7") or (isinstance(declared, str) and "/draft-0" in declared)
        self._keyword = "definitions" if older else "$defs"
        own = root.get(self._keyword)
        self._taken = set(own) if isinstance(own, dict) else set()
        tree = self._schema(self._root)
        assert isinstance(tree, dict)
        definitions: dict[str, JsonValue] = {}
        while self._waiting:
            name, node = self._waiting.popleft()
            definitions[name] = self._schema(node)
        if not definitions and not self._root.pointer:
            return written(self._root)
        if definitions:
            kept = tree.get(self._keyword)
            tree[self._keyword] = {**(kept if isinstance(kept, dict) else {}), **definitions}
        if draft is not None and "$schema" not in tree:
            tree = {"$schema": _URIS[draft], **tree}
        return orjson.dumps(tree).decode()

    def _schema(self, node: Node) -> JsonValue:
        value = node.value
        if isinstance(value, list):
            return [self._schema(node.child(index)) for index in range(len(value))]
        if not isinstance(value, dict):
            return value
        found: dict[str, JsonValue] = {}
        for keyword, inner in value.items():
            if keyword == "$ref" and isinstance(inner, str):
                found[keyword] = self._reference(inner, node)
            elif keyword in _DATA or (keyword in ("$id", "id", "$schema") and node is not self._root):
                if keyword in _DATA:
                    found[keyword] = inner
            elif keyword in ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"):
                found[keyword] = self._named(node.child(keyword))
            else:
                found[keyword] = self._schema(node.child(keyword))
        return found

    def _named(self, node: Node) -> JsonValue:
        """Schemas by names that somebody chose: none of them is a keyword."""
        value = node.value
        return {name: self._schema(node.child(name)) for name in value} if isinstance(value, dict) else value

    def _reference(self, reference: str, node: Node) -> str:
        target = self._library.resolve(reference, node)
        root = self._root
        if target.document is root.document and target.pointer[: len(root.pointer)] == root.pointer:
            return f"#{pointer_text(target.pointer[len(root.pointer) :])}"
        place = target.document.path, target.pointer
        name = self._names.get(place)
        if name is None:
            name = self._names[place] = self._free(target)
            self._waiting.append((name, target))
        return f"#/{self._keyword}/{name}"

    def _free(self, target: Node) -> str:
        """A name for a definition: its own, or that of its file, with a number where it is taken."""
        file = target.document.path.rpartition("/")[2]
        stem = next((file.removesuffix(suffix) for suffix in SUFFIXES if file.endswith(suffix)), file)
        plain = str(target.pointer[-1]) if target.pointer else stem
        plain = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in plain)
        name, number = plain, 1
        while name in self._taken:
            number += 1
            name = f"{plain}{number}"
        self._taken.add(name)
        return name
