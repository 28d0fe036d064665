"""Questions about the texts that match several expressions at once and none of several others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from treaty.changes.proof.patterns.automaton import Automaton, Formula, NotRegular, State, formula, literals
from treaty.changes.proof.patterns.characters import Characters
from treaty.changes.proof.patterns.loosening import loosened
from treaty.changes.proof.patterns.syntax import PatternError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.proof.meter import Spend

_Product = tuple[State, ...]
_LONGEST = 4000
_MOST_KNOWN = 4096
_KNOWN: dict[Texts, tuple[str | None, int]] = {}


class TooHard(Exception):
    """The question is about expressions that are no automata, or outgrew its limit."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts of ``least`` to ``most`` characters that match all of ``matching`` and none of ``refused``.

    The ``excluded`` ones are left out.

    Lengths count code points.
    """

    matching: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    excluded: frozenset[str] = frozenset()


def shortest(texts: Texts, spend: Spend | None = None, *, limit: int = 5000) -> str | None:
    """One of the shortest of ``texts``, easy to read; None when there is none at all.

    ``spend`` is called once per step and may raise to stop. Raises TooHard.
    """
    if texts.least > _LONGEST:
        raise TooHard("the texts are too long")
    try:
        conditions = [(formula(pattern), True) for pattern in texts.matching]
        conditions += [(formula(pattern), False) for pattern in texts.refused]
        if texts.excluded:
            conditions.append((Formula((literals(sorted(texts.excluded)),)), False))
    except (PatternError, NotRegular) as error:
        raise TooHard(str(error)) from None
    if texts.matching:
        tight = [(Formula(one.tight, one.unwanted) if holds and one.tight else one, holds) for one, holds in conditions]
        found = _Walk(tight, spend, limit).shortest(texts.least, texts.most)
        if found is not None:
            return found
    return _Walk(conditions, spend, limit).shortest(texts.least, texts.most)


class _Walk:
    """Breadth first over the product of all automata, one level per character."""

    def __init__(self, conditions: list[tuple[Formula, bool]], spend: Spend | None, limit: int) -> None:
        self._all: list[Automaton] = []
        # For each condition: the automata that must accept, those that must not, and whether the text is to match.
        self._conditions: list[tuple[range, range, bool]] = []
        for condition, holds in conditions:
            first = len(self._all)
            self._all += condition.wanted
            middle = len(self._all)
            self._all += condition.unwanted
            self._conditions.append((range(first, middle), range(middle, len(self._all)), holds))
        self._spend = spend
        self._left = limit
        self._letters: dict[_Product, list[str]] = {}

    def shortest(self, least: int, most: int | None) -> str | None:
        start = tuple(one.start() for one in self._all)
        level: dict[_Product, str] = {start: ""}
        seen: set[_Product] = set()
        length = 0
        while level and (most is None or length <= most):
            if length >= least:
                for product, text in level.items():
                    if self._accepts(product):
                        return text
                # What was reached with fewer characters, and enough of them, leads nowhere new.
                level = {product: text for product, text in level.items() if product not in seen}
                seen |= level.keys()
            level = self._longer(level)
            length += 1
        return None

    def _longer(self, level: dict[_Product, str]) -> dict[_Product, str]:
        following: dict[_Product, str] = {}
        for product, text in level.items():
            for letter in self._choices(product):
                self._left -= 1
                if self._left < 0:
                    raise TooHard("too many steps")
                if self._spend is not None:
                    self._spend()
                reached = tuple(one.step(state, letter) for one, state in zip(self._all, product, strict=True))
                if reached not in following and not self._hopeless(reached):
                    following[reached] = text + letter
        return following

    def _accepts(self, product: _Product) -> bool:
        accepting = [one.accepts(state) for one, state in zip(self._all, product, strict=True)]
        return all(
            (all(accepting[at] for at in wanted) and not any(accepting[at] for at in unwanted)) is holds
            for wanted, unwanted, holds in self._conditions
        )

    def _hopeless(self, product: _Product) -> bool:
        """Whether some condition fails whatever follows."""
        for wanted, unwanted, holds in self._conditions:
            if holds:
                if not all(product[at] for at in wanted) or any(self._all[at].certain(product[at]) for at in unwanted):
                    return True
            elif all(self._all[at].certain(product[at]) for at in wanted) and not any(product[at] for at in unwanted):
                return True
        return False

    def _choices(self, product: _Product) -> list[str]:
        """One readable character for each way the product can go on."""
        known = self._letters.get(product)
        if known is None:
            sets = {
                members
                for one, state in zip(self._all, product, strict=True)
                for place in state
                for members, _ in one.moves[place]
            }
            known = self._letters[product] = _representatives(frozenset(sets))
        return known


@lru_cache(maxsize=4096)
def _representatives(sets: frozenset[Characters]) -> list[str]:
    """One character for each combination of ``sets`` that some character has."""
    ordered = sorted(sets, key=lambda members: members.ranges)
    cuts = sorted({0, *(cut for members in ordered for first, last in members.ranges for cut in (first, last + 1))})
    regions: dict[tuple[bool, ...], list[tuple[int, int]]] = {}
    for first, following in zip(cuts, [*cuts[1:], 0x110000], strict=True):
        if first > 0x10FFFF or 0xD800 <= first <= 0xDFFF:
            continue
        signature = tuple(members.holds(first) for members in ordered)
        regions.setdefault(signature, []).append((first, following - 1))
    picked = [Characters(tuple(ranges)).pick() for ranges in regions.values()]
    return sorted(picked, key=lambda letter: (not letter.isascii(), not letter.isalnum(), letter.isupper(), letter))


@lru_cache(maxsize=4096)
def contains(outer: str, inner: str) -> bool | None:
    """Whether every text that matches ``inner`` matches ``outer``; None when that is too hard to tell."""
    try:
        exact = True
        try:
            given = formula(inner)
        except NotRegular:
            exact, given = False, Formula((loosened(inner),))
        outside = _Walk([(given, True), (formula(outer), False)], None, 2000).shortest(0, None)
    except (PatternError, NotRegular, TooHard):
        return None
    return True if outside is None else False if exact else None


@lru_cache(maxsize=4096)
def disjoint(one: str, other: str) -> bool | None:
    """Whether no text matches both; None when that is too hard to tell."""
    try:
        return shortest(Texts(matching=(one, other)), limit=2000) is None
    except TooHard:
        return None


@lru_cache(maxsize=1024)
def shortest_length(pattern: str) -> int | None:
    """The length of the shortest match; None when there is no match, or that is too hard to tell."""
    try:
        found = shortest(Texts(matching=(pattern,)), limit=4000)
    except TooHard:
        return None
    return None if found is None else len(found)


@lru_cache(maxsize=1024)
def longest(pattern: str, *, limit: int = 256) -> int | None:
    """The length of the longest match; None when there is one beyond ``limit``, or that is too hard to tell."""
    try:
        if shortest(Texts(matching=(pattern,), least=limit + 1), limit=4000) is not None:
            return None
        low, high = 0, limit
        while low < high:
            middle = (low + high + 1) // 2
            if shortest(Texts(matching=(pattern,), least=middle), limit=4000) is None:
                high = middle - 1
            else:
                low = middle
    except TooHard:
        return None
    return low


def distinct(texts: Texts, number: int, spend: Spend) -> Iterator[str]:
    """Up to ``number`` different members of ``texts``, shortest first. Raises TooHard.

    Each answer is kept, for the same pattern stands at many places of a document. A kept one counts for as many steps
    as it took, so that what a budget allows does not depend on what was asked before.
    """
    for _ in range(number):
        known = _KNOWN.get(texts)
        if known is None:
            known = _counted(texts, spend)
            if len(_KNOWN) >= _MOST_KNOWN:
                _KNOWN.clear()
            _KNOWN[texts] = known
        elif known[1]:
            spend(known[1])
        if known[0] is None:
            return
        yield known[0]
        texts = replace(texts, excluded=texts.excluded | {known[0]})


def _counted(texts: Texts, spend: Spend) -> tuple[str | None, int]:
    spent = 0

    def count(steps: int = 1) -> None:
        nonlocal spent
        spent += steps
        spend(steps)

    return shortest(texts, count), spent


def distinct_of(wanted: Automaton, least: int, most: int | None, number: int, spend: Spend) -> Iterator[str]:
    """Up to ``number`` different texts of one automaton, shortest first. Raises TooHard."""
    found: list[str] = []
    while len(found) < number:
        try:
            unwanted = Formula((literals(found),))
        except NotRegular as error:
            raise TooHard(str(error)) from None
        text = _Walk([(Formula((wanted,)), True), (unwanted, False)], spend, 5000).shortest(least, most)
        if text is None:
            return
        yield text
        found.append(text)
