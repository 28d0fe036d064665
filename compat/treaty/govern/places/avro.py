"""The places of an Avro schema: named types, fields, symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.govern.places.grammar import ENUM_LIFECYCLE
from treaty.govern.places.place import Kind, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.node import Node

_NAMED = {"record": Kind.RECORD, "error": Kind.RECORD, "enum": Kind.ENUM, "fixed": Kind.FIXED}


def avro_places(root: Node, prefix: str = "") -> Iterator[Place]:
    """The places of a written Avro schema, by full name (Avro 1.12, "Names") after ``prefix``.

    Types of other files are places of those files.
    """
    waiting: list[tuple[Node, str, Place | None]] = [(root, "", None)]
    while waiting:
        node, namespace, owner = waiting.pop()
        raw = node.value
        if isinstance(raw, list):
            waiting.extend((node.child(index), namespace, owner) for index in reversed(range(len(raw))))
            continue
        if not isinstance(raw, dict):
            continue
        kind = _NAMED.get(str(raw.get("type")))
        if kind is None:
            held = [name for name in ("values", "items", "type") if isinstance(raw.get(name), dict | list)]
            waiting.extend((node.child(name), namespace, owner) for name in held)
            continue
        name = str(raw.get("name"))
        if "." not in name:
            space = raw.get("namespace", namespace)
            name = f"{space}.{name}" if space else name
        namespace = name.rpartition(".")[0]
        place = Place(kind=kind, name=f"{prefix}{name}", key=name.rpartition(".")[2], node=node, owner=owner)
        yield place
        inside = list(_inside(place, node))
        yield from inside
        for field in reversed(inside):
            written = field.node
            if written is not None and isinstance(written.value, dict) and "type" in written.value:
                waiting.append((written.child("type"), namespace, field))


def _inside(owner: Place, node: Node) -> Iterator[Place]:
    raw = node.value
    assert isinstance(raw, dict)
    fields = raw.get("fields")
    for index, field in enumerate(fields if isinstance(fields, list) else ()):
        if isinstance(field, dict):
            key = str(field.get("name"))
            yield Place(
                kind=Kind.FIELD, name=f"{owner.name}.{key}", key=key, node=node.child("fields", index), owner=owner
            )
    marks = raw.get(ENUM_LIFECYCLE)
    for symbol in marks if isinstance(marks, dict) else ():
        if isinstance(marks, dict) and isinstance(marks[symbol], dict):
            yield Place(
                kind=Kind.ENUM_VALUE,
                name=f"{owner.name} value {symbol}",
                key=symbol,
                node=node.child(ENUM_LIFECYCLE, symbol),
                owner=owner,
            )
