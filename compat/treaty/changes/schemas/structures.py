"""Facts about objects and arrays, and the pairs of schemas inside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.change import Effect
from treaty.changes.schemas.facts import Fact
from treaty.changes.schemas.renames import renames
from treaty.changes.schemas.steps import (
    ANY_PROPERTY,
    CONTENT,
    ITEM,
    Step,
    index_step,
    pattern_step,
    property_step,
)
from treaty.documents.location import JsonValue
from treaty.model.roles import Role
from treaty.model.schema.shape import Conjunction, Objects, Origin
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treaty.changes.schemas.pairs import Pair
    from treaty.changes.schemas.scalars import Sides
    from treaty.model.schema.space import SchemaSpace


class Inside(NamedTuple):
    """Two conjunctions below a pair that must be compared too."""

    step: Step
    old: Conjunction
    new: Conjunction
    roles: Role = Role.BOTH
    into_field: bool = False


class Spaces(NamedTuple):
    """Both sides' schemas, and how to ask whether two conjunctions are written the same."""

    old: SchemaSpace
    new: SchemaSpace
    same: Callable[[Conjunction, Conjunction], bool]


def object_facts(sides: Sides, spaces: Spaces, *, strict: bool) -> Iterator[Fact | Inside]:
    """Properties, what is required of them, and what else an object may carry."""
    if "object" not in sides.old.types & sides.new.types:
        return
    old, new = sides.old.objects, sides.new.objects
    twins = renames(old, new, spaces.same)
    for name in old.properties | new.properties:
        was, now = old.properties.get(name), new.properties.get(name)
        if was is not None and now is not None:
            if spaces.same(was, now):
                continue
            before, after = hidden_from(spaces.old, was), hidden_from(spaces.new, now)
            yield from _visibility(name, was, now, before, after)
            if name in old.required and name in new.required:
                yield from _newly_demanded(name, was, now, before, after)
            yield Inside(property_step(name), was, now, Role.BOTH & ~(before | after), into_field=True)
        elif now is not None:
            note = f" in place of `{twins[name]}`" if name in twins else ""
            yield from _noted(note, _added(sides, spaces, name, now, strict=strict))
        elif was is not None:
            note = f", and `{twins[name]}` came in its place" if name in twins else ""
            yield from _noted(note, _removed(sides, spaces, name, was))
    yield from _required(sides, spaces)
    yield from _openness(sides, spaces)
    yield from _dependent(sides)
    for pattern in old.patterns.keys() & new.patterns.keys():
        yield Inside(pattern_step(pattern), old.patterns[pattern], new.patterns[pattern], into_field=True)


def _noted(note: str, found: Iterator[Fact | Inside]) -> Iterator[Fact | Inside]:
    for each in found:
        yield replace(each, note=note) if note and isinstance(each, Fact) else each


def hidden_from(space: SchemaSpace, property_schema: Conjunction) -> Role:
    """The roles that never see a property: a `readOnly` one is not read, a `writeOnly` one not written."""
    hidden = Role.NONE
    for part in space.written(property_schema):
        raw = part.node.value
        if isinstance(raw, dict):
            if raw.get("readOnly") is True:
                hidden |= Role.READS
            if raw.get("writeOnly") is True:
                hidden |= Role.WRITES
    return hidden


def _place(conjunction: Conjunction) -> Origin:
    return Origin(conjunction[0].node, "")


def _visibility(name: str, was: Conjunction, now: Conjunction, before: Role, after: Role) -> Iterator[Fact]:
    for role, rule in ((Role.READS, "read-only"), (Role.WRITES, "write-only")):
        if role in after and role not in before:
            rule, effect = f"property-became-{rule}", Effect.NONE
        elif role in before and role not in after:
            rule, effect = f"property-no-longer-{rule}", Effect.NONE
        else:
            continue
        yield Fact(rule=rule, effect=effect, at=property_step(name), base=_place(was), revision=_place(now))


def _added(sides: Sides, spaces: Spaces, name: str, now: Conjunction, *, strict: bool) -> Iterator[Fact | Inside]:
    old, new = sides.old.objects, sides.new.objects
    roles = Role.BOTH & ~hidden_from(spaces.new, now)
    place = Fact(
        rule="property-added",
        effect=Effect.NONE,
        at=property_step(name),
        base=sides.old.origin("properties"),
        revision=_place(now),
        facets=("properties",),
    )
    if name in new.required and name not in old.required:
        default = _default(spaces.new, now)
        yield replace(
            place,
            rule="required-property-added",
            effect=Effect.NARROWS,
            after=default,
            facets=("required",),
            roles=roles,
        )
        if old.closed:
            yield replace(place, rule="property-allowed", effect=Effect.WIDENS, roles=roles)
        return
    if old.closed:
        yield replace(place, rule="property-allowed", effect=Effect.WIDENS, roles=roles)
        return
    allowed = _constraint(old, spaces.old)
    if allowed is not None:
        yield Inside(property_step(name), allowed, now, roles, into_field=True)
    elif strict and not spaces.new.accepts_everything(now):
        yield replace(place, effect=Effect.NARROWS)
        return
    yield place


def _removed(sides: Sides, spaces: Spaces, name: str, was: Conjunction) -> Iterator[Fact | Inside]:
    old, new = sides.old.objects, sides.new.objects
    hidden = hidden_from(spaces.old, was)
    roles = Role.BOTH & ~hidden
    place = Fact(
        rule="property-removed",
        effect=Effect.WIDENS,
        at=property_step(name),
        base=_place(was),
        revision=sides.new.origin("properties"),
        facets=("properties",),
        roles=roles,
        provable=False,
    )
    missed = name in old.required and name not in new.required
    if missed:
        # A closed object refuses it where it is read, which the next rule says.
        told = roles & Role.WRITES if new.closed else roles
        yield replace(place, rule="required-property-removed", facets=("required",), roles=told, provable=True)
    if new.closed:
        facets = ("additionalProperties",)
        yield replace(place, rule="property-forbidden", effect=Effect.NARROWS, facets=facets, provable=True)
    if missed or new.closed:
        return
    yield place
    left = _constraint(new, spaces.new)
    if left is not None:
        yield Inside(property_step(name), was, left, roles, into_field=True)


def _required(sides: Sides, spaces: Spaces) -> Iterator[Fact]:
    old, new = sides.old.objects, sides.new.objects
    for name in new.required.keys() - old.required.keys():
        now, was = new.properties.get(name), old.properties.get(name)
        if now is not None and was is None:
            continue  # told as an added property
        hidden = hidden_from(spaces.new, now) if now is not None else Role.NONE
        yield Fact(
            rule="property-became-required",
            effect=Effect.NARROWS,
            at=property_step(name),
            after=_default(spaces.new, now) if now is not None else None,
            base=_place(was) if was is not None else sides.old.origin("required"),
            revision=_place(now) if now is not None else new.required[name],
            facets=("required",),
            roles=Role.BOTH & ~hidden,
        )
    for name in old.required.keys() - new.required.keys():
        now, was = new.properties.get(name), old.properties.get(name)
        if was is not None and now is None:
            continue  # told as a removed property
        hidden = hidden_from(spaces.old, was) if was is not None else Role.NONE
        yield Fact(
            rule="property-became-optional",
            effect=Effect.WIDENS,
            at=property_step(name),
            base=_place(was) if was is not None else old.required[name],
            revision=_place(now) if now is not None else sides.new.origin("required"),
            facets=("required",),
            roles=Role.BOTH & ~hidden,
        )


def _newly_demanded(name: str, was: Conjunction, now: Conjunction, before: Role, after: Role) -> Iterator[Fact]:
    """A required property that was hidden on one side only: requests begin, or cease, to need a `readOnly` one."""
    for rule, effect, roles in (
        ("property-became-required", Effect.NARROWS, before & ~after),
        ("property-became-optional", Effect.WIDENS, after & ~before),
    ):
        if roles:
            step = property_step(name)
            yield Fact(rule=rule, effect=effect, at=step, base=_place(was), revision=_place(now), roles=roles)


def _default(space: SchemaSpace, conjunction: Conjunction) -> JsonValue:
    """The default that a reader may fill in, as ``{"default": value}``; None where there is none."""
    for part in space.written(conjunction):
        raw = part.node.value
        if isinstance(raw, dict) and "default" in raw:
            return {"default": raw["default"]}
    return None


def _openness(sides: Sides, spaces: Spaces) -> Iterator[Fact | Inside]:
    old, new = sides.old.objects, sides.new.objects
    if old.closed and new.closed:
        return
    facet = "additionalProperties"
    if new.closed:
        yield sides.fact("additional-properties-closed", Effect.NARROWS, facet, _openness_shown(old, spaces.old), False)
    elif old.closed:
        yield sides.fact("additional-properties-opened", Effect.WIDENS, facet, False, _openness_shown(new, spaces.new))
    else:
        was, now = _constraint(old, spaces.old), _constraint(new, spaces.new)
        if was and now:
            yield Inside(ANY_PROPERTY, was, now, into_field=True)
        elif now:
            yield sides.fact(
                "additional-properties-restricted", Effect.NARROWS, facet, True, _openness_shown(new, spaces.new)
            )
        elif was:
            yield sides.fact(
                "additional-properties-freed", Effect.WIDENS, facet, _openness_shown(old, spaces.old), True
            )


def _constraint(objects: Objects, space: SchemaSpace) -> Conjunction | None:
    additional = objects.additional
    return None if additional is None or space.accepts_everything(additional) else additional


def _openness_shown(objects: Objects, space: SchemaSpace) -> JsonValue:
    return True if _constraint(objects, space) is None else "a schema"


def _dependent(sides: Sides) -> Iterator[Fact]:
    before, after = sides.old.objects.dependent_required, sides.new.objects.dependent_required
    for name in before | after:
        was, now = before.get(name, frozenset()), after.get(name, frozenset())
        for rule, effect, names in (
            ("dependent-required-added", Effect.NARROWS, now - was),
            ("dependent-required-removed", Effect.WIDENS, was - now),
        ):
            if names:
                yield Fact(
                    rule=rule,
                    effect=effect,
                    at=property_step(name),
                    before=list[JsonValue](sorted(was)) or None,
                    after=list[JsonValue](sorted(now)) or None,
                    base=sides.old.origin("dependentRequired"),
                    revision=sides.new.origin("dependentRequired"),
                    facets=("dependentRequired",),
                )


def array_insides(sides: Sides) -> Iterator[Inside]:
    """The items of both sides, position by position where one of them is a tuple."""
    if "array" not in sides.old.types & sides.new.types:
        return
    old, new = sides.old.arrays, sides.new.arrays
    for index in range(max(len(old.prefix), len(new.prefix))):
        yield Inside(index_step(index), old.at(index), new.at(index), into_field=True)
    if old.items is not None or new.items is not None:
        yield Inside(ITEM, old.items or (), new.items or ())


def listed_alone(pair: Pair, sides: Sides) -> Iterator[Inside]:
    """In text a value alone is a list of one: compare the value with the items of the list it became, or was."""
    if sides.wire is not Wire.TEXT:
        return
    before, after = "array" in sides.old.types, "array" in sides.new.types
    if before and not after:
        yield Inside(ITEM, sides.old.arrays.items or (), pair.new)
    elif after and not before:
        yield Inside(ITEM, pair.old, sides.new.arrays.items or ())


def string_insides(sides: Sides) -> Iterator[Inside]:
    """The decoded content of a string with a `contentSchema`."""
    old, new = sides.old.strings.content, sides.new.strings.content
    if old is not None or new is not None:
        yield Inside(CONTENT, old or (), new or ())
