"""The subset question between two JSON Schemas: proven, refuted by a witness, or honestly open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.answers import Answer, Found, Proof, Schema, Spent, Undecidable
from treaty.changes.proof.containment import contained
from treaty.changes.proof.drafts import modern
from treaty.changes.proof.exclusive import simplified
from treaty.changes.proof.obstacles import obstacles, reservations
from treaty.changes.proof.pairing import Pairing, paired
from treaty.changes.proof.survey import surveyed

if TYPE_CHECKING:
    from treaty.changes.proof.meter import Meter
    from treaty.changes.proof.witnesses import Witnesses

# What is left of a question when no proof was found goes into the search for a witness.
_FOR_PROOFS = 0.5
_FOR_A_GLANCE = 0.04
_LARGE = 12
"""Schema objects from which on a refusal costs the canonical form more than the search for a witness."""


def decided(new: Schema, old: Schema, meter: Meter, *, assert_formats: bool) -> Proof:
    """Whether ``new`` accepts all that ``old`` accepts, at the cost of one question of ``meter``."""
    try:
        with meter.question():
            return _decided(new, old, meter, assert_formats=assert_formats)
    except Spent as error:
        return Proof(Answer.UNKNOWN, undecided=(str(error), *obstacles(old, new)))
    except Undecidable as error:
        return Proof(Answer.UNKNOWN, undecided=(str(error),))
    except RecursionError:
        return Proof(Answer.UNKNOWN, undecided=("schemas nested too deeply",))


def searched(schemas: tuple[Schema, ...], meter: Meter, *, assert_formats: bool) -> Witnesses:
    """A search over ``schemas``. Raises Undecidable for a schema that cannot be read."""
    return _witnesses(_paired(schemas, assert_formats=assert_formats), schemas, meter, assert_formats=assert_formats)


def _decided(new: Schema, old: Schema, meter: Meter, *, assert_formats: bool) -> Proof:
    pairing = _paired((old, new), assert_formats=assert_formats)
    surveys = [surveyed(side.root, pairing.definitions) for side in pairing.sides]
    witnesses = None
    if any(survey.heavy or survey.size > _LARGE for survey in surveys):
        witnesses = _witnesses(pairing, (old, new), meter, assert_formats=assert_formats)
        found = _glance(witnesses, meter)
        if found is not None:
            return Proof(Answer.NO, found)
    doubts: tuple[str, ...] = ()
    try:
        with meter.part(_FOR_PROOFS):
            proven = contained(pairing, surveys, meter.spend)
    except Undecidable as error:
        proven, doubts = None, (str(error),)
    if proven:
        doubts = reservations(pairing, surveys)
        if not doubts:
            return Proof(Answer.YES)
    witnesses = witnesses or _witnesses(pairing, (old, new), meter, assert_formats=assert_formats)
    found = witnesses.witness()
    if found is not None:
        return Proof(Answer.NO, found)
    return Proof(Answer.UNKNOWN, undecided=doubts or (*witnesses.doubts, *obstacles(old, new)))


def _glance(witnesses: Witnesses, meter: Meter) -> Found | None:
    """The witness, if it is easily found."""
    try:
        with meter.part(_FOR_A_GLANCE):
            return witnesses.witness(thorough=False)
    except Spent:
        return None


def _witnesses(pairing: Pairing, schemas: tuple[Schema, ...], meter: Meter, *, assert_formats: bool) -> Witnesses:
    # The independent validator takes as long to import as all the rest; most questions are answered without it.
    from treaty.changes.proof.witnesses import Witnesses

    return Witnesses(pairing, schemas, meter, assert_formats=assert_formats)


def _paired(schemas: tuple[Schema, ...], *, assert_formats: bool) -> Pairing:
    return simplified(paired(*(modern(schema, assert_formats=assert_formats) for schema in schemas)))
