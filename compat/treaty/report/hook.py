"""What a git hook prints: nothing when all is well, else one line per blocking finding and what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from treaty.govern.outcome import Severity
from treaty.report.entries import example

if TYPE_CHECKING:
    from rich.console import Console

    from treaty.changes.change import Change
    from treaty.govern.outcome import RunOutcome

_LISTED = 10


def print_blocked(console: Console, run: RunOutcome, action: str) -> None:
    """Print why ``action`` (commit, push) is blocked or could not be judged; nothing when it may go on."""
    if run.exit_code == 0:
        return
    blocking = [change for outcome in run.contracts for change in outcome.blocking]
    problems = [
        (outcome, problem)
        for outcome in run.contracts
        for problem in outcome.problems
        if problem.severity is Severity.ERROR
    ]
    errors = [outcome for outcome in run.contracts if outcome.error is not None]
    reasons = []
    if blocking:
        reasons.append(f"{len(blocking)} breaking change{'s' if len(blocking) > 1 else ''} not covered by a waiver")
    if problems:
        reasons.append(f"{len(problems)} problem{'s' if len(problems) > 1 else ''} with versions")
    if errors:
        reasons.append(f"{len(errors)} contract{'s' if len(errors) > 1 else ''} could not be checked")
    line = Text("treaty ")
    line.append("✗", "bold red")
    line.append(f" {action} blocked: {', '.join(reasons)}")
    console.print(line, soft_wrap=True)
    for change in blocking[:_LISTED]:
        _print_change(console, change)
    if len(blocking) > _LISTED:
        console.print(Text(f"  … {len(blocking) - _LISTED} more: treaty check", "dim"))
    for outcome, problem in problems:
        console.print(
            Text(f"  {problem.location or outcome.path}  {problem.message}  [{problem.rule}]"), soft_wrap=True
        )
        if problem.advice:
            console.print(Text(f"    {problem.advice}", "dim"), soft_wrap=True)
    for outcome in errors:
        console.print(Text(f"  {outcome.error}"), soft_wrap=True)
    hints = ["the pull request decides if you skip this"]
    if blocking:
        first = blocking[0]
        hints = [f"treaty explain {first.rule}", f"treaty waive {first.fingerprint}", *hints]
    console.print(Text(f"  {' │ '.join(hints)}", "dim"), soft_wrap=True)


def _print_change(console: Console, change: Change) -> None:
    where = change.revision or change.base
    place = f"{where.file}:{where.line}" if where is not None and where.line is not None else where
    console.print(Text(f"  {place}  {change.message} in {change.element}  [{change.rule}]"), soft_wrap=True)
    if change.witness is not None:
        refused = "now refused" if change.witness.accepted_by == "base" else "refused by readers"
        console.print(Text(f"    {refused}: {example(change.witness, 200)}", "cyan"), soft_wrap=True)
