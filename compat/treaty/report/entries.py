"""Everything a report has to say, as one list of entries, most severe first: what every format of CI is made from."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.changes.change import Level, fingerprint
from treaty.govern.lint.outcome import LintOutcome
from treaty.govern.outcome import ContractOutcome, ContractState, Problem, RunOutcome, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.change import Change, Witness
    from treaty.documents.location import Location
    from treaty.govern.comparison import Comparison
    from treaty.govern.outcome import Waived
    from treaty.report.formats import Reportable

_HEX = re.compile(r"(?:[0-9a-f]{2})+")


class Rank(enum.IntEnum):
    """How much an entry matters to whoever runs the gate."""

    ERROR = 0
    WARNING = 1
    NOTE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to say.

    ``path`` is the file it is about, as CI services want it: relative to the repository, in the state that is proposed.
    ``label`` is the level of a change, else the severity. ``unchecked`` marks a contract that could not be read.
    """

    rule: str
    rank: Rank
    label: str
    contract: str
    path: str
    element: str
    message: str
    fingerprint: str
    location: Location | None = None
    base: Location | None = None
    advice: tuple[str, ...] = ()
    witness: Witness | None = None
    waived: Waived | None = None
    unchecked: bool = False

    @property
    def line(self) -> int:
        """The line to point at; 1 where only the file is known."""
        return (self.location.line if self.location is not None else None) or 1

    @property
    def column(self) -> int:
        return (self.location.column if self.location is not None else None) or 1


def entries(subject: Reportable) -> list[Entry]:
    """The entries of a report, most severe first, then by contract, file and line."""
    if isinstance(subject, RunOutcome):
        found = _of_run(subject)
    elif isinstance(subject, LintOutcome):
        found = _of_lint(subject)
    else:
        found = _of_comparison(subject)
    return sorted(found, key=lambda entry: (entry.rank, entry.contract, entry.path, entry.line, entry.rule))


def _of_comparison(comparison: Comparison) -> Iterator[Entry]:
    ranks = {Level.BREAKING: Rank.ERROR, Level.UNKNOWN: Rank.ERROR, Level.RISKY: Rank.WARNING}
    source = comparison.revision.source
    for change in comparison.changes:
        yield _change(change, source, source, ranks.get(change.level, Rank.NOTE))


def _of_run(run: RunOutcome) -> Iterator[Entry]:
    for problem in run.problems:
        yield _problem(problem, "treaty", "treaty.yaml")
    for outcome in run.contracts:
        yield from _outcome(outcome)


def _outcome(outcome: ContractOutcome) -> Iterator[Entry]:
    if outcome.error is not None:
        error = outcome.error
        yield Entry(
            rule="not-checked",
            rank=Rank.ERROR,
            label="error",
            contract=outcome.name,
            path=path_of(error.location) or outcome.path,
            element=outcome.path,
            message=error.problem,
            fingerprint=fingerprint("not-checked", outcome.path, None, None),
            location=error.location,
            advice=(error.advice,) if error.advice else (),
            unchecked=True,
        )
    for problem in outcome.problems:
        yield _problem(problem, outcome.name, outcome.path)
    blocking = {change.fingerprint for change in outcome.blocking}
    for change in outcome.changes:
        rank = Rank.ERROR if change.fingerprint in blocking else Rank.NOTE
        if change.level is Level.RISKY and outcome.state is ContractState.CHANGED:
            rank = Rank.WARNING
        pattern = outcome.frozen.get(change.fingerprint)
        frozen = (f"frozen by `{pattern}`: not even a major may break it",) if pattern is not None else ()
        waive = (f"treaty waive {change.fingerprint}",) if rank is Rank.ERROR else ()
        remarks = outcome.remarks.get(change.fingerprint, ())
        yield _change(change, outcome.name, outcome.path, rank, advice=(*frozen, *remarks, *waive))
    for waived in outcome.waived:
        yield _change(waived.change, outcome.name, outcome.path, Rank.NOTE, waived=waived)


def _of_lint(lint: LintOutcome) -> Iterator[Entry]:
    for unread in lint.unread:
        yield Entry(
            rule="not-checked",
            rank=Rank.ERROR,
            label="error",
            contract=unread.contract,
            path=path_of(unread.error.location) or unread.path,
            element=unread.path,
            message=unread.error.problem,
            fingerprint=fingerprint("not-checked", unread.path, None, None),
            location=unread.error.location,
            advice=(unread.error.advice,) if unread.error.advice else (),
            unchecked=True,
        )
    for finding in lint.findings:
        yield Entry(
            rule=finding.rule,
            rank=_RANKS[finding.severity],
            label=finding.severity.value,
            contract=finding.contract,
            path=path_of(finding.location) or finding.path,
            element=finding.element,
            message=finding.message,
            fingerprint=finding.fingerprint,
            location=finding.location,
            advice=(finding.advice,) if finding.advice else (),
        )


_RANKS = {Severity.ERROR: Rank.ERROR, Severity.WARNING: Rank.WARNING}


def _change(
    change: Change,
    contract: str,
    path: str,
    rank: Rank,
    *,
    advice: tuple[str, ...] = (),
    waived: Waived | None = None,
) -> Entry:
    # A line that is gone cannot be shown in the new text: what is left of its surroundings can.
    location = change.revision or change.base
    return Entry(
        rule=change.rule,
        rank=rank,
        label=change.level.value,
        contract=contract,
        path=path_of(change.revision) or path,
        element=change.element,
        message=change.message,
        fingerprint=change.fingerprint,
        location=location if change.revision is not None else None,
        base=change.base,
        advice=advice,
        witness=change.witness,
        waived=waived,
    )


def _problem(problem: Problem, contract: str, path: str) -> Entry:
    pointer = problem.location.pointer if problem.location is not None else ""
    path = path_of(problem.location) or path
    return Entry(
        rule=problem.rule,
        rank=_RANKS[problem.severity],
        label=problem.severity.value,
        contract=contract,
        path=path,
        element=path,
        message=problem.message,
        fingerprint=fingerprint(problem.rule, f"{path}#{pointer}", None, None),
        location=problem.location,
        advice=(problem.advice,) if problem.advice else (),
    )


def path_of(location: Location | None) -> str | None:
    """The file of a location without the revision it is shown under."""
    if location is None:
        return None
    return location.file.removeprefix("(staged) ").rpartition(":")[2] or None


def example(witness: Witness, limit: int = 600) -> str:
    """A witness as one line, cut at ``limit`` characters: parameters and headers as they travel, all else as JSON."""
    import json

    readable = witness.wire is not None and encoded(witness) is None
    text = str(witness.wire) if readable else json.dumps(witness.value, ensure_ascii=False, default=str)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def encoded(witness: Witness) -> str | None:
    """The bytes of a binary message (Avro, Protobuf) in hexadecimal; None for what travels as text."""
    wire = witness.wire
    return wire if wire is not None and isinstance(witness.value, dict | list) and _HEX.fullmatch(wire) else None


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
