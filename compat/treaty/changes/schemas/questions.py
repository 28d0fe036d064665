"""The subset questions the walk asks about two schemas under a content model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.changes.proof import Answer, Proof, Prover, Schema
from treaty.errors import LimitExceeded
from treaty.model.schema.expression import Expression
from treaty.model.schema.shape import Conjunction, Shape

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treaty.documents.location import JsonValue
    from treaty.model.schema.space import SchemaSpace

_DRAFT = "2020-12"
_NOTHING = Schema(False)
_SMALL = 24


class Questions:
    """Asks the prover about written schemas, each question once.

    Answers say whether values were taken away: True with a proof, False when it is proven that none were, None when
    that could not be decided or the schemas are too large to ask. Under the tolerant content model the side that writes
    is read as closed: it sends what it declares. ``limit`` bounds the schema objects of one question.
    """

    def __init__(self, prover: Prover, old: SchemaSpace, new: SchemaSpace, *, strict: bool, limit: int = 400) -> None:
        self.prover = prover
        self._old = old
        self._new = new
        self._strict = strict
        self._limit = limit
        self._answers: dict[Hashable, Proof | None] = {}

    def narrowed(self, old: Conjunction, new: Conjunction) -> bool | None:
        """Whether ``new`` refuses a value ``old`` may carry."""
        return _taken(self.proof(old, new))

    def widened(self, old: Conjunction, new: Conjunction) -> bool | None:
        """Whether ``old`` refuses a value ``new`` may carry."""
        return _taken(self.proof(old, new, backwards=True))

    def undeclared(self, old: Conjunction, new: Conjunction, *, backwards: bool = False) -> bool | None:
        """Whether a value ``old`` declares (``new``, when ``backwards``) is not among those the other declares.

        Under the tolerant model both sides are read as closed here: an open object would take any other.
        """
        return _taken(self.proof(old, new, backwards=backwards, declared=True))

    def proof(
        self,
        old: Conjunction,
        new: Conjunction,
        *,
        backwards: bool = False,
        strict: bool = False,
        declared: bool = False,
        small: bool = False,
    ) -> Proof | None:
        """The proof behind :meth:`narrowed`, or :meth:`widened` when ``backwards``; None when it is too large to ask.

        ``strict`` asks about every value the writer's schema accepts, whatever the content model; ``declared`` reads
        the reader as closed too. ``small`` asks only where that is cheap.
        """
        tolerant = not (strict or self._strict)
        closed = (tolerant, tolerant and declared)
        key = (tuple(part.key for part in old), tuple(part.key for part in new), backwards, closed, small)
        if key not in self._answers:
            sides = (self._old, old), (self._new, new)
            writer, reader = reversed(sides) if backwards else sides
            self._answers[key] = self._prove(writer, reader, closed, _SMALL if small else self._limit)
        return self._answers[key]

    def _prove(
        self,
        writer: tuple[SchemaSpace, Conjunction],
        reader: tuple[SchemaSpace, Conjunction],
        closed: tuple[bool, bool],
        limit: int,
    ) -> Proof | None:
        try:
            sent = Expression(writer[0], closed=closed[0], limit=limit).schema(writer[1])
            accepted = Expression(reader[0], closed=closed[1], limit=limit).schema(reader[1])
        except LimitExceeded:
            return None
        return self.prover.covers(Schema(accepted, _DRAFT), Schema(sent, _DRAFT))

    def accepting(self, space: SchemaSpace, schemas: list[Conjunction], value: JsonValue) -> int:
        """How many of ``schemas`` accept ``value``."""
        accepted = 0
        for conjunction in schemas:
            try:
                schema = Expression(space, limit=self._limit).schema(conjunction)
            except LimitExceeded:
                continue
            accepted += self.prover.confirm(value, Schema(schema, _DRAFT), _NOTHING) is not None
        return accepted

    def residue(self, old: Shape, new: Shape, *, closed: bool) -> tuple[bool | None, bool | None]:
        """Whether the residue keywords alone narrowed, and whether they widened, what the rest of the schema accepts.

        Asked of every value the schema accepts, not only of what a tolerant writer declares, unless ``closed``: such
        keywords speak about properties without declaring them.
        """
        return (
            self._residue_takes((self._old, old), (self._new, new), closed=False),
            self._residue_takes((self._new, new), (self._old, old), closed=closed),
        )

    def _residue_takes(
        self, writer: tuple[SchemaSpace, Shape], reader: tuple[SchemaSpace, Shape], *, closed: bool
    ) -> bool | None:
        try:
            sent = Expression(writer[0], closed=closed, limit=self._limit).shape(writer[1])
            base = Expression(writer[0], limit=self._limit, prefix="base").shape(replace(writer[1], residue=()))
            rest = Expression(reader[0], limit=self._limit, prefix="rest").shape(Shape(residue=reader[1].residue))
        except LimitExceeded:
            return None
        return _taken(self.prover.covers(Schema(both(base, rest), _DRAFT), Schema(sent, _DRAFT)))

    def whole(self, old: Shape, new: Shape) -> tuple[bool | None, bool | None]:
        """Whether one whole shape refuses what the other accepts, and the reverse."""
        try:
            before = Schema(Expression(self._old, limit=self._limit).shape(old), _DRAFT)
            after = Schema(Expression(self._new, limit=self._limit).shape(new), _DRAFT)
        except LimitExceeded:
            return (None, None)
        return _taken(self.prover.covers(after, before)), _taken(self.prover.covers(before, after))


def both(one: dict[str, JsonValue], other: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """One self-contained schema that asks for two; their definitions must not share names."""
    definitions: dict[str, JsonValue] = {}
    members: list[JsonValue] = []
    for schema in (one, other):
        own = schema.get("$defs")
        definitions |= own if isinstance(own, dict) else {}
        members.append({keyword: value for keyword, value in schema.items() if keyword != "$defs"})
    return {"allOf": members, "$defs": definitions} if definitions else {"allOf": members}


def _taken(proof: Proof | None) -> bool | None:
    if proof is None or proof.answer is Answer.UNKNOWN:
        return None
    return proof.answer is Answer.NO
