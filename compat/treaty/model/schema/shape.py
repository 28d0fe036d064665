"""The shape of a schema: its set of valid values, taken apart by JSON type.

Two schemas that are written differently but mean the same (`nullable`, `type: [.., "null"]`, `anyOf` with null,
one-member `oneOf`, `allOf` of parts, `const` for a one-value `enum`, `minimum: 5` for `exclusiveMinimum: 4` on
integers) have the same shape. What cannot be taken apart stays as it was written: unions whose branches share a type,
and `residue` keywords.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.documents.location import JsonValue
from treaty.model.schema.numbers import Bound, higher, lower

if TYPE_CHECKING:
    from treaty.documents.library import Node

# A number is an integer or a fraction, so that "integer is part of number" is plain set inclusion.
ATOMS = frozenset({"null", "boolean", "integer", "fraction", "string", "array", "object"})
NUMERIC = frozenset({"integer", "fraction"})
TYPE_ATOMS: dict[str, frozenset[str]] = {
    "null": frozenset({"null"}),
    "boolean": frozenset({"boolean"}),
    "integer": frozenset({"integer"}),
    "number": NUMERIC,
    "string": frozenset({"string"}),
    "array": frozenset({"array"}),
    "object": frozenset({"object"}),
}


# The atoms an enumeration speaks about, by group; null needs none, it is its own only value.
GROUPS = {
    "boolean": "boolean",
    "integer": "number",
    "fraction": "number",
    "string": "string",
    "array": "array",
    "object": "object",
}
Enumeration: TypeAlias = dict[Hashable, JsonValue]
"""Value key to the value as written, in the order written."""


def type_names(atoms: frozenset[str]) -> list[str]:
    """The `type` names of ``atoms``, in a fixed order; a fraction without integers is still called number."""
    names: list[str] = [name for name in ("null", "boolean", "string", "array", "object") if name in atoms]
    if "fraction" in atoms:
        names.append("number")
    elif "integer" in atoms:
        names.append("integer")
    return names


class Part(NamedTuple):
    """One schema as written, at its place, some of its keywords set aside."""

    node: Node
    without: frozenset[str] = frozenset()

    @property
    def key(self) -> Hashable:
        value = self.node.value
        return (id(value), self.without) if isinstance(value, dict) else ("constant", value is not False)


Conjunction: TypeAlias = tuple[Part, ...]
"""Schemas that must all hold; the empty conjunction accepts everything."""


def conjunction_key(conjunction: Conjunction) -> Hashable:
    """Equal for conjunctions of the same written schemas, in whatever order."""
    return frozenset(part.key for part in conjunction)


class Origin(NamedTuple):
    """The written keyword a facet came from."""

    node: Node
    keyword: str


@dataclass(slots=True)
class Numbers:
    lower: Bound | None = None
    upper: Bound | None = None
    multiple_of: Fraction | None = None
    formats: frozenset[str] = frozenset()

    def meet(self, other: Numbers) -> Numbers:
        step = self.multiple_of or other.multiple_of
        if self.multiple_of and other.multiple_of:
            step = _rational_lcm(self.multiple_of, other.multiple_of)
        return Numbers(
            higher(self.lower, other.lower), lower(self.upper, other.upper), step, self.formats | other.formats
        )


@dataclass(slots=True)
class Strings:
    min_length: int = 0
    max_length: int | None = None
    patterns: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    encoding: str | None = None
    media_type: str | None = None
    content: Conjunction | None = None

    def meet(self, other: Strings) -> Strings:
        return Strings(
            max(self.min_length, other.min_length),
            _least(self.max_length, other.max_length),
            self.patterns | other.patterns,
            self.formats | other.formats,
            self.encoding or other.encoding,
            self.media_type or other.media_type,
            _both(self.content, other.content),
        )


@dataclass(slots=True)
class Arrays:
    min_items: int = 0
    max_items: int | None = None
    unique: bool = False
    prefix: tuple[Conjunction, ...] = ()
    items: Conjunction | None = None

    def meet(self, other: Arrays) -> Arrays:
        length = max(len(self.prefix), len(other.prefix))
        prefix = tuple(self.at(index) + other.at(index) for index in range(length))
        return Arrays(
            max(self.min_items, other.min_items),
            _least(self.max_items, other.max_items),
            self.unique or other.unique,
            prefix,
            _both(self.items, other.items),
        )

    def at(self, index: int) -> Conjunction:
        """What the item at ``index`` must satisfy."""
        return self.prefix[index] if index < len(self.prefix) else self.items or ()


@dataclass(slots=True)
class Objects:
    """``additional`` is None where `additionalProperties` is not written, which the content model may read as
    closed."""

    properties: dict[str, Conjunction] = field(default_factory=dict)
    required: dict[str, Origin] = field(default_factory=dict)
    additional: Conjunction | None = None
    patterns: dict[str, Conjunction] = field(default_factory=dict)
    min_properties: int = 0
    max_properties: int | None = None
    dependent_required: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """Whether it is written that undeclared properties are refused."""
        return self.additional is not None and any(part.node.value is False for part in self.additional)

    def meet(self, other: Objects) -> Objects:
        properties: dict[str, Conjunction] = {}
        for name in self.properties | other.properties:
            properties[name] = self._demands(name) + other._demands(name)
        dependent = dict(self.dependent_required)
        for name, names in other.dependent_required.items():
            dependent[name] = dependent.get(name, frozenset()) | names
        return Objects(
            properties,
            self.required | other.required,
            _both(self.additional, other.additional),
            {
                pattern: self.patterns.get(pattern, ()) + other.patterns.get(pattern, ())
                for pattern in self.patterns | other.patterns
            },
            max(self.min_properties, other.min_properties),
            _least(self.max_properties, other.max_properties),
            dependent,
        )

    def _demands(self, name: str) -> Conjunction:
        """What these facets alone ask of a property: its own schema, else `additionalProperties`."""
        declared = self.properties.get(name)
        if declared is not None:
            return declared
        return self.additional or () if not self.patterns else ()


class Discriminator(NamedTuple):
    property: str
    mapping: dict[str, Node]
    origin: Origin


class Union(NamedTuple):
    """`anyOf` or `oneOf` over branches that share a type; it binds only values of ``types``."""

    kind: str
    branches: tuple[Conjunction, ...]
    types: frozenset[str]
    origin: Origin

    @property
    def key(self) -> Hashable:
        return (self.kind, tuple(conjunction_key(branch) for branch in self.branches))


class Residue(NamedTuple):
    """Keywords that only a subset proof can compare, as written in one schema object; they bind values of ``types``."""

    keywords: tuple[str, ...]
    types: frozenset[str]
    node: Node


@dataclass(slots=True)
class Shape:
    """What a conjunction of schemas accepts.

    ``types`` are atoms; a facet of a type that is not among them says nothing. ``enums`` hold the enumerated values of
    a type group. ``origins`` tell where each facet was written, by facet name. ``parts`` are the written schema
    objects, references followed and `allOf` opened, the first one the place itself.
    """

    types: frozenset[str] = ATOMS
    enums: dict[str, Enumeration] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)
    strings: Strings = field(default_factory=Strings)
    arrays: Arrays = field(default_factory=Arrays)
    objects: Objects = field(default_factory=Objects)
    unions: tuple[Union, ...] = ()
    residue: tuple[Residue, ...] = ()
    extensible: frozenset[str] | None = None
    discriminator: Discriminator | None = None
    origins: dict[str, Origin] = field(default_factory=dict)
    parts: tuple[Node, ...] = ()

    def meet(self, other: Shape) -> Shape:
        """The shape of values both accept."""
        enums = self.enums | other.enums
        for group in self.enums.keys() & other.enums.keys():
            allowed = other.enums[group]
            enums[group] = {key: value for key, value in self.enums[group].items() if key in allowed}
        extensible = self.extensible
        if other.extensible is not None:
            extensible = other.extensible if extensible is None else extensible & other.extensible
        return Shape(
            self.types & other.types,
            enums,
            self.numbers.meet(other.numbers),
            self.strings.meet(other.strings),
            self.arrays.meet(other.arrays),
            self.objects.meet(other.objects),
            self.unions + other.unions,
            self.residue + other.residue,
            extensible,
            self.discriminator or other.discriminator,
            other.origins | self.origins,
            self.parts + other.parts,
        )

    def binding(self, types: frozenset[str]) -> Shape:
        """This shape with its unions and residue bound to values of ``types`` only."""
        return Shape(
            self.types,
            self.enums,
            self.numbers,
            self.strings,
            self.arrays,
            self.objects,
            tuple(union._replace(types=union.types & types) for union in self.unions),
            tuple(residue._replace(types=residue.types & types) for residue in self.residue),
            self.extensible,
            self.discriminator,
            self.origins,
            self.parts,
        )

    @property
    def enumerated(self) -> Enumeration | None:
        """Every value, where the whole shape is an enumeration; None where some type is free."""
        free = {atom for atom in self.types if atom != "null" and GROUPS[atom] not in self.enums}
        if free or not self.enums:
            return None
        values = {key: value for enumeration in self.enums.values() for key, value in enumeration.items()}
        return values | {("c", None): None} if "null" in self.types else values

    def origin(self, facet: str) -> Origin | None:
        """Where ``facet`` was written, else the place of the schema itself (keyword "")."""
        known = self.origins.get(facet)
        if known is None and self.parts:
            return Origin(self.parts[0], "")
        return known


def _least(left: int | None, right: int | None) -> int | None:
    if left is None or right is None:
        return right if left is None else left
    return min(left, right)


def _both(left: Conjunction | None, right: Conjunction | None) -> Conjunction | None:
    if left is None or right is None:
        return right if left is None else left
    return left + right


def _rational_lcm(left: Fraction, right: Fraction) -> Fraction:
    scale = lcm(left.denominator, right.denominator)
    return Fraction(lcm(int(left * scale), int(right * scale)), scale)
