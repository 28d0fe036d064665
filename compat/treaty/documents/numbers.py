"""Numbers that keep their meaning: a float only where it is written back as the same number, otherwise a Decimal."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from treaty.documents.limits import MAX_DIGITS

__all__ = ["NumberSizeError", "exact_integer", "exact_number"]

_CERTAIN = 16
"""A literal of so few characters, with a point and no exponent, has at most 15 digits: a float keeps them all."""


class NumberSizeError(ValueError):
    """A literal of more digits, or a power of ten beyond, what is worth computing with."""


def exact_number(literal: str) -> float | Decimal:
    """The value of a decimal literal with a point or an exponent, in the syntax of JSON or of the YAML 1.2 core schema.

    Raises NumberSizeError for more than MAX_DIGITS digits or an exponent beyond them.
    """
    value = float(literal)
    if len(literal) <= _CERTAIN and "e" not in literal and "E" not in literal:
        return value
    if len(literal) > MAX_DIGITS:
        raise NumberSizeError(literal)
    try:
        exact = Decimal(literal)
    except InvalidOperation:  # an exponent that Decimal itself cannot hold
        raise NumberSizeError(literal) from None
    if exact and abs(exact.adjusted()) > MAX_DIGITS:
        raise NumberSizeError(literal)
    return value if Decimal(repr(value)) == exact else exact


def exact_integer(literal: str) -> int:
    """The value of a decimal integer literal. Raises NumberSizeError for more than MAX_DIGITS digits."""
    if len(literal) > MAX_DIGITS:
        raise NumberSizeError(literal)
    return int(literal)
