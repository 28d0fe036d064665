"""Waivers and lifecycle blocks that are wrong: each is told, with the line and column it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.governance.scratch import Scratch

from treaty.errors import PolicyError

if TYPE_CHECKING:
    from pathlib import Path

    from treaty.govern.outcome import RunOutcome

API = "api/v1/openapi.yaml"
CONTRACT = """\
openapi: 3.1.0
info: {{title: Bets, version: {version}}}
paths:
  /v1/bets:
    get:
      operationId: listBets
      responses: {{"200": {{description: ok}}}}
  /v1/old:
    get:
      operationId: listOld
      deprecated: true
      x-lifecycle:
{block}
      responses: {{"200": {{description: ok}}}}
"""
PLAIN = """\
openapi: 3.1.0
info: {title: Bets, version: 1.0.0}
paths:
  /v1/bets:
    get:
      operationId: listBets
      responses: {"200": {description: ok}}
  /v1/old:
    get:
      operationId: listOld
      responses: {"200": {description: ok}}
"""
GOOD = {"deprecated_since": "1.1.0", "removed_in": "2.0.0", "sunset": "2027-01-31", "replaced_by": "GET /v1/bets"}
WAIVER = {
    "id": "W-0001",
    "contract": "api",
    "fingerprints": "[0123456789ab]",
    "created": "2026-01-05",
    "owner": '"@platform"',
    "reason": "The one caller left moves tomorrow.",
    "expires": "2026-02-01",
}


def block(**members: str | None) -> str:
    written = {**GOOD, **members}
    return "\n".join(f"        {name}: {value}" for name, value in written.items() if value is not None)


def told(run: RunOutcome) -> set[tuple[str, str, int | None, int | None]]:
    problems = [*run.problems, *(each for outcome in run.contracts for each in outcome.problems)]
    return {
        (
            each.rule,
            each.severity.value,
            *((each.location.line, each.location.column) if each.location else (None, None)),
        )
        for each in problems
    }


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    made = Scratch(tmp_path)
    made.write(API, PLAIN)
    made.commit(tag="v1.0.0")
    return made


LIFECYCLE: list[tuple[str, dict[str, str | None], int, int]] = [
    ("lifecycle-invalid", {"removed": "2.0.0"}, 17, 9),
    ("lifecycle-invalid", {"sunset": "soon"}, 15, 9),
    ("lifecycle-invalid", {"sunset": "2027-02-31"}, 15, 9),
    ("lifecycle-invalid", {"removed_in": "next"}, 14, 9),
    ("lifecycle-invalid", {"state": "dead"}, 17, 9),
    ("lifecycle-contradictory", {"state": "active"}, 17, 9),
    ("lifecycle-contradictory", {"state": "removed"}, 17, 9),
    ("sunset-missing", {"sunset": None}, 12, 7),
    ("notice-too-short", {"sunset": "2026-03-01"}, 15, 9),
    ("sunset-passed", {"sunset": "2025-12-31"}, 15, 9),
    ("removed-in-not-later-major", {"removed_in": "1.2.0"}, 14, 9),
    ("deprecated-since-ahead", {"deprecated_since": "1.5.0"}, 13, 9),
    ("deprecated-since-backdated", {"deprecated_since": "1.0.0"}, 13, 9),
    ("replacement-missing", {"replaced_by": "GET /v1/nowhere"}, 16, 9),
    ("replacement-deprecated", {"replaced_by": "GET /v1/old"}, 16, 9),
]


@pytest.mark.parametrize(
    ("rule", "members", "line", "column"), LIFECYCLE, ids=[f"{case[0]}-{next(iter(case[1]))}" for case in LIFECYCLE]
)
def test_a_bad_lifecycle_block_is_told_where_it_stands(
    scratch: Scratch, rule: str, members: dict[str, str | None], line: int, column: int
) -> None:
    scratch.write(API, CONTRACT.format(version="1.1.0", block=block(**members)))

    severity = "warning" if rule == "sunset-passed" else "error"
    assert (rule, severity, line, column) in told(scratch.check())


def test_a_good_lifecycle_block_is_not_told(scratch: Scratch) -> None:
    scratch.write(API, CONTRACT.format(version="1.1.0", block=block()))

    run = scratch.check()

    assert told(run) == set()
    assert run.exit_code == 0


MOVED: list[tuple[str, dict[str, str | None], int]] = [
    ("sunset-moved-earlier", {"sunset": "2026-12-31"}, 15),
    ("removal-version-moved-earlier", {"removed_in": "2.0.0"}, 14),
]


@pytest.mark.parametrize(("rule", "members", "line"), MOVED, ids=[case[0] for case in MOVED])
def test_promises_are_not_moved_closer(scratch: Scratch, rule: str, members: dict[str, str | None], line: int) -> None:
    scratch.write(API, CONTRACT.format(version="1.1.0", block=block(removed_in="3.0.0")))
    scratch.commit(tag="v1.1.0")

    scratch.write(API, CONTRACT.format(version="1.1.1", block=block(**{"removed_in": "3.0.0", **members})))

    assert (rule, "error", line, 9) in told(scratch.check())


def test_what_should_be_gone_is_overdue(scratch: Scratch) -> None:
    scratch.write("api/openapi.yaml", CONTRACT.format(version="2.0.0", block=block(deprecated_since="1.1.0")))
    scratch.write("treaty.yaml", 'contracts: {api: {path: "api/openapi.yaml"}}\nversioning: {major: in-place}\n')
    assert ("removal-overdue", "error", 14, 9) in told(scratch.check())


WAIVERS: list[tuple[dict[str, str | None], str, int, int]] = [
    ({"reason": None}, "reason", 1, 1),
    ({"expires": None}, "expires", 1, 1),
    ({"owner": '""'}, "owner", 5, 1),
    ({"reason": "because"}, "reason", 6, 1),
    ({"fingerprints": "[]"}, "fingerprints", 3, 1),
    ({"fingerprints": "[property-removed]"}, "fingerprints", 3, 16),
    ({"fingerprints": "[0123456789ab, 0123456789ab]"}, "fingerprints", 3, 1),
    ({"expires": "soon"}, "expires", 7, 1),
    ({"expires": "2026-02-31"}, "no day of the calendar", 7, 1),
    ({"kind": "because"}, "kind", 8, 1),
    ({"rules": "[property-removed]"}, "rules", 8, 1),
    ({"owner": "[unclosed"}, "", 6, 7),
]


@pytest.mark.parametrize(
    ("members", "words", "line", "column"), WAIVERS, ids=[f"{next(iter(case[0]))}-{case[1]}" for case in WAIVERS]
)
def test_a_file_that_is_no_waiver_is_told_where_it_is_wrong(
    scratch: Scratch, members: dict[str, str | None], words: str, line: int, column: int
) -> None:
    written = {**WAIVER, **members}
    text = "".join(f"{name}: {value}\n" for name, value in written.items() if value is not None)
    scratch.write(".treaty/waivers/W-0001.yaml", text)

    with pytest.raises(PolicyError) as refused:
        scratch.check()

    where = refused.value.location
    assert where is not None
    assert where.file.endswith(".treaty/waivers/W-0001.yaml")
    assert (where.line, where.column) == (line, column), str(refused.value)
    assert words in str(refused.value)


def test_two_waivers_of_one_name_are_told(scratch: Scratch) -> None:
    text = "".join(f"{name}: {value}\n" for name, value in WAIVER.items())
    scratch.write(".treaty/waivers/a.yaml", text)
    scratch.write(".treaty/waivers/b.yaml", text)

    with pytest.raises(PolicyError, match="two waivers are called W-0001") as refused:
        scratch.check()
    assert refused.value.location is not None
    assert refused.value.location.file.endswith("b.yaml")


STANDING: list[tuple[str, str, dict[str, str], int]] = [
    ("waiver-expired", "error", {"expires": "2026-01-04", "created": "2025-12-01"}, 7),
    ("waiver-too-long", "error", {"expires": "2026-06-01"}, 7),
    ("waiver-too-long", "error", {"created": "2026-01-20"}, 4),
    ("waiver-contract-unknown", "error", {"contract": "apis"}, 2),
    ("waiver-stale", "warning", {}, 3),
]


@pytest.mark.parametrize(("rule", "severity", "members", "line"), STANDING, ids=[f"{c[0]}-{c[3]}" for c in STANDING])
def test_what_is_wrong_with_a_waiver_is_told(
    scratch: Scratch, rule: str, severity: str, members: dict[str, str], line: int
) -> None:
    scratch.write(".treaty/waivers/W-0001.yaml", "".join(f"{n}: {v}\n" for n, v in {**WAIVER, **members}.items()))

    assert (rule, severity, line) in {problem[:3] for problem in told(scratch.check())}


@pytest.mark.parametrize(
    ("approver", "author", "refused"),
    [
        ("@grace", "Ada <ada@example.com>", False),
        ("@ada", "Ada <ada@example.com>", True),
        ("Ada Lovelace", "Ada Lovelace <a.l@example.com>", True),
        ("@ada-l", "Ada <12345+ada-l@users.noreply.github.com>", True),
    ],
)
def test_nobody_approves_a_waiver_of_their_own(scratch: Scratch, approver: str, author: str, refused: bool) -> None:
    members = {**WAIVER, "approved_by": f'"{approver}"'}
    base = scratch.commit("before")
    scratch.write(".treaty/waivers/W-0001.yaml", "".join(f"{n}: {v}\n" for n, v in members.items()))
    scratch.commit("a waiver", author=author)

    found = {problem[0] for problem in told(scratch.check(against=base))}

    assert ("waiver-self-approved" in found) == refused


def test_not_even_a_major_breaks_what_is_frozen(tmp_path: Path) -> None:
    body = """\
openapi: 3.1.0
info: {{title: Bets, version: {version}}}
paths:
  /{prefix}/bets:
    post:
      operationId: placeBet
      requestBody:
        content:
          application/json:
            schema: {{type: object, properties: {{bet_id: {{type: {kind}}}, stake: {{type: {kind}}}}}}}
      responses: {{"200": {{description: ok}}}}
"""
    scratch = Scratch(tmp_path)
    scratch.write(API, body.format(version="1.0.0", prefix="v1", kind="string"))
    scratch.commit(tag="v1.0.0")
    scratch.write("api/v2/openapi.yaml", body.format(version="2.0.0", prefix="v2", kind="integer"))

    run = scratch.check()

    (outcome,) = [each for each in run.contracts if each.path.startswith("api/v2")]
    frozen = [problem for problem in outcome.problems if problem.rule == "frozen-element-broken"]
    elements = [change.element for change in outcome.blocking] + [problem.message for problem in frozen]
    assert run.exit_code == 1
    assert any("bet_id" in each for each in elements)
    assert not any("stake" in each for each in elements)
