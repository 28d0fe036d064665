"""The finite automaton of a regular expression under the search semantics of `pattern`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from treaty.changes.proof.patterns import characters
from treaty.changes.proof.patterns.syntax import (
    Boundary,
    Chars,
    Choice,
    Edge,
    Group,
    Look,
    Reference,
    Repeat,
    Sequence,
    Tree,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treaty.changes.proof.patterns.characters import Characters

_LARGEST = 3000

State: TypeAlias = frozenset[int]
"""The places an automaton may be in after a text; empty when nothing that follows can match."""


class NotRegular(ValueError):
    """The expression looks around, refers back, or is too large to be an automaton."""


@dataclass(slots=True)
class Automaton:
    """Places with moves on characters, free moves, and moves that only the beginning or the end of the text allows.

    Whatever may stand before and after the matching part is built in: the start place loops on every character, the
    final one too. Steps are remembered, so that one automaton serves many questions.
    """

    moves: list[list[tuple[Characters, int]]] = field(default_factory=list)
    free: list[list[int]] = field(default_factory=list)
    at_start: list[list[int]] = field(default_factory=list)
    at_end: list[list[int]] = field(default_factory=list)
    final: int = 0
    alive: frozenset[int] = frozenset()
    steps: dict[tuple[State, str], State] = field(default_factory=dict)
    accepting: dict[State, bool] = field(default_factory=dict)

    def place(self) -> int:
        """A new place. Raises NotRegular beyond what one expression may have."""
        if len(self.moves) >= _LARGEST:
            raise NotRegular("too large")
        self.moves.append([])
        self.free.append([])
        self.at_start.append([])
        self.at_end.append([])
        return len(self.moves) - 1

    def start(self) -> State:
        """Before the first character."""
        return self._closed([0], start=True)

    def step(self, state: State, character: str) -> State:
        """After one more character."""
        key = (state, character)
        known = self.steps.get(key)
        if known is None:
            point = ord(character)
            reached = [target for place in state for members, target in self.moves[place] if members.holds(point)]
            known = self.steps[key] = self._closed(reached) & self.alive
        return known

    def accepts(self, state: State) -> bool:
        """Whether the text may end here."""
        known = self.accepting.get(state)
        if known is None:
            known = self.accepting[state] = self.final in self._closed(state, end=True)
        return known

    def certain(self, state: State) -> bool:
        """Whether the text matches whatever follows."""
        return self.final in state and bool(self.moves[self.final])

    def matches(self, text: str) -> bool:
        """Whether ``text`` matches, in time linear in its length."""
        state = self.start()
        for character in text:
            if self.certain(state):
                return True
            state = self.step(state, character)
        return self.accepts(state)

    def _closed(self, places: Iterable[int], *, start: bool = False, end: bool = False) -> State:
        found = set(places)
        waiting = list(found)
        while waiting:
            place = waiting.pop()
            targets = self.free[place]
            if start:
                targets = targets + self.at_start[place]
            if end:
                targets = targets + self.at_end[place]
            for target in targets:
                if target not in found:
                    found.add(target)
                    waiting.append(target)
        return frozenset(found)

    def settle(self) -> None:
        """Note which places can still match once a character was read; the others need not be followed."""
        sources: list[list[int]] = [[] for _ in self.moves]
        for place in range(len(self.moves)):
            for _, target in self.moves[place]:
                sources[target].append(place)
            for target in self.free[place] + self.at_end[place]:
                sources[target].append(place)
        found = {self.final}
        waiting = [self.final]
        while waiting:
            for source in sources[waiting.pop()]:
                if source not in found:
                    found.add(source)
                    waiting.append(source)
        self.alive = frozenset(found)


@dataclass(frozen=True, slots=True)
class Formula:
    """A `pattern` as automata: a text matches when all of ``wanted`` accept it and none of ``unwanted`` does."""

    wanted: tuple[Automaton, ...]
    unwanted: tuple[Automaton, ...] = ()
    tight: tuple[Automaton, ...] = ()
    """``wanted`` for texts with nothing before or after the matching part: fewer texts, but far fewer states."""

    def matches(self, text: str) -> bool:
        """Whether ``text`` matches, in time linear in its length."""
        return all(one.matches(text) for one in self.wanted) and not any(one.matches(text) for one in self.unwanted)


@lru_cache(maxsize=1024)
def formula(pattern: str) -> Formula:
    """The automata of a `pattern`; more than one when it begins by looking ahead (`^(?=.*[A-Z])(?!admin)…`).

    Raises PatternError when it cannot be read and NotRegular when it looks around in other places, refers back or is
    too large.
    """
    tree = parse(pattern)
    parts = tree.parts if isinstance(tree, Sequence) else ()
    looks = 1
    while looks < len(parts) and isinstance(parts[looks], Look):
        looks += 1
    if looks == 1 or parts[0] != Edge(start=True):
        return Formula((automaton_of(tree),), tight=(automaton_of(tree, tight=True),))
    main = Sequence((parts[0], *parts[looks:]))
    ahead: list[Tree] = []
    never: list[Tree] = []
    for look in parts[1:looks]:
        assert isinstance(look, Look)
        if look.behind:
            raise NotRegular("looks behind")
        (never if look.negated else ahead).append(Sequence((parts[0], look.tree)))
    others = tuple(map(automaton_of, ahead))
    return Formula(
        (automaton_of(main), *others), tuple(map(automaton_of, never)), (automaton_of(main, tight=True), *others)
    )


def automaton_of(tree: Tree, *, tight: bool = False) -> Automaton:
    """The automaton of an expression that was read; ``tight`` when nothing may stand around the match.

    Raises NotRegular.
    """
    built = Automaton()
    first = built.place()
    if not tight:
        built.moves[first].append((characters.ANY, first))
    built.final = _add(built, tree, first)
    if not tight:
        built.moves[built.final].append((characters.ANY, built.final))
    built.settle()
    return built


def literals(texts: Iterable[str]) -> Automaton:
    """The automaton that accepts exactly these texts."""
    built = Automaton()
    root = built.place()
    last = built.place()
    for text in texts:
        place = root
        for character in text:
            following = built.place()
            built.moves[place].append((characters.of_text(character), following))
            place = following
        built.at_end[place].append(last)
    built.final = last
    built.settle()
    return built


def _add(built: Automaton, tree: Tree, place: int) -> int:
    """Add what ``tree`` matches after ``place``; the place where it ends."""
    match tree:
        case Chars(members):
            end = built.place()
            built.moves[place].append((members, end))
            return end
        case Sequence(parts):
            ended = False
            for part in parts:
                if ended and _edges(part, start=True):
                    raise NotRegular("a beginning after an end, which only the empty text has")
                ended = ended or _edges(part, start=False)
                place = _add(built, part, place)
            return place
        case Choice(options):
            end = built.place()
            for option in options:
                begin = built.place()
                built.free[place].append(begin)
                built.free[_add(built, option, begin)].append(end)
            return end
        case Repeat():
            return _repeat(built, tree, place)
        case Edge(start):
            end = built.place()
            (built.at_start if start else built.at_end)[place].append(end)
            return end
        case Group(inner, _):
            return _add(built, inner, place)
        case Boundary() | Look() | Reference():
            raise NotRegular("looks around or refers back")


def _repeat(built: Automaton, tree: Repeat, place: int) -> int:
    if tree.least > _LARGEST or (tree.most or 0) > _LARGEST:
        raise NotRegular("too large")
    if _edges(tree.tree, start=True) and _edges(tree.tree, start=False):
        raise NotRegular("a beginning after an end, which only the empty text has")
    for _ in range(tree.least):
        place = _add(built, tree.tree, place)
    end = built.place()
    if tree.most is None:
        loop = built.place()
        built.free[place].append(loop)
        built.free[_add(built, tree.tree, loop)].append(loop)
        built.free[loop].append(end)
        return end
    built.free[place].append(end)
    for _ in range(tree.most - tree.least):
        place = _add(built, tree.tree, place)
        built.free[place].append(end)
    return end


def _edges(tree: Tree, *, start: bool) -> bool:
    """Whether the beginning (or the end) of the text is asked for anywhere in ``tree``."""
    match tree:
        case Edge():
            return tree.start is start
        case Sequence(parts) | Choice(parts):
            return any(_edges(part, start=start) for part in parts)
        case Repeat(inner, _, _, _) | Group(inner, _):
            return _edges(inner, start=start)
    return False
