"""From levels to a version: the SemVer bump a change needs against the one its author declared."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.changes.change import Change, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semver import Version


# 2024-01-01 is a date and no pre-release of 2024.
_SHORT = re.compile(r"[0-9]+(\.[0-9]+)?")


class Bump(enum.StrEnum):
    """How far a version moves. ``LOWERED`` and ``PRERELEASE`` are only ever declared, never required."""

    LOWERED = "lowered"
    NONE = "none"
    PATCH = "patch"
    PRERELEASE = "prerelease"
    MINOR = "minor"
    MAJOR = "major"


_REQUIRED = {
    Level.BREAKING: Bump.MAJOR,
    Level.UNKNOWN: Bump.MAJOR,
    Level.RISKY: Bump.MINOR,
    Level.ADDITIVE: Bump.MINOR,
    Level.DOCS: Bump.PATCH,
}
_ORDER = {bump: rank for rank, bump in enumerate((Bump.LOWERED, Bump.NONE, Bump.PATCH, Bump.MINOR, Bump.MAJOR))}


class Verdict(enum.StrEnum):
    """What a comparison comes to."""

    IDENTICAL = "identical"
    COMPATIBLE = "compatible"
    UNKNOWN = "unknown"
    BREAKING = "breaking"


def verdict_of(changes: Iterable[Change]) -> Verdict:
    """The worst there is: breaking, else unknown, else compatible; identical when nothing changed."""
    levels = {change.level for change in changes}
    if Level.BREAKING in levels:
        return Verdict.BREAKING
    if Level.UNKNOWN in levels:
        return Verdict.UNKNOWN
    return Verdict.COMPATIBLE if levels else Verdict.IDENTICAL


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the declared version carries the changes.

    ``declared`` is None when one side has no version, or one that is not SemVer, and ``sufficient`` then too.
    ``required_version`` is the least version that carries them, None where the base version cannot be read.
    """

    required: Bump
    declared: Bump | None
    required_version: str | None
    sufficient: bool | None


def judge_versions(levels: Iterable[Level], base: str | None, revision: str | None) -> Judgement:
    """Hold the version of a revision against what its changes need (SemVer 2.0.0).

    Below 1.0.0 a breaking change needs a minor (section 4). After a pre-release anything may change (section 9), as
    long as the version goes up.
    """
    required = max((_REQUIRED[level] for level in levels), key=_ORDER.__getitem__, default=Bump.NONE)
    old, new = parse_version(base), parse_version(revision)
    if old is not None and old.major == 0 and required is Bump.MAJOR:
        required = Bump.MINOR
    if old is None or new is None:
        return Judgement(required, None, str(_raised(old, required)) if old else None, None)
    declared = declared_bump(old, new)
    needed = str(_raised(old, required)) if required is not Bump.NONE else str(old)
    if declared is Bump.PRERELEASE:
        return Judgement(required, declared, needed, True)
    return Judgement(required, declared, needed, _ORDER[declared] >= _ORDER[required])


def parse_version(text: str | None) -> Version | None:
    """A SemVer version; a leading ``v`` and missing minor or patch numbers are forgiven. None when it is none."""
    if text is None:
        return None
    from semver import Version

    written = text.strip().removeprefix("v")
    try:
        return Version.parse(written, optional_minor_and_patch=_SHORT.fullmatch(written) is not None)
    except ValueError:
        return None


def declared_bump(old: Version, new: Version) -> Bump:
    """How far ``new`` is from ``old``. A step from one pre-release on is PRERELEASE, build metadata is no step."""
    if new.replace(build=None) == old.replace(build=None):
        return Bump.NONE
    if new < old:
        return Bump.LOWERED
    if old.prerelease:
        return Bump.PRERELEASE
    if new.major != old.major:
        return Bump.MAJOR
    return Bump.MINOR if new.minor != old.minor else Bump.PATCH


def _raised(version: Version, bump: Bump) -> Version:
    if version.prerelease and bump is not Bump.NONE:
        return version.bump_prerelease()
    return {Bump.MAJOR: version.bump_major, Bump.MINOR: version.bump_minor, Bump.PATCH: version.bump_patch}.get(
        bump, lambda: version
    )()
