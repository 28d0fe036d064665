"""Texts that may match an expression which is no automaton, for a matcher to sort out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.patterns import language
from treaty.changes.proof.patterns.automaton import NotRegular
from treaty.changes.proof.patterns.loosening import loosened
from treaty.changes.proof.patterns.syntax import PatternError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.proof.meter import Spend

_MOST = 30


def samples(pattern: str, least: int, most: int | None, spend: Spend) -> Iterator[str]:
    """Some texts of ``least`` to ``most`` characters that ``pattern`` may match."""
    try:
        yield from language.distinct_of(loosened(pattern, keep_behind=True), least, most, _MOST, spend)
    except (PatternError, NotRegular, language.TooHard):
        return
