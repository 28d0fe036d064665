"""Whether every reference of a document leads somewhere, in parts that nothing else looks at too.

A comparison follows the references of what changed on both sides. What is new altogether has nothing to be compared
with, and would pass with a reference that leads nowhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson

from treaty.documents.node import Node
from treaty.errors import UnresolvedReference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.document import Document
    from treaty.documents.library import Library
    from treaty.documents.location import JsonValue, Pointer

_KEY = b'"$ref"'
_VALUE = re.compile(rb'\s*:\s*"((?:[^"\\]|\\.)*)"')
# Below these keys stand values of the author's own, in which `$ref` means nothing (OpenAPI 3.1, section 4.8; JSON
# Schema 2020-12 Validation, section 9), unless the key is itself a name somebody chose.
_DATA = frozenset({"const", "default", "enum", "example", "value"})
_NAMED = frozenset(
    {
        "$defs", "callbacks", "channels", "definitions", "dependentSchemas", "examples", "headers", "links", "messages",
        "operations", "parameters", "patternProperties", "properties", "requestBodies", "responses", "schemas",
    }
)  # fmt: skip


def check_references(library: Library, document: Document, before: tuple[Library, Document] | None = None) -> None:
    """Follow every reference in ``document`` and in what it refers to in other files.

    Raises UnresolvedReference at the place of the first one that leads nowhere, or only to itself. One that led nowhere
    in ``before`` already is let pass: it is not what this change did.
    """
    _Check(library, before).run(Node(document, (), document.tree))


class _Check:
    def __init__(self, library: Library, before: tuple[Library, Document] | None) -> None:
        self._library = library
        self._before = before
        self._seen: set[tuple[str, Pointer]] = set()

    def run(self, root: Node) -> None:
        waiting = [root]
        while waiting:
            node = waiting.pop()
            for reference in _references(node):
                target = self._followed(reference, node)
                if target is None or target.document.path == root.document.path:
                    continue  # the root was searched as a whole
                place = target.document.path, target.pointer
                if place not in self._seen:
                    self._seen.add(place)
                    waiting.append(target)

    def _followed(self, reference: str, base: Node) -> Node | None:
        try:
            target = self._library.resolve(reference, base)
            if isinstance(target.value, dict) and "$ref" in target.value:
                return self._library.follow(target)
        except UnresolvedReference:
            if not self._was_broken(reference):
                self._explain(reference, base)
            return None
        return target

    def _explain(self, reference: str, base: Node) -> None:
        """Raise for the reference where it stands; what only looks like one, in an example, is none."""
        for place in _places(base, reference):
            self._library.follow(self._library.resolve(reference, place))

    def _was_broken(self, reference: str) -> bool:
        if self._before is None:
            return False
        library, document = self._before
        try:
            library.follow(library.resolve(reference, document))
        except UnresolvedReference:
            return reference in _references(Node(document, (), document.tree))
        return False


def _references(node: Node) -> list[str]:
    """Every `$ref` in what is written at ``node``, and what looks like one, each once and in its order."""
    document = node.document
    if document.text and b"$ref" not in document.text:
        return []
    written = document.text if not node.pointer and document.syntax == "json" else b""
    if not written:
        try:
            written = orjson.dumps(node.value, default=repr)
        except TypeError:  # integers beyond 64 bits
            return list(dict.fromkeys(_walked(node.value)))
    found = dict.fromkeys(match[1] for piece in written.split(_KEY)[1:] if (match := _VALUE.match(piece)) is not None)
    return [str(orjson.loads(b'"' + value + b'"')) for value in found]


def _walked(value: JsonValue) -> Iterator[str]:
    waiting = [value]
    while waiting:
        at = waiting.pop()
        if isinstance(at, dict):
            reference = at.get("$ref")
            if isinstance(reference, str):
                yield reference
            waiting.extend(at.values())
        elif isinstance(at, list):
            waiting.extend(at)


def _places(base: Node, reference: str) -> Iterator[Node]:
    """The nodes below ``base`` that hold ``reference`` as a reference."""
    waiting: list[tuple[Node, bool]] = [(base, False)]
    while waiting:
        node, named = waiting.pop()
        value = node.value
        if isinstance(value, list):
            waiting.extend((node.child(index), False) for index in range(len(value)))
        elif isinstance(value, dict):
            if value.get("$ref") == reference and not named:
                yield node
            for key, inner in value.items():
                if named or not (
                    key in _DATA or key.startswith("x-") or (key == "examples" and isinstance(inner, list))
                ):
                    waiting.append((node.child(key), key in _NAMED and not named))
