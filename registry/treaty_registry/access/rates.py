"""Rate limits: so many requests a second, with some to spare for bursts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CLIENTS = 100_000


class RateLimit:
    """A token bucket for each client: ``burst`` requests at once, and ``per_second`` more every second."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, client: str) -> float:
        """0 when ``client`` has something left, else the seconds after which it has."""
        level = self._level(client, self._clock())
        return 0.0 if level >= 1.0 else (1.0 - level) / self._per_second

    def take(self, client: str) -> float:
        """Use one up; the answer of :meth:`wait`, in which case nothing is used up."""
        now = self._clock()
        level = self._level(client, now)
        if level < 1.0:
            return (1.0 - level) / self._per_second
        if client not in self._buckets and len(self._buckets) >= MAX_CLIENTS:
            self._forget_idle(now)
        self._buckets[client] = (level - 1.0, now)
        return 0.0

    def _level(self, client: str, now: float) -> float:
        level, since = self._buckets.get(client, (self._burst, now))
        return min(self._burst, level + (now - since) * self._per_second)

    def _forget_idle(self, now: float) -> None:
        full_after = self._burst / self._per_second
        self._buckets = {client: bucket for client, bucket in self._buckets.items() if now - bucket[1] < full_after}
        if len(self._buckets) >= MAX_CLIENTS:
            self._buckets.clear()
