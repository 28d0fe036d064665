"""Looking for a value that one schema accepts and the other refuses, and having it confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from treaty.changes.proof import canonical, confirmation
from treaty.changes.proof.answers import Example, Found, Schema
from treaty.changes.proof.confirmation import Confirmation, Judge, Unjudged
from treaty.changes.proof.reading import checks
from treaty.changes.proof.search.numbers import with_points
from treaty.changes.proof.search.solver import Solver
from treaty.documents.location import JsonValue

if TYPE_CHECKING:
    from treaty.changes.proof.meter import Meter
    from treaty.changes.proof.pairing import Pairing

_MOST_CANDIDATES = 600
_MOST_OF_OLD = 60
_MOST_CONFIRMED = 40
_Validate = Callable[[JsonValue], "bool | None"]


class Validators:
    """Fast validators of the schemas of one pairing, made when first asked for.

    A format is taken the way that keeps a candidate: as holding where the schema is to accept, as failing where it is
    to refuse. The confirmation is strict.
    """

    def __init__(self, pairing: Pairing) -> None:
        self._pairing = pairing
        self._literal = all(side.literal_integers for side in pairing.sides)
        self._known: dict[tuple[int, bool], tuple[JsonValue, _Validate]] = {}

    def fits(self, schema: JsonValue, accepts: bool, value: JsonValue) -> bool:
        """Whether ``schema`` accepts ``value``, or refuses it unless ``accepts``; also when that cannot be told."""
        valid = self.valid(schema, accepts, value)
        return valid is None or valid is accepts

    def valid(self, schema: JsonValue, accepts: bool, value: JsonValue) -> bool | None:
        """Whether ``schema`` accepts ``value`` (or refuses it, when asked to); None when that cannot be told."""
        known = self._known.get((id(schema), accepts))
        if known is None:
            known = self._known[id(schema), accepts] = schema, self._made(schema, accepts)
        return known[1](value)

    def _made(self, schema: JsonValue, accepts: bool) -> _Validate:
        assert isinstance(schema, dict | bool)
        literal = self._literal
        for side in self._pairing.sides:
            if side.root is schema:
                literal = side.literal_integers
        return canonical.validator(schema, self._pairing.definitions, checks(accepts), literal_integers=literal)


class Witnesses:
    """The search over one pairing. ``schemas`` are its sides as they were written."""

    def __init__(self, pairing: Pairing, schemas: tuple[Schema, ...], meter: Meter, *, assert_formats: bool) -> None:
        self._pairing = pairing
        self._schemas = schemas
        self._meter = meter
        self._assert_formats = assert_formats
        self.doubts: dict[str, None] = {}
        """Why values that looked like witnesses were not confirmed."""
        self._validators = Validators(pairing)
        self._solver = Solver(
            pairing.definitions,
            pairing.hints,
            self._validators.fits,
            meter.spend,
            literal_integers=all(side.literal_integers for side in pairing.sides),
        )

    def example(self) -> Example | None:
        """A valid instance of the only side."""
        root = self._pairing.sides[0].root
        unsure = []
        for value in islice(self._solver.search([root]), _MOST_CANDIDATES):
            self._meter.spend()
            # Asked what it would have to be sure to refuse, a validator takes for granted of formats what is known.
            if self._validators.valid(root, False, value):
                return Example(value)
            unsure.append(value)
        found = self._first(iter(unsure), lambda value: self._validators.fits(root, True, value))
        return Example(found[0]) if found is not None else None

    def witness(self, *, thorough: bool = True) -> Found | None:
        """A value the first side accepts and the second refuses.

        When ``thorough``, what the authors gave as examples and values of the first side are tried as well.
        """
        old, new = (side.root for side in self._pairing.sides)

        def promising(value: JsonValue) -> bool:
            return self._validators.fits(old, True, value) and self._validators.fits(new, False, value)

        found = self._first(self._candidates(thorough=thorough), promising)
        if found is None:
            return None
        value, reason = found
        both = None not in (self._validators.valid(old, True, value), self._validators.valid(new, False, value))
        return Found(
            value, reason, f"{confirmation.version()}, {canonical.version()}" if both else confirmation.version()
        )

    def _candidates(self, *, thorough: bool) -> Iterator[JsonValue]:
        old, new = (side.root for side in self._pairing.sides)
        mixed = len({side.literal_integers for side in self._pairing.sides}) > 1
        for value in islice(self._solver.search([old], [new]), _MOST_CANDIDATES):
            yield value
            if mixed:
                yield with_points(value)
        if not thorough:
            return
        for values in self._pairing.hints.values():
            yield from values
        for value in islice(self._solver.search([old]), _MOST_OF_OLD):
            yield value
            if mixed:
                yield with_points(value)

    def _first(
        self, candidates: Iterator[JsonValue], promising: Callable[[JsonValue], bool]
    ) -> tuple[JsonValue, str] | None:
        """The first candidate that is confirmed, and why it is refused."""
        confirm: Confirmation | None = None
        seen: set[str] = set()
        left = _MOST_CONFIRMED
        for value in candidates:
            self._meter.spend()
            known = repr(value)
            if known in seen:
                continue
            seen.add(known)
            if not promising(value):
                continue
            left -= 1
            if confirm is None:
                try:
                    judges = [Judge(schema, assert_formats=self._assert_formats) for schema in self._schemas]
                except Unjudged:
                    return None
                confirm = Confirmation(*judges)
            try:
                if confirm.holds(value):
                    return value, confirm.reason(value) if len(self._schemas) > 1 else ""
                self.doubts |= {f"format {name!r}, of which too little is known": None for name in confirm.stood_on}
            except Unjudged:
                self.doubts["a schema or pattern that jsonschema cannot judge in bounded time"] = None
            if left <= 0:
                return None
        return None
