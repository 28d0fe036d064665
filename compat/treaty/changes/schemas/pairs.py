"""A pair: one old and one new schema that answer to each other, compared once wherever they are used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty.model.roles import Role

if TYPE_CHECKING:
    from treaty.changes.schemas.facts import Fact
    from treaty.changes.schemas.steps import Step
    from treaty.model.schema.shape import Conjunction
    from treaty.model.schema.wire import Wire


@dataclass(slots=True, eq=False)
class Pair:
    """Two conjunctions, what happened at this very place, and the pairs below it.

    ``wire`` is how the values travel. Pairs form a graph with cycles where schemas recurse.
    """

    old: Conjunction
    new: Conjunction
    wire: Wire
    facts: list[Fact] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Edge:
    """The way from a pair to one below it.

    Only ``roles`` pass: nothing below a `readOnly` property is read. ``into_field`` marks the step into a property.
    """

    step: Step
    child: Pair
    roles: Role = Role.BOTH
    into_field: bool = False
