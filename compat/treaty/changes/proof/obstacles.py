"""What kept a question from being decided, in words a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import Pairing, children, key
from treaty.documents.location import JsonValue, Pointer, pointer_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from treaty.changes.proof.answers import Schema
    from treaty.changes.proof.survey import Survey

_MOST = 5
_MOST_NODES = 5000
# Keywords a proof may fail at, the likeliest to be the reason first.
_HARD = (
    "$dynamicRef", "$recursiveRef", "unevaluatedProperties", "unevaluatedItems", "pattern", "patternProperties",
    "format", "contains", "propertyNames", "not", "if", "oneOf", "dependentSchemas", "dependencies", "uniqueItems",
    "multipleOf", "minContains", "maxContains", "anyOf", "allOf", "enum", "const", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties",
    "maxProperties", "required", "dependentRequired", "additionalProperties", "additionalItems", "type", "$ref",
)  # fmt: skip


def obstacles(old: Schema, new: Schema) -> tuple[str, ...]:
    """The keywords, with pointers, that one schema has and the other has not in the same words, hardest first."""
    try:
        before, after = _said(old), _said(new)
    except RecursionError:
        return ("schemas nested too deeply",)
    found = [(new, saying) for saying in after.items() if saying[0] not in before]
    found += [(old, saying) for saying in before.items() if saying[0] not in after]
    ranked = sorted(found, key=lambda one: _HARD.index(one[1][0][0]))
    unique = dict.fromkeys(f"{keyword} at {place}" for _, ((keyword, _), place) in ranked)
    return tuple(list(unique)[:_MOST]) or ("neither a proof nor a witness was found",)


def _said(schema: Schema) -> dict[tuple[str, Hashable], str]:
    """What the hard keywords of ``schema`` say, and where each is first said."""
    found: dict[tuple[str, Hashable], str] = {}
    waiting: list[tuple[JsonValue, Pointer]] = [(schema.body, ())]
    visited = 0
    while waiting and visited < _MOST_NODES:
        node, pointer = waiting.pop()
        visited += 1
        if not isinstance(node, dict):
            continue
        for keyword in _HARD:
            if keyword in node:
                said = node[keyword]
                found.setdefault((keyword, key({keyword: said})), pointer_text(pointer) or "the root")
        waiting.extend(
            (inner, (*pointer, keyword) if name is None else (*pointer, keyword, name))
            for keyword, name, inner in children(node)
        )
    return found


def reservations(pairing: Pairing, surveys: Sequence[Survey]) -> tuple[str, ...]:
    """Why a containment that was proven for ``pairing`` may still not hold: what the proof does not speak of."""
    (old, new), (before, after) = pairing.sides, surveys
    found: list[str] = []
    if new.literal_integers and not old.literal_integers and after.integers:
        found.append("draft 4, in which 1.0 is no integer, against a draft in which it is one")
    differing = sorted(before.number_formats ^ after.number_formats)
    return (*found, *(f"format {name!r}, about which nothing is known" for name in differing))
