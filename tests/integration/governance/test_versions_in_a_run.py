"""What a run says about versions, majors and unannounced removals, and what the history of them becomes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from tests.integration.governance.scratch import Scratch

from treaty.cli.program import program

if TYPE_CHECKING:
    from pathlib import Path

API = "api/v1/openapi.yaml"
NEXT = "api/v2/openapi.yaml"
INSIDE = 'contracts: {api: {path: "api.yaml"}}\nversioning: {major: in-place}\n'
DATED = "deprecated: true, x-lifecycle: {deprecated_since: 1.0.0, removed_in: 3.0.0, sunset: 2026-02-01}, "


def contract(version: str, *operations: str, prefix: str = "v1", marks: str = "") -> str:
    text = f"openapi: 3.1.0\ninfo: {{title: Bets, version: {version}}}\npaths:\n"
    for name in operations:
        mark = marks if name == "old" else ""
        text += (
            f'  /{prefix}/{name}: {{get: {{operationId: {name}, {mark}responses: {{"200": {{description: ok}}}}}}}}\n'
        )
    return text


def told(scratch: Scratch) -> dict[str, str]:
    run = scratch.check()
    return {each.rule: each.severity.value for outcome in run.contracts for each in outcome.problems}


@pytest.mark.parametrize(
    ("version", "operations", "expected"),
    [
        ("1.0.9", ("bets", "old", "new"), {"version-lowered": "error"}),
        ("1.1.0", ("bets", "old", "new"), {"version-not-raised": "error"}),
        ("1.1.1", ("bets", "old", "new"), {"bump-insufficient": "error"}),
        ("1.2.0", ("bets", "old", "new"), {}),
        ("2.0.0", ("bets", "old", "new"), {"major-outside-its-folder": "error"}),
    ],
)
def test_the_declared_version_carries_the_change(
    tmp_path: Path, version: str, operations: tuple[str, ...], expected: dict[str, str]
) -> None:
    scratch = Scratch(tmp_path)
    scratch.write(API, contract("1.1.0", "bets", "old"))
    scratch.commit(tag="v1.1.0")

    scratch.write(API, contract(version, *operations))

    assert told(scratch) == expected


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("v2", {"predecessor-not-deprecated": "warning"}),
        ("v1", {"predecessor-not-deprecated": "warning", "path-outside-its-major": "error"}),
    ],
)
def test_a_new_major_stands_beside_the_old_one(tmp_path: Path, prefix: str, expected: dict[str, str]) -> None:
    scratch = Scratch(tmp_path)
    scratch.write(API, contract("1.0.0", "bets"))
    scratch.commit(tag="v1.0.0")

    scratch.write(NEXT, contract("2.0.0", "bets", prefix=prefix))

    assert {rule: severity for rule, severity in told(scratch).items() if rule in expected} == expected


@pytest.mark.parametrize(
    ("version", "day", "marks", "rule"),
    [
        ("2.0.0", "2026-06-01", "", "removal-without-deprecation"),
        ("2.0.0", "2026-06-01", DATED, "removal-before-version"),
        ("3.0.0", "2026-01-20", DATED, "removal-before-sunset"),
        ("3.0.0", "2026-06-01", DATED, None),
    ],
)
def test_a_major_removes_only_what_was_announced(
    tmp_path: Path, version: str, day: str, marks: str, rule: str | None
) -> None:
    scratch = Scratch(tmp_path, INSIDE)
    scratch.write("api.yaml", contract("1.0.0", "bets", "old", marks=marks))
    scratch.commit(tag="v1.0.0")

    scratch.on(day).write("api.yaml", contract(version, "bets"))

    assert set(told(scratch)) == ({rule} if rule else set())


def test_changelog_history_and_guide_tell_the_same_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = Scratch(tmp_path, INSIDE)
    for version, day, operations in (
        ("1.0.0", "2026-01-05", ("bets", "old")),
        ("1.1.0", "2026-02-05", ("bets", "old", "new")),
        ("2.0.0", "2026-09-05", ("bets", "new")),
    ):
        scratch.on(day).write("api.yaml", contract(version, *operations, marks=DATED))
        scratch.commit(version, author="Grace <grace@example.com>", tag=f"v{version}")
    monkeypatch.chdir(scratch.root)

    def asked(*arguments: str) -> str:
        done = CliRunner().invoke(program, arguments, standalone_mode=False)
        assert done.exception is None, done.exception
        return str(done.output)

    (steps,) = json.loads(asked("history", "api", "--format", "json"))["documents"].values()
    assert {(each["version"], each["author"]) for each in steps} == {
        ("1.0.0", "Grace"),
        ("1.1.0", "Grace"),
        ("2.0.0", "Grace"),
    }
    assert {(each["declared_bump"], each["required_bump"]) for each in steps if each["version"] != "1.0.0"} == {
        ("minor", "minor"),
        ("major", "major"),
    }
    written = asked("changelog", "api")
    assert written.index("2.0.0") < written.index("1.1.0")
    assert "GET /v1/old" in written
    headings = [line for line in asked("changelog", "api", "--since", "v1.1.0").splitlines() if line.startswith("##")]
    assert any("2.0.0" in line for line in headings)
    assert not any("1.0.0" in line for line in headings)
    assert json.loads(asked("changelog", "api", "--format", "json"))
    guide = asked("migrate", "v1.1.0:api.yaml", "v2.0.0:api.yaml")
    assert guide.startswith("# From 1.1.0 to 2.0.0")
    assert "GET /v1/old" in guide
