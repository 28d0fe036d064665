"""From a document to its places: one walk for every family whose documents are trees, across files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.formats import Family
from treaty.documents.node import Node
from treaty.govern.places.grammar import (
    ENUM_LIFECYCLE,
    OPENAPI,
    OPENAPI_COMPONENTS,
    OPENAPI_ROOT,
    SCHEMA_MAPS,
    Many,
    Member,
)
from treaty.govern.places.place import Kind, Place
from treaty.model.schema.dialects import SCHEMA_KEYWORDS, SCHEMA_LIST_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.comparison import Side
    from treaty.documents.library import Library
    from treaty.documents.location import Pointer

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_UNDER_NAMES = frozenset({Kind.SCHEMA, Kind.PROPERTY})
_STEPS = {"items": "[]", "additionalProperties": ".*", "contentSchema": "(decoded content)"}


class _Visit(NamedTuple):
    """A place still to be looked at; ``prefix`` is what names of places inside begin with where that is not its own."""

    kind: Kind
    name: str
    key: str
    node: Node
    owner: Place | None
    prefix: str | None = None


def places_of(side: Side) -> Iterator[Place]:
    """Every place of a contract, each written object once, owners before what stands inside them.

    A place that is used in several others is told under the first of them, a schema with a name of its own under that
    name. Raises UnresolvedReference, and what reading a referenced document raises.
    """
    document = side.document
    family = document.format.family
    if family is Family.PROTOBUF:
        from treaty.govern.places.protobuf import protobuf_places

        return protobuf_places(side)
    if family is Family.AVRO:
        from treaty.govern.places.avro import avro_places

        return avro_places(Node(document, (), document.tree))
    root = Node(document, (), document.tree)
    if family is Family.ASYNCAPI:
        from treaty.govern.places.asyncapi import asyncapi_places

        return asyncapi_places(side)
    walk = TreeWalk(side.library)
    return walk.schema("schema $", "schema", root) if family is Family.JSON_SCHEMA else walk.openapi(root)


def contract_place(root: Node) -> Place:
    """The contract as a whole, which speaks through its `info`."""
    info = root.value.get("info") if isinstance(root.value, dict) else None
    node = root.child("info") if isinstance(info, dict) else root
    return Place(kind=Kind.CONTRACT, name="contract", key="info", node=node)


class TreeWalk:
    """A walk over documents and schemas that tells each written object once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._seen: set[tuple[str, Pointer]] = set()
        self._named: dict[tuple[str, Pointer], str] = {}

    def openapi(self, root: Node) -> Iterator[Place]:
        """An OpenAPI document: the contract, named schemas, what the contract offers, and components left over."""
        if not isinstance(root.value, dict):
            return
        yield contract_place(root)
        held = root.child("components") if isinstance(root.value.get("components"), dict) else None
        self.name_schemas(held)
        schemas = (Member("schemas", Kind.SCHEMA, Many.MAP),)
        for node, members in ((held, schemas), (root, OPENAPI_ROOT), (held, OPENAPI_COMPONENTS)):
            if node is not None:
                yield from self._run(self._children(node, members, None, ""))

    def name_schemas(self, components: Node | None) -> None:
        """Keep the schemas of `components` for the names they have there, wherever they are used first."""
        raw = components.value.get("schemas") if components is not None and isinstance(components.value, dict) else None
        for name, schema in raw.items() if isinstance(raw, dict) else ():
            if isinstance(schema, dict) and components is not None:
                target = self._library.follow(components.child("schemas", name))
                self._named.setdefault((target.document.path, target.pointer), name)

    def schema(self, name: str, key: str, node: Node, owner: Place | None = None) -> Iterator[Place]:
        """A schema and everything inside it."""
        return self._run([_Visit(Kind.SCHEMA, name, key, node, owner)])

    def _run(self, visits: list[_Visit]) -> Iterator[Place]:
        """The places of ``visits`` and of everything inside them."""
        waiting = visits[::-1]
        while waiting:
            visit = waiting.pop()
            if not isinstance(visit.node.value, dict):
                continue
            reference = visit.node.value.get("$ref")
            if isinstance(reference, str):
                if len(visit.node.value) > 1:
                    yield self._place(visit)
                target = self._library.resolve(reference, visit.node)
                waiting.append(visit._replace(node=target))
                continue
            key = (visit.node.document.path, visit.node.pointer)
            if key in self._seen or self._named.get(key, visit.name) != visit.name:
                continue
            self._seen.add(key)
            place = self._place(visit)
            yield place
            waiting.extend(reversed(self._inside(visit, place)))

    def _place(self, visit: _Visit) -> Place:
        raw = visit.node.value
        alias = raw.get("operationId") if visit.kind is Kind.OPERATION and isinstance(raw, dict) else None
        return Place(
            kind=visit.kind,
            name=visit.name,
            key=visit.key,
            node=visit.node,
            owner=visit.owner,
            alias=alias if isinstance(alias, str) else None,
        )

    def _inside(self, visit: _Visit, place: Place) -> list[_Visit]:
        if visit.kind in _UNDER_NAMES:
            return self._in_schema(visit, place)
        if visit.kind is Kind.CALLBACK:
            prefix = f"{_owner_name(place.owner)}callback "
            return [
                _Visit(Kind.PATH, place.name, place.key, visit.node.child(expression), place, prefix)
                for expression in _members(visit.node)
                if not expression.startswith("x-")
            ]
        prefix = visit.prefix if visit.prefix is not None else f"{place.name} "
        return self._children(visit.node, OPENAPI.get(visit.kind, ()), place, prefix)

    def _children(self, node: Node, members: tuple[Member, ...], owner: Place | None, prefix: str) -> list[_Visit]:
        found: list[_Visit] = []
        for member in members:
            raw = node.value.get(member.name) if isinstance(node.value, dict) else None
            if member.many is Many.ONE and isinstance(raw, dict):
                found.append(self._visit(member, member.name, node.child(member.name), owner, prefix))
            elif member.many is Many.MAP and isinstance(raw, dict):
                at = node.child(member.name)
                found.extend(self._visit(member, key, at.child(key), owner, prefix) for key in _members(at))
            elif member.many is Many.LIST and isinstance(raw, list):
                at = node.child(member.name)
                found.extend(
                    self._visit(member, str(index), at.child(index), owner, prefix)
                    for index, item in enumerate(raw)
                    if isinstance(item, dict)
                )
        return found

    def _visit(self, member: Member, key: str, node: Node, owner: Place | None, prefix: str) -> _Visit:
        """What a child is called, in the words of the comparison."""
        match member.kind:
            case Kind.PATH:
                hook = member.name == "webhooks"
                return _Visit(
                    Kind.PATH, f"webhook {key}" if hook else key, key, node, owner, "webhook " if hook else ""
                )
            case Kind.OPERATION:
                return _Visit(Kind.OPERATION, _operation_name(key, owner, prefix), key, node, owner)
            case Kind.PARAMETER:
                raw = self._library.follow(node).value
                named = isinstance(raw, dict) and isinstance(raw.get("name"), str) and isinstance(raw.get("in"), str)
                label = (
                    f"{raw['in']} parameter {raw['name']}" if named and isinstance(raw, dict) else f"parameter {key}"
                )
                own = str(raw["name"]) if named and isinstance(raw, dict) else key
                return _Visit(Kind.PARAMETER, f"{_owner_name(owner)}{label}", own, node, owner)
            case Kind.REQUEST_BODY:
                label = "request" if owner is not None else f"request body {key}"
                return _Visit(Kind.REQUEST_BODY, f"{_owner_name(owner)}{label}", key, node, owner)
            case Kind.MEDIA_TYPE:
                return _Visit(Kind.MEDIA_TYPE, f"{_owner_name(owner)}{key}", key, node, owner)
            case Kind.SCHEMA:
                if owner is None:
                    return _Visit(Kind.SCHEMA, key, key, node, owner)
                at = "$" if member.name == "schema" else "item $"
                return _Visit(Kind.SCHEMA, f"{owner.name} {at}", key, node, owner)
        return _Visit(member.kind, f"{_owner_name(owner)}{member.kind} {key}", key, node, owner)

    def _in_schema(self, visit: _Visit, place: Place) -> list[_Visit]:
        node, raw = visit.node, visit.node.value
        assert isinstance(raw, dict)
        found: list[_Visit] = []
        for keyword, value in raw.items():
            kind = SCHEMA_MAPS.get(keyword)
            if kind is not None and isinstance(value, dict):
                at = node.child(keyword)
                for key in _members(at):
                    name = key if keyword in ("$defs", "definitions") else f"{visit.name}{_step(keyword, key)}"
                    found.append(_Visit(kind, name, key, at.child(key), place))
            elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
                at = node.child(keyword)
                for index, item in enumerate(value):
                    if isinstance(item, dict):
                        step = f"[{index}]" if keyword in ("items", "prefixItems") else ""
                        found.append(_Visit(Kind.SCHEMA, f"{visit.name}{step}", str(index), at.child(index), place))
            elif keyword in SCHEMA_KEYWORDS and isinstance(value, dict):
                step = _STEPS.get(keyword, "")
                found.append(_Visit(Kind.SCHEMA, f"{visit.name}{step}", keyword, node.child(keyword), place))
            elif keyword == ENUM_LIFECYCLE and isinstance(value, dict):
                at = node.child(keyword)
                found.extend(
                    _Visit(Kind.ENUM_VALUE, f"{visit.name} value {key}", key, at.child(key), place)
                    for key in _members(at)
                )
        return found


def _members(node: Node) -> list[str]:
    """The names of the members of an object that are objects themselves."""
    return [key for key, value in node.value.items() if isinstance(value, dict)] if isinstance(node.value, dict) else []


def _operation_name(key: str, owner: Place | None, prefix: str) -> str:
    if owner is None:
        return f"operation {key}"
    return f"{prefix}{key.upper()} {owner.key}"


def _owner_name(owner: Place | None) -> str:
    return f"{owner.name} " if owner is not None else ""


def _step(keyword: str, key: str) -> str:
    if keyword == "patternProperties":
        return f"[/{key}/]"
    return f".{key}" if _PLAIN.match(key) else f"[{json.dumps(key, ensure_ascii=False)}]"
