"""The JSON report: one object, the form of which is published (`report.schema.json`) and under test."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from treaty._version import __version__
from treaty.govern.lint.outcome import LintOutcome
from treaty.govern.outcome import RunOutcome

if TYPE_CHECKING:
    from treaty.changes.change import Change, Witness
    from treaty.documents.location import JsonValue, Location
    from treaty.errors import TreatyError
    from treaty.govern.comparison import Comparison, Description
    from treaty.govern.lint.outcome import LintFinding
    from treaty.govern.outcome import ContractOutcome, Problem, Waived
    from treaty.report.formats import Reportable

SCHEMA_VERSION = 1


def render(subject: Reportable) -> str:
    """The report as indented JSON."""
    if isinstance(subject, RunOutcome):
        return _dump(run_report(subject))
    if isinstance(subject, LintOutcome):
        return _dump(lint_report(subject))
    return _dump(comparison_report(subject))


@cache
def report_schema() -> dict[str, JsonValue]:
    """The published JSON Schema of the reports of `treaty diff`, `treaty check` and `treaty lint`."""
    schema: dict[str, JsonValue] = json.loads(Path(__file__).with_name("report.schema.json").read_text("utf-8"))
    return schema


def _dump(report: dict[str, JsonValue]) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False, default=_number) + "\n"


def _number(value: object) -> object:
    # A Decimal is a number no float holds; JSON readers take what digits they can.
    return float(str(value))


def comparison_report(comparison: Comparison) -> dict[str, JsonValue]:
    """The report of one comparison, as `treaty diff --format json` prints it."""
    return {"schema": SCHEMA_VERSION, "treaty": __version__, **_comparison(comparison)}


def run_report(run: RunOutcome) -> dict[str, JsonValue]:
    """The report of a whole run, as `treaty check --format json` prints it."""
    return {
        "schema": SCHEMA_VERSION,
        "treaty": __version__,
        "against": run.against,
        "edition": run.edition,
        "blocked": run.exit_code == 1,
        "unchanged": run.unchanged,
        "problems": [_problem(problem) for problem in run.problems],
        "contracts": [_outcome(outcome) for outcome in run.contracts],
    }


def _outcome(outcome: ContractOutcome) -> dict[str, JsonValue]:
    report: dict[str, JsonValue] = {
        "name": outcome.name,
        "path": outcome.path,
        "state": outcome.state.value,
        "blocked": outcome.blocked,
        "problems": [_problem(problem) for problem in outcome.problems],
        "waived": [_waived(waived) for waived in outcome.waived],
    }
    if outcome.asked is not None:
        report["asked"] = outcome.asked
    if outcome.error is not None:
        report["error"] = _error(outcome.error)
    if outcome.comparison is not None:
        report |= _comparison(outcome.comparison)
        report["allowed"] = outcome.allowed
        report["changes"] = [_judged_change(outcome, change) for change in outcome.changes]
    return report


def _judged_change(outcome: ContractOutcome, change: Change) -> dict[str, JsonValue]:
    """A change, what freezes it, and what else there is to say."""
    return {
        **change_report(change),
        "frozen": outcome.frozen.get(change.fingerprint),
        "remarks": list(outcome.remarks.get(change.fingerprint, ())),
    }


def lint_report(lint: LintOutcome) -> dict[str, JsonValue]:
    """The report of `treaty lint --format json`."""
    return {
        "schema": SCHEMA_VERSION,
        "treaty": __version__,
        "blocked": lint.exit_code == 1,
        "documents": lint.documents,
        "rules": lint.rules,
        "findings": [_finding(finding) for finding in lint.findings],
        "known": [_finding(finding) for finding in lint.known],
        "fixed": list(lint.fixed),
        "unread": [{"contract": each.contract, "path": each.path, "error": _error(each.error)} for each in lint.unread],
    }


def _finding(finding: LintFinding) -> dict[str, JsonValue]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "contract": finding.contract,
        "path": finding.path,
        "element": finding.element,
        "message": finding.message,
        "location": _location(finding.location),
        "advice": finding.advice,
        "fingerprint": finding.fingerprint,
    }


def _comparison(comparison: Comparison) -> dict[str, JsonValue]:
    declared = comparison.declared_bump
    return {
        "base": _description(comparison.base),
        "revision": _description(comparison.revision),
        "verdict": comparison.verdict.value,
        "required_bump": comparison.required_bump.value,
        "declared_bump": declared.value if declared is not None else None,
        "required_version": comparison.required_version,
        "sufficient": comparison.sufficient,
        "changes": [change_report(change) for change in comparison.changes],
    }


def change_report(change: Change) -> dict[str, JsonValue]:
    """One change; `base` and `revision` are null where that side has nothing to show."""
    role = str(change.role)
    return {
        "rule": change.rule,
        "level": change.level.value,
        "effect": change.effect.value,
        "role": role if role != "none" else None,
        "element": change.element,
        "message": change.message,
        "before": change.before,
        "after": change.after,
        "fingerprint": change.fingerprint,
        "witness": _witness(change.witness) if change.witness is not None else None,
        "base": _location(change.base),
        "revision": _location(change.revision),
        "sites": list(change.sites),
        "count": change.count,
    }


def _witness(witness: Witness) -> dict[str, JsonValue]:
    return {
        "value": witness.value,
        "at": witness.at,
        "wire": witness.wire,
        "accepted_by": witness.accepted_by,
        "refused_by": witness.refused_by,
        "reason": witness.reason,
        "confirmed_by": witness.confirmed_by,
    }


def _location(location: Location | None) -> JsonValue:
    if location is None:
        return None
    return {"file": location.file, "pointer": location.pointer, "line": location.line, "column": location.column}


def _description(description: Description) -> JsonValue:
    return {"source": description.source, "format": description.format, "version": description.version}


def _problem(problem: Problem) -> dict[str, JsonValue]:
    return {
        "rule": problem.rule,
        "severity": problem.severity.value,
        "message": problem.message,
        "location": _location(problem.location),
        "advice": problem.advice,
    }


def _waived(waived: Waived) -> dict[str, JsonValue]:
    return {
        "waiver": waived.waiver,
        "owner": waived.owner,
        "kind": waived.kind,
        "reason": waived.reason,
        "expires": waived.expires.isoformat(),
        "days_left": waived.days_left,
        "change": change_report(waived.change),
    }


def _error(error: TreatyError) -> dict[str, JsonValue]:
    return {"problem": error.problem, "location": _location(error.location), "advice": error.advice}
