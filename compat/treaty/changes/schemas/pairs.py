"""A pair: one old and one new schema that answer to each other, compared once wherever they are used."""

from __future__ import annotations

from dataclasses import dataclass, field

from treaty.changes.change import Effect
from treaty.changes.schemas.facts import Fact
from treaty.model.roles import Role
from treaty.model.schema.shape import Conjunction

ALL_EFFECTS = frozenset({Effect.NARROWS, Effect.WIDENS})


@dataclass(slots=True, eq=False)
class Pair:
    """Two conjunctions, what happened at this very place, and the pairs below it.

    ``text`` says that values travel as text (a parameter, a form field). Pairs form a graph with cycles where schemas recurse.
    """

    old: Conjunction
    new: Conjunction
    text: bool
    facts: list[Fact] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Edge:
    """The way from a pair to one below it.

    ``roles`` that do not pass: nothing below a `readOnly` property is read. ``effects`` that do not pass: what narrows one branch of
    a union does not narrow the union when another branch takes the values. ``into_field`` marks the step into a property.
    """

    step: str
    child: Pair
    roles: Role = Role.BOTH
    effects: frozenset[Effect] = ALL_EFFECTS
    into_field: bool = False
