"""What a schema, taken apart, says about one value: facts that hold together, and choices between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from treaty.documents.location import JsonValue

# Kinds of values, as bits. A fraction is a number that is not integral; `WHOLE` is 5.0 where draft 4 makes it no
# integer.
NULL, BOOLEAN, INTEGER, FRACTION, STRING, ARRAY, OBJECT, WHOLE = (1 << bit for bit in range(8))
NUMBER = INTEGER | FRACTION | WHOLE


class Yes(NamedTuple):
    """The schema accepts the value."""

    schema: JsonValue


class No(NamedTuple):
    """The schema refuses the value."""

    schema: JsonValue


class Either(NamedTuple):
    """All entries of at least one option hold."""

    options: tuple[tuple[Entry, ...], ...]


class Kinds(NamedTuple):
    """The value is of one of these kinds."""

    bits: int


class Among(NamedTuple):
    """The value is one of ``values``, or, unless ``holds``, none of them."""

    values: tuple[JsonValue, ...]
    holds: bool


class Bound(NamedTuple):
    """A number is above ``value`` (below it when ``upper``). ``violated``: a schema refuses it for that."""

    value: Fraction
    upper: bool
    exclusive: bool
    violated: bool = False


class Multiple(NamedTuple):
    """A number is, or unless ``holds`` is not, a multiple."""

    of: Fraction
    holds: bool


class Count(NamedTuple):
    """A string has so many characters, an array so many items, an object so many properties; ``kind`` tells which."""

    kind: int
    least: int = 0
    most: int | None = None


class Pattern(NamedTuple):
    """A string matches, or unless ``holds`` does not match, the pattern."""

    pattern: str
    holds: bool


class Format(NamedTuple):
    """A string is, or unless ``holds`` is not, of the format."""

    name: str
    holds: bool


class Distinct(NamedTuple):
    """All items differ, or unless ``holds`` two are equal."""

    holds: bool


class Items(NamedTuple):
    """The schemas of the first items and of the rest."""

    first: tuple[JsonValue, ...]
    rest: JsonValue


class Contains(NamedTuple):
    """So many items are valid."""

    schema: JsonValue
    least: int
    most: int | None


class ItemFails(NamedTuple):
    """The item at that index, or any later one when ``or_later``, is there and invalid."""

    at: int
    schema: JsonValue
    or_later: bool = False


class Needs(NamedTuple):
    """An object has the property."""

    name: str


class Lacks(NamedTuple):
    """An object has not the property."""

    name: str


class Members(NamedTuple):
    """The schemas of an object's properties by name and by pattern, and of all others."""

    named: Mapping[str, JsonValue]
    patterns: Mapping[str, JsonValue]
    others: JsonValue


class Names(NamedTuple):
    """Every property name is valid."""

    schema: JsonValue


class Together(NamedTuple):
    """An object with the property has the others too."""

    name: str
    others: tuple[str, ...]


class MemberFails(NamedTuple):
    """The property is there and its value invalid."""

    name: str
    schema: JsonValue


class SomeMemberFails(NamedTuple):
    """A property has an invalid value.

    Its name matches ``pattern`` if there is one, is none of ``named``, matches none of ``patterns``.
    """

    pattern: str | None
    named: frozenset[str]
    patterns: tuple[str, ...]
    schema: JsonValue


class NameFails(NamedTuple):
    """A property has an invalid name."""

    schema: JsonValue


class Unsure(NamedTuple):
    """Something else is said that is not taken apart: only a validator can tell."""


Fact: TypeAlias = (
    Kinds | Among | Bound | Multiple | Count | Pattern | Format | Distinct | Items | Contains | ItemFails | Needs
    | Lacks | Members | Names | Together | MemberFails | SomeMemberFails | NameFails | Unsure
)  # fmt: skip
Entry: TypeAlias = Yes | No | Either | Fact
