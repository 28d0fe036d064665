"""Proving that one schema accepts everything another accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from treaty.changes.proof import canonical
from treaty.changes.proof.atoms import enriched
from treaty.changes.proof.drafts import JsonSchema
from treaty.changes.proof.induction import by_induction
from treaty.changes.proof.pairing import PREFIX, Pairing, key

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

Ask = Callable[[JsonSchema, JsonSchema], "bool | None"]
"""Whether the first schema covers the second, as far as the canonical form tells."""

_MOST_PIECES = 64
# What one question to the canonical form counts for in the steps of a search.
_STEPS = 200


def contained(pairing: Pairing, spend: Callable[[int], None]) -> bool | None:
    """Whether the second side of ``pairing`` accepts all that the first accepts; None when neither was proven.

    False is only a strong hint: it takes a witness to say no. ``spend`` counts steps and raises when there are no more;
    what cannot be asked at all raises Undecidable.
    """
    if pairing.sides[1].root is True or pairing.sides[0].root is False:
        return True
    spelled = enriched(pairing)
    old, new = spelled.sides

    def ask(wide: JsonSchema, narrow: JsonSchema) -> bool | None:
        spend(_STEPS)
        return canonical.covers(
            wide, narrow, spelled.definitions, literal_integers=old.literal_integers and new.literal_integers
        )

    answer = ask(new.root, old.root)
    if answer is not None:
        return answer
    if spelled.definitions and by_induction(new.root, old.root, spelled.definitions, ask):
        return True
    return True if _piecewise(new.root, old.root, spelled.definitions, ask) else None


def _piecewise(new: JsonSchema, old: JsonSchema, definitions: dict[str, JsonSchema], ask: Ask) -> bool:
    """Whether each part of the conjunction ``new`` covers ``old`` or a part of it, should the whole be too large."""
    wanted = list(_conjuncts(new, definitions))
    given = list(_conjuncts(old, definitions))
    if len(wanted) + len(given) > 2 * _MOST_PIECES:
        return False
    keys = {key(part, {}) for part in given}
    left = [part for part in wanted if key(part, {}) not in keys]
    return all(
        any(ask(part, source) or _reversed(part, source, ask) for source in (old, *given))
        or _covered_by_cases(part, given, ask)
        for part in left
    )


def _reversed(part: JsonSchema, source: JsonSchema, ask: Ask) -> bool:
    """Whether ``part`` covers ``source`` because it is the refusal of something less."""
    if isinstance(part, dict) and isinstance(source, dict) and part.keys() == source.keys() == {"not"}:
        less, more = part["not"], source["not"]
        return isinstance(less, dict | bool) and isinstance(more, dict | bool) and ask(more, less) is True
    return False


def _covered_by_cases(part: JsonSchema, given: list[JsonSchema], ask: Ask) -> bool:
    """Whether ``part`` covers each branch of one of the alternatives in ``given``."""
    for source in given:
        branches = source.get("anyOf") if isinstance(source, dict) else None
        if isinstance(branches, list) and len(branches) <= _MOST_PIECES:
            rest: list[JsonValue] = [other for other in given if other is not source]
            if all(ask(part, {"allOf": [branch, *rest]}) for branch in branches):
                return True
    return False


def _conjuncts(schema: JsonSchema, definitions: dict[str, JsonSchema]) -> Iterator[JsonSchema]:
    """Schemas that hold together exactly when ``schema`` holds.

    What evaluates properties for a neighbour stays with it.
    """
    waiting: list[JsonValue] = [schema]
    while waiting:
        node = waiting.pop(0)
        if not isinstance(node, dict):
            if isinstance(node, bool):
                yield node
            continue
        if node.keys() & {"unevaluatedProperties", "unevaluatedItems"}:
            yield node
            continue
        rest = {keyword: value for keyword, value in node.items() if keyword not in ("allOf", "$ref")}
        if rest:
            yield rest
        target = node.get("$ref")
        if isinstance(target, str):
            waiting.append(definitions[target.removeprefix(PREFIX)])
        members = node.get("allOf")
        waiting.extend(members if isinstance(members, list) else ())
