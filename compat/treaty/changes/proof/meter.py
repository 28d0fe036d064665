"""Counting what a question has cost so far."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from treaty.changes.proof.answers import Budget, Spent

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOOK = 64
"""Steps between two looks at the clock."""


class Spend(Protocol):
    """Counts steps, and raises when there are no more."""

    def __call__(self, steps: int = 1) -> None: ...


class Meter:
    """Counts down a Budget.

    Seconds are processor time of the calling thread, so that a busy machine changes no answer.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._run_steps = budget.run_steps
        self._run_seconds = budget.run_seconds
        self._steps = 0
        self._deadline = 0.0

    @contextmanager
    def question(self) -> Iterator[None]:
        """One question; what it costs is taken from the run. Raises Spent when nothing is left of that."""
        if self._run_steps <= 0 or self._run_seconds <= 0:
            raise Spent("the time for proofs in this run is used up")
        self._steps = granted = min(self._budget.question_steps, self._run_steps)
        start = time.thread_time()
        self._deadline = start + min(self._budget.question_seconds, self._run_seconds)
        try:
            yield
        finally:
            self._run_steps -= granted - self._steps
            self._run_seconds -= time.thread_time() - start

    @contextmanager
    def part(self, share: float) -> Iterator[None]:
        """No more than ``share`` of the steps and the time that are left of the question."""
        kept, deadline = int(self._steps * (1 - share)), self._deadline
        self._steps -= kept
        now = time.thread_time()
        self._deadline = now + max(0.0, deadline - now) * share
        try:
            yield
        finally:
            self._steps = max(0, self._steps) + kept
            self._deadline = deadline

    def spend(self, steps: int = 1) -> None:
        """Count ``steps``. Raises Spent when none are left, or no time."""
        before = self._steps
        self._steps -= steps
        if self._steps < 0:
            raise Spent("no proof was found within the steps one question may take")
        if before // _LOOK != self._steps // _LOOK and time.thread_time() > self._deadline:
            raise Spent("no proof was found within the time one question may take")
