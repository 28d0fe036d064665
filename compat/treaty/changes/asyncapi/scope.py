"""What every part of an AsyncAPI comparison works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.collector import Collector
from treaty.changes.schemas.engine import Engine
from treaty.changes.schemas.facts import Fact
from treaty.documents.node import Node
from treaty.model.asyncapi.nodes import Action
from treaty.model.asyncapi.schema_formats import ASYNCAPI, Language
from treaty.model.schema.shape import Conjunction, Origin, Part
from treaty.model.schema.space import SchemaSpace
from treaty.model.schema.validity import Validity
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from treaty.changes.change import Change, Effect
    from treaty.changes.comparison import Settings
    from treaty.changes.identity import Sameness
    from treaty.documents.location import JsonValue
    from treaty.model.asyncapi.contract import AsyncApiContract
    from treaty.model.roles import Role, Standing
    from treaty.model.schema.dialects import Dialect


class ForeignPair(NamedTuple):
    """Two schemas in another language than JSON Schema, in use at ``site`` by ``roles``."""

    site: str
    roles: Role
    language: Language
    old: Node
    new: Node


class ForeignSchema(NamedTuple):
    """A schema in another language than JSON Schema that is only read, for there is nothing to compare it with."""

    language: Language
    node: Node


class _Course(NamedTuple):
    """The engine for one pair of dialects, and what its walk has found."""

    engine: Engine
    found: Collector


@dataclass(slots=True)
class Scope:
    """The two contracts, the engines over their schemas, and where findings go."""

    old: AsyncApiContract
    new: AsyncApiContract
    settings: Settings
    foreign: list[ForeignPair] = field(default_factory=list)
    arrived: list[ForeignSchema] = field(default_factory=list)
    _validity: tuple[Validity, Validity] = field(init=False)
    _made: list[Node] = field(default_factory=list)
    _spaces: dict[tuple[bool, Dialect], SchemaSpace] = field(default_factory=dict)
    _courses: dict[tuple[Dialect, Dialect], _Course] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._validity = Validity(self.old.library), Validity(self.new.library)

    @property
    def strict(self) -> bool:
        return self.settings.strict is True

    @property
    def sameness(self) -> Sameness:
        return self._course(ASYNCAPI, ASYNCAPI).engine.sameness

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
        self._course(ASYNCAPI, ASYNCAPI).found.fact(site, standing, fact)

    def schemas(
        self,
        site: str,
        standings: tuple[Standing, ...],
        old: Node | None,
        new: Node | None,
        *,
        dialects: tuple[Dialect, Dialect] = (ASYNCAPI, ASYNCAPI),
        wire: Wire = Wire.JSON,
    ) -> None:
        """Compare two JSON Schemas in use at ``site``; None is no schema at all.

        Raises InvalidContract for one its dialect does not allow, where the two are not the same.
        """
        engine, found = self._course(*dialects)
        pair = engine.walk.pair(_conjunction(old), _conjunction(new), wire=wire)
        if pair is None:
            return
        for validity, node, dialect in zip(self._validity, (old, new), dialects, strict=True):
            if node is not None:
                validity.check(node, dialect)
        for standing in standings:
            found.pair(site, standing, pair)

    def check(self, schema: Node, dialect: Dialect) -> None:
        """Raises InvalidContract for a new JSON Schema that its dialect does not allow."""
        self._validity[1].check(schema, dialect)

    def standings(self, action: Action) -> tuple[Standing, ...]:
        """How messages of ``action`` stand, and as the mode of the contract asks besides."""
        asked = self.roles(action)
        return tuple(each.standing for each in Action if each.role in asked)

    def roles(self, action: Action) -> Role:
        """The role of ``action``, and those the mode of the contract asks about whoever acts."""
        return action.role | self.settings.mode_roles

    def kept(self, node: Node) -> Node:
        """``node``, whose value was made here: schemas are remembered by identity, so it must live on."""
        self._made.append(node)
        return node

    def changes(self) -> list[Change]:
        """Everything told by facts and by schemas in JSON Schema."""
        return [change for engine, found in self._courses.values() for change in engine.changes(found)]

    def _course(self, old: Dialect, new: Dialect) -> _Course:
        course = self._courses.get((old, new))
        if course is None:
            spaces = self._space(old, new=False), self._space(new, new=True)
            course = _Course(Engine.of(*spaces, self.settings, strict=self.strict), Collector())
            self._courses[old, new] = course
        return course

    def _space(self, dialect: Dialect, *, new: bool) -> SchemaSpace:
        library = (self.new if new else self.old).library
        return self._spaces.setdefault((new, dialect), SchemaSpace(library, dialect))


def _conjunction(node: Node | None) -> Conjunction:
    return (Part(node),) if node is not None else ()


def _origin(place: Node | Origin | None) -> Origin | None:
    return Origin(place, "") if isinstance(place, Node) else place
