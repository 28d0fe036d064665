"""Security: which sets of credentials let somebody in, in the one form both majors share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.documents.location import JsonValue
from treaty.model.asyncapi.nodes import Alternative, Scheme

if TYPE_CHECKING:
    from treaty.documents.node import Node
    from treaty.model.asyncapi.objects import Objects

__all__ = ["required_in_2", "required_in_3"]

_WORDS = frozenset({"description", "scopes", "flows"})


def required_in_2(objects: Objects, listed: Node | None, schemes: dict[str, Node]) -> tuple[Alternative, ...]:
    """The alternatives of a `security` list of AsyncAPI 2.x: each asks for every scheme it names. None is no list."""
    found: list[Alternative] = []
    for node in objects.list(listed, "`security`") if listed is not None else ():
        requirement = objects.object(node, "a security requirement")
        assert isinstance(requirement.value, dict)
        asked: list[tuple[Scheme, frozenset[str]]] = []
        for name, scopes in requirement.value.items():
            if name not in schemes:
                objects.refuse(
                    requirement.child(name),
                    f"no security scheme is called {name!r}",
                    "define it under components.securitySchemes",
                )
            asked.append((_scheme(name, objects.object(schemes[name], "a security scheme")), _scopes(scopes)))
        found.append(Alternative(tuple(asked), requirement))
    return tuple(found)


def required_in_3(objects: Objects, listed: Node | None) -> tuple[Alternative, ...]:
    """The alternatives of a `security` list of AsyncAPI 3.x: each item is a scheme, with the scopes it needs."""
    found: list[Alternative] = []
    for node in objects.list(listed, "`security`") if listed is not None else ():
        scheme = objects.object(node, "a security scheme")
        assert isinstance(scheme.value, dict)
        name = _name(node) or str(scheme.value.get("type"))
        found.append(Alternative(((_scheme(name, scheme), _scopes(scheme.value.get("scopes"))),), scheme))
    return tuple(found)


def _name(node: Node) -> str | None:
    reference = node.value.get("$ref") if isinstance(node.value, dict) else None
    return reference.rpartition("/")[2] if isinstance(reference, str) else None


def _scheme(name: str, node: Node) -> Scheme:
    """What a scheme asks for: everything but words, and the scopes it could grant."""
    assert isinstance(node.value, dict)
    meaning: dict[str, JsonValue] = {
        key: value for key, value in node.value.items() if key not in _WORDS and not key.startswith("x-")
    }
    flows = node.value.get("flows")
    if isinstance(flows, dict):
        meaning["flows"] = list[JsonValue](sorted(name for name in flows if not name.startswith("x-")))
    return Scheme(name, json.dumps(meaning, sort_keys=True, default=str), node)


def _scopes(written: JsonValue) -> frozenset[str]:
    return frozenset(str(scope) for scope in written) if isinstance(written, list) else frozenset()
