"""How many cases a schema falls into, from above: what a normal form of it would have to list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import PREFIX, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.proof.drafts import JsonSchema
    from treaty.documents.location import JsonValue

_MANY = 10**9
_ABOUT_VALUES = frozenset({"allOf", "anyOf", "dependentSchemas", "else", "if", "not", "oneOf", "then"})
_ASSERTIONS = frozenset(
    {
        "const", "contains", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems",
        "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf",
        "pattern", "prefixItems", "propertyNames", "type", "unevaluatedItems", "unevaluatedProperties", "uniqueItems",
        "additionalProperties",
    }
)  # fmt: skip


class Cases:
    """Counts for one set of definitions.

    ``multiplied``: somewhere alternatives hold together with other alternatives, or must exclude each other.
    """

    def __init__(self, definitions: dict[str, JsonSchema]) -> None:
        self._definitions = definitions
        self._known: dict[tuple[int, bool], int] = {}
        self._kept: list[JsonValue] = []
        self.multiplied = False

    def measure(self, root: JsonSchema) -> int:
        """The most cases the schema of any one value under ``root`` has."""
        largest = 1
        waiting: list[JsonValue] = [root]
        seen: set[int] = set()
        while waiting:
            node = waiting.pop()
            if not isinstance(node, dict) or id(node) in seen:
                continue
            seen.add(id(node))
            largest = max(largest, self.count(node, negated=False))
            target = node.get("$ref")
            if isinstance(target, str):
                waiting.append(self._definitions.get(target.removeprefix(PREFIX), True))
            waiting.extend(inner for _, _, inner in children(node))
        return largest

    def count(self, node: JsonValue, *, negated: bool) -> int:
        """The cases of ``node``, or of everything it refuses when ``negated``."""
        if not isinstance(node, dict):
            return 1
        key = (id(node), negated)
        known = self._known.get(key)
        if known is None:
            self._known[key] = 1  # a recursive reference is one case: it is not followed again
            self._kept.append(node)
            known = self._known[key] = min(_MANY, self._refused(node) if negated else self._accepted(node))
        return known

    def _accepted(self, node: dict[str, JsonValue]) -> int:
        found = 1
        for factor in self._factors(node):
            self.multiplied = self.multiplied or (factor > 1 and found > 1)
            found = min(_MANY, found * factor)
        return found

    def _factors(self, node: dict[str, JsonValue]) -> Iterator[int]:
        for keyword, value in node.items():
            match keyword, value:
                case "$ref", str():
                    yield self.count(self._definitions.get(value.removeprefix(PREFIX)), negated=False)
                case "allOf", list():
                    yield from (self.count(inner, negated=False) for inner in value)
                case "anyOf", list():
                    yield self._any(value)
                case "oneOf", list():
                    self.multiplied = self.multiplied or len(value) > 2
                    yield self._any(value)
                case "not", _:
                    yield self.count(value, negated=True)
                case "dependentSchemas", dict():
                    yield from (1 + self.count(inner, negated=False) for inner in value.values())
                case "if", _ if "then" in node or "else" in node:
                    then, otherwise = node.get("then"), node.get("else")
                    yield self.count(value, negated=False) * self.count(then, negated=False) + (
                        self.count(value, negated=True) * self.count(otherwise, negated=False)
                    )

    def _any(self, branches: list[JsonValue]) -> int:
        """The cases of all ``branches``; constants are one case, however many there are."""
        others = [branch for branch in branches if not (isinstance(branch, dict) and branch.keys() & {"const", "enum"})]
        return sum(self.count(branch, negated=False) for branch in others) + (len(others) < len(branches)) or 1

    def _refused(self, node: dict[str, JsonValue]) -> int:
        found = len(_ASSERTIONS & node.keys())
        for keyword, value in node.items():
            match keyword, value:
                case "$ref", str():
                    found += self.count(self._definitions.get(value.removeprefix(PREFIX)), negated=True)
                case "allOf", list():
                    found += sum(self.count(inner, negated=True) for inner in value)
                case "anyOf" | "oneOf", list():
                    product = 1
                    for inner in value:
                        product = min(_MANY, product * self.count(inner, negated=True))
                    found += product + (len(value) ** 2 if keyword == "oneOf" else 0)
                case "not", _:
                    found += self.count(value, negated=False)
                case "if", _ if "then" in node or "else" in node:
                    found += self.count(value, negated=False) * self.count(node.get("then"), negated=True) + self.count(
                        value, negated=True
                    ) * self.count(node.get("else"), negated=True)
                case (("properties" | "patternProperties" | "dependentSchemas" | "dependentRequired"), dict()):
                    found += len(value)
                case "required", list():
                    found += len(value)
        return max(1, found)
