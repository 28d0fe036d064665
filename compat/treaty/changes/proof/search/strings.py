"""Strings of a case: members of their formats, the shortest texts their patterns leave, or a run of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.formats import STRINGS, decide
from treaty.changes.proof.patterns import language
from treaty.changes.proof.patterns.python import Unmatchable, matches
from treaty.changes.proof.patterns.samples import samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.proof.meter import Spend
    from treaty.changes.proof.search.case import Strings

_LONGEST = 100_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def strings(case: Strings, excluded: frozenset[str], number: int, spend: Spend) -> Iterator[str]:
    """Up to ``number`` different strings the case allows, as far as that can be told."""
    found: set[str] = set()
    for text in _candidates(case, excluded, number, spend):
        spend()
        if text not in excluded and text not in found and _allowed(case, text):
            found.add(text)
            yield text
            if len(found) >= number:
                return


def _candidates(case: Strings, excluded: frozenset[str], number: int, spend: Spend) -> Iterator[str]:
    for name in case.formats:
        if name in STRINGS:
            yield from STRINGS[name].examples(case.length.least)
    if case.length.least > _LONGEST:
        return
    if case.patterns or case.not_patterns:
        wanted = language.Texts(
            tuple(case.patterns), tuple(case.not_patterns), case.length.least, case.length.most, excluded
        )
        try:
            yield from language.distinct(wanted, number, spend)
        except language.TooHard:
            for pattern in case.patterns:
                yield from samples(pattern, case.length.least, case.length.most, spend)
    yield from _plain(case, number + len(excluded))


def _plain(case: Strings, number: int) -> Iterator[str]:
    """Runs of letters, told apart by the last ones."""
    length = max(case.length.least, 1)
    if case.length.most is not None:
        length = min(length, case.length.most)
    if length == 0:
        yield ""
        return
    for index in range(number):
        digits = ""
        while index or not digits:
            digits = _LETTERS[index % 26] + digits
            index //= 26
        text = digits.rjust(length, "a")
        if case.length.most is None or len(text) <= case.length.most:
            yield text
    if case.length.least == 0:
        yield ""


def _allowed(case: Strings, text: str) -> bool:
    length = case.length
    if len(text) < length.least or (length.most is not None and len(text) > length.most):
        return False
    # A format of which nothing is known refuses nothing here; what stands on it is sorted out when it is confirmed.
    if any(decide(name, text) is False for name in case.formats) or any(
        decide(name, text) for name in case.not_formats
    ):
        return False
    try:
        return all(matches(pattern, text) for pattern in case.patterns) and not any(
            matches(pattern, text) for pattern in case.not_patterns
        )
    except Unmatchable:
        return True
