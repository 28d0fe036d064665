"""Going through the cases of a question, one consistent set of facts after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import key
from treaty.changes.proof.search.case import Case, gathered
from treaty.changes.proof.search.consistency import no_object
from treaty.changes.proof.search.facts import OBJECT, Either, Entry, Fact, Kinds, Lacks, Needs, No, Yes

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from treaty.changes.proof.meter import Spend
    from treaty.changes.proof.search.taking_apart import TakingApart
    from treaty.documents.location import JsonValue

_TICK = 40
_MOST_REASONS = 400


@dataclass(frozen=True, slots=True)
class _State:
    """Half-way through a case: ``open`` choices are still to be made."""

    kinds: int
    facts: tuple[Fact, ...] = ()
    open: tuple[Either, ...] = ()
    needs: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    accepted: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()


class Cases:
    """Depth first through the choices; a contradiction ends a branch as soon as it shows."""

    def __init__(self, apart: TakingApart, spend: Spend) -> None:
        self._apart = apart
        self._spend = spend
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[int, tuple[JsonValue, int]] = {}

    def number(self, schema: JsonValue) -> int:
        """A number that schemas written alike share."""
        known = self._known.get(id(schema))
        if known is None:
            number = self._numbers.setdefault(key(schema), len(self._numbers))
            self._known[id(schema)] = schema, number  # keeps the schema, so that its id stays its own
            return number
        return known[1]

    def all(self, accepting: Sequence[JsonValue], refusing: Sequence[JsonValue]) -> Iterator[Case | None]:
        """The cases in which all of ``accepting`` accept and all of ``refusing`` refuse; None now and then, for a rest.

        When one schema refuses, its reasons take turns, so that none keeps the others waiting.
        """
        entries: list[Entry] = [Yes(schema) for schema in accepting]
        if len(refusing) != 1:
            yield from self._through([*entries, *(No(schema) for schema in refusing)])
            return
        streams = [self._through([*reason, *entries]) for reason in self._reasons(refusing[0])]
        quota = 2
        while streams:
            left: list[Iterator[Case | None]] = []
            for stream in streams:
                for taken, case in enumerate(stream, 1):
                    yield case
                    if taken >= quota:
                        left.append(stream)
                        break
                else:
                    yield None
            streams = left
            quota *= 4

    def _reasons(self, schema: JsonValue) -> list[tuple[Entry, ...]]:
        """Why ``schema`` refuses, reasons that are only the refusal of another schema replaced by that one's."""
        found: list[tuple[Entry, ...]] = []
        waiting: list[tuple[Entry, ...]] = [(No(schema),)]
        while waiting and len(found) + len(waiting) < _MOST_REASONS:
            self._spend()
            reason = waiting.pop()
            if len(reason) == 1 and isinstance(reason[0], No):
                waiting.extend(reversed(self._apart.refused(reason[0].schema)))
            else:
                found.append(reason)
        return found + waiting[::-1]

    def _through(self, entries: Sequence[Entry]) -> Iterator[Case | None]:
        stack: list[tuple[_State, Sequence[Entry]]] = [(_State(self._apart.every_kind), entries)]
        steps = 0
        while stack:
            self._spend()
            steps += 1
            if steps % _TICK == 0:
                yield None
            state, news = stack.pop()
            settled = self._settled(state, news)
            if settled is None:
                continue
            choice = self._next(settled)
            if choice is None:
                case = gathered(settled.kinds, settled.facts)
                if case is not None:
                    yield case
                continue
            at, options = choice
            rest = replace(settled, open=settled.open[:at] + settled.open[at + 1 :])
            stack.extend((rest, option) for option in reversed(options))

    def _settled(self, state: _State, entries: Sequence[Entry]) -> _State | None:
        """``state`` with ``entries`` and all that follows from them; None when they contradict it."""
        kinds, needs, lacks = state.kinds, set(state.needs), set(state.lacks)
        accepted, refused = set(state.accepted), set(state.refused)
        facts, choices = list(state.facts), list(state.open)
        waiting = list(reversed(entries))
        while waiting:
            self._spend()
            entry = waiting.pop()
            match entry:
                case Yes(schema) | No(schema):
                    if isinstance(schema, bool):
                        if schema is isinstance(entry, No):
                            return None
                        continue
                    assert isinstance(schema, dict)
                    number = self.number(schema)
                    own, other = (accepted, refused) if isinstance(entry, Yes) else (refused, accepted)
                    if number in other:
                        return None
                    if number in own:
                        continue
                    own.add(number)
                    if isinstance(entry, Yes):
                        waiting.extend(reversed(self._apart.accepted(schema)))
                        continue
                    reasons = self._apart.refused(schema)
                    if not reasons:
                        return None
                    if len(reasons) == 1:
                        waiting.extend(reversed(reasons[0]))
                    else:
                        choices.append(Either(reasons))
                case Either():
                    choices.append(entry)
                case Kinds(bits):
                    kinds &= bits
                    if not kinds:
                        return None
                case _:
                    facts.append(entry)
                    if isinstance(entry, Needs):
                        needs.add(entry.name)
                    elif isinstance(entry, Lacks):
                        lacks.add(entry.name)
        if kinds & OBJECT and len(facts) > len(state.facts) and no_object(facts, self.number):
            kinds &= ~OBJECT
            if not kinds:
                return None
        return _State(
            kinds,
            tuple(facts),
            tuple(choices),
            frozenset(needs),
            frozenset(lacks),
            frozenset(accepted),
            frozenset(refused),
        )

    def _next(self, state: _State) -> tuple[int, list[tuple[Entry, ...]]] | None:
        """The choice to make now and the options it still has; one that leaves no choice comes first."""
        first: tuple[int, list[tuple[Entry, ...]]] | None = None
        for at, choice in enumerate(state.open):
            options = [option for option in choice.options if self._possible(state, option)]
            if len(options) <= 1:
                return at, options
            if first is None:
                first = at, options
        return first

    def _possible(self, state: _State, option: tuple[Entry, ...]) -> bool:
        kinds = state.kinds
        for entry in option:
            match entry:
                case Kinds(bits):
                    kinds &= bits
                case Needs(name):
                    if name in state.lacks and not kinds & ~OBJECT:
                        return False
                case Lacks(name):
                    if name in state.needs and not kinds & ~OBJECT:
                        return False
                case Yes(schema):
                    if schema is False or (isinstance(schema, dict) and self.number(schema) in state.refused):
                        return False
                case No(schema):
                    if schema is True or (isinstance(schema, dict) and self.number(schema) in state.accepted):
                        return False
        return kinds != 0
