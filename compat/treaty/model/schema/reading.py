"""From one written schema object to a shape: what each keyword says about each type."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from treaty.documents.library import Node
from treaty.documents.location import JsonValue
from treaty.model.schema.dialects import ANNOTATIONS, Dialect
from treaty.model.schema.numbers import Bound, count, exact, higher, lower, value_key
from treaty.model.schema.shape import (
    ATOMS,
    GROUPS,
    NUMERIC,
    TYPE_ATOMS,
    Conjunction,
    Enumeration,
    Numbers,
    Origin,
    Part,
    Residue,
    Shape,
)

# Keywords that stand or fall together, and the types they say something about. They are compared by subset proof.
_RESIDUE = {
    "not": (("not",), ATOMS),
    "if": (("if", "then", "else"), ATOMS),
    "contains": (("contains", "minContains", "maxContains"), frozenset({"array"})),
    "dependentSchemas": (("dependentSchemas",), frozenset({"object"})),
    "propertyNames": (("propertyNames",), frozenset({"object"})),
    "unevaluatedItems": (("unevaluatedItems",), frozenset({"array"})),
    "unevaluatedProperties": (("unevaluatedProperties",), frozenset({"object"})),
    "$dynamicRef": (("$dynamicRef",), ATOMS),
}
# Formats that ask for an input field or name an encoding, and refuse no value (OpenAPI 3.0, "Data Types").
_HINTS = frozenset({"binary", "password"})
_NULL_SCHEMA: dict[str, JsonValue] = {"type": "null"}


def null_branch(node: Node) -> Conjunction:
    """The conjunction that accepts null and nothing else, placed at ``node`` for lack of a place of its own."""
    return (Part(Node(node.document, node.pointer, _NULL_SCHEMA)),)


def is_vacuous(value: JsonValue) -> bool:
    """Whether a schema accepts everything, at a glance: `true`, `{}` or annotations alone."""
    return value is True or (
        isinstance(value, dict) and all(key in ANNOTATIONS or key.startswith("x-") for key in value)
    )


def read_object(node: Node, without: frozenset[str], dialect: Dialect) -> Shape:
    """The shape of one schema object, without its `$ref`, `allOf`, `anyOf` and `oneOf`.

    Values of the wrong JSON type are read as if the keyword were not there: whether a document is valid is asked
    elsewhere.
    """
    raw = node.value
    assert isinstance(raw, dict)
    shape = Shape(parts=(node,))
    origins = shape.origins
    for keyword, value in raw.items():
        reader = _READERS.get(keyword)
        if reader is not None and keyword not in without:
            reader(shape, value, node, dialect)
            origins.setdefault(keyword, Origin(node, keyword))
    for leader, (keywords, types) in _RESIDUE.items():
        if leader in raw and leader not in without and not _residue_is_vacuous(leader, raw):
            shape.residue += (Residue(tuple(key for key in keywords if key in raw), types, node),)
    return shape


def _residue_is_vacuous(leader: str, raw: dict[str, JsonValue]) -> bool:
    value = raw[leader]
    if leader == "if":
        return is_vacuous(raw.get("then", True)) and is_vacuous(raw.get("else", True))
    if leader == "dependentSchemas":
        return not isinstance(value, dict) or all(is_vacuous(schema) for schema in value.values())
    if leader == "contains":
        return count(raw.get("minContains")) == 0 and "maxContains" not in raw
    return (leader.startswith("unevaluated") or leader == "propertyNames") and is_vacuous(value)


def settle(shape: Shape, dialect: Dialect) -> None:
    """Bring a complete shape to its one form, in place.

    Facets that can say nothing are dropped: those of absent types, and bounds an enumeration already meets. Bounds of
    integers become inclusive. An enumeration takes the types of its values.
    """
    numbers = shape.numbers
    if shape.types & NUMERIC == frozenset({"integer"}):
        numbers.lower, numbers.upper = _inclusive(numbers.lower, up=True), _inclusive(numbers.upper, up=False)
        if numbers.multiple_of is not None and numbers.multiple_of.numerator == 1:
            numbers.multiple_of = None
        elif numbers.multiple_of is not None:
            numbers.multiple_of = Fraction(numbers.multiple_of.numerator)
    elif (
        numbers.multiple_of is not None
        and numbers.multiple_of.denominator == 1
        and "fraction" in shape.types
        and dialect.integral_float_is_integer
    ):
        shape.types -= {"fraction"}
        settle(shape, dialect)
        return
    _settle_enumerations(shape, dialect)
    if not shape.types & NUMERIC:
        shape.numbers = Numbers()
    if "string" not in shape.types:
        shape.strings = type(shape.strings)()
    if "array" not in shape.types:
        shape.arrays = type(shape.arrays)()
    if "object" not in shape.types:
        shape.objects = type(shape.objects)()
    if not shape.types:
        shape.unions, shape.residue = (), ()
    else:
        shape.unions = tuple(union for union in shape.unions if union.types & shape.types)
        shape.residue = tuple(residue for residue in shape.residue if residue.types & shape.types)


def _settle_enumerations(shape: Shape, dialect: Dialect) -> None:
    if not shape.enums:
        return
    enums: dict[str, Enumeration] = {}
    for group, values in shape.enums.items():
        kept = {key: value for key, value in values.items() if _admits(shape, value, dialect)}
        found = frozenset().union(*(atoms_of(value, dialect) for value in kept.values()))
        shape.types -= {atom for atom, owner in GROUPS.items() if owner == group} - found
        if found and not (group == "boolean" and len(kept) == 2):
            enums[group] = kept
    shape.enums = enums
    if "number" in enums:
        shape.numbers = Numbers(formats=shape.numbers.formats)
    if "string" in enums:
        shape.strings.min_length, shape.strings.max_length = 0, None


def atoms_of(value: JsonValue, dialect: Dialect) -> frozenset[str]:
    """The atom of one JSON value, as a set of one."""
    if value is None:
        return TYPE_ATOMS["null"]
    if isinstance(value, bool):
        return TYPE_ATOMS["boolean"]
    if isinstance(value, str):
        return TYPE_ATOMS["string"]
    if isinstance(value, list):
        return TYPE_ATOMS["array"]
    if isinstance(value, dict):
        return TYPE_ATOMS["object"]
    number = exact(value)
    whole = number is not None and number.denominator == 1
    if whole and (dialect.integral_float_is_integer or isinstance(value, int)):
        return frozenset({"integer"})
    return frozenset({"fraction"})


def _admits(shape: Shape, value: JsonValue, dialect: Dialect) -> bool:
    """Whether the plain facets of ``shape`` let an enumerated value through; patterns and formats are left to the
    proof."""
    if not atoms_of(value, dialect) <= shape.types:
        return False
    if isinstance(value, str):
        longest = shape.strings.max_length
        return len(value) >= shape.strings.min_length and (longest is None or len(value) <= longest)
    number = exact(value)
    if number is None:
        return True
    low, high, step = shape.numbers.lower, shape.numbers.upper, shape.numbers.multiple_of
    if low is not None and (number < low.value or (low.exclusive and number == low.value)):
        return False
    if high is not None and (number > high.value or (high.exclusive and number == high.value)):
        return False
    return step is None or (number / step).denominator == 1


def _inclusive(bound: Bound | None, *, up: bool) -> Bound | None:
    if bound is None:
        return None
    value = bound.value
    if up:
        return Bound(Fraction(math.floor(value) + 1 if bound.exclusive else math.ceil(value)), False)
    return Bound(Fraction(math.ceil(value) - 1 if bound.exclusive else math.floor(value)), False)


_Reader = Callable[[Shape, JsonValue, Node, Dialect], None]


def _type(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    names = value if isinstance(value, list) else [value]
    atoms = frozenset().union(*(TYPE_ATOMS.get(name, frozenset()) for name in names if isinstance(name, str)))
    if not atoms:
        return
    raw = node.value
    if dialect.nullable and isinstance(raw, dict) and raw.get("nullable") is True:
        atoms |= {"null"}
    shape.types &= atoms


def _enum(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if not isinstance(value, list):
        return
    atoms: frozenset[str] = frozenset()
    enums: dict[str, Enumeration] = {}
    for item in value:
        found = atoms_of(item, dialect)
        atoms |= found
        if item is not None:
            enums.setdefault(GROUPS[next(iter(found))], {})[value_key(item)] = item
    shape.types &= atoms
    for group, values in enums.items():
        known = shape.enums.get(group)
        shape.enums[group] = values if known is None else {key: known[key] for key in known if key in values}


def _const(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    _enum(shape, [value], node, dialect)
    shape.origins["enum"] = Origin(node, "const")


def _extensible(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, list):
        shape.extensible = frozenset(str(item) for item in value)
    elif value is True:
        shape.extensible = frozenset()


def _child(node: Node, *tokens: str | int) -> Conjunction:
    return (Part(node.child(*tokens)),)


def _minimum(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    number = exact(value)
    raw = node.value
    if number is not None and isinstance(raw, dict):
        strict = dialect.exclusive_is_flag and raw.get("exclusiveMinimum") is True
        _raise_lower(shape, Bound(number, strict), Origin(node, "minimum"))


def _exclusive_minimum(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    number = exact(value)
    if number is not None and not dialect.exclusive_is_flag:
        _raise_lower(shape, Bound(number, True), Origin(node, "exclusiveMinimum"))


def _raise_lower(shape: Shape, bound: Bound, origin: Origin) -> None:
    strictest = higher(shape.numbers.lower, bound)
    if strictest is not shape.numbers.lower:
        shape.numbers.lower = strictest
        shape.origins["lower"] = origin


def _maximum(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    number = exact(value)
    raw = node.value
    if number is not None and isinstance(raw, dict):
        strict = dialect.exclusive_is_flag and raw.get("exclusiveMaximum") is True
        _lower_upper(shape, Bound(number, strict), Origin(node, "maximum"))


def _exclusive_maximum(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    number = exact(value)
    if number is not None and not dialect.exclusive_is_flag:
        _lower_upper(shape, Bound(number, True), Origin(node, "exclusiveMaximum"))


def _lower_upper(shape: Shape, bound: Bound, origin: Origin) -> None:
    strictest = lower(shape.numbers.upper, bound)
    if strictest is not shape.numbers.upper:
        shape.numbers.upper = strictest
        shape.origins["upper"] = origin


def _multiple_of(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    number = exact(value)
    if number is not None and number > 0:
        shape.numbers.multiple_of = number


def _format(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, str) and value not in _HINTS:
        shape.strings.formats = frozenset({value})
        shape.numbers.formats = frozenset({value})


def _pattern(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, str) and value not in ("", ".*", "^.*$"):
        shape.strings.patterns = frozenset({value})


def _encoding(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, str):
        shape.strings.encoding = value.lower()


def _media_type(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, str):
        shape.strings.media_type = value.lower()


def _content_schema(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if not is_vacuous(value):
        shape.strings.content = _child(node, "contentSchema")


def _items(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, list):
        if dialect.items_may_be_array:
            shape.arrays.prefix = tuple(_child(node, "items", index) for index in range(len(value)))
    elif not is_vacuous(value):
        shape.arrays.items = _child(node, "items")


def _prefix_items(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, list) and not dialect.items_may_be_array:
        shape.arrays.prefix = tuple(_child(node, "prefixItems", index) for index in range(len(value)))


def _additional_items(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    raw = node.value
    if (
        dialect.items_may_be_array
        and isinstance(raw, dict)
        and isinstance(raw.get("items"), list)
        and not is_vacuous(value)
    ):
        shape.arrays.items = _child(node, "additionalItems")


def _properties(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, dict):
        properties = node.child("properties")
        shape.objects.properties = {name: (Part(properties.child(name)),) for name in value}


def _required(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, list):
        origin = Origin(node, "required")
        shape.objects.required = {name: origin for name in value if isinstance(name, str)}


def _additional(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    shape.objects.additional = _child(node, "additionalProperties")


def _patterns(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, dict):
        shape.objects.patterns = {pattern: _child(node, "patternProperties", pattern) for pattern in value}


def _dependent_required(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    if isinstance(value, dict):
        shape.objects.dependent_required |= {
            name: frozenset(str(other) for other in others)
            for name, others in value.items()
            if isinstance(others, list) and others
        }


def _dependencies(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    _dependent_required(shape, value, node, dialect)
    if isinstance(value, dict) and any(
        not isinstance(other, list) and not is_vacuous(other) for other in value.values()
    ):
        shape.residue += (Residue(("dependencies",), frozenset({"object"}), node),)


def _counting(group: str, facet: str) -> _Reader:
    def read(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
        number = count(value)
        if number is not None:
            setattr(getattr(shape, group), facet, number)

    return read


def _unique(shape: Shape, value: JsonValue, node: Node, dialect: Dialect) -> None:
    shape.arrays.unique = value is True


_READERS: dict[str, _Reader] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "x-extensible-enum": _extensible,
    "minimum": _minimum,
    "exclusiveMinimum": _exclusive_minimum,
    "maximum": _maximum,
    "exclusiveMaximum": _exclusive_maximum,
    "multipleOf": _multiple_of,
    "format": _format,
    "minLength": _counting("strings", "min_length"),
    "maxLength": _counting("strings", "max_length"),
    "pattern": _pattern,
    "contentEncoding": _encoding,
    "contentMediaType": _media_type,
    "contentSchema": _content_schema,
    "minItems": _counting("arrays", "min_items"),
    "maxItems": _counting("arrays", "max_items"),
    "uniqueItems": _unique,
    "items": _items,
    "prefixItems": _prefix_items,
    "additionalItems": _additional_items,
    "properties": _properties,
    "required": _required,
    "additionalProperties": _additional,
    "patternProperties": _patterns,
    "dependentRequired": _dependent_required,
    "dependencies": _dependencies,
    "minProperties": _counting("objects", "min_properties"),
    "maxProperties": _counting("objects", "max_properties"),
}
