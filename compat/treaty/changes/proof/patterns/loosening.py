"""An expression without what is not regular about it: it matches everything the expression matches, and more."""

from __future__ import annotations

from functools import lru_cache

from treaty.changes.proof.patterns.automaton import Automaton, automaton_of
from treaty.changes.proof.patterns.syntax import (
    Boundary,
    Choice,
    Group,
    Look,
    Reference,
    Repeat,
    Sequence,
    Tree,
    parse,
)


@lru_cache(maxsize=256)
def loosened(pattern: str) -> Automaton:
    """The automaton of ``pattern`` without its assertions about surroundings, groups repeated where it refers to them.

    Raises PatternError when it cannot be read, NotRegular when it is too large.
    """
    return automaton_of(_without(parse(pattern), {}))


def _without(tree: Tree, groups: dict[int, Tree]) -> Tree:
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
            # A group that took no part is the empty text to those who refer to it.
            return Repeat(groups.get(number, Sequence(())), 0, 1, lazy=False)
        case Boundary() | Look():
            return Sequence(())
    return tree
