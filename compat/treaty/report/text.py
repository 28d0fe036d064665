"""The report for people at a terminal: the verdict, the version it needs, who is hurt and how, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from treaty.changes.change import Change, Level, Witness
from treaty.govern.lint.outcome import LintOutcome
from treaty.govern.outcome import ContractOutcome, ContractState, Problem, RunOutcome, Severity
from treaty.govern.versions import Bump, Verdict
from treaty.report.entries import encoded, example, plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from treaty.govern.comparison import Comparison
    from treaty.report.formats import Reportable

_STYLES = {
    Level.BREAKING: "bold red",
    Level.UNKNOWN: "bold magenta",
    Level.RISKY: "yellow",
    Level.ADDITIVE: "green",
    Level.DOCS: "dim",
}
_VERDICT_STYLES = {
    Verdict.BREAKING: "bold red",
    Verdict.UNKNOWN: "bold magenta",
    Verdict.COMPATIBLE: "green",
    Verdict.IDENTICAL: "green",
}
_SHOWN_BY_DEFAULT = (Level.BREAKING, Level.UNKNOWN, Level.RISKY)
_INDENT = " " * 12
_FULL_ENTRIES = 20
_MOST_BYTES = 160


def print_report(console: Console, subject: Reportable, *, verbose: bool = False) -> None:
    """Print whatever can be reported."""
    if isinstance(subject, RunOutcome):
        print_run(console, subject, verbose=verbose)
    elif isinstance(subject, LintOutcome):
        print_lint(console, subject, verbose=verbose)
    else:
        print_comparison(console, subject, verbose=verbose)


def print_run(console: Console, run: RunOutcome, *, verbose: bool = False) -> None:
    """Print a run of the gate: one block per contract that has something to say, and one line to sum up."""
    for problem in run.problems:
        _print_problem(console, problem)
    for outcome in run.contracts:
        _print_outcome(console, outcome, verbose=verbose)
    console.print(_summary(run), style="dim")


def print_comparison(console: Console, comparison: Comparison, *, verbose: bool = False) -> None:
    """Print one comparison, as `treaty diff` does."""
    _print_heading(
        console,
        f"{comparison.base.source} → {comparison.revision.source}",
        _versions(comparison),
        comparison.verdict.value,
        _VERDICT_STYLES[comparison.verdict],
    )
    _print_changes(console, comparison.changes, comparison, None, verbose=verbose)
    counts = _counts(comparison.changes)
    if counts:
        console.print(Text(counts, "dim"))


def print_lint(console: Console, lint: LintOutcome, *, verbose: bool = False) -> None:
    """Print a lint run: its findings by file, what the baseline knows with ``verbose``, and one line to sum up."""
    for unread in lint.unread:
        console.print(Text(f"not checked  {unread.error}", "bold magenta"), soft_wrap=True)
    for finding in (*lint.findings, *(lint.known if verbose else ())):
        line = Text(f"{finding.location or finding.path}  ")
        style = "bold red" if finding.severity is Severity.ERROR else "yellow"
        line.append(f"{finding.severity.value}  ", style if finding in lint.findings else "dim")
        line.append(f"{finding.rule}  ", "bold")
        line.append(f"{finding.element}: {finding.message}")
        console.print(line, soft_wrap=True)
        if finding.advice:
            console.print(Text(f"{_INDENT}next      {finding.advice}", "dim"), soft_wrap=True)
    errors = sum(finding.severity is Severity.ERROR for finding in lint.findings)
    facts = [plural(lint.documents, "document"), plural(lint.rules, "rule")]
    facts.append(
        f"{plural(errors, 'error')}, {plural(len(lint.findings) - errors, 'warning')}" if lint.findings else "clean"
    )
    if lint.known:
        facts.append(f"{len(lint.known)} known from the baseline")
    if lint.fixed:
        facts.append(f"{len(lint.fixed)} of the baseline fixed: treaty lint --write-baseline")
    console.print(Text(f"{', '.join(facts)} · {lint.seconds:.1f} s", "dim"), soft_wrap=True)


def _print_outcome(console: Console, outcome: ContractOutcome, *, verbose: bool) -> None:
    comparison = outcome.comparison
    if outcome.error is not None:
        path = outcome.path if outcome.path != outcome.name else ""
        _print_heading(console, outcome.name, path, "not checked", "bold magenta")
        console.print(Text(f"  {outcome.error}"), soft_wrap=True)
        return
    facts = [outcome.path if outcome.path != outcome.name else ""]
    if comparison is not None:
        facts.append(_versions(comparison))
    if outcome.asked:
        facts.append(outcome.asked)
    status, style = _status(outcome)
    _print_heading(console, outcome.name, "  ".join(fact for fact in facts if fact), status, style)
    for problem in outcome.problems:
        _print_problem(console, problem)
    if comparison is not None:
        _print_changes(console, _shown(outcome, verbose=verbose), comparison, outcome, verbose=verbose)
        if outcome.state is ContractState.NEW:
            counts = _counts(change for change in outcome.changes if change.fingerprint not in outcome.frozen)
            if counts:
                console.print(Text(f"  {counts}, which a new major may bring", "dim"))
    for waived in outcome.waived:
        line = Text("  waived    ", "cyan")
        line.append(f"{waived.change.rule}  {waived.change.element}  ", "default")
        line.append(f"{waived.waiver} {waived.owner}, {plural(waived.days_left, 'day')} left: {waived.reason}", "dim")
        console.print(line, soft_wrap=True)


def _shown(outcome: ContractOutcome, *, verbose: bool) -> list[Change]:
    """A new major may break what is not frozen, so that alone is told of it."""
    if outcome.state is not ContractState.NEW or verbose:
        return list(outcome.changes)
    return [change for change in outcome.changes if change.fingerprint in outcome.frozen]


def _status(outcome: ContractOutcome) -> tuple[str, str]:
    if outcome.blocked:
        return "✗ blocked", "bold red"
    if outcome.state is ContractState.NEW:
        return ("✓ new major" if outcome.comparison is not None else "✓ new"), "green"
    if outcome.state is ContractState.REMOVED:
        return "✓ removed", "green"
    if outcome.comparison is None:
        return "✓", "green"
    required = outcome.comparison.required_bump
    return ("✓ identical" if required is Bump.NONE else f"✓ {required.value}"), "green"


def _versions(comparison: Comparison) -> str:
    old, new = comparison.base.version, comparison.revision.version
    if old is None and new is None:
        return ""
    written = f"{old or 'no version'} → {new or 'no version'}" if old != new else str(new)
    if comparison.required_bump is Bump.NONE or comparison.required_version is None:
        return written
    if comparison.sufficient:
        return f"{written} ({comparison.required_bump.value})"
    declared = " declared" if old != new else " unchanged"
    return f"{written}{declared}, {comparison.required_version} required"


def _print_heading(console: Console, name: str, facts: str, status: str, style: str) -> None:
    heading = Text(name, "bold")
    if facts:
        heading.append(f"  {facts}", "default")
    gap = console.width - cell_len(heading.plain) - cell_len(status)
    heading.append(" " * gap if gap >= 2 else "  ")
    heading.append(status, style)
    console.print(heading, soft_wrap=True)


def _print_changes(
    console: Console,
    changes: Iterable[Change],
    comparison: Comparison,
    outcome: ContractOutcome | None,
    *,
    verbose: bool,
) -> None:
    shown = [change for change in changes if verbose or change.level in _SHOWN_BY_DEFAULT]
    for index, change in enumerate(shown):
        if index == _FULL_ENTRIES and not verbose:
            console.print(Text(f"  … {len(shown) - index} more; --verbose or --format json shows all", "dim"))
            break
        _print_change(console, change, comparison, outcome)


def _print_change(console: Console, change: Change, comparison: Comparison, outcome: ContractOutcome | None) -> None:
    line = Text("  ")
    line.append(f"{change.level.value:<9} ", _STYLES[change.level])
    line.append(f"{change.rule}  ", "bold")
    line.append(change.element)
    if change.count > 1:
        line.append(f"  and {change.count - 1} more place{'s' if change.count > 2 else ''}", "dim")
    console.print(line, soft_wrap=True)
    console.print(Text(f"{_INDENT}{change.message}"), soft_wrap=True)
    place = _place(change)
    if place is not None:
        console.print(Text(f"{_INDENT}{place}", "dim"), soft_wrap=True)
    if change.witness is not None:
        _print_witness(console, change.witness, comparison)
    if outcome is None:
        return
    for remark in remarks_on(outcome, change):
        console.print(Text(f"{_INDENT}{remark}", "yellow"), soft_wrap=True)
    if change in outcome.blocking:
        from treaty.report.catalogue import rule_text

        console.print(Text(f"{_INDENT}next      {rule_text(change.rule).next}"), soft_wrap=True)
        console.print(Text(f"{_INDENT}explain   treaty explain {change.rule}", "dim"), soft_wrap=True)
        console.print(
            Text(f"{_INDENT}waive     treaty waive {change.fingerprint} --reason … --expires …", "dim"), soft_wrap=True
        )


def remarks_on(outcome: ContractOutcome, change: Change) -> tuple[str, ...]:
    """What there is to say about a change beyond itself: what freezes it, and what its lifecycle promised."""
    pattern = outcome.frozen.get(change.fingerprint)
    frozen = (f"frozen by `{pattern}`: not even a major may break it",) if pattern is not None else ()
    return (*frozen, *outcome.remarks.get(change.fingerprint, ()))


def _place(change: Change) -> str | None:
    if change.revision is not None and change.base is not None:
        was = f":{change.base.line}:{change.base.column}" if change.base.line is not None else ""
        same = change.base.file.rpartition(":")[2] == change.revision.file.rpartition(":")[2]
        before = f"was {was}" if same and was else f"was {change.base}"
        return f"{change.revision}   ({before})"
    where = change.revision or change.base
    return str(where) if where is not None else None


def _print_witness(console: Console, witness: Witness, comparison: Comparison) -> None:
    names = {
        "base": comparison.base.version or "the base",
        "revision": comparison.revision.version or "the revision",
    }
    if names["base"] == names["revision"]:
        names = {"base": "the base", "revision": "the revision"}
    at = f" at {witness.at}" if witness.at != "$" else ""
    console.print(
        Text(f"{_INDENT}accepted by {names[witness.accepted_by]}, refused by {names[witness.refused_by]}{at}:"),
        soft_wrap=True,
    )
    console.print(Text(f"{_INDENT}  {example(witness)}", "cyan"), soft_wrap=True)
    written = encoded(witness)
    if written is not None and len(written) <= _MOST_BYTES:
        console.print(Text(f"{_INDENT}  as bytes {written}", "dim"), soft_wrap=True)
    console.print(Text(f"{_INDENT}  {witness.reason}", "dim"), soft_wrap=True)


def _print_problem(console: Console, problem: Problem) -> None:
    line = Text("  ")
    line.append(f"{problem.severity.value:<9} ", "bold red" if problem.severity is Severity.ERROR else "yellow")
    line.append(f"{problem.rule}  ", "bold")
    line.append(problem.message)
    console.print(line, soft_wrap=True)
    if problem.location is not None:
        console.print(Text(f"{_INDENT}{problem.location}", "dim"), soft_wrap=True)
    if problem.advice:
        console.print(Text(f"{_INDENT}next      {problem.advice}", "dim"), soft_wrap=True)


def _counts(changes: Iterable[Change]) -> str:
    found = list(changes)
    parts = [
        f"{sum(change.level is level for change in found)} {level.value}"
        for level in sorted(Level, key=lambda level: -level.severity)
        if any(change.level is level for change in found)
    ]
    return ", ".join(parts)


def _summary(run: RunOutcome) -> str:
    total = len(run.contracts) + run.unchanged
    changes = [change for outcome in run.contracts for change in outcome.changes]
    waived = sum(len(outcome.waived) for outcome in run.contracts)
    facts = [f"{total} contract{'s' if total != 1 else ''}"]
    counts = _counts(change for change in changes if change.level in _SHOWN_BY_DEFAULT)
    unchecked = sum(outcome.error is not None for outcome in run.contracts)
    if unchecked:
        facts.append(f"{unchecked} not checked")
    if counts or not unchecked:
        facts.append(counts or "nothing breaking")
    if waived:
        facts.append(f"{waived} waived")
    edition = f" · edition {run.edition}" if run.edition else ""
    return f"{', '.join(facts)} · against {run.against} · {run.seconds:.1f} s{edition}"
