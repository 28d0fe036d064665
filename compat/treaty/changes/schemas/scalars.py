"""Facts about single values: types, enumerations, bounds, lengths, patterns, formats, content."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.change import Effect
from treaty.changes.schemas.facts import Fact
from treaty.model.schema.numbers import Bound, number_json
from treaty.model.schema.shape import ATOMS, GROUPS, NUMERIC, Enumeration, Shape, type_names
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treaty.documents.location import JsonValue

# What travels as text (parameters, form fields): a reader of strings reads everything, a reader of numbers reads
# integers.
_TEXT_READERS = {
    "string": frozenset({"string", "integer", "fraction", "boolean", "null"}),
    "fraction": NUMERIC,
}

_SCALARS = frozenset({"null", "boolean", "integer", "fraction", "string"})

# Formats whose values are a part of another format's values (OpenAPI format registry, RFC 3339).
_FORMAT_WITHIN = {
    ("int32", "int64"), ("int32", "double"), ("int8", "int16"), ("int8", "int32"), ("int8", "int64"), ("int16",
    "int32"), ("int16", "int64"), ("uint8", "uint16"), ("uint8", "uint32"), ("uint8", "uint64"), ("uint16", "uint32"),
    ("uint16", "uint64"), ("uint32", "uint64"), ("uint8", "int16"), ("uint8", "int32"), ("uint8", "int64"),
    ("uint16", "int32"), ("uint16", "int64"), ("uint32", "int64"), ("float", "double"), ("email", "idn-email"),
    ("hostname", "idn-hostname"), ("uri", "iri"), ("uri", "uri-reference"), ("uri-reference", "iri-reference"),
    ("iri", "iri-reference"), ("uri", "iri-reference"), ("json-pointer", "relative-json-pointer"),
}  # fmt: skip
_FORMAT_WITHIN -= {("json-pointer", "relative-json-pointer")}


class Sides(NamedTuple):
    """The shapes of one pair, and how its values travel."""

    old: Shape
    new: Shape
    wire: Wire = Wire.JSON

    def fact(
        self, rule: str, effect: Effect, facet: str, before: JsonValue, after: JsonValue, *, provable: bool = True
    ) -> Fact:
        return Fact(
            rule=rule,
            effect=effect,
            before=before,
            after=after,
            base=self.old.origin(facet),
            revision=self.new.origin(facet),
            facets=(facet,),
            provable=provable,
        )


def readable(shape: Shape, wire: Wire) -> frozenset[str]:
    """The atoms a reader of ``shape`` accepts; as text, more than its own.

    A list with one item is written like the item alone, so a reader of short lists reads scalars. In a body that is
    text as a whole, a reader of strings takes anything that is written.
    """
    types = shape.types
    if wire is Wire.JSON:
        return types
    read = types.union(*(_TEXT_READERS.get(atom, frozenset()) for atom in types))
    if "array" in types and shape.arrays.min_items <= 1 and shape.arrays.max_items != 0:
        read |= _SCALARS
    return ATOMS if wire is Wire.MARKUP and "string" in types else read


def type_facts(sides: Sides) -> Iterator[Fact]:
    old, new = sides.old, sides.new
    if old.types == new.types:
        return
    if old.enumerated is not None and new.enumerated is not None:
        return  # told value by value
    before, after = _named(old.types), _named(new.types)
    if not new.types:
        yield sides.fact("value-forbidden", Effect.NARROWS, "type", before, None)
        return
    if not old.types:
        yield sides.fact("value-allowed", Effect.WIDENS, "type", None, after)
        return
    lost = old.types - readable(new, sides.wire)
    gained = new.types - readable(old, sides.wire)
    if lost and gained:
        yield sides.fact("type-changed", Effect.REPLACES, "type", before, after)
    elif lost:
        rule = "null-refused" if lost == {"null"} else "type-narrowed"
        yield sides.fact(rule, Effect.NARROWS, "type", before, after)
    elif gained:
        rule = "null-allowed" if gained == {"null"} else "type-widened"
        yield sides.fact(rule, Effect.WIDENS, "type", before, after)


def _named(types: frozenset[str]) -> JsonValue:
    if types == ATOMS:
        return "any"
    names = type_names(types)
    return names[0] if len(names) == 1 else list(names)


def enumeration_facts(sides: Sides) -> Iterator[Fact]:
    old, new = sides.old, sides.new
    before, after = old.enumerated, new.enumerated
    if before is not None and after is not None:
        yield from _values(sides, before, after)
        return
    for group in dict.fromkeys(GROUPS[atom] for atom in sorted((old.types & new.types) - {"null"})):
        was, now = old.enums.get(group), new.enums.get(group)
        if was is None and now is None:
            continue
        if was is None:
            assert now is not None
            if sides.wire is Wire.JSON or group != "boolean":
                yield sides.fact("enum-introduced", Effect.NARROWS, "enum", None, _listed(now))
        elif now is None:
            yield sides.fact("enum-dropped", Effect.WIDENS, "enum", _listed(was), None)
        else:
            yield from _values(sides, was, now)


def _values(sides: Sides, before: Enumeration, after: Enumeration) -> Iterator[Fact]:
    removed = {key: value for key, value in before.items() if key not in after}
    added = {key: value for key, value in after.items() if key not in before}
    if removed and added and len(removed) == len(before):
        yield sides.fact("enum-replaced", Effect.REPLACES, "enum", _listed(before), _listed(after))
        return
    if removed:
        yield sides.fact("enum-value-removed", Effect.NARROWS, "enum", _listed(removed), None)
    if added:
        extensible = sides.old.extensible is not None
        rule = "extensible-enum-value-added" if extensible else "enum-value-added"
        yield sides.fact(rule, Effect.NONE if extensible else Effect.WIDENS, "enum", None, _listed(added))


def _listed(values: Enumeration) -> JsonValue:
    return sorted(values.values(), key=lambda value: (str(type(value)), str(value)))


def extensible_facts(sides: Sides) -> Iterator[Fact]:
    """`x-extensible-enum` as a list of values: readers must expect others, writers of requests must not send them."""
    before, after = sides.old.extensible, sides.new.extensible
    if not before or not after:
        return
    facet = "x-extensible-enum"
    if before - after:
        removed: list[JsonValue] = [*sorted(before - after)]
        yield sides.fact("extensible-enum-value-removed", Effect.NARROWS, facet, removed, None, provable=False)
    if after - before:
        added: list[JsonValue] = [*sorted(after - before)]
        yield sides.fact("extensible-enum-value-added", Effect.NONE, facet, None, added)


class Limit(NamedTuple):
    """A facet that only ever takes values away: where it is written, how to read it, and its two rules.

    ``stricter`` tells whether the second of two values allows less; None is no limit.
    """

    facet: str
    types: frozenset[str]
    value: Callable[[Shape], JsonValue | Bound]
    narrower: str
    wider: str
    upper: bool = True

    @property
    def group(self) -> str:
        """The group whose enumeration makes the limit idle: listed values meet their own bounds."""
        return "number" if self.types is NUMERIC else next(iter(self.types))


_TEXT = frozenset({"string"})
_LIST = frozenset({"array"})
_OBJECT = frozenset({"object"})
LIMITS = (
    Limit("lower", NUMERIC, lambda s: s.numbers.lower, "minimum-raised", "minimum-lowered", upper=False),
    Limit("upper", NUMERIC, lambda s: s.numbers.upper, "maximum-lowered", "maximum-raised"),
    Limit("minLength", _TEXT, lambda s: s.strings.min_length, "min-length-raised", "min-length-lowered", upper=False),
    Limit("maxLength", _TEXT, lambda s: s.strings.max_length, "max-length-lowered", "max-length-raised"),
    Limit("minItems", _LIST, lambda s: s.arrays.min_items, "min-items-raised", "min-items-lowered", upper=False),
    Limit("maxItems", _LIST, lambda s: s.arrays.max_items, "max-items-lowered", "max-items-raised"),
    Limit(
        "minProperties", _OBJECT, lambda s: s.objects.min_properties, "min-properties-raised", "min-properties-lowered",
        upper=False,
    ),
    Limit("maxProperties", _OBJECT, lambda s: s.objects.max_properties, "max-properties-lowered",
    "max-properties-raised"),
)  # fmt: skip


def limit_facts(sides: Sides) -> Iterator[Fact]:
    shared = sides.old.types & sides.new.types
    for limit in LIMITS:
        if not limit.types & shared or _enumerated(sides, limit.group):
            continue
        old, new = limit.value(sides.old), limit.value(sides.new)
        if old == new:
            continue
        narrowed = beyond(old, new, upper=limit.upper)
        rule, effect = (limit.narrower, Effect.NARROWS) if narrowed else (limit.wider, Effect.WIDENS)
        yield sides.fact(rule, effect, limit.facet, _shown(old), _shown(new))


def _enumerated(sides: Sides, group: str) -> bool:
    # With the values listed on one side, its own bounds are met; the enumeration rules tell what changed.
    return group in sides.old.enums or group in sides.new.enums


def beyond(old: JsonValue | Bound, new: JsonValue | Bound, *, upper: bool) -> bool:
    """Whether ``new`` is stricter than ``old``; the two differ."""
    if old is None or new is None:
        return old is None
    if isinstance(old, Bound) and isinstance(new, Bound):
        if old.value == new.value:
            return new.exclusive
        return (new.value < old.value) == upper
    assert isinstance(old, int)
    assert isinstance(new, int)
    return (new < old) == upper


def _shown(value: JsonValue | Bound) -> JsonValue:
    if isinstance(value, Bound):
        return {"exclusive": value.json()} if value.exclusive else value.json()
    return value or None


def step_facts(sides: Sides) -> Iterator[Fact]:
    """`multipleOf`: a multiple of the old step allows less."""
    old, new = sides.old.numbers.multiple_of, sides.new.numbers.multiple_of
    if old == new or not sides.old.types & sides.new.types & NUMERIC or _enumerated(sides, "number"):
        return
    # Integers are the multiples of one.
    before = old or (Fraction(1) if "fraction" not in sides.old.types else None)
    after = new or (Fraction(1) if "fraction" not in sides.new.types else None)
    if before == after:
        return
    narrower = before is None or (after is not None and (after / before).denominator == 1)
    wider = after is None or (before is not None and (before / after).denominator == 1)
    rule, effect = (
        ("multiple-of-narrowed", Effect.NARROWS)
        if narrower
        else ("multiple-of-widened", Effect.WIDENS)
        if wider
        else ("multiple-of-changed", Effect.REPLACES)
    )
    yield sides.fact(rule, effect, "multipleOf", number_json(old) if old else None, number_json(new) if new else None)


def unique_facts(sides: Sides) -> Iterator[Fact]:
    if "array" not in sides.old.types & sides.new.types:
        return
    old, new = (
        arrays.unique and not (arrays.max_items is not None and arrays.max_items <= 1)
        for arrays in (sides.old.arrays, sides.new.arrays)
    )
    if new and not old and not (sides.old.arrays.max_items is not None and sides.old.arrays.max_items <= 1):
        yield sides.fact("unique-items-required", Effect.NARROWS, "uniqueItems", False, True)
    elif old and not new and not (sides.new.arrays.max_items is not None and sides.new.arrays.max_items <= 1):
        yield sides.fact("unique-items-dropped", Effect.WIDENS, "uniqueItems", True, False)


def pattern_facts(sides: Sides) -> Iterator[Fact]:
    if "string" not in sides.old.types & sides.new.types:
        return
    yield from _named_set(sides, sides.old.strings.patterns, sides.new.strings.patterns, "pattern")


def format_facts(sides: Sides) -> Iterator[Fact]:
    for atoms, old, new in (
        (_TEXT, sides.old.strings.formats, sides.new.strings.formats),
        (NUMERIC, sides.old.numbers.formats, sides.new.numbers.formats),
    ):
        if not atoms & sides.old.types & sides.new.types or old == new:
            continue
        # `unixtime` on strings or `date` on numbers say nothing; whoever wrote them meant the type they stand on.
        before, after = sorted(old - new), sorted(new - old)
        if not before:
            rule, effect = "format-added", Effect.NARROWS
        elif not after:
            rule, effect = "format-removed", Effect.WIDENS
        elif all((one, other) in _FORMAT_WITHIN for one in before for other in after):
            rule, effect = "format-widened", Effect.WIDENS
        elif all((other, one) in _FORMAT_WITHIN for one in before for other in after):
            rule, effect = "format-narrowed", Effect.NARROWS
        else:
            rule, effect = "format-changed", Effect.REPLACES
        yield sides.fact(rule, effect, "format", _one(before), _one(after))


def content_facts(sides: Sides) -> Iterator[Fact]:
    """What a string carries: `contentEncoding` and `contentMediaType`."""
    if "string" not in sides.old.types & sides.new.types:
        return
    for facet, old, new in (
        ("contentEncoding", sides.old.strings.encoding, sides.new.strings.encoding),
        ("contentMediaType", sides.old.strings.media_type, sides.new.strings.media_type),
    ):
        if old == new:
            continue
        rule, effect = (
            ("content-declared", Effect.NARROWS)
            if old is None
            else ("content-undeclared", Effect.WIDENS)
            if new is None
            else ("content-changed", Effect.REPLACES)
        )
        yield sides.fact(rule, effect, facet, old, new, provable=False)


def _named_set(sides: Sides, old: frozenset[str], new: frozenset[str], facet: str) -> Iterator[Fact]:
    before, after = sorted(old - new), sorted(new - old)
    if before and after:
        yield sides.fact(f"{facet}-changed", Effect.REPLACES, facet, _one(before), _one(after))
    elif after:
        yield sides.fact(f"{facet}-added", Effect.NARROWS, facet, None, _one(after))
    elif before:
        yield sides.fact(f"{facet}-removed", Effect.WIDENS, facet, _one(before), None)


def _one(values: list[str]) -> JsonValue:
    return values[0] if len(values) == 1 else list(values)


SCALAR_RULES: tuple[Callable[[Sides], Iterator[Fact]], ...] = (
    type_facts,
    enumeration_facts,
    extensible_facts,
    limit_facts,
    step_facts,
    unique_facts,
    pattern_facts,
    format_facts,
    content_facts,
)
