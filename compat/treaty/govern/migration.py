"""From one version to another, told to those who have to move: what is called instead, what to change, by when."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.changes.change import Level
from treaty.govern.lifecycle.survey import Survey
from treaty.govern.places import Kind
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.changes.change import Change
    from treaty.changes.comparison import Side
    from treaty.govern.comparison import Comparison
    from treaty.model.lifecycle import Lifecycle

_VERSION_SEGMENT = re.compile(r"/v\d+(?=/|$)")
_ALIKE = 0.6
_LISTED = 12

# What a rule asks of whoever sends to the contract's owner (the owner reads), and of whoever receives from it.
# `{name}` is the element's own name, `{before}` and `{after}` its values.
_SENDER: tuple[tuple[str, str], ...] = (
    (r"required-property-added|property-became-required", "Send `{name}` always"),
    (r"required-parameter-added|parameter-became-required", "Send the parameter `{name}` always"),
    (r"request-body-became-required|required-request-body-added", "Send a body always"),
    (r"(?:required-)?property-removed|property-forbidden", "Stop sending `{name}`"),
    (r"parameter-removed|removed-before-sunset", "Stop sending the parameter `{name}`; it has no effect any more"),
    (r"parameter-moved", "Send `{name}` in the {after}, not in the {before}"),
    (r"type-.*|null-refused", "Send `{name}` as {after}, not as {before}"),
    (r"enum-value-removed|extensible-enum-value-removed", "Stop sending {before} as `{name}`"),
    (r"enum-introduced|enum-replaced", "Send one of {after} as `{name}`"),
    (r"operation-added", "New: you may call it"),
    (r"(?:property|parameter)-added", "New: you may send `{name}`"),
    (r"media-type-removed", "Send another content type"),
    (r"security-.*", "Authenticate as the new contract asks"),
)
_RECEIVER: tuple[tuple[str, str], ...] = (
    (r"(?:required-)?property-removed|property-became-optional", "Expect `{name}` to be missing"),
    (r"(?:required-)?header-removed|header-became-optional", "Expect the header `{name}` to be missing"),
    (r"type-.*|null-allowed", "Read `{name}` as {after}, where it was {before}"),
    (r"(?:extensible-)?enum-value-added", "Expect {after} as `{name}`"),
    (r"enum-dropped", "Expect any value as `{name}`"),
    (r"success-response-removed|success-response-added", "Expect another status on success"),
    (r"response-.*", "Expect another status"),
    (r"media-type-.*", "Expect another content type"),
    (r"property-added", "New: you may read `{name}`"),
)
_ANYBODY: tuple[tuple[str, str], ...] = (
    (r"(?:deprecated-)?operation-removed", "Call something else: it is gone"),
    (r"path-version-changed", "Call {after} where you called {before}"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: at an element, because of a change; ``must`` when nothing works without it."""

    element: str
    instruction: str
    must: bool
    change: Change


@dataclass(frozen=True, slots=True)
class Moved:
    """An operation and what is called instead; ``by`` says how that is known: same, announced, or nothing."""

    old: str
    new: str | None
    by: str


@dataclass(frozen=True, slots=True)
class FieldMove:
    """A field that is gone and the one that takes its place; ``announced`` in the contract, or only alike."""

    site: str
    old: str
    new: str
    announced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A migration guide; ``deadline`` is what the old version says about its own end."""

    comparison: Comparison
    operations: tuple[Moved, ...]
    fields: tuple[FieldMove, ...]
    steps: tuple[Step, ...]
    deadline: Lifecycle | None
    announced: tuple[tuple[str, Lifecycle], ...]

    @property
    def must(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.must)

    @property
    def may(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.must)


def migration_guide(old: Side, new: Side, comparison: Comparison) -> Guide:
    """The guide from ``old`` to ``new``, from their comparison and from what the old version announced."""
    before, after = Survey(old, comparison.base.version), Survey(new, comparison.revision.version)
    contract = before.contract
    marked = [place for place in before.marked if place.lifecycle.deprecated]
    return Guide(
        comparison=comparison,
        operations=tuple(_operations(before, after)),
        fields=tuple(_fields(comparison.changes, before)),
        steps=tuple(_steps(comparison.changes)),
        deadline=contract.lifecycle if contract is not None and contract.lifecycle.deprecated else None,
        announced=tuple((place.name, place.lifecycle) for place in marked if place is not contract),
    )


def _operations(before: Survey, after: Survey) -> Iterator[Moved]:
    offered = {_plain(place.name): place.name for place in after.places if place.kind in (Kind.OPERATION, Kind.METHOD)}
    by_id = {place.alias: place.name for place in after.places if place.alias is not None}
    for place in before.places:
        if place.kind not in (Kind.OPERATION, Kind.METHOD):
            continue
        announced = place.lifecycle.replaced_by
        same = offered.get(_plain(place.name)) or (by_id.get(place.alias) if place.alias is not None else None)
        if announced in offered.values() and announced != same:
            yield Moved(place.name, announced, "announced")
        elif same is not None:
            yield Moved(place.name, same, "same")
        else:
            yield Moved(place.name, announced, "announced" if announced else "nothing")


def _plain(name: str) -> str:
    """An operation without the major in its path."""
    return _VERSION_SEGMENT.sub("", name, count=1)


def _fields(changes: Iterable[Change], before: Survey) -> Iterator[FieldMove]:
    """Fields that went and fields that came at the same place, where the contract says so or their names are alike."""
    gone: dict[tuple[str, Role], list[Change]] = {}
    come: dict[tuple[str, Role], list[str]] = {}
    for change in changes:
        site, _, name = change.element.rpartition(".")
        if re.search(r"property-removed\Z|property-forbidden\Z|field.*-removed\Z", change.rule):
            gone.setdefault((site, change.role), []).append(change)
        elif re.search(r"property-added\Z|property-allowed\Z|field.*-added\Z", change.rule):
            come.setdefault((site, change.role), []).append(name)
    for (site, role), removed in gone.items():
        added = [name for (where, who), names in come.items() if where == site and who & role for name in names]
        for change in removed:
            name = change.element.rpartition(".")[2]
            place = next((each for _, each in before.removed(change) if each is not None), None)
            announced = place.lifecycle.replaced_by if place is not None else None
            if announced in added and announced is not None:
                yield FieldMove(site, name, announced, announced=True)
            else:
                alike = difflib.get_close_matches(name, added, n=1, cutoff=_ALIKE)
                if alike:
                    yield FieldMove(site, name, alike[0], announced=False)


def _steps(changes: Iterable[Change]) -> Iterator[Step]:
    for change in changes:
        if change.level is Level.DOCS:
            continue
        instruction = instruction_for(change)
        must = change.level in (Level.BREAKING, Level.UNKNOWN)
        if instruction is not None:
            yield Step(change.element, instruction, must, change)
        elif must:
            yield Step(change.element, f"Adapt to this: {change.message}", must, change)


def instruction_for(change: Change) -> str | None:
    """What a change asks of the other side, in a sentence without its full stop; None where no rule says."""
    tables = [_ANYBODY]
    if Role.READS in change.role:
        tables.append(_SENDER)
    if Role.WRITES in change.role:
        tables.append(_RECEIVER)
    for table in tables:
        for pattern, sentence in table:
            if re.fullmatch(pattern, change.rule):
                return sentence.format(
                    name=_name(change.element), before=_shown(change.before), after=_shown(change.after)
                )
    return None


def _name(element: str) -> str:
    """The last part of an element's name: the property, parameter or header it ends in."""
    site, _, path = element.partition(" $")
    return path.rpartition(".")[2] or site.rpartition(" ")[2]


def _shown(value: object) -> str:
    if isinstance(value, list):
        listed = [f"`{each}`" for each in value[:_LISTED]]
        more = f" and {len(value) - _LISTED} more" if len(value) > _LISTED else ""
        return f"{', '.join(listed)}{more}"
    if isinstance(value, dict) and set(value) == {"default"}:
        return f"`{value['default']}`"
    return f"`{value}`" if value is not None else "before"
