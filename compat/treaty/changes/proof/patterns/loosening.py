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
def loosened(pattern: str, *, keep_behind: bool = False) -> Automaton:
    """The automaton of ``pattern`` without its assertions about surroundings, groups repeated where it refers to them.

    With ``keep_behind`` the text a look-behind asks for is written out: not all matches are left, but likelier ones.
    Raises PatternError when it cannot be read, NotRegular when it is too large.
    """
    return automaton_of(_Loosening(keep_behind=keep_behind).tree(parse(pattern)))


class _Loosening:
    def __init__(self, *, keep_behind: bool) -> None:
        self._keep_behind = keep_behind
        self._groups: dict[int, Tree] = {}

    def tree(self, tree: Tree) -> Tree:
        match tree:
            case Sequence(parts):
                return Sequence(tuple(map(self.tree, parts)))
            case Choice(options):
                return Choice(tuple(map(self.tree, options)))
            case Repeat(inner, least, most, lazy):
                return Repeat(self.tree(inner), least, most, lazy)
            case Group(inner, number):
                self._groups[number] = self.tree(inner)
                return self._groups[number]
            case Reference(number):
                # A group that took no part is the empty text to those who refer to it.
                return Repeat(self._groups.get(number, Sequence(())), 0, 1, lazy=False)
            case Look(inner, True, False) if self._keep_behind:
                return self.tree(inner)
            case Boundary() | Look():
                return Sequence(())
        return tree
