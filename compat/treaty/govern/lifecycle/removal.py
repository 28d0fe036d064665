"""Whether an element may go: the conditions of a removal, each met or not, with what it rests on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.govern.versions import parse_version

if TYPE_CHECKING:
    from treaty.govern.history import Release
    from treaty.govern.policy import LifecyclePolicy
    from treaty.model.lifecycle import Lifecycle


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; ``met`` is None where nobody can tell. ``rule`` names what is broken when it is not met."""

    rule: str
    met: bool | None
    text: str


def removal_conditions(
    lifecycle: Lifecycle,
    *,
    version: str | None,
    released: Release | None,
    policy: LifecyclePolicy,
    today: datetime.date,
    shallow: bool = False,
) -> list[Condition]:
    """What has to hold before an element may be removed.

    ``version`` is the version that removes it (None where documents of that kind declare none), ``released`` the first
    release that marked it deprecated; a ``shallow`` clone may not hold it. An element nobody deprecated has that one
    condition only.
    """
    if not lifecycle.deprecated:
        return [Condition("removal-without-deprecation", False, "it was never marked deprecated")]
    return [
        _released(released, shallow=shallow),
        *_version(lifecycle, version),
        *_sunset(lifecycle, policy, today),
        *_notice(released, policy, today),
    ]


def unmet(conditions: list[Condition]) -> list[Condition]:
    """Those that do not hold; what nobody can tell is not taken for kept."""
    return [each for each in conditions if each.met is not True]


def _released(released: Release | None, *, shallow: bool) -> Condition:
    rule = "removal-without-deprecation"
    if released is not None:
        day = released.when.date().isoformat()
        return Condition(rule, True, f"deprecated since the release {released.name} of {day}")
    if shallow:
        text = "this shallow clone does not hold the releases that could prove its deprecation (git fetch --unshallow)"
        return Condition(rule, None, text)
    return Condition(rule, False, "no released version carries its deprecation yet")


def _version(lifecycle: Lifecycle, version: str | None) -> list[Condition]:
    rule = "removal-before-version"
    if "removed_in" in lifecycle.unreadable:
        return [Condition(rule, False, "its `removed_in` cannot be read")]
    if lifecycle.removed_in is None:
        return []
    wanted, declared = parse_version(lifecycle.removed_in), parse_version(version)
    if wanted is None:
        return [Condition(rule, False, f"its `removed_in`, {lifecycle.removed_in}, is no version")]
    if declared is None:
        return [Condition(rule, None, f"it goes in {lifecycle.removed_in}, and no version is declared")]
    if declared >= wanted:
        return [Condition(rule, True, f"{version} is not before its `removed_in`, {lifecycle.removed_in}")]
    return [Condition(rule, False, f"it was promised to stay until {lifecycle.removed_in}, and this is {version}")]


def _sunset(lifecycle: Lifecycle, policy: LifecyclePolicy, today: datetime.date) -> list[Condition]:
    rule = "removal-before-sunset"
    if "sunset" in lifecycle.unreadable:
        return [Condition(rule, False, "its `sunset` cannot be read")]
    if lifecycle.sunset is None:
        if not policy.sunset_required:
            return []
        return [Condition(rule, False, "it has no `sunset`, and the policy asks for one")]
    left = (lifecycle.sunset - today).days
    if left > 0:
        return [Condition(rule, False, f"its sunset is {lifecycle.sunset}, {days(left)} ahead")]
    return [Condition(rule, True, f"its sunset, {lifecycle.sunset}, has come")]


def _notice(released: Release | None, policy: LifecyclePolicy, today: datetime.date) -> list[Condition]:
    rule = "removal-inside-notice"
    if released is None or not policy.min_notice_days:
        return []
    end = released.when.date() + datetime.timedelta(policy.min_notice_days)
    if end > today:
        text = f"the notice of {days(policy.min_notice_days)} ends on {end}, {days((end - today).days)} ahead"
        return [Condition(rule, False, text)]
    return [Condition(rule, True, f"the notice of {days(policy.min_notice_days)} ended on {end}")]


def days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
