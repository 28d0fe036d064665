"""Exact numbers and JSON equality: 2^53+1 is not 2^53, 1.0 is 1, true is not 1."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treaty.documents.location import JsonValue


def exact(value: JsonValue | Decimal) -> Fraction | None:
    """The rational a JSON number was written as; None for anything that is no number.

    A float stands for its shortest decimal form, which is what its author wrote: 0.1 is 1/10.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, float):
        return Fraction(repr(value)) if value == value and abs(value) != float("inf") else None
    if isinstance(value, Decimal):
        return Fraction(value)
    return None


def count(value: JsonValue) -> int | None:
    """The value of a keyword that counts (`minLength`, `maxItems`…): a non-negative integer, else None."""
    number = exact(value)
    return number.numerator if number is not None and number.denominator == 1 and number >= 0 else None


def value_key(value: JsonValue) -> Hashable:
    """A key that is equal exactly when two JSON values are equal (JSON Schema core, section 4.2.2)."""
    if isinstance(value, dict):
        return ("o", frozenset((name, value_key(member)) for name, member in value.items()))
    if isinstance(value, list):
        return ("a", tuple(value_key(item) for item in value))
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return ("c", value)
    return ("n", exact(value))


class Bound(NamedTuple):
    """One end of a range of numbers."""

    value: Fraction
    exclusive: bool

    def json(self) -> JsonValue:
        return number_json(self.value)


def number_json(value: Fraction) -> int | float:
    """The JSON number for ``value``: an int where it is one, else the nearest float."""
    return value.numerator if value.denominator == 1 else float(value)


def higher(left: Bound | None, right: Bound | None) -> Bound | None:
    """The stricter of two lower bounds."""
    if left is None or right is None:
        return left or right
    return max(left, right)


def lower(left: Bound | None, right: Bound | None) -> Bound | None:
    """The stricter of two upper bounds."""
    if left is None or right is None:
        return left or right
    return min(left, right, key=lambda bound: (bound.value, not bound.exclusive))
