"""Traits: members an operation or message takes from others, by the rule of its version.

In 2.x each trait is merged over the object with JSON Merge Patch (RFC 7386), so that the trait wins (AsyncAPI 2.6,
"Operation Object", `traits`). In 3.x a trait must not override what the object says itself (AsyncAPI 3.0, "Traits Merge
Mechanism"). Of several traits the later one wins in both.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, TypeAlias

from treaty.documents.node import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import JsonValue
    from treaty.model.asyncapi.objects import Objects

__all__ = ["Members", "merged"]

Members: TypeAlias = "Mapping[str, Node]"
"""The members of an object with its traits applied, each at the place where it is written."""


def merged(objects: Objects, node: Node, what: str, *, trait_wins: bool) -> Members:
    """The members of the object ``node`` with its `traits` applied.

    A member that only one of them has keeps its place. One that several describe as objects is merged member by member
    and stands at the place of the object that has the last word.
    """
    traits = [objects.object(trait, f"a trait of {what}") for trait in objects.items(node, "traits", "traits")]
    layers = [node, *traits] if trait_wins else [*traits, node]
    found: dict[str, Node] = {}
    for layer in layers:
        assert isinstance(layer.value, dict)
        for name, value in layer.value.items():
            if name == "traits":
                continue
            known = found.get(name)
            if known is None:
                found[name] = layer.child(name)
            elif value is None:
                del found[name]
            else:
                found[name] = _over(objects, known, layer.child(name))
    return {name: member for name, member in found.items() if member.value is not None}


def _over(objects: Objects, under: Node, over: Node) -> Node:
    """``over`` merged into ``under``, as a merge patch is."""
    if over.value == under.value:
        return over
    one, other = objects.follow(under), objects.follow(over)
    if not isinstance(one.value, dict) or not isinstance(other.value, dict):
        return over
    return Node(other.document, other.pointer, _patched(objects, one, other, other))


def _patched(objects: Objects, under: Node, over: Node, home: Node) -> JsonValue:
    """One plain object out of two, its references written as they read from the document of ``home``."""
    assert isinstance(under.value, dict)
    assert isinstance(over.value, dict)
    joined: dict[str, JsonValue] = {}
    for name in dict.fromkeys((*under.value, *over.value)):
        if name not in over.value:
            joined[name] = _moved(under.child(name), home)
        elif over.value[name] is None and name in under.value:
            continue
        else:
            one = objects.follow(under.child(name)) if name in under.value else None
            other = objects.follow(over.child(name)) if one is not None else over.child(name)
            if one is not None and isinstance(one.value, dict) and isinstance(other.value, dict):
                joined[name] = _patched(objects, one, other, home)
            else:
                joined[name] = _moved(over.child(name), home)
    return joined


def _moved(node: Node, home: Node) -> JsonValue:
    """The value of ``node`` with its relative references rewritten to mean the same in the document of ``home``."""
    if node.document is home.document:
        return node.value
    return _rewritten(node.value, node.document.path, home.document.path)


def _rewritten(value: JsonValue, origin: str, home: str) -> JsonValue:
    if isinstance(value, list):
        return [_rewritten(item, origin, home) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _reference(member, origin, home)
        if name == "$ref" and isinstance(member, str)
        else _rewritten(member, origin, home)
        for name, member in value.items()
    }


def _reference(written: str, origin: str, home: str) -> str:
    target, separator, fragment = written.partition("#")
    if "://" in target or target.startswith("/"):
        return written
    path = posixpath.join(posixpath.dirname(origin), target) if target else origin
    return posixpath.relpath(path, posixpath.dirname(home) or ".") + separator + fragment
