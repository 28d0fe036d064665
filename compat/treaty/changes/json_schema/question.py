"""The subset question about two whole schemas, asked as cheaply as it can be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from treaty.changes.proof import Answer, Proof, Schema
from treaty.errors import LimitExceeded
from treaty.model.roles import Role
from treaty.model.schema.dialects import (
    ANNOTATIONS,
    DRAFT_4,
    SCHEMA_KEYWORDS,
    SCHEMA_LIST_KEYWORDS,
    SCHEMA_MAP_KEYWORDS,
)
from treaty.model.schema.standalone import Standalone

if TYPE_CHECKING:
    from treaty.changes.schemas.engine import Engine
    from treaty.documents.location import JsonValue
    from treaty.model.schema.shape import Conjunction
    from treaty.model.schema.space import SchemaSpace

_TEXTS = ANNOTATIONS - {"$defs", "definitions", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$schema"}


class Question:
    """Whether one of two schemas accepts every value of the other, in either direction."""

    def __init__(
        self,
        engine: Engine,
        spaces: tuple[SchemaSpace, SchemaSpace],
        old: Conjunction,
        new: Conjunction,
        *,
        strict: bool,
    ) -> None:
        self._questions = engine.walk.questions
        self._spaces = spaces
        self._roots = old, new
        self._strict = strict

    def ask(self, role: Role) -> Proof | None:
        """Whether the reader of ``role`` accepts everything its writer may send; None when it is too large to ask."""
        try:
            written = self._written()
        except LimitExceeded:
            written = None
        if written is not None and written[0].draft == written[1].draft and _plain(written[0]) == _plain(written[1]):
            return Proof(Answer.YES)
        if self._strict:
            return self._covered(written, role)
        return self._ask_tolerantly(written, role)

    def _ask_tolerantly(self, written: tuple[Schema, Schema] | None, role: Role) -> Proof | None:
        """The question about a writer that sends what it declares.

        Read as closed, a schema inside `not` or `oneOf` is another one. So a witness counts only if its author would
        send it, and where it does not, the answer about everything that is valid may settle this one too.
        """
        proof = self._questions.proof(*self._roots, backwards=role is Role.WRITES)
        if proof is not None and proof.answer is Answer.YES:
            return proof
        if proof is not None and proof.witness is not None and written is not None:
            sent = written[0 if role is Role.READS else 1]
            if self._questions.prover.confirm(proof.witness.value, sent, Schema({"not": {}}, sent.draft)) is not None:
                return proof
        strict = self._covered(written, role)
        return strict if strict is not None and strict.answer is Answer.YES else None

    def _covered(self, written: tuple[Schema, Schema] | None, role: Role) -> Proof | None:
        if written is None:
            return None
        old, new = written
        return self._questions.prover.covers(*((new, old) if role is Role.READS else (old, new)))

    def _written(self) -> tuple[Schema, Schema]:
        """Both schemas as their authors wrote them, where they stand alone; else with what they refer to bundled in."""
        alone = [_stands_alone(root) for root in self._roots]
        if not all(alone) and all(space.dialect is DRAFT_4 for space in self._spaces):
            # Bundled, both read 1.0 as an integer; with one of them as written, nothing could be said.
            alone = [False, False]
        old, new = (
            _schema(space, root, alone=each) for space, root, each in zip(self._spaces, self._roots, alone, strict=True)
        )
        return old, new


def _schema(space: SchemaSpace, root: Conjunction, *, alone: bool) -> Schema:
    value = root[0].node.value
    if alone and isinstance(value, dict | bool):
        return Schema(value, space.dialect.draft)
    return Schema(Standalone(space).schema(root), "2020-12")


def _stands_alone(root: Conjunction) -> bool:
    value = root[0].node.value
    return isinstance(value, dict | bool) and not _refers_outside(value)


def _refers_outside(value: object) -> bool:
    waiting = [value]
    while waiting:
        raw = waiting.pop()
        if isinstance(raw, dict):
            reference = raw.get("$ref")
            if isinstance(reference, str) and not reference.startswith("#"):
                return True
            waiting.extend(raw.values())
        elif isinstance(raw, list):
            waiting.extend(raw)
    return False


def _plain(schema: Schema) -> bytes:
    """What a schema asserts, as text that is the same for two that differ in their texts or their order alone."""
    return orjson.dumps(_without_texts(schema.body), option=orjson.OPT_SORT_KEYS, default=repr)


def _without_texts(schema: JsonValue) -> JsonValue:
    if not isinstance(schema, dict):
        return schema
    plain: dict[str, JsonValue] = {}
    for keyword, value in schema.items():
        if keyword in _TEXTS:
            continue
        if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            plain[keyword] = {name: _without_texts(inner) for name, inner in value.items()}
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            plain[keyword] = [_without_texts(inner) for inner in value]
        elif keyword in SCHEMA_KEYWORDS:
            plain[keyword] = _without_texts(value)
        else:
            plain[keyword] = value
    return plain
