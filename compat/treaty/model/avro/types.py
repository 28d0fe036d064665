"""The model of an Avro schema: one frozen node per written type, names resolved, so that it is walked like a graph."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.documents.deferred import DeferredLocation
from treaty.model.avro.names import short_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.document import Document
    from treaty.documents.location import JsonValue, Location, Pointer
    from treaty.model.avro.logical import LogicalType

__all__ = [
    "NO_ATTRIBUTES",
    "PRIMITIVES",
    "Array",
    "AvroType",
    "Default",
    "EnumType",
    "Field",
    "Fixed",
    "Flaw",
    "Kind",
    "Map",
    "Named",
    "Place",
    "Primitive",
    "Record",
    "Schema",
    "Union",
    "branches_of",
    "children_of",
    "type_name",
]


class Kind(enum.StrEnum):
    """The types of Avro; ``error`` counts as a record, because it is written and read like one."""

    NULL = "null"
    BOOLEAN = "boolean"
    INT = "int"
    LONG = "long"
    FLOAT = "float"
    DOUBLE = "double"
    BYTES = "bytes"
    STRING = "string"
    RECORD = "record"
    ENUM = "enum"
    FIXED = "fixed"
    ARRAY = "array"
    MAP = "map"
    UNION = "union"


PRIMITIVES: Mapping[str, Kind] = MappingProxyType(
    {
        kind.value: kind
        for kind in (
            Kind.NULL,
            Kind.BOOLEAN,
            Kind.INT,
            Kind.LONG,
            Kind.FLOAT,
            Kind.DOUBLE,
            Kind.BYTES,
            Kind.STRING,
        )
    }
)
NO_ATTRIBUTES: Mapping[str, JsonValue] = MappingProxyType({})


class Place:
    """Where a node is written: the steps from the node around it, so that depth costs nothing."""

    __slots__ = ("_around", "_steps", "document")

    def __init__(self, document: Document, around: Place | None = None, steps: Pointer = ()) -> None:
        self.document = document
        self._around = around
        self._steps = steps

    def inside(self, *steps: str | int) -> Place:
        """The place of a member below."""
        return Place(self.document, self, steps)

    @property
    def pointer(self) -> Pointer:
        """The way from the root of the document."""
        parts: list[Pointer] = []
        place: Place | None = self
        while place is not None:
            parts.append(place._steps)
            place = place._around
        return tuple(chain.from_iterable(reversed(parts)))

    def location(self, *steps: str | int) -> Location:
        """The location of a member below, the node itself without ``steps``; line and column are found when asked."""
        return DeferredLocation(self.document, (*self.pointer, *steps))


@dataclass(frozen=True, slots=True)
class Default:
    """The default of a field or enum, and why it is none: ``problem`` is set when it does not fit its type."""

    value: JsonValue
    problem: str | None = field(init=False, default=None)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Node:
    """What every type has; ``attributes`` are those the specification gives no meaning, lifecycle marks included."""

    place: Place
    logical: LogicalType | None = None
    attributes: Mapping[str, JsonValue] = field(default_factory=lambda: NO_ATTRIBUTES)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Primitive(_Node):
    """One of the eight primitive types."""

    kind: Kind


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _NamedNode(_Node):
    """What every named type has: full name, full aliases, documentation."""

    name: str
    aliases: tuple[str, ...] = ()
    doc: str | None = None

    @property
    def short(self) -> str:
        return short_name(self.name)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Field:
    """One field of a record; ``order`` is ascending, descending or ignore."""

    name: str
    place: Place
    aliases: tuple[str, ...] = ()
    doc: str | None = None
    default: Default | None = None
    order: str = "ascending"
    attributes: Mapping[str, JsonValue] = field(default_factory=lambda: NO_ATTRIBUTES)
    type: AvroType = field(init=False)

    @property
    def usable_default(self) -> bool:
        """Whether a reader can fill the field in when the writer has none like it."""
        return self.default is not None and self.default.problem is None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Record(_NamedNode):
    """A record, or an error of a protocol (``is_error``)."""

    is_error: bool = False
    fields: tuple[Field, ...] = ()
    kind: Kind = field(init=False, default=Kind.RECORD)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EnumType(_NamedNode):
    """An enum; ``default`` is the symbol a reader takes for one it does not know."""

    symbols: tuple[str, ...]
    default: Default | None = None
    kind: Kind = field(init=False, default=Kind.ENUM)

    @property
    def usable_default(self) -> bool:
        return self.default is not None and self.default.problem is None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fixed(_NamedNode):
    """A fixed; ``size`` is in bytes."""

    size: int
    kind: Kind = field(init=False, default=Kind.FIXED)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Array(_Node):
    """An array."""

    items: AvroType = field(init=False)
    kind: Kind = field(init=False, default=Kind.ARRAY)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Map(_Node):
    """A map; its keys are strings."""

    values: AvroType = field(init=False)
    kind: Kind = field(init=False, default=Kind.MAP)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Union(_Node):
    """A union; no branch is a union itself."""

    branches: tuple[AvroType, ...] = ()
    kind: Kind = field(init=False, default=Kind.UNION)


Named: TypeAlias = Record | EnumType | Fixed
AvroType: TypeAlias = Primitive | Record | EnumType | Fixed | Array | Map | Union


class Flaw(NamedTuple):
    """A default that does not fit its type: in ``owner`` (full name), at ``field`` unless it is the enum's own."""

    owner: str
    field: str | None
    value: JsonValue
    problem: str
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A schema as a whole.

    ``names`` holds every named type by full name, those of other texts included; ``document`` is the text the schema
    was given in, so a type whose place is in another document came by reference. ``flaws`` are all invalid defaults.
    """

    root: AvroType
    names: Mapping[str, Named]
    document: Document
    flaws: tuple[Flaw, ...] = ()


def type_name(node: AvroType) -> str:
    """How a union names the branch: a named type's full name, else the kind (Avro 1.12, "JSON Encoding")."""
    return node.name if isinstance(node, Named) else node.kind.value


def branches_of(node: AvroType) -> tuple[AvroType, ...]:
    """The branches of a union; any other type is its own only branch."""
    return node.branches if isinstance(node, Union) else (node,)


def children_of(node: AvroType) -> tuple[AvroType, ...]:
    """The types directly inside ``node``."""
    match node:
        case Record():
            return tuple(each.type for each in node.fields)
        case Array():
            return (node.items,)
        case Map():
            return (node.values,)
        case Union():
            return node.branches
    return ()
