"""When a call is repeated, and after which pause."""

from __future__ import annotations

import asyncio
import email.utils
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import RETRYABLE

if TYPE_CHECKING:
    import httpx2

__all__ = ["Clock", "RetryPolicy", "retry_after"]

_UNTOUCHED = frozenset({429, 503})
"""Answers that say the request was turned away before anything happened."""


class Clock:
    """Time and chance, to be replaced in tests."""

    def monotonic(self) -> float:
        """Seconds, for measuring."""
        return time.monotonic()

    def time(self) -> float:
        """Seconds since 1970, for signatures and dates."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Wait without blocking."""
        await asyncio.sleep(seconds)

    def uniform(self, high: float) -> float:
        """A random number from 0 to ``high``."""
        return random.uniform(0, high)  # spreads load, protects nothing


@dataclass(frozen=True)
class RetryPolicy:
    """Exponential backoff with full jitter: the n-th pause is anything up to ``first · 2ⁿ``, at most ``longest``."""

    max_retries: int = 3
    first: float = 0.5
    longest: float = 8.0

    def pause(self, repetition: int, clock: Clock, at_least: float | None = None) -> float:
        """Seconds to wait before ``repetition`` (from 0); a `Retry-After` is a minimum."""
        jittered = clock.uniform(min(self.longest, self.first * 2.0 ** min(repetition, 30)))
        return jittered if at_least is None else max(jittered, at_least)

    @staticmethod
    def after_status(
        response: httpx2.Response, *, repeatable: bool, retryable: bool | None
    ) -> bool:
        """Whether an answer is worth a repetition.

        ``repeatable``: a second request has no second effect. ``retryable``: what the error itself says. Without a key
        only what was turned away untouched is repeated.
        """
        if retryable is False or response.status_code not in RETRYABLE:
            return False
        return repeatable or (
            response.status_code in _UNTOUCHED and "retry-after" in response.headers
        )


def retry_after(response: httpx2.Response, clock: Clock) -> float | None:
    """The seconds of a `Retry-After` header (RFC 9110, section 10.2.3), None where there is none that can be read."""
    written = response.headers.get("retry-after", "").strip()
    if written.isdecimal():
        return float(written[:9])
    try:
        moment = email.utils.parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
    return max(0.0, moment.timestamp() - clock.time())
