"""What of a schema can be read, and what is said of the rest."""

from __future__ import annotations

import math
from decimal import Decimal

from treaty.changes.proof.answers import Undecidable
from treaty.documents.location import JsonValue, Pointer, pointer_text
from treaty.model.schema.numbers import exact

# What Python converts to text is limited to 4300 digits, and documents to as many.
LARGEST_EXPONENT = 4000
_LARGEST_INTEGER = 10 ** (LARGEST_EXPONENT + 1)


def sign(value: JsonValue, pointer: Pointer) -> int:
    """The sign of a number keyword's value. Raises Undecidable when it is no number, or too large to compute with."""
    known = exact(value) if _is_reasonable(value) else None
    if known is None:
        raise invalid(pointer)
    return (known > 0) - (known < 0)


def has_numbers_beyond_reason(value: JsonValue) -> bool:
    """Whether numbers in ``value`` are none, or too large to compute with."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            waiting.extend(inner.values())
        elif isinstance(inner, list):
            waiting.extend(inner)
        elif not _is_reasonable(inner):
            return True
    return False


def _is_reasonable(value: JsonValue) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and (not value or abs(value.adjusted()) <= LARGEST_EXPONENT)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or abs(value) < _LARGEST_INTEGER


def place(pointer: Pointer) -> str:
    """Where ``pointer`` leads, in words."""
    return pointer_text(pointer) or "the root"


def invalid(pointer: Pointer) -> Undecidable:
    """What to raise for a keyword whose value its draft does not allow."""
    return Undecidable(f"`{pointer[-1]}` at {place(pointer[:-1])} has no valid value")
