"""Proving that one schema accepts everything another accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from treaty.changes.proof import canonical
from treaty.changes.proof.answers import Undecidable
from treaty.changes.proof.atoms import enriched
from treaty.changes.proof.drafts import JsonSchema
from treaty.changes.proof.induction import by_induction
from treaty.changes.proof.pairing import PREFIX, Pairing, key

if TYPE_CHECKING:
    from treaty.changes.proof.meter import Spend
    from treaty.changes.proof.survey import Survey
    from treaty.documents.location import JsonValue

Ask = Callable[[JsonSchema, JsonSchema], "bool | None"]
"""Whether the first schema covers the second, as far as the canonical form tells."""

_MOST_PIECES = 64
_MANY_BRANCHES = 4
# What one question to the canonical form counts for in the steps of a search.
_STEPS = 100


def contained(pairing: Pairing, surveys: Sequence[Survey], spend: Spend) -> bool | None:
    """Whether the second side of ``pairing`` accepts all that the first accepts; None when neither was proven.

    ``surveys`` are of its sides. False is only a strong hint: it takes a witness to say no. ``spend`` counts steps and
    raises when there are no more; what cannot be asked at all raises Undecidable.
    """
    if pairing.sides[1].root is True or pairing.sides[0].root is False:
        return True
    try:
        spelled = enriched(pairing, surveys)
    except Undecidable:
        if pairing.same():
            return True
        raise
    old, new = (side.root for side in spelled.sides)
    literal = all(side.literal_integers for side in spelled.sides)
    heavy = any(survey.heavy for survey in surveys)

    def ask(wide: JsonSchema, narrow: JsonSchema) -> bool | None:
        spend(_STEPS)
        if heavy and canonical.too_large(wide, narrow, spelled.definitions):
            return None
        return canonical.covers(wide, narrow, spelled.definitions, literal_integers=literal)

    if heavy and _branch_by_branch(new, old, ask):
        return True
    answer = ask(new, old)
    if answer is not None:
        return answer
    if pairing.same():
        return True
    unevaluated = any(survey.unevaluated for survey in surveys)
    if spelled.definitions and not unevaluated and by_induction(new, old, spelled.definitions, ask):
        return True
    return True if _piecewise(new, old, spelled.definitions, ask) else None


def _branch_by_branch(new: JsonSchema, old: JsonSchema, ask: Ask) -> bool:
    """Whether every branch of the large union ``old`` is covered by one branch of the union ``new``."""
    if not isinstance(new, dict) or not isinstance(old, dict):
        return False
    narrow, wide = old.get("anyOf"), new.get("anyOf")
    if not isinstance(narrow, list) or not isinstance(wide, list) or len(narrow) < _MANY_BRANCHES:
        return False
    mine, theirs = ({word: said for word, said in side.items() if word != "anyOf"} for side in (new, old))
    if mine and (key(mine) != key(theirs) or mine.keys() & {"unevaluatedItems", "unevaluatedProperties"}):
        return False
    for at, branch in enumerate(narrow):
        # Branches mostly keep their place.
        if not any(_same_or_wider(other, branch, ask) for other in (*wide[at : at + 1], *wide[:at], *wide[at + 1 :])):
            return False
    return True


def _same_or_wider(wide: JsonValue, narrow: JsonValue, ask: Ask) -> bool:
    if not isinstance(wide, dict | bool) or not isinstance(narrow, dict | bool):
        return False
    return key(wide) == key(narrow) or ask(wide, narrow) is True


def _piecewise(new: JsonSchema, old: JsonSchema, definitions: dict[str, JsonSchema], ask: Ask) -> bool:
    """Whether each part of the conjunction ``new`` covers ``old`` or a part of it, should the whole be too large."""
    wanted = list(_conjuncts(new, definitions))
    given = list(_conjuncts(old, definitions))
    if len(wanted) + len(given) > 2 * _MOST_PIECES:
        return False
    if len(wanted) == len(given) == 1:
        return _reversed(wanted[0], given[0], ask)  # the whole was asked about already
    keys = {key(part) for part in given}
    left = [(at, part) for at, part in enumerate(wanted) if key(part) not in keys]
    return all(
        # Parts mostly keep their place.
        any(ask(part, source) or _reversed(part, source, ask) for source in (*given[at : at + 1], old, *given))
        or _covered_by_cases(part, given, ask)
        for at, part in left
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
