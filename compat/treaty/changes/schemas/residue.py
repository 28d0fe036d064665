"""Facts about keywords no rule takes apart (`not`, `if`, `contains`, unevaluated…): what the subset proof says of
them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Effect
from treaty.changes.schemas.facts import Fact
from treaty.documents.location import JsonValue
from treaty.model.schema.shape import Origin, Residue, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.schemas.pairs import Pair
    from treaty.changes.schemas.scalars import Sides
    from treaty.changes.schemas.walk import SchemaWalk

_DECIDED = {
    (True, False): ("schema-narrowed", Effect.NARROWS),
    (False, True): ("schema-widened", Effect.WIDENS),
    (True, True): ("schema-replaced", Effect.REPLACES),
}
_OPEN = {
    (True, False): Effect.NARROWS,
    (False, True): Effect.WIDENS,
    (True, True): Effect.REPLACES,
}


def residue_facts(walk: SchemaWalk, pair: Pair, sides: Sides) -> Iterator[Fact]:
    """Compare the residue of both shapes by asking whether one side's takes values from the other's."""
    old, new = _unmatched(walk, sides)
    if old or new:
        base = Origin(old[0].node, old[0].keywords[0]) if old else sides.old.origin("")
        revision = Origin(new[0].node, new[0].keywords[0]) if new else sides.new.origin("")
        # Under the tolerant model nobody sends a name that is not declared, so what `propertyNames` says of others is
        # idle.
        declared = all(residue.keywords == ("propertyNames",) for residue in (*old, *new)) and not walk.strict
        answer = walk.questions.residue(sides.old, sides.new, closed=declared)
        yield from _facts(answer, _written(old), _written(new), base, revision)
    before, after = sides.old.objects.patterns.keys(), sides.new.objects.patterns.keys()
    if before != after and "object" in sides.old.types & sides.new.types:
        places = sides.old.origin("patternProperties"), sides.new.origin("patternProperties")
        answer = walk.questions.whole(sides.old, sides.new)
        lost, gained = list[JsonValue](sorted(before - after)), list[JsonValue](sorted(after - before))
        yield from _facts(answer, {"patternProperties": lost}, {"patternProperties": gained}, *places)


def _facts(
    answer: tuple[bool | None, bool | None],
    before: JsonValue,
    after: JsonValue,
    base: Origin | None,
    revision: Origin | None,
) -> Iterator[Fact]:
    narrowed, widened = answer
    decided = _DECIDED.get((narrowed is True, widened is True))
    if decided is not None:
        rule, effect = decided
        yield Fact(
            rule=rule, effect=effect, before=before, after=after, base=base, revision=revision, facets=("residue",)
        )
    undecided = _OPEN.get((narrowed is None, widened is None))
    if undecided is not None:
        yield Fact(
            rule="schema-undecided",
            effect=undecided,
            before=before,
            after=after,
            base=base,
            revision=revision,
            provable=False,
        )


def _unmatched(walk: SchemaWalk, sides: Sides) -> tuple[list[Residue], list[Residue]]:
    shared = sides.old.types & sides.new.types
    old, new = _bound(sides.old, shared), _bound(sides.new, shared)
    for residue in list(old):
        twin = next((other for other in new if walk.same_residue(residue, other)), None)
        if twin is not None:
            old.remove(residue)
            new.remove(twin)
    return old, new


def _bound(shape: Shape, shared: frozenset[str]) -> list[Residue]:
    return [residue for residue in shape.residue if residue.types & shared]


def _written(residues: list[Residue]) -> JsonValue:
    """The keywords and what they say, as the message and the fingerprint need them."""
    written: dict[str, JsonValue] = {}
    for residue in residues:
        raw = residue.node.value
        assert isinstance(raw, dict)
        written |= {keyword: raw[keyword] for keyword in residue.keywords}
    return written or None
