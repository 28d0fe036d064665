"""What a report is about, in one line: the verdict of a run and the version it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Level
from treaty.govern.outcome import ContractOutcome, ContractState, RunOutcome, Severity
from treaty.govern.versions import Verdict
from treaty.report.entries import plural

if TYPE_CHECKING:
    from treaty.govern.comparison import Comparison
    from treaty.govern.lint.outcome import LintOutcome


def as_run(comparison: Comparison) -> RunOutcome:
    """One comparison as a run of one contract, in which nothing is waived and no version carries a break."""
    outcome = ContractOutcome(
        name=comparison.revision.source,
        path=comparison.revision.source.rpartition(":")[2],
        comparison=comparison,
        changes=comparison.changes,
    )
    return RunOutcome(contracts=(outcome,), against=comparison.base.source)


def verdict_of_run(run: RunOutcome) -> Verdict | None:
    """The worst verdict of a run; None where something could not be checked."""
    if any(outcome.error is not None for outcome in run.contracts):
        return None
    changes = [change for outcome in run.contracts for change in outcome.blocking]
    if any(change.level is Level.BREAKING for change in changes):
        return Verdict.BREAKING
    if changes:
        return Verdict.UNKNOWN
    if any(outcome.changes or outcome.state is not ContractState.CHANGED for outcome in run.contracts):
        return Verdict.COMPATIBLE
    return Verdict.IDENTICAL


def blocking_count(run: RunOutcome) -> str:
    """``2 breaking changes``, with the undecided ones told apart."""
    changes = [change for outcome in run.contracts for change in outcome.blocking]
    undecided = sum(change.level is Level.UNKNOWN for change in changes)
    breaking = plural(len(changes) - undecided, "breaking change")
    if not undecided:
        return breaking
    return f"{undecided} undecided" if undecided == len(changes) else f"{breaking}, {undecided} undecided"


def headline(run: RunOutcome) -> str:
    """The title of a report: a mark, the verdict, and the version that is needed where one is."""
    unchecked = [outcome for outcome in run.contracts if outcome.error is not None]
    blocked = [outcome for outcome in run.contracts if outcome.blocking]
    if unchecked:
        beside = f", {blocking_count(run)} in the others" if blocked else ""
        return f"✗ {plural(len(unchecked), 'contract')} could not be checked{beside}"
    if blocked:
        where = blocked[0].name if len(blocked) == 1 else plural(len(blocked), "contract")
        needed = blocked[0].comparison.required_version if blocked[0].comparison is not None else None
        version = f", {needed} required" if len(blocked) == 1 and needed and not blocked[0].frozen else ""
        return f"✗ {blocking_count(run)} in {where}{version}"
    if run.exit_code:
        return "✗ No breaking change, and something else to mend"
    waived = sum(len(outcome.waived) for outcome in run.contracts)
    suffix = f", {plural(waived, 'change')} waived" if waived else ""
    words = "no contract changed" if verdict_of_run(run) is Verdict.IDENTICAL else "nobody breaks"
    return f"✓ Contracts: {words}{suffix}"


def lint_headline(lint: LintOutcome) -> str:
    """The title of a lint report: a mark, and how much there is to mend."""
    found = len(lint.findings) + len(lint.unread)
    if not found:
        return "✓ Treaty lint: clean"
    errors = sum(finding.severity is Severity.ERROR for finding in lint.findings) + len(lint.unread)
    mark = "✗" if lint.exit_code else "✓"
    return f"{mark} Treaty lint: {plural(errors, 'error')}, {plural(found - errors, 'warning')}"
