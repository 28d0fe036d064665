"""What every part of an OpenAPI comparison works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty.changes.collector import Collector
from treaty.changes.schemas.facts import Fact
from treaty.documents.library import Node
from treaty.model.roles import Standing
from treaty.model.schema.shape import Conjunction, Origin, Part
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from treaty.changes.change import Effect
    from treaty.changes.comparison import Settings
    from treaty.changes.identity import Sameness
    from treaty.changes.schemas.walk import SchemaWalk
    from treaty.documents.location import JsonValue
    from treaty.model.openapi.contract import OpenApiContract
    from treaty.model.openapi.serialisation import Carrier


@dataclass(slots=True)
class Scope:
    """The two contracts, the walk over their schemas, and where findings go."""

    old: OpenApiContract
    new: OpenApiContract
    walk: SchemaWalk
    sameness: Sameness
    settings: Settings
    found: Collector = field(default_factory=Collector)

    def fact(
        self,
        site: str,
        standing: Standing,
        rule: str,
        effect: Effect,
        old: Node | Origin | None,
        new: Node | Origin | None,
        before: JsonValue = None,
        after: JsonValue = None,
    ) -> None:
        """Record one fact at ``site``; a Node stands for the place itself, an Origin for one of its keywords."""
        fact = Fact(rule=rule, effect=effect, before=before, after=after, base=_origin(old), revision=_origin(new))
        self.found.fact(site, standing, fact)

    def schemas(
        self,
        site: str,
        standing: Standing,
        old: Conjunction,
        new: Conjunction,
        *,
        wire: Wire = Wire.JSON,
        carrier: Carrier | None = None,
    ) -> None:
        """Compare two schemas in use at ``site``, whose values ``carrier`` carries where they are no body."""
        write = carrier.write if carrier is not None else None
        self.found.pair(site, standing, self.walk.pair(old, new, wire=wire), write)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Who asks and who answers: the standing of what is sent to the operation and of what comes back."""

    asked: Standing
    answered: Standing

    def flipped(self) -> Exchange:
        """The exchange of a callback or webhook, which the owner of the contract calls."""
        return DELIVERED if self is CALLED else CALLED


CALLED = Exchange(Standing.REQUEST, Standing.ANSWER)
DELIVERED = Exchange(Standing.DELIVERY, Standing.REQUEST)


def schema_at(owner: Node, name: str = "schema") -> Conjunction:
    """The schema member of an object, the empty conjunction where there is none."""
    raw = owner.value
    return (Part(owner.child(name)),) if isinstance(raw, dict) and isinstance(raw.get(name), dict | bool) else ()


def _origin(place: Node | Origin | None) -> Origin | None:
    return Origin(place, "") if isinstance(place, Node) else place
