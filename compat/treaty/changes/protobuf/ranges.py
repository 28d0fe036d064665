"""Sets of numbers as inclusive ranges: what of one is not in another."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Range: TypeAlias = tuple[int, int]


def contains(ranges: Iterable[Range], number: int) -> bool:
    return any(first <= number <= last for first, last in ranges)


def without(ranges: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """``ranges`` without the numbers of ``taken``, joined where they touch, in ascending order."""
    left: list[Range] = []
    away = sorted(taken)
    for first, last in _joined(ranges):
        start = first
        for low, high in away:
            if high < start:
                continue
            if low > last:
                break
            if low > start:
                left.append((start, low - 1))
            start = high + 1
        if start <= last:
            left.append((start, last))
    return left


def _joined(ranges: Iterable[Range]) -> list[Range]:
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def written(ranges: Iterable[Range]) -> list[str]:
    """Each range as .proto files write it."""
    return [str(first) if first == last else f"{first} to {last}" for first, last in ranges]
