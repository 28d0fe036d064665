"""From a schema to the facts of its acceptance, and to the alternative reasons of its refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import PREFIX
from treaty.changes.proof.search.evaluated import evaluated_items, evaluated_members, first_items, mapping
from treaty.changes.proof.search.facts import (
    ARRAY,
    BOOLEAN,
    FRACTION,
    INTEGER,
    NULL,
    NUMBER,
    OBJECT,
    STRING,
    WHOLE,
    Among,
    Bound,
    Contains,
    Count,
    Distinct,
    Either,
    Entry,
    Format,
    ItemFails,
    Items,
    Kinds,
    Lacks,
    MemberFails,
    Members,
    Multiple,
    NameFails,
    Names,
    Needs,
    No,
    Pattern,
    SomeMemberFails,
    Together,
    Unsure,
    Yes,
)
from treaty.model.schema.numbers import exact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from treaty.changes.proof.drafts import JsonSchema
    from treaty.documents.location import JsonValue

_BOUNDS = {
    "minimum": (False, False),
    "exclusiveMinimum": (False, True),
    "maximum": (True, False),
    "exclusiveMaximum": (True, True),
}
_COUNTS = {
    "minLength": (STRING, False),
    "maxLength": (STRING, True),
    "minItems": (ARRAY, False),
    "maxItems": (ARRAY, True),
    "minProperties": (OBJECT, False),
    "maxProperties": (OBJECT, True),
}


class TakingApart:
    """Reads schemas over one set of definitions.

    ``literal_integers``: both sides are about draft 4, whose integers are written without a point.
    """

    def __init__(self, definitions: dict[str, JsonSchema], *, literal_integers: bool) -> None:
        self._definitions = definitions
        # By identity, each with its schema so that it stays alive.
        self._accepted: dict[int, tuple[JsonValue, tuple[Entry, ...]]] = {}
        self._refused: dict[int, tuple[JsonValue, tuple[tuple[Entry, ...], ...]]] = {}
        self._kinds = {
            "null": NULL,
            "boolean": BOOLEAN,
            "integer": INTEGER,
            "number": NUMBER if literal_integers else INTEGER | FRACTION,
            "string": STRING,
            "array": ARRAY,
            "object": OBJECT,
        }
        self.every_kind = (
            NULL | BOOLEAN | INTEGER | FRACTION | STRING | ARRAY | OBJECT | (WHOLE if literal_integers else 0)
        )

    def definition(self, reference: JsonValue) -> JsonValue:
        """The schema a ``$ref`` leads to."""
        return self._definitions.get(str(reference).removeprefix(PREFIX), True)

    def accepted(self, schema: dict[str, JsonValue]) -> tuple[Entry, ...]:
        """What holds of every value ``schema`` accepts: first the facts, then the choices."""
        known = self._accepted.get(id(schema))
        if known is None:
            known = self._accepted[id(schema)] = schema, tuple(self._entries(schema))
        return known[1]

    def refused(self, schema: JsonValue) -> tuple[tuple[Entry, ...], ...]:
        """The reasons for which ``schema`` refuses a value, any of which is enough; none when it accepts everything."""
        if not isinstance(schema, dict):
            return () if schema is True else ((),)
        known = self._refused.get(id(schema))
        if known is None:
            known = self._refused[id(schema)] = schema, tuple(self._reasons(schema))
        return known[1]

    def _entries(self, schema: dict[str, JsonValue]) -> Iterator[Entry]:
        later: list[Entry] = []
        for keyword, value in schema.items():
            match keyword, value:
                case "$ref", _:
                    yield Yes(self.definition(value))
                case "type", _:
                    yield Kinds(self._bits(value))
                case "enum", list():
                    yield Among(tuple(value), holds=True)
                case "const", _:
                    yield Among((value,), holds=True)
                case (("minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum"), _):
                    upper, exclusive = _BOUNDS[keyword]
                    yield Bound(_fraction(value), upper, exclusive)
                case "multipleOf", _:
                    yield Multiple(_fraction(value), holds=True)
                case (
                    ("minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"),
                    int(),
                ):
                    kind, upper = _COUNTS[keyword]
                    yield Count(kind, most=value) if upper else Count(kind, least=value)
                case "pattern", str():
                    yield Pattern(value, holds=True)
                case "format", str():
                    yield Format(value, holds=True)
                case "uniqueItems", _:
                    yield Distinct(holds=True)
                case "contains", _:
                    yield self._contains(schema)
                case "required", list():
                    for name in value:
                        yield Needs(str(name))
                case "propertyNames", _:
                    yield Names(value)
                case "dependentRequired", dict():
                    for name, others in value.items():
                        assert isinstance(others, list)
                        yield Together(name, tuple(str(other) for other in others))
                case "allOf", list():
                    for inner in value:
                        yield Yes(inner)
                case "not", _:
                    later.append(No(value))
                case "anyOf", list():
                    later.append(Either(tuple((Yes(inner),) for inner in value)))
                case "oneOf", list():
                    later.append(Either(tuple(self._only(value, index) for index in range(len(value)))))
                case "dependentSchemas", dict():
                    later.extend(Either(((Lacks(name),), (Needs(name), Yes(inner)))) for name, inner in value.items())
                case "if", _ if "then" in schema or "else" in schema:
                    then, otherwise = schema.get("then", True), schema.get("else", True)
                    later.append(Either(((Yes(value), Yes(then)), (No(value), Yes(otherwise)))))
                case "unevaluatedProperties", _:
                    named, patterns, everything = evaluated_members(schema, self._definitions)
                    yield Unsure()
                    if not everything:
                        yield Members(dict.fromkeys(named, True), dict.fromkeys(patterns, True), value)
                case "unevaluatedItems", _:
                    yield Unsure()
                    length = evaluated_items(schema, self._definitions)
                    if length is not None:
                        yield Items((True,) * length, value)
        if "prefixItems" in schema or "items" in schema:
            yield Items(first_items(schema), schema.get("items", True))
        if schema.keys() & {"properties", "patternProperties", "additionalProperties"}:
            yield Members(
                mapping(schema, "properties"),
                mapping(schema, "patternProperties"),
                schema.get("additionalProperties", True),
            )
        yield from later

    def _reasons(self, schema: dict[str, JsonValue]) -> list[tuple[Entry, ...]]:
        found: list[tuple[Entry, ...]] = []
        # Reasons that lie in a part of the value come after those that lie in the value itself, its kind last.
        inside: list[tuple[Entry, ...]] = []
        late: list[tuple[Entry, ...]] = []
        for keyword, value in schema.items():
            match keyword, value:
                case "$ref", _:
                    found.append((No(self.definition(value)),))
                case "type", _:
                    late.append((Kinds(self.every_kind & ~self._bits(value)),))
                case "enum", list():
                    late.append((Among(tuple(value), holds=False),))
                case "const", _:
                    late.append((Among((value,), holds=False),))
                case (("minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum"), _):
                    upper, exclusive = _BOUNDS[keyword]
                    beyond = Bound(_fraction(value), not upper, not exclusive, violated=True)
                    found.append((Kinds(NUMBER), beyond))
                case "multipleOf", _:
                    found.append((Kinds(NUMBER), Multiple(_fraction(value), holds=False)))
                case (
                    ("minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"),
                    int(),
                ):
                    kind, upper = _COUNTS[keyword]
                    if upper:
                        found.append((Kinds(kind), Count(kind, least=value + 1)))
                    elif value > 0:
                        found.append((Kinds(kind), Count(kind, most=value - 1)))
                case "pattern", str():
                    found.append((Kinds(STRING), Pattern(value, holds=False)))
                case "format", str():
                    found.append((Kinds(STRING), Format(value, holds=False)))
                case "uniqueItems", _:
                    found.append((Kinds(ARRAY), Distinct(holds=False)))
                case "prefixItems", list():
                    inside.extend((Kinds(ARRAY), ItemFails(index, inner)) for index, inner in enumerate(value))
                case "items", _:
                    inside.append((Kinds(ARRAY), ItemFails(len(first_items(schema)), value, or_later=True)))
                case "contains", _:
                    found.extend(self._not_contained(schema))
                case "required", list():
                    found.extend((Kinds(OBJECT), Lacks(str(name))) for name in value)
                case "properties", dict():
                    inside.extend((Kinds(OBJECT), MemberFails(name, inner)) for name, inner in value.items())
                case "patternProperties", dict():
                    inside.extend(
                        (Kinds(OBJECT), SomeMemberFails(pattern, frozenset(), (), inner))
                        for pattern, inner in value.items()
                    )
                case "additionalProperties", _:
                    named, patterns = mapping(schema, "properties"), mapping(schema, "patternProperties")
                    inside.append((Kinds(OBJECT), SomeMemberFails(None, frozenset(named), tuple(patterns), value)))
                case "propertyNames", _:
                    inside.append((Kinds(OBJECT), NameFails(value)))
                case "dependentRequired", dict():
                    for name, others in value.items():
                        assert isinstance(others, list)
                        found.extend((Kinds(OBJECT), Needs(name), Lacks(str(other))) for other in others)
                case "dependentSchemas", dict():
                    found.extend((Kinds(OBJECT), Needs(name), No(inner)) for name, inner in value.items())
                case "allOf", list():
                    found.extend((No(inner),) for inner in value)
                case "anyOf", list():
                    found.append(tuple(No(inner) for inner in value))
                case "oneOf", list():
                    found.append(tuple(No(inner) for inner in value))
                    found.extend(
                        (Yes(value[first]), Yes(value[second]))
                        for first in range(len(value))
                        for second in range(first + 1, len(value))
                    )
                case "not", _:
                    found.append((Yes(value),))
                case "if", _:
                    if "then" in schema:
                        found.append((Yes(value), No(schema["then"])))
                    if "else" in schema:
                        found.append((No(value), No(schema["else"])))
                case "unevaluatedProperties", _:
                    names, patterns_seen, _ = evaluated_members(schema, self._definitions)
                    found.append(
                        (Kinds(OBJECT), SomeMemberFails(None, frozenset(names), tuple(patterns_seen), value), Unsure())
                    )
                    found.append((Kinds(OBJECT), SomeMemberFails(None, frozenset(), (), value), Unsure()))
                case "unevaluatedItems", _:
                    length = evaluated_items(schema, self._definitions) or 0
                    found.extend((Kinds(ARRAY), ItemFails(index, value), Unsure()) for index in range(length, -1, -1))
        return found + inside + late

    def _bits(self, names: JsonValue) -> int:
        bits = 0
        for name in names if isinstance(names, list) else [names]:
            bits |= self._kinds[str(name)]
        return bits

    def _only(self, branches: list[JsonValue], chosen: int) -> tuple[Entry, ...]:
        others = tuple(No(branch) for index, branch in enumerate(branches) if index != chosen)
        return (Yes(branches[chosen]), *others)

    def _contains(self, schema: dict[str, JsonValue]) -> Contains:
        least, most = schema.get("minContains", 1), schema.get("maxContains")
        assert isinstance(least, int)
        return Contains(schema["contains"], least, most if isinstance(most, int) else None)

    def _not_contained(self, schema: dict[str, JsonValue]) -> Iterator[tuple[Entry, ...]]:
        wanted = self._contains(schema)
        if wanted.least > 0:
            yield (Kinds(ARRAY), Contains(wanted.schema, 0, wanted.least - 1))
        if wanted.most is not None:
            yield (Kinds(ARRAY), Contains(wanted.schema, wanted.most + 1, None))


def _fraction(value: JsonValue) -> Fraction:
    number = exact(value)
    assert number is not None
    return number
