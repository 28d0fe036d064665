"""Two years in the life of a contract: announced, removed too early, waived, waived too long, and gone in peace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.integration.governance.scratch import Scratch

if TYPE_CHECKING:
    from pathlib import Path

    from treaty.govern.outcome import RunOutcome

V1 = "api/v1/openapi.yaml"
V2 = "api/v2/openapi.yaml"
HEAD = "openapi: 3.1.0\ninfo: {{title: Bets, version: {version}}}\npaths:\n"
BETS = """\
  /v{major}/bets:
    get:
      operationId: listBets
      responses: {{"200": {{description: The bets.}}}}
"""
LIFECYCLE = """\
      deprecated: true
      x-lifecycle:
        deprecated_since: 1.1.0
        removed_in: 2.0.0
        sunset: 2027-01-31
        replaced_by: GET /v1/settlements
        reason: Totals come with each settlement.
"""
TOTALS = """\
  /v1/totals:
    get:
      operationId: listTotals
{lifecycle}\
      responses: {{"200": {{description: The totals.}}}}
"""
SETTLEMENTS = """\
  /v1/settlements:
    get:
      operationId: listSettlements
      responses: {"200": {description: The settlements.}}
"""
WAIVER = """\
id: W-0001
contract: api
fingerprints: [{fingerprint}]
created: 2026-06-01
owner: "@platform"
reason: The one caller left moves tomorrow, agreed by mail.
kind: accepted-break
approved_by: "@payments"
expires: {expires}
"""


def contract(version: str, *, totals: str | None, settlements: bool = True, major: int = 1) -> str:
    text = HEAD.format(version=version) + BETS.format(major=major)
    if totals is not None:
        text += TOTALS.format(lifecycle=totals)
    return text + (SETTLEMENTS if settlements else "")


def rules(run: RunOutcome) -> set[str]:
    """Everything that blocks, by its rule."""
    changes = {change.rule for outcome in run.contracts for change in outcome.blocking}
    return changes | {
        problem.rule
        for problem in (*run.problems, *(each for outcome in run.contracts for each in outcome.problems))
        if problem.severity.value == "error"
    }


@pytest.fixture
def story(tmp_path: Path) -> Scratch:
    """January 2026: version 1.0.0 is released with an operation that will go."""
    scratch = Scratch(tmp_path)
    scratch.write(V1, contract("1.0.0", totals="", settlements=False))
    scratch.commit("1.0.0", tag="v1.0.0")
    return scratch


def test_two_years(story: Scratch) -> None:
    # March 2026: removed without a word. Nobody was told, so it blocks.
    story.on("2026-03-01").write(V1, contract("1.1.0", totals=None))
    assert "operation-removed" in rules(story.check())

    # Instead it is deprecated, with a successor beside it.
    story.write(V1, contract("1.1.0", totals=LIFECYCLE))
    announced = story.check()
    assert announced.exit_code == 0, rules(announced)
    story.commit("1.1.0", tag="v1.1.0")

    # June 2026: somebody is in a hurry. The sunset is ahead, and 1.2.0 is no major.
    story.on("2026-06-01").write(V1, contract("1.2.0", totals=None))
    early = story.check()
    assert early.exit_code == 1
    assert rules(early) & {"operation-removed", "deprecated-operation-removed", "removed-before-sunset"}
    (outcome,) = early.contracts
    fingerprint = outcome.blocking[0].fingerprint

    # A waiver lets this one change through, for a month.
    waiver = ".treaty/waivers/W-0001.yaml"
    story.write(waiver, WAIVER.format(fingerprint=fingerprint, expires="2026-07-01"))
    waived = story.check()
    assert [each.waiver for each in waived.contracts[0].waived] == ["W-0001"]
    assert fingerprint not in {change.fingerprint for change in waived.contracts[0].blocking}

    # The change was not merged, and in August the waiver has expired.
    story.on("2026-08-01")
    expired = story.check()
    assert expired.exit_code == 1
    assert fingerprint in {change.fingerprint for change in expired.contracts[0].blocking}
    assert {problem.rule for problem in expired.problems} & {"waiver-expired"}
    story.remove(waiver)
    story.write(V1, contract("1.1.0", totals=LIFECYCLE))
    story.commit("no hurry")

    # February 2027: the new major begins beside the old one, without the operation, after its sunset.
    story.on("2027-02-15").write(V2, contract("2.0.0", totals=None, settlements=False, major=2))
    over = "x-lifecycle: {deprecated_since: 1.2.0, removed_in: 2.0.0, sunset: 2027-12-31, replaced_by: api 2.0.0}"
    story.write(V1, contract("1.2.0", totals=LIFECYCLE).replace("version: 1.2.0", f"version: 1.2.0, {over}"))
    major = story.check()
    assert not {rule for rule in rules(major) if "removed" in rule and "sunset" in rule}, rules(major)
    states = {outcome.path: outcome.state.value for outcome in major.contracts}
    assert states[V2] == "new"
    story.commit("2.0.0", tag="v2.0.0")

    # January 2028: the old major has passed its own sunset, and may go.
    story.on("2028-01-15").remove(V1)
    gone = story.check()
    assert gone.exit_code == 0, [each.problems for each in gone.contracts]
