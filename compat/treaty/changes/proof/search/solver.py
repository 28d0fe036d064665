"""Values that some schemas accept and others refuse, small and readable ones first."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from treaty.changes.proof.search.arrays import arrays
from treaty.changes.proof.search.cases import Cases
from treaty.changes.proof.search.facts import ARRAY, BOOLEAN, FRACTION, INTEGER, NULL, OBJECT, STRING, WHOLE
from treaty.changes.proof.search.numbers import fractions, integers, with_points
from treaty.changes.proof.search.objects import objects
from treaty.changes.proof.search.strings import strings
from treaty.changes.proof.search.taking_apart import TakingApart
from treaty.documents.location import JsonValue
from treaty.model.schema.numbers import value_key

if TYPE_CHECKING:
    from treaty.changes.proof.drafts import JsonSchema
    from treaty.changes.proof.meter import Spend
    from treaty.changes.proof.search.case import Case

# How deep the search goes below the whole value, and how many cases of the whole it looks at before it goes deeper.
_ROUNDS = ((0, 40), (2, 400), (8, 4000), (24, 1 << 30))
_WHOLLY = 1 << 30
_MOST_CASES = 300
_PER_CASE = 8
_FROM_LIST = 40

Fits = Callable[[JsonValue, bool, JsonValue], bool]
"""Whether a schema accepts (True) or refuses (False) a value, as far as a fast validator can tell."""


class Solver:
    """Searches over one set of definitions.

    ``hints`` are values the authors gave, by property name. ``spend`` counts steps and raises when there are no more.
    """

    def __init__(
        self,
        definitions: dict[str, JsonSchema],
        hints: dict[str, list[JsonValue]],
        fits: Fits,
        spend: Spend,
        *,
        literal_integers: bool,
    ) -> None:
        self._cases = Cases(TakingApart(definitions, literal_integers=literal_integers), spend)
        self._hints = hints
        self._literal_integers = literal_integers
        self._fits = fits
        self.spend = spend
        self._deepest, self._most_cases = _ROUNDS[0]
        # How often the search has stopped short of the last possibility, by depth or by a limit on cases.
        self._cut = 0
        # What was tried without a result, or with few, and how deep below it the search could go.
        self._barren: dict[Hashable, int] = {}
        self._some: dict[Hashable, tuple[list[JsonValue], int]] = {}

    def search(self, accepting: Sequence[JsonValue], refusing: Sequence[JsonValue] = ()) -> Iterator[JsonValue]:
        """Values all of ``accepting`` accept and all of ``refusing`` refuse, shallow ones first."""
        for self._deepest, self._most_cases in _ROUNDS:
            cuts = self._cut
            yield from self.values(accepting, refusing)
            if cuts == self._cut:
                return

    def values(
        self,
        accepting: Sequence[JsonValue],
        refusing: Sequence[JsonValue] = (),
        *,
        name: str = "",
        depth: int = 0,
        number: int = _PER_CASE,
    ) -> Iterator[JsonValue]:
        """The same for a part of a value, ``depth`` steps below the whole; ``name`` is the property it is for.

        ``number`` is how many values of one kind may be of use.
        """
        accepting = [schema for schema in accepting if schema is not True]
        refusing = [schema for schema in refusing if schema is not False]
        if any(schema is False for schema in accepting) or any(schema is True for schema in refusing):
            return
        goal = frozenset(map(self._cases.number, accepting)), frozenset(map(self._cases.number, refusing))
        room = self._deepest - depth
        tried = self._barren.get(goal, -1)
        if room < 0 or tried >= room:
            self._cut += tried < _WHOLLY
            return
        cuts = self._cut
        seen: set[str] = set()
        for value in self._candidates(accepting, refusing, name, depth, number):
            # As written, because draft 4 tells 5 from 5.0.
            known = repr(value)
            if known not in seen:
                seen.add(known)
                yield value
        if not seen:
            self._barren[goal] = _WHOLLY if cuts == self._cut else room

    def some(
        self, accepting: Sequence[JsonValue], refusing: Sequence[JsonValue], number: int, *, name: str, depth: int
    ) -> list[JsonValue]:
        """The first ``number`` of :meth:`values`, remembered."""
        key = tuple(map(self._cases.number, accepting)), tuple(map(self._cases.number, refusing)), number, name
        room = self._deepest - depth
        known, tried = self._some.get(key, ([], -1))
        if len(known) < number and tried < room:
            cuts = self._cut
            known = list(islice(self.values(accepting, refusing, name=name, depth=depth), number))
            self._some[key] = known, _WHOLLY if cuts == self._cut else room
        elif tried < _WHOLLY:
            self._cut += 1
        return known

    def number(self, schema: JsonValue) -> int:
        """A number that schemas written alike share."""
        return self._cases.number(schema)

    def possible(self, accepting: Sequence[JsonValue], refusing: Sequence[JsonValue], value: JsonValue) -> bool:
        """Whether all of ``accepting`` accept ``value`` and all of ``refusing`` refuse it, as far as can be told."""
        return all(self._fits(schema, True, value) for schema in accepting) and all(
            self._fits(schema, False, value) for schema in refusing
        )

    def _candidates(
        self, accepting: Sequence[JsonValue], refusing: Sequence[JsonValue], name: str, depth: int, number: int
    ) -> Iterator[JsonValue]:
        for value in self._hints.get(name, ())[:_FROM_LIST]:
            # A whole object given as an example says less than the smallest one.
            if not isinstance(value, dict | list) and self.possible(accepting, refusing, value):
                self.spend()
                yield value
        for count, case in enumerate(self._cases.all(accepting, refusing)):
            if count >= (_MOST_CASES if depth else self._most_cases):
                self._cut += 1
                return
            if case is None:
                continue
            # The cases of a part are many, and one value of each is mostly as good as another.
            for made, value in enumerate(self._of_case(case, depth, number)):
                self.spend()
                if not (case.unsure or case.among) or self.possible(accepting, refusing, value):
                    yield value
                if made >= number and depth:
                    self._cut += 1
                    break

    def _of_case(self, case: Case, depth: int, number: int) -> Iterator[JsonValue]:
        if case.among is not None:
            for value in case.among:
                yield value
                if self._literal_integers:
                    yield with_points(value)
            return
        for kind in (STRING, INTEGER, OBJECT, ARRAY, BOOLEAN, NULL, WHOLE, FRACTION):
            if case.kinds & kind:
                # When that many of one kind were not what was wanted, another kind may be.
                for value in islice(self._of_kind(case, kind, depth, number), 2 * number):
                    if not case.excluded or value_key(value) not in case.excluded:
                        yield value

    def _of_kind(self, case: Case, kind: int, depth: int, number: int) -> Iterator[JsonValue]:
        if kind == STRING:
            excluded = frozenset(key for key in case.excluded if isinstance(key, str))
            yield from strings(case.strings, excluded, number, self.spend)
        elif kind == INTEGER:
            yield from integers(case.numbers, self.spend)
        elif kind == WHOLE:
            yield from (float(value) for value in integers(case.numbers, self.spend) if abs(value) < 2**53)
        elif kind == FRACTION:
            yield from fractions(case.numbers, self.spend)
        elif kind == BOOLEAN:
            yield from (True, False)
        elif kind == NULL:
            yield None
        elif kind == ARRAY:
            yield from arrays(case.arrays, self, depth)
        elif kind == OBJECT:
            yield from objects(case.objects, self, depth)
