"""`oneOf` whose branches exclude each other says the same as `anyOf`, which is far easier to prove and to search.

Branches are told apart by their types, by their constants, or by a required property that has other constants in each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import PREFIX, Pairing, Side
from treaty.model.schema.dialects import SCHEMA_KEYWORDS, SCHEMA_LIST_KEYWORDS, SCHEMA_MAP_KEYWORDS
from treaty.model.schema.numbers import value_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from treaty.changes.proof.drafts import JsonSchema
    from treaty.documents.location import JsonValue

_MOST_PARTS = 12


def simplified(pairing: Pairing) -> Pairing:
    """``pairing`` with every such `oneOf` written as `anyOf`."""
    rewriting = _Rewriting(pairing.definitions)
    sides = tuple(Side(rewriting.schema(side.root), side.literal_integers) for side in pairing.sides)
    definitions = {name: rewriting.schema(body) for name, body in pairing.definitions.items()}
    return Pairing(sides, definitions, pairing.hints) if rewriting.changed else pairing


class _Rewriting:
    def __init__(self, definitions: dict[str, JsonSchema]) -> None:
        self._definitions = definitions
        self.changed = False

    def schema(self, node: JsonSchema) -> JsonSchema:
        written = self._value(node)
        assert isinstance(written, dict | bool)
        return written

    def _value(self, node: JsonValue) -> JsonValue:
        if not isinstance(node, dict):
            return node
        written: dict[str, JsonValue] = {}
        for keyword, value in node.items():
            if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
                written[keyword] = {name: self._value(inner) for name, inner in value.items()}
            elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
                written[keyword] = [self._value(inner) for inner in value]
            elif keyword in SCHEMA_KEYWORDS:
                written[keyword] = self._value(value)
            else:
                written[keyword] = value
        branches = node.get("oneOf")
        if isinstance(branches, list) and "anyOf" not in node and self._apart(branches):
            written["anyOf"] = written.pop("oneOf")
            self.changed = True
        return written

    def _apart(self, branches: list[JsonValue]) -> bool:
        """Whether no value is valid in two of ``branches``, as far as that shows."""
        marks = [_Marks(list(self._parts(branch))) for branch in branches]
        if _disjoint([mark.types for mark in marks]) or _disjoint([mark.constants for mark in marks]):
            return True
        if any(mark.types != {"object"} for mark in marks) or not marks:
            return False
        shared = set.intersection(*(set(mark.tags) for mark in marks))
        return any(_disjoint([mark.tags[name] for mark in marks]) for name in shared)

    def _parts(self, branch: JsonValue) -> Iterator[dict[str, JsonValue]]:
        """Schemas that all hold of what ``branch`` accepts."""
        waiting = [branch]
        for _ in range(_MOST_PARTS):
            if not waiting:
                return
            node = waiting.pop()
            if isinstance(node, dict):
                yield node
                target = node.get("$ref")
                if isinstance(target, str):
                    waiting.append(self._definitions[target.removeprefix(PREFIX)])
                members = node.get("allOf")
                waiting.extend(members if isinstance(members, list) else ())


class _Marks:
    """What sets a branch apart: types, constants, the constants of required properties; None where any will do."""

    def __init__(self, parts: list[dict[str, JsonValue]]) -> None:
        self.types: set[Hashable] | None = None
        self.constants: set[Hashable] | None = None
        self.tags: dict[str, set[Hashable] | None] = {}
        required: set[str] = set()
        for part in parts:
            names = part.get("required")
            required |= {str(name) for name in names} if isinstance(names, list) else set()
            self.types = _both(self.types, _types(part))
            self.constants = _both(self.constants, _constants(part))
            properties = part.get("properties")
            for name, inner in properties.items() if isinstance(properties, dict) else ():
                if isinstance(inner, dict) and (found := _constants(inner)) is not None:
                    self.tags[name] = _both(self.tags.get(name), found)
        self.tags = {name: found for name, found in self.tags.items() if name in required}


def _types(part: dict[str, JsonValue]) -> set[Hashable] | None:
    kind = part.get("type")
    if kind is None:
        return None
    # An integer is a number as well.
    return {"number" if name == "integer" else str(name) for name in (kind if isinstance(kind, list) else [kind])}


def _constants(part: dict[str, JsonValue]) -> set[Hashable] | None:
    if "const" in part:
        return {value_key(part["const"])}
    listed = part.get("enum")
    return {value_key(value) for value in listed} if isinstance(listed, list) else None


def _both(one: set[Hashable] | None, other: set[Hashable] | None) -> set[Hashable] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other


def _disjoint(sets: list[set[Hashable] | None]) -> bool:
    """Whether all of ``sets`` are known and no two have a member in common."""
    seen: set[Hashable] = set()
    for found in sets:
        if found is None or seen & found:
            return False
        seen |= found
    return True
