"""Evidence for what the rules found: a message that one side accepts and the other refuses, or the proof that there is
none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.change import Effect, Level, Witness
from treaty.changes.proof import Answer, Example, Found, Prover, Schema
from treaty.changes.proof.formats import NUMBERS
from treaty.changes.schemas.steps import Step, Way
from treaty.errors import LimitExceeded
from treaty.model.roles import Role
from treaty.model.schema.expression import Expression
from treaty.model.schema.shape import Part
from treaty.model.schema.standalone import Standalone
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from treaty.changes.projection import Felt, Trail
    from treaty.changes.schemas.facts import Fact
    from treaty.changes.schemas.pairs import Edge, Pair
    from treaty.changes.schemas.questions import Questions
    from treaty.documents.location import JsonValue
    from treaty.model.schema.shape import Conjunction, Objects, Origin, Shape
    from treaty.model.schema.space import SchemaSpace

_DRAFT = "2020-12"
_PROVEN = (Level.BREAKING, Level.RISKY)
# Facts that only the whole pair can be asked about: their facets are schemas, or they are about several branches.
_WHOLE = frozenset({"overlap", "residue", "properties"})


class _Side(NamedTuple):
    """One side of a question: its schemas, and the name the report gives it."""

    space: SchemaSpace
    name: str

    def conjunction(self, pair: Pair) -> Conjunction:
        return pair.old if self.name == "base" else pair.new

    def shape(self, pair: Pair) -> Shape:
        return self.space.shape(self.conjunction(pair))


class Evidence:
    """Finds the witness of each felt fact, smallest schema first, and shows it as a whole message where it can."""

    def __init__(self, prover: Prover, questions: Questions, old: SchemaSpace, new: SchemaSpace) -> None:
        self._prover = prover
        self._questions = questions
        self._old = _Side(old, "base")
        self._new = _Side(new, "revision")
        self._examples: dict[Hashable, Example | None] = {}
        self._standalone: dict[Hashable, Schema | None] = {}

    def prove(self, felt: Felt) -> Witness | bool | None:
        """The witness of a felt fact, None when none can be shown, False when the fact is refuted."""
        if not felt.fact.provable or felt.level not in _PROVEN or felt.state is None or felt.trail is None:
            return None
        refuted = 0
        directions = self._directions(felt)
        for role, writer, reader in directions:
            lacking = self._lacking(felt, role, writer, reader)
            if lacking is not None:
                return lacking
            found = self._local(felt, role, writer, reader)
            if found is False:
                refuted += 1
            elif isinstance(found, Found):
                shown = self._whole(felt, found, role, writer, reader)
                if shown is False:
                    refuted += 1
                elif shown is not None:
                    return shown
        return False if directions and refuted == len(directions) else None

    def _directions(self, felt: Felt) -> list[tuple[Role, _Side, _Side]]:
        """Who sends what to whom: a role, the side that accepts the witness, the side that refuses it."""
        found = []
        if Role.READS in felt.roles and felt.fact.effect in (Effect.NARROWS, Effect.REPLACES):
            found.append((Role.READS, self._old, self._new))
        if Role.WRITES in felt.roles and felt.fact.effect in (Effect.WIDENS, Effect.REPLACES):
            found.append((Role.WRITES, self._new, self._old))
        return found

    def _lacking(self, felt: Felt, role: Role, writer: _Side, reader: _Side) -> Witness | None:
        """A whole message without the one property that only its reader requires: made, where others are searched."""
        assert felt.state is not None
        assert felt.trail is not None
        pair, at = felt.state.pair, felt.fact.at
        if felt.fact.facets != ("required",) or at is None:
            return None
        sent, asked = writer.shape(pair).objects.required, reader.shape(pair).objects.required
        if at.name in sent or at.name not in asked:
            return None
        root, steps = felt.trail.site.pair, [edge.step for edge in felt.trail.edges]
        example = self._example(writer, role, writer.conjunction(root))
        if example is None:
            return None
        message: Example | None
        if _reaches(example.value, steps):
            message = Example(_without(example.value, steps, str(at.name)))
        else:
            owner = self._example(writer, role, writer.conjunction(pair))
            if owner is None:
                return None
            message = self._embedded(root, felt.trail.edges, _without(owner.value, [], str(at.name)), role, writer)
        found = self._confirmed(root, message, role, writer, reader) if message is not None else None
        if found is None or f"'{at.name}'" not in found.reason:
            return None
        return _witness(found, writer, reader, felt.trail, whole=True)

    def _local(self, felt: Felt, role: Role, writer: _Side, reader: _Side) -> Found | bool | None:
        """Ask about the pair alone, with the one facet changed; False when the reader still takes everything."""
        assert felt.state is not None
        pair = felt.state.pair
        fact = felt.fact
        if pair.wire is not Wire.JSON and "type" in fact.facets:
            return None  # as text, another type is another reading and not another document
        if "union" in fact.facets:
            return self._branch(felt, role, writer, reader)
        if "properties" in fact.facets:
            found = self._member(felt, role, writer, reader)
            if found is not None:
                return found
        if not fact.facets or _WHOLE & set(fact.facets):
            return self._pairwise(pair, writer, strict="residue" in fact.facets)
        accepting = writer.shape(pair)
        changed = swapped(accepting, reader.shape(pair), fact)
        # What only one side requires is described on both, or its own schema would look like the difference.
        kept = frozenset(accepting.objects.required.keys() ^ changed.objects.required.keys())
        for sparse in (True, False):
            try:
                sent = Expression(writer.space, role=role, sparse=sparse, kept=kept).shape(accepting)
                taken = Expression(writer.space, role=role, sparse=sparse, kept=kept).shape(changed)
            except LimitExceeded:
                return None
            proof = self._prover.covers(Schema(taken, _DRAFT), Schema(sent, _DRAFT))
            if proof.witness is None or self._sends(pair, proof.witness.value, role, writer):
                break
        if "format" in fact.facets and proof.answer is Answer.YES and not _ranged(fact):
            return None  # a validator that does not know the format takes every value
        return proof.witness if proof.answer is Answer.NO else False if proof.answer is Answer.YES else None

    def _sends(self, pair: Pair, value: JsonValue, role: Role, writer: _Side) -> bool:
        """Whether the writer's schema, with all that a sparse one leaves out, accepts ``value``."""
        schema = self._written(writer, role, pair)
        return schema is not None and self._prover.confirm(value, schema, Schema(False, _DRAFT)) is not None

    def _branch(self, felt: Felt, role: Role, writer: _Side, reader: _Side) -> Found | None:
        """An example of a branch that came or went, where validators on the other side refuse it.

        Open objects may take what another branch declares: then the branch is news to people, and to no validator.
        """
        assert felt.state is not None
        origin = felt.fact.revision if writer is self._new else felt.fact.base
        assert origin is not None
        example = self._example(writer, role, (Part(origin.node),))
        return self._confirmed(felt.state.pair, example, role, writer, reader) if example is not None else None

    def _member(self, felt: Felt, role: Role, writer: _Side, reader: _Side) -> Found | None:
        """An example of the object with the one member that only its writer declares, where the reader refuses that."""
        assert felt.state is not None
        pair, at = felt.state.pair, felt.fact.at
        origin = felt.fact.revision if writer is self._new else felt.fact.base
        if origin is None or at is None or at.way is not Way.PROPERTY:
            return None
        owner = self._example(writer, role, writer.conjunction(pair))
        member = self._example(writer, role, (Part(origin.node),)) if owner is not None else None
        if owner is None or member is None:
            return None
        return self._confirmed(pair, Example(holding(owner.value, at, member.value)), role, writer, reader)

    def _pairwise(self, pair: Pair, writer: _Side, *, strict: bool) -> Found | bool | None:
        proof = self._questions.proof(pair.old, pair.new, backwards=writer is self._new, strict=strict)
        if proof is None or proof.answer is Answer.UNKNOWN:
            return None
        return proof.witness if proof.answer is Answer.NO else False

    def _whole(self, felt: Felt, found: Found, role: Role, writer: _Side, reader: _Side) -> Witness | bool | None:
        """The witness inside the smallest message that carries it; as it is where no whole message can be made.

        False when the reader takes every message after all: another branch of a union on the way accepts what one
        branch lost. None when it takes this one.
        """
        assert felt.trail is not None
        steps, root = felt.trail.edges, felt.trail.site.pair
        message = self._embedded(root, steps, found.value, role, writer)
        confirmed = self._confirmed(root, message, role, writer, reader) if message is not None else None
        if confirmed is not None:
            return _witness(confirmed, writer, reader, felt.trail, whole=True)
        union = max((index for index, edge in enumerate(steps) if edge.step.way is Way.BRANCH), default=None)
        if union is None:
            shown = self._holds(felt, found, role, writer, reader)
            return _witness(found, writer, reader, felt.trail, whole=False) if shown else None
        while union and steps[union - 1].step.way is Way.BRANCH:
            union -= 1  # unions within unions are about one value, which the outermost of them judges
        owner = steps[union - 1].child if union else root
        proof = self._questions.proof(owner.old, owner.new, backwards=writer is self._new)
        if proof is not None and proof.answer is Answer.YES:
            return False
        message = self._embedded(owner, steps[union:], found.value, role, writer)
        taken = message is None or self._confirmed(owner, message, role, writer, reader) is None
        return None if taken else _witness(found, writer, reader, felt.trail, whole=False)

    def _holds(self, felt: Felt, found: Found, role: Role, writer: _Side, reader: _Side) -> bool:
        """Whether the schemas of the place itself, as they are written, agree; where they are too large, it is so."""
        assert felt.state is not None
        pair = felt.state.pair
        if self._written(writer, role, pair) is None or self._written(reader, role, pair) is None:
            return True
        return self._confirmed(pair, Example(found.value), role, writer, reader) is not None

    def _embedded(
        self, root: Pair, edges: Sequence[Edge], value: JsonValue, role: Role, writer: _Side
    ) -> Example | None:
        """``value`` carried up along ``edges`` to a message of ``root``; None when there is no example on the way."""
        owners = [root, *(edge.child for edge in edges)][: len(edges)]
        for owner, edge in zip(reversed(owners), reversed(edges), strict=True):
            if edge.step.way is Way.BRANCH:
                continue
            example = self._example(writer, role, writer.conjunction(owner))
            if example is None:
                return None
            value = holding(example.value, edge.step, value)
            if value is None:
                return None
        return Example(value)

    def _example(self, side: _Side, role: Role, conjunction: Conjunction) -> Example | None:
        """A small valid value, found once for each schema."""
        key = (side.name, role, tuple(part.key for part in conjunction))
        if key not in self._examples:
            try:
                schema = Expression(side.space, role=role, sparse=True).schema(conjunction)
            except LimitExceeded:
                self._examples[key] = None
            else:
                self._examples[key] = self._prover.example(Schema(schema, _DRAFT))
        return self._examples[key]

    def _confirmed(self, root: Pair, message: Example, role: Role, writer: _Side, reader: _Side) -> Found | None:
        accepting, refusing = self._written(writer, role, root), self._written(reader, role, root)
        if accepting is None or refusing is None:
            return None
        return self._prover.confirm(message.value, accepting, refusing)

    def _written(self, side: _Side, role: Role, pair: Pair) -> Schema | None:
        """The schema of one side as its author wrote it, made once; None where it is too large."""
        conjunction = side.conjunction(pair)
        key = (side.name, role, tuple(part.key for part in conjunction))
        if key not in self._standalone:
            try:
                self._standalone[key] = Schema(Standalone(side.space, role).schema(conjunction), _DRAFT)
            except LimitExceeded:
                self._standalone[key] = None
        return self._standalone[key]


def _ranged(fact: Fact) -> bool:
    """Whether the formats a fact names are ranges of numbers, so that a proof knows all there is to know."""
    named = [name for names in (fact.before, fact.after) for name in (names if isinstance(names, list) else [names])]
    return all(name is None or name in NUMBERS for name in named)


def swapped(shape: Shape, other: Shape, fact: Fact) -> Shape:
    """``shape`` with the facets that ``fact`` is about as ``other`` has them."""
    changed = replace(
        shape,
        numbers=replace(shape.numbers),
        strings=replace(shape.strings),
        arrays=replace(shape.arrays),
        objects=replace(shape.objects),
    )
    for facet in fact.facets:
        match facet:
            case "type":
                changed.types = other.types
            case "enum":
                changed.enums, changed.types = other.enums, other.types
            case "lower" | "upper" | "multipleOf":
                _copy(other.numbers, changed.numbers, facet)
            case "minLength" | "maxLength" | "pattern":
                _copy(other.strings, changed.strings, facet)
            case "format":
                _copy(other.strings, changed.strings, facet)
                _copy(other.numbers, changed.numbers, facet)
            case "minItems" | "maxItems" | "uniqueItems":
                _copy(other.arrays, changed.arrays, facet)
            case "required":
                changed.objects.required = _one_requirement(shape.objects, other.objects, fact)
            case "additionalProperties" | "minProperties" | "maxProperties" | "dependentRequired":
                _copy(other.objects, changed.objects, facet)
                if facet == "additionalProperties" and fact.at is not None:
                    changed.objects.properties = {
                        name: schema for name, schema in shape.objects.properties.items() if name != fact.at.name
                    }
    return changed


_FIELDS = {
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "patterns",
    "format": "formats",
    "minItems": "min_items",
    "maxItems": "max_items",
    "uniqueItems": "unique",
    "additionalProperties": "additional",
    "minProperties": "min_properties",
    "maxProperties": "max_properties",
    "dependentRequired": "dependent_required",
}


def _copy(source: object, target: object, facet: str) -> None:
    name = _FIELDS.get(facet, facet)
    setattr(target, name, getattr(source, name))


def _one_requirement(mine: Objects, other: Objects, fact: Fact) -> dict[str, Origin]:
    assert fact.at is not None
    name = str(fact.at.name)
    required = {key: origin for key, origin in mine.required.items() if key != name}
    if name in other.required:
        required[name] = other.required[name]
    return required


def _reaches(value: JsonValue, steps: Sequence[Step]) -> bool:
    """Whether ``steps`` lead from ``value`` to an object in it."""
    for step in steps:
        if step.way is Way.BRANCH:
            continue
        if step.way is Way.PROPERTY and isinstance(value, dict) and step.name in value:
            value = value[str(step.name)]
        elif step.way is Way.ITEM and isinstance(value, list) and value:
            value = value[0]
        else:
            return False
    return isinstance(value, dict)


def _without(value: JsonValue, steps: Sequence[Step], name: str) -> JsonValue:
    """``value`` with the object that ``steps`` lead to, as :func:`_reaches` says they do, lacking ``name``."""
    steps = [step for step in steps if step.way is not Way.BRANCH]
    if not steps:
        return {key: member for key, member in value.items() if key != name} if isinstance(value, dict) else value
    if isinstance(value, dict):
        own = str(steps[0].name)
        return {**value, own: _without(value[own], steps[1:], name)}
    return [_without(value[0], steps[1:], name), *value[1:]] if isinstance(value, list) else value


def holding(example: JsonValue, step: Step, value: JsonValue) -> JsonValue:
    """``example`` with ``value`` at ``step``; None where the step leads to no one place."""
    match step.way:
        case Way.PROPERTY:
            return {**(example if isinstance(example, dict) else {}), str(step.name): value}
        case Way.ANY_PROPERTY:
            return {**(example if isinstance(example, dict) else {}), "extra": value}
        case Way.ITEM:
            return [value, *(example[1:] if isinstance(example, list) else ())]
        case Way.INDEX if isinstance(example, list) and isinstance(step.name, int) and step.name <= len(example):
            return [*example[: step.name], value, *example[step.name + 1 :]]
    return None


def _witness(found: Found, writer: _Side, reader: _Side, trail: Trail, *, whole: bool) -> Witness:
    write = trail.site.write
    return Witness(
        value=found.value,
        accepted_by=writer.name,
        refused_by=reader.name,
        reason=found.reason,
        confirmed_by=found.confirmed_by,
        wire=write(found.value) if write is not None and (whole or not trail.edges) else None,
        at="$" if whole else f"${trail.path}",
    )
