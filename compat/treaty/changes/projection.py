"""From facts to changes: who feels each fact, how badly, at which sites, told once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.changes.catalogue import Rule, rules
from treaty.changes.change import Change, Effect, Level, Witness
from treaty.changes.levels import level_of
from treaty.changes.schemas.facts import Fact
from treaty.changes.schemas.steps import Way
from treaty.documents.deferred import DeferredLocation
from treaty.model.roles import Role, Standing
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from treaty.changes.collector import Collector, SiteFact, SitePair
    from treaty.changes.schemas.pairs import Edge, Pair
    from treaty.documents.location import JsonValue, Location
    from treaty.model.schema.shape import Conjunction

LISTED_SITES = 25
_PAIRS_TRIED = 8


class State(NamedTuple):
    """A pair as it is reached: in one standing."""

    pair: Pair
    standing: Standing


class Trail(NamedTuple):
    """How a state is reached first: the site, and the edges below it."""

    site: SitePair
    edges: tuple[Edge, ...]

    @property
    def path(self) -> str:
        return "".join(str(edge.step) for edge in self.edges)


class Felt(NamedTuple):
    """One fact as it is felt somewhere: with that level, first along that trail, at these sites (a bit
    set)."""

    fact: Fact
    level: Level
    roles: Role
    trail: Trail | None
    state: State | None
    sites: int
    element: str


@dataclass(frozen=True, slots=True)
class Levels:
    """How the policy reads the catalogue: ``rule`` or ``rule@role`` to a level, or None for "off"."""

    overrides: Mapping[str, Level | None]
    strict: bool = False

    def level(self, rule: Rule, effect: Effect, standing: Standing, *, around: bool) -> Level | None:
        role = standing.role
        for key in (f"{rule.id}@{role}", rule.id):
            if key in self.overrides:
                return self.overrides[key]
        return level_of(rule, effect, role, standing=standing, strict=self.strict, around=around)


_Entry: TypeAlias = tuple[Level, State, Fact]
"""A fact in one state, with the level it has there."""

Prove: TypeAlias = Callable[[Felt], "Witness | bool | None"]
"""Asked about each felt schema fact: a witness, None when there is none to show, False when the fact is refuted."""


class Projection:
    """Carries the facts of one comparison to the sites that feel them."""

    def __init__(self, found: Collector, levels: Levels) -> None:
        self._levels = levels
        self._facts = found.facts
        self._pairs = sorted(found.pairs, key=lambda site: (site.site, site.standing.value))
        self._reached: dict[State, int] = {}
        self._first: dict[State, tuple[State | None, Edge | None, int]] = {}

    def changes(self, prove: Prove) -> tuple[Change, ...]:
        """Every change once, most severe first, then by element; refuted facts are left out."""
        self._spread()
        told: dict[Hashable, Change] = {}
        for felt in self._around():
            change = self._change(
                felt, None, [self._facts_sites[index] for index in _indices(felt.sites)], felt.sites.bit_count()
            )
            told.setdefault(("around", felt.element, change.fingerprint), change)
        for felt, proof in self._inside(prove):
            sites = [self._pairs[index].site for index in _indices(felt.sites)]
            change = self._change(felt, proof if isinstance(proof, Witness) else None, sites, felt.sites.bit_count())
            told.setdefault(change.fingerprint, change)
        return tuple(sorted(told.values(), key=_order))

    # Facts around schemas: the same fact at several sites is told once.

    def _around(self) -> Iterator[Felt]:
        self._facts.sort(key=lambda found: (found.site, found.standing.value))
        self._facts_sites = [found.site for found in self._facts]
        merged: dict[Hashable, list[int]] = {}
        for index, found in enumerate(self._facts):
            merged.setdefault(_cause(found.fact), []).append(index)
        for indices in merged.values():
            felt: list[tuple[Level, int, SiteFact]] = []
            for index in indices:
                found = self._facts[index]
                level = self._level(found.fact, found.standing, around=True)
                if level is not None:
                    felt.append((level, index, found))
            if not felt:
                continue
            worst = max(level.severity for level, _, _ in felt)
            hit = [(level, index, found) for level, index, found in felt if level.severity == worst]
            roles = Role.NONE
            for _, _, found in hit:
                roles |= found.standing.role
            level, _, found = hit[0]
            sites = sum(1 << index for _, index, _ in hit)
            yield Felt(found.fact, level, roles, None, None, sites, found.site)

    # Facts inside schemas: felt wherever their pair is reached.

    def _spread(self) -> None:
        """Find every state, the first trail to it, and the sites that reach it."""
        for index, site in enumerate(self._pairs):
            start = State(site.pair, site.standing)
            self._reached[start] = self._reached.get(start, 0) | 1 << index
            if start not in self._first:
                self._first[start] = (None, None, index)
                self._follow([start], through_unions=False)
        self._follow(list(self._first), through_unions=True)
        waiting = deque(self._reached)
        queued = set(waiting)
        while waiting:
            state = waiting.popleft()
            queued.discard(state)
            sites = self._reached[state]
            for _, following in _onward(state):
                known = self._reached.get(following, 0)
                if known | sites != known:
                    self._reached[following] = known | sites
                    if following not in queued:
                        queued.add(following)
                        waiting.append(following)

    def _follow(self, starts: list[State], *, through_unions: bool) -> None:
        """Note the first trail to every state below ``starts``.

        A way that passes no union is taken before one that does: there a witness meets no other branch.
        """
        waiting = deque(starts)
        while waiting:
            state = waiting.popleft()
            for edge, following in _onward(state):
                if following not in self._first and (through_unions or edge.step.way is not Way.BRANCH):
                    self._first[following] = (state, edge, self._first[state][2])
                    waiting.append(following)

    def _inside(self, prove: Prove) -> Iterator[tuple[Felt, Witness | bool | None]]:
        """Each fact with its proof. A fact refuted at one pair may still hold at another that shares its cause."""
        for candidates in self._causes():
            left = candidates
            for _ in range(_PAIRS_TRIED):
                felt = self._felt(left)
                proof = prove(felt) if felt.fact.effect is not Effect.NONE else None
                if proof is not False:
                    yield felt, proof
                    break
                assert felt.state is not None
                refuted = felt.state.pair
                left = [entry for entry in left if entry[1].pair is not refuted]
                if not left:
                    break
            else:
                yield self._felt(left), None

    def _causes(self) -> list[list[_Entry]]:
        grouped: dict[Hashable, list[_Entry]] = {}
        for state in self._reached:
            for fact in state.pair.facts:
                if state.standing.role not in fact.roles:
                    continue
                level = self._level(fact, state.standing, around=False)
                if level is not None:
                    grouped.setdefault(_cause(fact), []).append((level, state, fact))
        return list(grouped.values())

    def _felt(self, entries: list[_Entry]) -> Felt:
        """The fact where it hurts most, first in order among equals."""
        worst = max(level.severity for level, _, _ in entries)
        hit = [entry for entry in entries if entry[0].severity == worst]
        roles, sites = Role.NONE, 0
        for _, state, _ in hit:
            roles |= state.standing.role
            sites |= self._reached[state]
        level, state, fact = min(hit, key=lambda entry: self._precedence(entry[1]))
        trail = self._trail(state)
        element = f"{trail.site.site} ${trail.path}{fact.at or ''}"
        return Felt(fact, level, roles, trail, state, sites, element)

    def _precedence(self, state: State) -> tuple[int, int, int]:
        return (self._first[state][2], state.standing.value, len(self._trail(state).edges))

    def _trail(self, state: State) -> Trail:
        edges: list[Edge] = []
        at: State = state
        while True:
            previous, edge, index = self._first[at]
            if previous is None or edge is None:
                return Trail(self._pairs[index], tuple(reversed(edges)))
            edges.append(edge)
            at = previous

    def _level(self, fact: Fact, standing: Standing, *, around: bool) -> Level | None:
        return self._levels.level(rules()[fact.rule], fact.effect, standing, around=around)

    def _change(self, felt: Felt, witness: Witness | None, sites: Iterable[str], count: int) -> Change:
        fact = felt.fact
        return Change(
            rule=fact.rule,
            level=felt.level,
            effect=fact.effect,
            role=felt.roles,
            element=felt.element,
            message=message(felt),
            before=fact.before,
            after=fact.after,
            witness=witness,
            base=_location(fact.base or _around(felt.trail, attrgetter("old"))),
            revision=_location(fact.revision or _around(felt.trail, attrgetter("new"))),
            sites=tuple(dict.fromkeys(sites)),
            count=count,
        )


def _around(trail: Trail | None, side: Callable[[Pair], Conjunction]) -> Origin | None:
    """The nearest schema around a place of which one side says nothing."""
    pairs = [trail.site.pair, *(edge.child for edge in trail.edges)] if trail is not None else []
    return next((Origin(side(pair)[0].node, "") for pair in reversed(pairs) if side(pair)), None)


def message(felt: Felt) -> str:
    """The rule's sentence about this very place."""
    path = (felt.trail.path if felt.trail else "") + str(felt.fact.at or "")
    subject = f"`{path.removeprefix('.')}`" if path else "the value"
    fact = felt.fact
    text = rules()[fact.rule].message.format(subject=subject, before=_shown(fact.before), after=_shown(fact.after))
    return text + fact.note


def _shown(value: JsonValue) -> str:
    import json

    if isinstance(value, str):
        return value
    if isinstance(value, dict) and value.keys() == {"default"}:
        value = value["default"]
    if isinstance(value, dict) and value.keys() == {"exclusive"}:
        return f"{value['exclusive']} (exclusive)"
    if value is None:
        return "none"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(str(item) for item in value)
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "..."


def _onward(state: State) -> Iterator[tuple[Edge, State]]:
    for edge in state.pair.edges:
        if state.standing.role not in edge.roles:
            continue
        standing = Standing.FIELD if edge.into_field and state.standing is Standing.ANSWER else state.standing
        yield edge, State(edge.child, standing)


def _cause(fact: Fact) -> Hashable:
    """What makes two facts one: the rule, the place on both sides, and the values."""
    return (fact.rule, _where(fact.base), _where(fact.revision), fact.at, repr(fact.before), repr(fact.after))


def _where(origin: Origin | None) -> Hashable:
    return None if origin is None else (origin.node.document.path, origin.node.pointer, origin.keyword)


def _location(origin: Origin | None) -> Location | None:
    if origin is None:
        return None
    pointer = origin.node.pointer
    raw = origin.node.value
    if origin.keyword and isinstance(raw, dict) and origin.keyword in raw:
        pointer = (*pointer, origin.keyword)
    return DeferredLocation(origin.node.document, pointer)


def _indices(bits: int) -> list[int]:
    """The first sites of a bit set."""
    found: list[int] = []
    while bits and len(found) < LISTED_SITES:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def _order(change: Change) -> tuple[int, str, str, str]:
    return (-change.level.severity, change.element, change.rule, change.fingerprint)
