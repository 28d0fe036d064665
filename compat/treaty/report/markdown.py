"""Markdown: a comment under a pull request, a job summary, a page to keep.

Everything that comes from a contract stands in code spans or is escaped, so that it can neither break the layout nor
mention, link or embed anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.changes.change import Level
from treaty.govern.lint.outcome import LintOutcome
from treaty.govern.outcome import ContractState, RunOutcome
from treaty.govern.versions import Bump
from treaty.report.entries import Entry, Rank, entries, example, plural
from treaty.report.links import links_around
from treaty.report.subjects import as_run, blocking_count, headline, lint_headline

if TYPE_CHECKING:
    from treaty.documents.location import Location
    from treaty.govern.outcome import ContractOutcome
    from treaty.report.formats import Reportable
    from treaty.report.links import Links

MOST_CHARACTERS = 65_536
"""What GitHub takes in a comment."""
MARKER = "<!-- treaty:report -->"
"""By this a later run finds the comment it has to edit."""
# Rows of the table and characters of an example, tried in turn until the report fits.
_BUDGETS = ((200, 400), (100, 200), (50, 120), (25, 80), (10, 0), (0, 0))
# Nothing escaped stands at the beginning of a line, so what is special only there is left as it is.
_SPECIAL = re.compile(r"[\\*_\[\]<>~@&$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_TICKS = re.compile(r"`+")


def render(subject: Reportable, links: Links | None = None) -> str:
    """The report, cut to what a comment may hold; ``links`` are those of the CI service around, if there is one."""
    links = links or links_around()
    for rows, width in _BUDGETS:
        if isinstance(subject, LintOutcome):
            text = _lint(subject, links, rows)
        else:
            run = subject if isinstance(subject, RunOutcome) else as_run(subject)
            text = _run(run, links, rows, width)
        if len(text) <= MOST_CHARACTERS:
            return text
    return text[: MOST_CHARACTERS - 1] + "\n"


def _run(run: RunOutcome, links: Links | None, rows: int, width: int) -> str:
    body = [
        *_table(run, links, rows, width),
        *_problems(run, links),
        *_waived(run),
        *_changelog(run, rows),
        *_next_steps(run),
    ]
    if run.exit_code == 0 and body:
        body = ["<details><summary>What changed</summary>", "", *body, "</details>", ""]
    facts = [f"against {code(run.against)}"]
    if run.edition:
        facts.append(f"edition {run.edition}")
    if run.unchanged:
        facts.append(f"{plural(run.unchanged, 'document')} unchanged")
    return "\n".join([MARKER, f"## {headline(run)}", "", *body, f"<sub>Treaty {' · '.join(facts)}</sub>", ""])


def _table(run: RunOutcome, links: Links | None, rows: int, width: int) -> list[str]:
    wanted = [entry for entry in entries(run) if entry.rank is not Rank.NOTE and not _is_problem(entry)]
    if not wanted:
        return []
    versions = {outcome.name: _versions(outcome) for outcome in run.contracts}
    lines = ["| contract | change | example | verdict |", "|---|---|---|---|"]
    told: set[str] = set()
    for entry in wanted[:rows]:
        contract = "" if entry.contract in told else f"{code(entry.contract)}{versions.get(entry.contract, '')}"
        told.add(entry.contract)
        witness = code(example(entry.witness, width)) if entry.witness is not None and width else ""
        if witness and entry.witness is not None:
            witness = f"{witness}<br>{text(entry.witness.reason)}"
        remarks = "".join(f"<br>{text(remark)}" for remark in entry.advice if not remark.startswith("treaty "))
        verdict = f"**{entry.label}**" if entry.rank is Rank.ERROR else entry.label
        lines.append(row(contract, f"{_change(entry, links)}{remarks}", witness, verdict))
    if len(wanted) > rows:
        lines.append(row("", f"… {len(wanted) - rows} more in the full report", "", ""))
    return [*lines, ""]


def _is_problem(entry: Entry) -> bool:
    return entry.label in ("error", "warning")


def _change(entry: Entry, links: Links | None) -> str:
    where = _linked(code(entry.rule), entry.location, links)
    before = f" (was {_linked('here', entry.base, links)})" if links is not None and entry.base is not None else ""
    return f"{where} {code(entry.element)}<br>{text(entry.message)}{before}"


def _linked(words: str, location: Location | None, links: Links | None) -> str:
    address = links.to(location) if links is not None and location is not None else None
    return f"[{words}]({address})" if address is not None else words


def _versions(outcome: ContractOutcome) -> str:
    comparison = outcome.comparison
    if comparison is None or comparison.revision.version is None:
        return ""
    old, new = comparison.base.version, comparison.revision.version
    declared = f"{old} → {new}" if old not in (None, new) else new
    needed = comparison.required_version
    short = comparison.sufficient is False and comparison.required_bump is not Bump.NONE and needed is not None
    return f"<br>{text(declared)}" + (f", needs **{needed}**" if short else "")


def _problems(run: RunOutcome, links: Links | None) -> list[str]:
    found = [entry for entry in entries(run) if _is_problem(entry)]
    if not found:
        return []
    lines = ["### Versions, lifecycle and waivers", ""]
    for entry in found:
        place = _linked(code(f"{entry.path}:{entry.line}"), entry.location, links)
        mark = "**error**" if entry.rank is Rank.ERROR else "warning"
        advice = "".join(f"<br>→ {text(each)}" for each in entry.advice)
        lines.append(f"- {mark} {code(entry.rule)} {text(entry.message)} ({place}){advice}")
    return [*lines, ""]


def _waived(run: RunOutcome) -> list[str]:
    found = [(outcome, waived) for outcome in run.contracts for waived in outcome.waived]
    if not found:
        return []
    lines = ["### Waived", "", "| change | waiver | owner | until | reason |", "|---|---|---|---|---|"]
    for outcome, waived in found:
        change = waived.change
        left = f"{waived.expires}<br>{plural(waived.days_left, 'day')} left"
        what = f"{code(outcome.name)} {code(change.rule)} {code(change.element)}"
        waiver = f"{code(waived.waiver)} ({waived.kind})"
        lines.append(row(what, waiver, code(waived.owner), left, text(waived.reason)))
    return [*lines, ""]


def _changelog(run: RunOutcome, rows: int) -> list[str]:
    quiet = [
        (outcome, change)
        for outcome in run.contracts
        for change in outcome.changes
        if change.level in (Level.ADDITIVE, Level.DOCS)
    ]
    if not quiet:
        return []
    added = sum(change.level is Level.ADDITIVE for _, change in quiet)
    summary = f"{added} additive, {len(quiet) - added} documentation"
    lines = [f"<details><summary>Changelog: {summary}</summary>", ""]
    lines += [
        f"- {code(outcome.name)} {change.level.value}: {text(change.message)} ({code(change.element)})"
        for outcome, change in quiet[:rows]
    ]
    if len(quiet) > rows:
        lines.append(f"- … {len(quiet) - rows} more")
    return [*lines, "", "</details>", ""]


def _next_steps(run: RunOutcome) -> list[str]:
    blocking = [(outcome, change) for outcome in run.contracts for change in outcome.blocking]
    if not blocking:
        return []
    outcome, change = blocking[0]
    steps = [
        f"`treaty explain {change.rule}` says who breaks and how to do it without breaking anyone.",
        "Keep the change compatible, or give it to the next major beside this one."
        if outcome.state is not ContractState.NEW
        else "Keep frozen elements as they are, and add the new ones beside them under other names.",
        f"If it has to be: `treaty waive {change.fingerprint} --reason … --owner … --expires …` and have it reviewed.",
    ]
    if len(blocking) > 1:
        steps.append(f"{blocking_count(run)} in all; each is accepted or mended on its own.")
    return ["### Next steps", "", *(f"{number}. {step}" for number, step in enumerate(steps, 1)), ""]


def _lint(lint: LintOutcome, links: Links | None, rows: int) -> str:
    found = entries(lint)
    lines = [MARKER.replace("report", "lint"), f"## {lint_headline(lint)}", ""]
    if found:
        lines += ["| place | rule | what | |", "|---|---|---|---|"]
        for entry in found[:rows]:
            place = _linked(code(f"{entry.path}:{entry.line}"), entry.location, links)
            advice = "".join(f"<br>→ {text(each)}" for each in entry.advice)
            what = f"{code(entry.element)} {text(entry.message)}{advice}"
            mark = "**error**" if entry.rank is Rank.ERROR else "warning"
            lines.append(row(place, code(entry.rule), what, mark))
        if len(found) > rows:
            lines.append(row("", "", f"… {len(found) - rows} more", ""))
        lines.append("")
    facts = [plural(lint.documents, "document"), plural(lint.rules, "rule")]
    if lint.known:
        facts.append(f"{len(lint.known)} known from the baseline")
    return "\n".join([*lines, f"<sub>Treaty lint · {' · '.join(facts)}</sub>", ""])


def code(words: str) -> str:
    """``words`` as a code span that holds them whatever they are."""
    flat = " ".join(words.split()) or " "
    longest = max((len(run) for run in _TICKS.findall(flat)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


def text(words: str) -> str:
    """``words`` as text: what they quote in backticks becomes code, and nothing in them is markup."""
    parts = " ".join(words.split()).split("`")
    if len(parts) % 2 == 0:  # an odd number of backticks quotes nothing
        return escaped(" ".join(words.split()))
    return "".join(code(part) if index % 2 else escaped(part) for index, part in enumerate(parts))


def escaped(words: str) -> str:
    """``words`` with every character that Markdown could take for markup escaped."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", words.replace("`", "'"))


def row(*cells: str) -> str:
    """A row of a table; a bar ends a cell wherever it stands, in code too (GFM, section 4.10)."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
