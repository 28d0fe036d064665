"""From one version to the next: promises that were moved, and deprecations that begin."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from treaty.govern.lifecycle.marks import located
from treaty.govern.lifecycle.removal import days
from treaty.govern.rules import problem
from treaty.govern.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.lifecycle.survey import Survey
    from treaty.govern.outcome import Problem
    from treaty.govern.places import Place
    from treaty.govern.policy import LifecyclePolicy


def transition_problems(old: Survey, new: Survey, policy: LifecyclePolicy, today: datetime.date) -> Iterator[Problem]:
    """What a change does to promises that were made, and whether new ones keep the policy's notice."""
    for place in new.marked:
        if not place.lifecycle.deprecated:
            continue
        before = old.like(place)
        if before is not None and before.lifecycle.deprecated:
            yield from _moved(before, place)
        else:
            yield from _begun(place, before, old.version, policy, today)


def _moved(before: Place, after: Place) -> Iterator[Problem]:
    was, now = before.lifecycle, after.lifecycle
    if was.sunset is not None and now.sunset is not None and now.sunset < was.sunset:
        yield problem(
            "sunset-moved-earlier",
            f"the sunset of {after.name} was {was.sunset} and is now {now.sunset}",
            located(after, "sunset"),
            f"keep {was.sunset}, or choose a later day",
        )
    planned, moved = parse_version(was.removed_in), parse_version(now.removed_in)
    if planned is not None and moved is not None and moved < planned:
        yield problem(
            "removal-version-moved-earlier",
            f"{after.name} was to stay until {planned} and is now to go in {moved}",
            located(after, "removed_in"),
            f"keep {planned}, or name a later major",
        )


def _begun(
    place: Place, before: Place | None, base_version: str | None, policy: LifecyclePolicy, today: datetime.date
) -> Iterator[Problem]:
    lifecycle = place.lifecycle
    since, base = parse_version(lifecycle.deprecated_since), parse_version(base_version)
    if before is not None and since is not None and base is not None and since <= base:
        yield problem(
            "deprecated-since-backdated",
            f"{place.name} says it is deprecated since {since}, and {base} does not say so",
            located(place, "deprecated_since"),
            "name the version that this change declares",
        )
    earliest = today + datetime.timedelta(policy.min_notice_days)
    if lifecycle.sunset is not None and lifecycle.sunset < earliest:
        ahead = (lifecycle.sunset - today).days
        how = f"only {days(ahead)} ahead" if ahead >= 0 else "in the past"
        promised = days(policy.min_notice_days)
        yield problem(
            "notice-too-short",
            f"the sunset of {place.name}, {lifecycle.sunset}, is {how}; the policy promises {promised}",
            located(place, "sunset"),
            f"the earliest sunset from today is {earliest}",
        )
