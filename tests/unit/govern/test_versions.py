"""The bump a change needs against the one that was declared."""

from __future__ import annotations

import pytest

from treaty.changes.change import Level
from treaty.govern.versions import Bump, Verdict, judge_versions, parse_version, verdict_of

B, U, R, A, D = Level.BREAKING, Level.UNKNOWN, Level.RISKY, Level.ADDITIVE, Level.DOCS


@pytest.mark.parametrize(
    ("levels", "base", "revision", "required", "declared", "version", "sufficient"),
    [
        ([B], "1.7.0", "1.8.0", "major", "minor", "2.0.0", False),
        ([B], "1.7.0", "2.0.0", "major", "major", "2.0.0", True),
        ([B], "1.7.0", "3.1.0", "major", "major", "2.0.0", True),
        ([U], "1.7.0", "1.8.0", "major", "minor", "2.0.0", False),
        ([A], "1.7.0", "1.7.1", "minor", "patch", "1.8.0", False),
        ([A], "1.7.0", "1.8.0", "minor", "minor", "1.8.0", True),
        ([R, D], "1.7.0", "1.8.0", "minor", "minor", "1.8.0", True),
        ([D], "1.7.0", "1.7.1", "patch", "patch", "1.7.1", True),
        ([D], "1.7.0", "1.7.0", "patch", "none", "1.7.1", False),
        ([], "1.7.0", "1.7.0", "none", "none", "1.7.0", True),
        ([], "1.7.0", "1.8.0", "none", "minor", "1.7.0", True),
        ([A], "1.7.0", "1.6.9", "minor", "lowered", "1.8.0", False),
        ([], "1.7.0", "1.6.9", "none", "lowered", "1.7.0", False),
        # Below 1.0.0 a breaking change needs a minor.
        ([B], "0.3.1", "0.4.0", "minor", "minor", "0.4.0", True),
        ([B], "0.3.1", "0.3.2", "minor", "patch", "0.4.0", False),
        ([B], "0.3.1", "1.0.0", "minor", "major", "0.4.0", True),
        # Before a release anything may change, as long as the version goes up.
        ([B], "2.0.0-rc.1", "2.0.0-rc.2", "major", "prerelease", "2.0.0-rc.2", True),
        ([B], "2.0.0-rc.1", "2.0.0", "major", "prerelease", "2.0.0-rc.2", True),
        ([B], "2.0.0-rc.1", "2.0.0-rc.1", "major", "none", "2.0.0-rc.2", False),
        ([B], "2.0.0", "2.0.0-rc.1", "major", "lowered", "3.0.0", False),
        ([B], "1.9.0", "2.0.0-rc.1", "major", "major", "2.0.0", True),
        # What people write: a leading v, missing numbers, build metadata.
        ([A], "v1.7", "v1.8", "minor", "minor", "1.8.0", True),
        ([A], "1", "1", "minor", "none", "1.1.0", False),
        ([A], "1.7.0+5", "1.7.0+6", "minor", "none", "1.8.0", False),
        # No version, no verdict on it.
        ([B], None, "1.0.0", "major", None, None, None),
        ([B], "1.0.0", None, "major", None, "2.0.0", None),
        ([B], "2024-01-01", "2024-02-01", "major", None, None, None),
    ],
)
def test_the_declared_bump_is_held_against_the_required_one(
    levels: list[Level],
    base: str | None,
    revision: str | None,
    required: str,
    declared: str | None,
    version: str | None,
    sufficient: bool | None,
) -> None:
    judgement = judge_versions(levels, base, revision)

    assert (judgement.required, judgement.declared, judgement.required_version, judgement.sufficient) == (
        Bump(required),
        Bump(declared) if declared else None,
        version,
        sufficient,
    )


@pytest.mark.parametrize("text", ["", "one", "1.2.3.4", "01.2.3", "1.-2.3", "latest"])
def test_what_is_no_version_is_none(text: str) -> None:
    assert parse_version(text) is None


def test_the_verdict_of_no_changes_is_identical() -> None:
    assert verdict_of([]) is Verdict.IDENTICAL
