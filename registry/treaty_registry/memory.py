"""A bounded memory of answers that costs one dictionary look-up to read."""

from __future__ import annotations

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Generations(Generic[K, V]):
    """Keeps at least the last ``capacity`` units of what was put or asked for, and at most twice that.

    New and asked-for entries live in the young generation. Once that has filled up it becomes the old one, and what was
    in the old one before is forgotten: no entry carries a link or a time stamp.
    """

    __slots__ = ("_capacity", "_old", "_weight", "_young")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._weight = 0

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: K) -> V | None:
        value = self._young.get(key)
        if value is None and (value := self._old.pop(key, None)) is not None:
            self._young[key] = value
        return value

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Remember ``value``, which takes ``weight`` units."""
        self._young[key] = value
        self._weight += weight
        if self._weight >= self._capacity:
            self._old, self._young, self._weight = self._young, {}, 0

    def drop(self, key: K) -> None:
        self._young.pop(key, None)
        self._old.pop(key, None)

    def clear(self) -> None:
        self._young.clear()
        self._old.clear()
        self._weight = 0
