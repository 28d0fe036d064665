"""Texts that may match an expression which is no automaton, for a matcher to sort out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from treaty.changes.proof.patterns import language
from treaty.changes.proof.patterns.automaton import Automaton, NotRegular, automaton_of
from treaty.changes.proof.patterns.syntax import (
    Boundary,
    Choice,
    Group,
    Look,
    PatternError,
    Reference,
    Repeat,
    Sequence,
    Tree,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST = 30


def samples(pattern: str, least: int, most: int | None, spend: Callable[[], None]) -> Iterator[str]:
    """Some texts of the length asked for that ``pattern`` may match."""
    try:
        built = _loose(pattern)
    except (PatternError, NotRegular):
        return
    try:
        yield from language.distinct_of(built, least, most, _MOST, spend)
    except language.TooHard:
        return


@lru_cache(maxsize=256)
def _loose(pattern: str) -> Automaton:
    tree = parse(pattern)
    groups: dict[int, Tree] = {}
    return automaton_of(_without(tree, groups))


def _without(tree: Tree, groups: dict[int, Tree]) -> Tree:
    """``tree`` with assertions about its surroundings left out, and groups repeated where they are referred to."""
    match tree:
        case Sequence(parts):
            return Sequence(tuple(_without(part, groups) for part in parts))
        case Choice(options):
            return Choice(tuple(_without(option, groups) for option in options))
        case Repeat(inner, least, most, lazy):
            return Repeat(_without(inner, groups), least, most, lazy)
        case Group(inner, number):
            groups[number] = _without(inner, groups)
            return groups[number]
        case Reference(number):
            return groups.get(number, Sequence(()))
        case Boundary() | Look():
            return Sequence(())
    return tree
