"""What `unevaluatedProperties` and `unevaluatedItems` leave alone, told from above: a validator has the last word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import PREFIX, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.proof.drafts import JsonSchema
    from treaty.documents.location import JsonValue

_IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"})


def evaluated_members(
    schema: dict[str, JsonValue], definitions: dict[str, JsonSchema]
) -> tuple[list[str], list[str], bool]:
    """The names and the patterns of names that may be evaluated beside ``schema``, and whether all names are."""
    named: dict[str, None] = {}
    patterns: dict[str, None] = {}
    everything = False
    for node in _beside(schema, definitions):
        named |= dict.fromkeys(mapping(node, "properties"))
        patterns |= dict.fromkeys(mapping(node, "patternProperties"))
        inner = node is not schema and "unevaluatedProperties" in node
        everything = everything or inner or "additionalProperties" in node
    return list(named), list(patterns), everything


def evaluated_items(schema: dict[str, JsonValue], definitions: dict[str, JsonSchema]) -> int | None:
    """How many first items may be evaluated beside ``schema``; None when all may be."""
    length = 0
    for node in _beside(schema, definitions):
        if "items" in node or "contains" in node or (node is not schema and "unevaluatedItems" in node):
            return None
        length = max(length, len(first_items(node)))
    return length


def _beside(schema: dict[str, JsonValue], definitions: dict[str, JsonSchema]) -> Iterator[dict[str, JsonValue]]:
    """``schema`` and every schema in it that judges the same value."""
    waiting: list[JsonValue] = [schema]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if "$ref" in node:
            waiting.append(definitions.get(str(node["$ref"]).removeprefix(PREFIX), True))
        waiting.extend(inner for keyword, _, inner in children(node) if keyword in _IN_PLACE)


def first_items(schema: dict[str, JsonValue]) -> tuple[JsonValue, ...]:
    """The schemas of `prefixItems`."""
    first = schema.get("prefixItems")
    return tuple(first) if isinstance(first, list) else ()


def mapping(schema: dict[str, JsonValue], keyword: str) -> dict[str, JsonValue]:
    """The value of a keyword that holds schemas by name; empty when it is not there."""
    value = schema.get(keyword)
    return value if isinstance(value, dict) else {}
