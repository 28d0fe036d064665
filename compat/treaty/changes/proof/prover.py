"""The subset question between two JSON Schemas: proven, refuted by a witness, or honestly open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.answers import Answer, Budget, Example, Found, Proof, Schema, Spent, Undecidable
from treaty.changes.proof.canonical import text
from treaty.changes.proof.containment import contained
from treaty.changes.proof.drafts import modern
from treaty.changes.proof.exclusive import simplified
from treaty.changes.proof.meter import Meter
from treaty.changes.proof.obstacles import obstacles, reservations
from treaty.changes.proof.pairing import Pairing, paired
from treaty.changes.proof.survey import surveyed

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treaty.changes.proof.witnesses import Witnesses
    from treaty.documents.location import JsonValue

_REMEMBERED = 4096
# What is left of a question when no proof was found goes into the search for a witness.
_FOR_PROOFS = 0.5
_FOR_A_GLANCE = 0.04
_LARGE = 12
"""Schema objects from which on a refusal costs the canonical form more than the search for a witness."""


class Prover:
    """Answers questions for one run, each once.

    ``formats``: whether `format` asserts. Then a witness never stands on a format whose values are not known for
    certain (:mod:`treaty.changes.proof.formats`), and two schemas that differ in such formats only are never called
    equal. No method raises for anything a schema holds.
    """

    def __init__(self, *, budget: Budget | None = None, formats: bool = True) -> None:
        self._meter = Meter(budget or Budget())
        self._formats = formats
        self._answers: dict[Hashable, Proof] = {}

    def covers(self, new: Schema, old: Schema) -> Proof:
        """Whether ``new`` accepts all that ``old`` accepts; if not, a value ``old`` accepts and ``new`` refuses."""
        wide, narrow = text(new.body), text(old.body)
        if wide is None or narrow is None:
            return self._covers(new, old)
        remembered = wide, new.draft, narrow, old.draft
        if remembered[:2] == remembered[2:]:
            return Proof(Answer.YES)
        proof = self._answers.get(remembered)
        if proof is None:
            proof = self._covers(new, old)
            if len(self._answers) < _REMEMBERED:
                self._answers[remembered] = proof
        return proof

    def equal(self, one: Schema, other: Schema) -> Proof:
        """Whether both accept the same values; if not, a value that one of them accepts and the other refuses."""
        first = self.covers(one, other)
        if first.answer is Answer.NO:
            return first
        second = self.covers(other, one)
        return second if second.answer is not Answer.YES else first

    def witness_with(self, accepting: Schema, refusing: Schema) -> Found | None:
        """A value that ``accepting`` accepts and ``refusing`` refuses, by search alone; None when none was found."""
        try:
            with self._meter.question():
                return self._search(accepting, refusing).witness()
        except (Undecidable, RecursionError):
            return None

    def example(self, schema: Schema) -> Example | None:
        """A small, readable, valid instance of ``schema``; None when none was found."""
        try:
            with self._meter.question():
                return self._search(schema).example()
        except (Undecidable, RecursionError):
            return None

    def confirm(self, value: JsonValue, accepting: Schema, refusing: Schema) -> Found | None:
        """``value`` as a witness, if the one accepts it and the other refuses it; None if not, or not for certain."""
        try:
            from treaty.changes.proof.witnesses import confirmed

            return confirmed(value, accepting, refusing, assert_formats=self._formats)
        except RecursionError:
            return None

    def _covers(self, new: Schema, old: Schema) -> Proof:
        try:
            with self._meter.question():
                return self._decided(new, old)
        except Spent as error:
            return Proof(Answer.UNKNOWN, undecided=(str(error), *obstacles(old, new)))
        except Undecidable as error:
            return Proof(Answer.UNKNOWN, undecided=(str(error),))
        except RecursionError:
            return Proof(Answer.UNKNOWN, undecided=("schemas nested too deeply",))

    def _decided(self, new: Schema, old: Schema) -> Proof:
        pairing = self._paired(old, new)
        surveys = [surveyed(side.root, pairing.definitions) for side in pairing.sides]
        witnesses = None
        if any(survey.heavy or survey.size > _LARGE for survey in surveys):
            witnesses = self._witnesses(pairing, (old, new))
            found = self._glance(witnesses)
            if found is not None:
                return Proof(Answer.NO, found)
        doubts: tuple[str, ...] = ()
        try:
            with self._meter.part(_FOR_PROOFS):
                proven = contained(pairing, surveys, self._meter.spend)
        except Undecidable as error:
            proven, doubts = None, (str(error),)
        if proven:
            doubts = reservations(pairing, surveys)
            if not doubts:
                return Proof(Answer.YES)
        witnesses = witnesses or self._witnesses(pairing, (old, new))
        found = witnesses.witness()
        if found is not None:
            return Proof(Answer.NO, found)
        return Proof(Answer.UNKNOWN, undecided=doubts or (*witnesses.doubts, *obstacles(old, new)))

    def _glance(self, witnesses: Witnesses) -> Found | None:
        """The witness, if it is easily found."""
        try:
            with self._meter.part(_FOR_A_GLANCE):
                return witnesses.witness(thorough=False)
        except Spent:
            return None

    def _search(self, *schemas: Schema) -> Witnesses:
        return self._witnesses(self._paired(*schemas), schemas)

    def _witnesses(self, pairing: Pairing, schemas: tuple[Schema, ...]) -> Witnesses:
        from treaty.changes.proof.witnesses import Witnesses

        return Witnesses(pairing, schemas, self._meter, assert_formats=self._formats)

    def _paired(self, *schemas: Schema) -> Pairing:
        return simplified(paired(*(modern(schema, assert_formats=self._formats) for schema in schemas)))
