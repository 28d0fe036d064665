"""Numbers of a case, the ones next to a violated bound first, exactly."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from treaty.changes.proof.search.case import Numbers, common_multiple
from treaty.model.schema.numbers import number_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.proof.meter import Spend
    from treaty.documents.location import JsonValue

_TRIES = 300
_MOST_DIGITS = 4000
_LARGEST = 10**_MOST_DIGITS


def integers(case: Numbers, spend: Spend) -> Iterator[int]:
    """Integers the case allows."""
    step = common_multiple(case.step or Fraction(1), Fraction(1))
    for value in _multiples(case, step, spend):
        yield value.numerator


def fractions(case: Numbers, spend: Spend) -> Iterator[JsonValue]:
    """Numbers the case allows that are not integral, of few digits; a Decimal where no float is exact."""
    if case.step is not None:
        if case.step.denominator == 1:
            return
        for value in _multiples(case, case.step, spend):
            if value.denominator != 1:
                written = written_number(value)
                if written is not None:
                    yield written
        return
    for digits in (1, 2, 3, 4, 6, 9, 12, 16, 20, 30, 60):
        found = False
        for value in _multiples(case, Fraction(1, 10**digits), spend):
            if value.denominator != 1:
                written = written_number(value)
                if written is not None:
                    found = True
                    yield written
        if found:
            return


def written_number(value: Fraction) -> JsonValue:
    """``value`` as a JSON number: int, float where that is exact, else Decimal; None when no decimal is exact."""
    if value.denominator == 1:
        return value.numerator
    try:
        rounded = number_json(value)
        if Fraction(repr(rounded)) == value:
            return rounded
    except OverflowError:
        pass
    digits = 0
    rest = value.denominator
    while rest % 10 == 0:
        rest, digits = rest // 10, digits + 1
    for prime in (2, 5):
        while rest % prime == 0:
            rest, digits = rest // prime, digits + 1
    if rest != 1 or digits > _MOST_DIGITS:
        return None
    whole = value * 10**digits
    return Decimal((int(whole < 0), tuple(map(int, str(abs(whole.numerator)))), -digits))


def with_points(value: JsonValue) -> JsonValue:
    """``value`` with every integer written with a point, which draft 4 takes for another kind of number."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return float(value) if abs(value) < 2**53 else value
    if isinstance(value, list):
        return [with_points(item) for item in value]
    if isinstance(value, dict):
        return {name: with_points(member) for name, member in value.items()}
    return value


def _multiples(case: Numbers, step: Fraction, spend: Spend) -> Iterator[Fraction]:
    """Multiples of ``step`` within the bounds and without the excluded divisors, in the order worth showing."""
    lower, upper = case.lower, case.upper
    low = high = None
    if lower is not None:
        low = math.ceil(lower.value / step)
        if lower.exclusive and low * step == lower.value:
            low += 1
    if upper is not None:
        high = math.floor(upper.value / step)
        if upper.exclusive and high * step == upper.value:
            high -= 1
    if low is not None and high is not None and low > high:
        return
    for tried, factor in enumerate(_order(case, low, high)):
        if tried >= _TRIES:
            return
        spend()
        value = factor * step
        if abs(value.numerator) < _LARGEST and all((value / bad).denominator != 1 for bad in case.not_steps):
            yield value


def _order(case: Numbers, low: int | None, high: int | None) -> Iterator[int]:
    downwards = case.upper is not None and case.upper.violated and not (case.lower is not None and case.lower.violated)
    if low is None and high is None:
        yield 0
        for factor in _count(1, None):
            yield factor
            yield -factor
    elif downwards or low is None:
        assert high is not None
        yield from (-factor for factor in _count(-high, None if low is None else -low))
    else:
        inside = low <= 0 and (high is None or high >= 0)
        if inside and not (case.lower is not None and case.lower.violated):
            yield from _count(0, high)
            yield from (-factor for factor in _count(1, -low))
        else:
            yield from _count(low, high)


def _count(first: int, last: int | None) -> Iterator[int]:
    value = first
    while last is None or value <= last:
        yield value
        value += 1
