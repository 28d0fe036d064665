"""How many cases a schema falls into, from above: what a normal form of it would have to list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import PREFIX, children

if TYPE_CHECKING:
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
    """Counts for one set of definitions. ``largest`` remembers the highest count asked for."""

    def __init__(self, definitions: dict[str, JsonSchema]) -> None:
        self._definitions = definitions
        self._known: dict[tuple[int, bool], int] = {}
        self._kept: list[JsonValue] = []
        self.largest = 1
        self.total = 0

    def measure(self, root: JsonSchema) -> tuple[int, int]:
        """The most cases of any one value's schema under ``root``, and the sum over all of them."""
        self.largest, self.total = 1, 0
        waiting: list[JsonValue] = [root]
        seen: set[int] = set()
        while waiting:
            node = waiting.pop()
            if not isinstance(node, dict) or id(node) in seen:
                continue
            seen.add(id(node))
            found = self.count(node, negated=False)
            self.largest = max(self.largest, found)
            self.total = min(_MANY, self.total + found)
            target = node.get("$ref")
            if isinstance(target, str):
                waiting.append(self._definitions.get(target.removeprefix(PREFIX), True))
            waiting.extend(inner for _, _, inner in children(node))
        return self.largest, self.total

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
        for keyword, value in node.items():
            match keyword, value:
                case "$ref", str():
                    found *= self.count(self._definitions.get(value.removeprefix(PREFIX)), negated=False)
                case "allOf", list():
                    for inner in value:
                        found = min(_MANY, found * self.count(inner, negated=False))
                case "anyOf" | "oneOf", list():
                    found *= max(1, sum(self.count(inner, negated=False) for inner in value))
                case "not", _:
                    found *= self.count(value, negated=True)
                case "dependentSchemas", dict():
                    for inner in value.values():
                        found = min(_MANY, found * (1 + self.count(inner, negated=False)))
                case "if", _ if "then" in node or "else" in node:
                    found *= self.count(value, negated=False) * self.count(
                        node.get("then"), negated=False
                    ) + self.count(value, negated=True) * self.count(node.get("else"), negated=False)
            found = min(found, _MANY)
        return found

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
