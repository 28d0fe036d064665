"""The marks of one version: whether they can be read, agree with each other, and still hold."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.validation import violations
from treaty.govern.places import Kind
from treaty.govern.rules import problem
from treaty.govern.versions import parse_version

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from semver import Version

    from treaty.documents.location import JsonValue, Location, Pointer
    from treaty.govern.lifecycle.replacement import Replacements
    from treaty.govern.lifecycle.survey import Survey
    from treaty.govern.outcome import Problem
    from treaty.govern.places import Place
    from treaty.govern.policy import LifecyclePolicy

BLOCKS = ("x-lifecycle", "lifecycle")
_SAYS_DEPRECATED = ("deprecated", "sunset")


class Marked(NamedTuple):
    """A problem and the place it is about."""

    place: Place
    problem: Problem


@cache
def lifecycle_schema() -> dict[str, JsonValue]:
    """The published JSON Schema of a lifecycle block."""
    schema: dict[str, JsonValue] = json.loads(Path(__file__).with_name("lifecycle.schema.json").read_text("utf-8"))
    return schema


def mark_problems(
    survey: Survey, policy: LifecyclePolicy, replacements: Replacements, today: datetime.date
) -> Iterator[Marked]:
    """Everything wrong with the marks of one version, place by place."""
    version = parse_version(survey.version)
    for place in survey.marked:
        found = list(_block(place))
        if not found:
            found = [
                *_agreement(place),
                *_dates(place, policy, today),
                *_versions(place, version),
                *_replacement(place, replacements),
            ]
        yield from (Marked(place, each) for each in found)


def located(place: Place, *tokens: str) -> Location:
    """Where a member of the place's lifecycle block stands, the place itself where it has no such member."""
    held = block_of(place)
    if held is None or place.node is None:
        return place.location
    pointer, block = held
    known = tokens if isinstance(block, dict) and tokens and tokens[0] in block else ()
    return place.node.document.locate((*place.node.pointer, *pointer, *known))


def block_of(place: Place) -> tuple[Pointer, JsonValue] | None:
    """The lifecycle block of a place and the way to it; None where there is none."""
    if place.node is None:
        return None
    if place.kind is Kind.ENUM_VALUE:
        return (), place.node.value
    raw = place.node.value
    if isinstance(raw, dict):
        for name in BLOCKS:
            if name in raw:
                return (name,), raw[name]
    return None


def _block(place: Place) -> Iterator[Problem]:
    held = block_of(place)
    if held is not None and place.node is not None:
        pointer, block = held
        for violation in violations(block, lifecycle_schema()):
            where = place.node.document.locate((*place.node.pointer, *pointer, *violation.pointer))
            name = f"`{violation.pointer[-1]}`: " if violation.pointer else ""
            yield problem("lifecycle-invalid", f"{place.name}: {name}{violation.message}", where, violation.advice)
            return
    lifecycle = place.lifecycle
    for name in lifecycle.unreadable:
        advice = "dates are written YYYY-MM-DD" if name == "sunset" else None
        yield problem("lifecycle-invalid", f"{place.name}: `{name}` cannot be read", located(place, name), advice)
    for name, written in (("deprecated_since", lifecycle.deprecated_since), ("removed_in", lifecycle.removed_in)):
        if written is not None and parse_version(written) is None:
            message = f"{place.name}: `{name}` is {written}, which is no version"
            yield problem("lifecycle-invalid", message, located(place, name))


def _agreement(place: Place) -> Iterator[Problem]:
    lifecycle = place.lifecycle
    raw = place.node.value if place.node is not None and place.kind is not Kind.ENUM_VALUE else None
    flag = raw.get("deprecated") if isinstance(raw, dict) else None
    state = lifecycle.state
    if state == "removed":
        message = f"{place.name} is still there, and its `state` is removed"
    elif state in ("draft", "active") and lifecycle.deprecated:
        message = f"the `state` of {place.name} is {state}, and it is deprecated"
    elif state in _SAYS_DEPRECATED and flag is False:
        message = f"the `state` of {place.name} is {state}, and it says `deprecated: false`"
    else:
        return
    yield problem("lifecycle-contradictory", message, located(place, "state"))


def _dates(place: Place, policy: LifecyclePolicy, today: datetime.date) -> Iterator[Problem]:
    lifecycle = place.lifecycle
    if not lifecycle.deprecated:
        return
    if lifecycle.sunset is None:
        if policy.sunset_required:
            yield problem("sunset-missing", f"{place.name} is deprecated and has no `sunset`", located(place))
    elif lifecycle.sunset <= today:
        yield problem(
            "sunset-passed",
            f"the sunset of {place.name} was {lifecycle.sunset}, and it is still there",
            located(place, "sunset"),
            f'treaty can-remove "{place.name}"',
        )


def _versions(place: Place, version: Version | None) -> Iterator[Problem]:
    lifecycle = place.lifecycle
    since, removed = parse_version(lifecycle.deprecated_since), parse_version(lifecycle.removed_in)
    if since is not None and version is not None and since > version:
        message = f"{place.name} is deprecated since {since}, and the contract is at {version}"
        yield problem("deprecated-since-ahead", message, located(place, "deprecated_since"))
    begun = since or version
    if removed is None:
        return
    if begun is not None and not _later_major(begun, removed):
        message = f"{place.name} is deprecated in {begun} and removed in {removed}"
        yield problem("removed-in-not-later-major", message, located(place, "removed_in"))
    elif version is not None and version >= removed:
        message = f"{place.name} was to be removed in {removed}, and is still there in {version}"
        yield problem("removal-overdue", message, located(place, "removed_in"))


def _later_major(begun: Version, removed: Version) -> bool:
    if begun.major == 0 and removed.major == 0:
        return removed.minor > begun.minor
    return removed.major > begun.major


def _replacement(place: Place, replacements: Replacements) -> Iterator[Problem]:
    reference = place.lifecycle.replaced_by
    if reference is None:
        return
    deprecated = replacements.deprecated(place, reference)
    if deprecated is None:
        message = f"{place.name} is replaced by {reference}, which does not exist"
        yield problem("replacement-missing", message, located(place, "replaced_by"))
    elif deprecated:
        message = f"{place.name} is replaced by {reference}, which is deprecated itself"
        yield problem("replacement-deprecated", message, located(place, "replaced_by"))
