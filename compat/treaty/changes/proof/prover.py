"""The front door: questions about JSON Schemas, each answered once per run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.answers import Answer, Budget, Example, Found, Proof, Schema, Undecidable
from treaty.changes.proof.meter import Meter

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treaty.changes.proof.reading import Readings
    from treaty.documents.location import JsonValue

_REMEMBERED = 4096


class Prover:
    """Answers questions for one run, each once. What it takes to answer is imported with the first question.

    ``formats``: whether `format` asserts. Then a witness never stands on a format whose values are not known for
    certain (:mod:`treaty.changes.proof.formats`), and two schemas that differ in such formats only are never called
    equal. No method raises for anything a schema holds.
    """

    def __init__(self, *, budget: Budget | None = None, formats: bool = True) -> None:
        self._meter = Meter(budget or Budget())
        self._formats = formats
        self._answers: dict[Hashable, Proof] = {}
        self._readings: Readings | None = None

    def covers(self, new: Schema, old: Schema) -> Proof:
        """Whether ``new`` accepts all that ``old`` accepts; if not, a value ``old`` accepts and ``new`` refuses."""
        from treaty.changes.proof.canonical import text
        from treaty.changes.proof.decision import decided

        wide, narrow = text(new.body), text(old.body)
        if wide is None or narrow is None:
            return decided(new, old, self._meter, assert_formats=self._formats)
        if (wide, new.draft) == (narrow, old.draft):
            return Proof(Answer.YES)
        remembered = wide, new.draft, narrow, old.draft
        proof = self._answers.get(remembered)
        if proof is None:
            proof = decided(new, old, self._meter, assert_formats=self._formats)
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
        from treaty.changes.proof.decision import searched

        try:
            with self._meter.question():
                return searched((accepting, refusing), self._meter, assert_formats=self._formats).witness()
        except (Undecidable, RecursionError):
            return None

    def example(self, schema: Schema) -> Example | None:
        """A small, readable, valid instance of ``schema``; None when none was found."""
        from treaty.changes.proof.decision import searched

        try:
            with self._meter.question():
                return searched((schema,), self._meter, assert_formats=self._formats).example()
        except (Undecidable, RecursionError):
            return None

    def confirm(self, value: JsonValue, accepting: Schema, refusing: Schema) -> Found | None:
        """``value`` as a witness, if the one accepts it and the other refuses it; None if not, or not for certain."""
        if self._readings is None:
            from treaty.changes.proof.reading import Readings

            self._readings = Readings(assert_formats=self._formats)
        return self._readings.witness(value, accepting, refusing)
