"""The tree that lint rules select from: references to anything but schemas replaced by what they lead to.

Rules then see an operation with its parameters, bodies and responses, whatever files they are kept in. Schemas stay
references, to ``#/components/schemas/…``: they are shared, and may contain themselves. The result is a valid document
of the same family in one piece.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.documents.node import Node
from treaty.govern.places import Kind
from treaty.model.openapi.contract import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from treaty.documents.location import JsonValue, Pointer
    from treaty.govern.lint.document import LintDocument

_UNNAMEABLE = re.compile(r"[^A-Za-z0-9._-]+")
_Key = tuple[str, "Pointer"]


class View:
    """A tree and where each of its objects and lists is written."""

    def __init__(self, tree: JsonValue, origins: dict[int, Node], root: Node) -> None:
        self.tree = tree
        self._origins = origins
        self._root = root

    def written(self, path: Sequence[str | int]) -> Node:
        """What stands behind a place of the view: the nearest written object, and the member of it that is meant."""
        at: JsonValue = self.tree
        origin, rest = self._root, list(path)
        for index, token in enumerate(path):
            at = _member(at, token)
            known = self._origins.get(id(at)) if isinstance(at, dict | list) else None
            if known is not None:
                origin, rest = known, list(path[index + 1 :])
        return Node(origin.document, (*origin.pointer, *rest), at)


def view_of(document: LintDocument) -> View:
    """The view of a document; of a schema or an Avro file the document itself, of Protobuf its declarations."""
    if document.family is Family.PROTOBUF:
        from treaty.govern.lint.protobuf_view import declarations

        return View(declarations(document), {}, document.root)
    if document.family in (Family.JSON_SCHEMA, Family.AVRO):
        return View(document.side.document.tree, {}, document.root)
    return _Inlining(document).view()


class _Inlining:
    """Builds the view of one document."""

    def __init__(self, document: LintDocument) -> None:
        self._document = document
        self._library = document.side.library
        self._schemas = {
            _key(place.node) for place in document.of_kind(Kind.SCHEMA, Kind.PROPERTY) if place.node is not None
        }
        self._origins: dict[int, Node] = {}
        self._names: dict[_Key, str] = {}
        self._taken: set[str] = set()
        self._waiting: list[tuple[str, Node]] = []

    def view(self) -> View:
        root = self._document.root
        for name, node in self._component_schemas(root):
            self._names.setdefault(_key(self._library.follow(node)), name)
            self._taken.add(name)
        tree = self._built(root, ())
        assert isinstance(tree, dict)
        self._add_schemas(tree)
        if self._document.family is Family.OPENAPI:
            for section in ("paths", "webhooks"):
                items = tree.get(section)
                for item in items.values() if isinstance(items, dict) else ():
                    self._merge_parameters(item)
        return View(tree, self._origins, root)

    def _component_schemas(self, root: Node) -> Iterator[tuple[str, Node]]:
        components = root.value.get("components") if isinstance(root.value, dict) else None
        schemas = components.get("schemas") if isinstance(components, dict) else None
        for name, raw in schemas.items() if isinstance(schemas, dict) else ():
            if isinstance(raw, dict):
                yield name, root.child("components", "schemas", name)

    def _built(self, node: Node, chain: tuple[_Key, ...]) -> JsonValue:
        raw = node.value
        if isinstance(raw, dict):
            reference = raw.get("$ref")
            if isinstance(reference, str):
                return self._referred(node, raw, chain)
            built: dict[str, JsonValue] = {key: self._built(node.child(key), chain) for key in raw}
            self._origins[id(built)] = node
            return built
        if isinstance(raw, list):
            items = [self._built(node.child(index), chain) for index in range(len(raw))]
            self._origins[id(items)] = node
            return items
        return raw

    def _referred(self, node: Node, raw: dict[str, JsonValue], chain: tuple[_Key, ...]) -> JsonValue:
        target = self._library.follow(node)
        key = _key(target)
        beside: dict[str, JsonValue] = {name: self._built(node.child(name), chain) for name in raw if name != "$ref"}
        if key in self._schemas:
            named = self._name(target)
            own = f"/components/schemas/{named}"
            # The entry of a component is the schema itself, not a reference to itself.
            if node.pointer == ("components", "schemas", named) and node.document is self._document.side.document:
                return self._built(target, chain)
            written: JsonValue = {"$ref": f"#{own}", **beside}
        elif key in chain:
            written = {"$ref": raw["$ref"], **beside}
        else:
            inlined = self._built(target, (*chain, key))
            if isinstance(inlined, dict):
                inlined.update(beside)
                return inlined
            return inlined
        self._origins[id(written)] = node
        return written

    def _name(self, schema: Node) -> str:
        key = _key(schema)
        known = self._names.get(key)
        if known is None:
            tokens = [str(token) for token in schema.pointer] or [
                schema.document.path.rpartition("/")[2].partition(".")[0]
            ]
            base = _UNNAMEABLE.sub("_", tokens[-1]) or "schema"
            known, number = base, 2
            while known in self._taken:
                known, number = f"{base}_{number}", number + 1
            self._taken.add(known)
            self._names[key] = known
            self._waiting.append((known, schema))
        return known

    def _add_schemas(self, tree: dict[str, JsonValue]) -> None:
        """Those that have no name of their own in the document get one beside those that do."""
        components = tree.setdefault("components", {})
        schemas = components.setdefault("schemas", {}) if isinstance(components, dict) else {}
        while self._waiting and isinstance(schemas, dict):
            name, schema = self._waiting.pop()
            schemas[name] = self._built(schema, ())

    def _merge_parameters(self, item: JsonValue) -> None:
        """The parameters of a path stand in each of its operations, where the operation has none of the same name."""
        if not isinstance(item, dict):
            return
        shared = item.pop("parameters", None)
        for method in METHODS:
            operation = item.get(method)
            if not isinstance(operation, dict) or not isinstance(shared, list):
                continue
            own = operation.get("parameters")
            own = own if isinstance(own, list) else []
            named = {_parameter(each) for each in own}
            operation["parameters"] = [each for each in shared if _parameter(each) not in named] + own


def _member(value: JsonValue, token: str | int) -> JsonValue:
    """A member, None where there is none: a validator may speak of what is missing."""
    if isinstance(value, dict):
        return value.get(str(token))
    return value[token] if isinstance(value, list) and isinstance(token, int) and token < len(value) else None


def _parameter(raw: JsonValue) -> tuple[JsonValue, JsonValue] | None:
    return (raw.get("in"), raw.get("name")) if isinstance(raw, dict) else None


def _key(node: Node) -> _Key:
    return (node.document.path, node.pointer)
