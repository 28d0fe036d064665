"""Contradictions about an object that show before any of it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.search.facts import Fact, Lacks, MemberFails, Members, Needs
from treaty.model.schema.numbers import value_key

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from treaty.documents.location import JsonValue


def no_object(facts: Iterable[Fact], number: Callable[[JsonValue], int]) -> bool:
    """Whether no object can be as ``facts`` say; ``number`` is shared by schemas written alike. False says nothing."""
    needs: dict[str, None] = {}
    lacks: set[str] = set()
    members: list[Members] = []
    failing: list[MemberFails] = []
    for fact in facts:
        match fact:
            case Needs(name):
                needs[name] = None
            case Lacks(name):
                lacks.add(name)
            case Members():
                members.append(fact)
            case MemberFails(name, _):
                needs[name] = None
                failing.append(fact)
    if lacks & needs.keys():
        return True
    for one in failing:
        if any(one.name in other.named and number(other.named[one.name]) == number(one.schema) for other in members):
            return True
    return any(_no_constant(name, members, failing) for name in needs)


def _no_constant(name: str, members: Sequence[Members], failing: Sequence[MemberFails]) -> bool:
    """Whether the constants the property may have leave none."""
    allowed: set[Hashable] | None = None
    for one in members:
        constants = _constants(one.named.get(name))
        if constants is not None:
            allowed = constants if allowed is None else allowed & constants
    if allowed is None:
        return False
    for other in failing:
        constants = _constants(other.schema) if other.name == name else None
        if constants is not None and isinstance(other.schema, dict) and len(other.schema) == 1:
            allowed -= constants
    return not allowed


def _constants(schema: JsonValue) -> set[Hashable] | None:
    if not isinstance(schema, dict):
        return None
    if "const" in schema:
        return {value_key(schema["const"])}
    listed = schema.get("enum")
    return {value_key(value) for value in listed} if isinstance(listed, list) else None
