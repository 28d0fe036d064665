"""HTML: one file that works offline, with everything to filter, for people who look at many findings."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.changes.change import Level
from treaty.govern.lint.outcome import LintOutcome
from treaty.govern.outcome import RunOutcome
from treaty.govern.versions import Bump
from treaty.report.entries import Entry, entries, example, path_of, plural
from treaty.report.links import links_around
from treaty.report.subjects import as_run, headline, lint_headline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treaty.documents.location import Location
    from treaty.govern.outcome import ContractOutcome
    from treaty.report.formats import Reportable
    from treaty.report.links import Links

_ORDER = ("breaking", "unknown", "error", "risky", "warning", "additive", "docs", "waived")
_HIDDEN_AT_FIRST = ("docs",)
_TICKED = re.compile(r"`([^`\n]+)`")
_COMMIT = re.compile(r"^([0-9a-f]{7})[0-9a-f]{33}:")


def render(subject: Reportable, links: Links | None = None) -> str:
    """The whole page; it loads nothing, and without scripts it shows everything."""
    links = links or links_around()
    if isinstance(subject, LintOutcome):
        title = "Treaty lint"
        heading = lint_headline(subject)
        intro = [f"<p class='quiet'>{plural(subject.documents, 'document')}, {plural(subject.rules, 'rule')}</p>"]
        overview: list[str] = []
    else:
        run = subject if isinstance(subject, RunOutcome) else as_run(subject)
        title, heading = "Treaty report", headline(run)
        intro = [f"<p class='quiet'>against {_code(run.against)}{_edition(run)}</p>"]
        overview = _overview(run)
    found = entries(subject)
    body = [
        *overview,
        *_filters(found),
        "<main id='findings'>",
        "<h2>Findings</h2>" if found else "<p>Nothing to report.</p>",
        *(_article(entry, links) for entry in found),
        "</main>",
    ]
    return page(title, heading, intro, body)


def page(title: str, heading: str, intro: Iterable[str], body: Iterable[str]) -> str:
    """A self-contained page around HTML that is safe already; a policy in it forbids everything but its own script."""
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            f"<title>{escape(title)}: {escape(heading)}</title>",
            f"<style>\n{_asset('page.css')}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#findings">Skip to the findings</a>',
            f"<header><div><h1>{escape(heading)}</h1>",
            *intro,
            '</div><button class="theme" type="button" aria-pressed="false" hidden>Dark or light</button></header>',
            *body,
            "<footer>Written by Treaty. Works offline; nothing was sent anywhere.</footer>",
            f"<script>{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


@cache
def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


def _edition(run: RunOutcome) -> str:
    edition = f", edition {escape(run.edition)}" if run.edition else ""
    return f"{edition}, {plural(run.unchanged, 'document')} unchanged" if run.unchanged else edition


def _overview(run: RunOutcome) -> list[str]:
    if not run.contracts:
        return []
    heads = "".join(f"<th scope='col'>{head}</th>" for head in ("contract", "version", "verdict", "changes", "file"))
    return [
        "<h2>Contracts</h2>",
        f"<div class='scroll'><table><thead><tr>{heads}</tr></thead><tbody>",
        *(_contract_row(outcome) for outcome in run.contracts),
        "</tbody></table></div>",
    ]


def _contract_row(outcome: ContractOutcome) -> str:
    comparison = outcome.comparison
    if outcome.error is not None:
        verdict, level = "not checked", "unknown"
    elif outcome.blocked:
        verdict, level = "✗ blocked", "breaking"
    else:
        verdict, level = f"✓ {outcome.state.value}", "additive"
    version = ""
    if comparison is not None and comparison.revision.version is not None:
        old, new = comparison.base.version, comparison.revision.version
        version = f"{escape(str(old))} → {escape(new)}" if old not in (None, new) else escape(new)
        if comparison.sufficient is False and comparison.required_bump is not Bump.NONE and comparison.required_version:
            version += f", needs <strong>{escape(comparison.required_version)}</strong>"
    if outcome.asked:
        version += f"{version and '<br>'}<span class='quiet'>{escape(outcome.asked)}</span>"
    counts = ", ".join(
        f"{count} {level.value}"
        for level in sorted(Level, key=lambda level: -level.severity)
        if (count := sum(change.level is level for change in outcome.changes))
    )
    waived = f"{counts and ', '}{len(outcome.waived)} waived" if outcome.waived else ""
    cells = [
        f"<strong>{escape(outcome.name)}</strong>",
        version,
        f"<span class='level' data-level='{level}'>{verdict}</span>",
        f"{counts}{waived}",
        _code(outcome.path),
    ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _filters(found: list[Entry]) -> list[str]:
    if not found:
        return []
    counts = {level: sum(_level(entry) == level for entry in found) for level in _ORDER}
    boxes = "".join(
        f"<label><input type='checkbox' name='level' value='{level}'"
        f"{'' if level in _HIDDEN_AT_FIRST and len(found) > counts[level] else ' checked'}>"
        f"<span class='level' data-level='{level}'>{level} {count}</span></label>"
        for level, count in counts.items()
        if count
    )
    contracts = "".join(f"<option>{escape(name)}</option>" for name in sorted({entry.contract for entry in found}))
    return [
        "<form role='search' aria-label='Filter the findings' hidden>",
        "<label>Words <input type='search' name='words' autocomplete='off'></label>",
        f"<label>Contract <select name='contract'><option value=''>all</option>{contracts}</select></label>",
        f"<fieldset><legend>Level</legend>{boxes}</fieldset>",
        "<output class='quiet' aria-live='polite'></output>",
        "</form>",
    ]


def _level(entry: Entry) -> str:
    return "waived" if entry.waived is not None else entry.label


def _article(entry: Entry, links: Links | None) -> str:
    level = _level(entry)
    places = [_place(entry.location, links) if entry.location is not None else _code(entry.path)]
    if entry.base is not None and entry.location is not None:
        places.append(f"was {_place(entry.base, links, _place_before(entry.base, entry.location))}")
    parts = [
        f"<article data-level='{level}' data-contract='{escape(entry.contract)}'>",
        f"<h3><span class='level'>{level}</span> {escape(entry.element)}</h3>",
        f"<p>{_prose(entry.message)}</p>",
        f"<p class='quiet'>{escape(entry.contract)} · <code>{escape(entry.rule)}</code> · {' · '.join(places)}</p>",
    ]
    if entry.witness is not None:
        accepted, refused = entry.witness.accepted_by, entry.witness.refused_by
        parts.append(f"<p>Accepted by the {escape(accepted)}, refused by the {escape(refused)}:</p>")
        parts.append(f"<pre>{escape(example(entry.witness, 4000))}</pre>")
        parts.append(f"<p class='quiet'>{escape(entry.witness.reason)} ({escape(entry.witness.confirmed_by)})</p>")
    if entry.waived is not None:
        waived = entry.waived
        left = plural(waived.days_left, "day")
        parts.append(
            f"<p>Waived by {escape(waived.owner)} until {waived.expires} ({left} left): {escape(waived.reason)}</p>"
        )
    parts.extend(f"<p>→ {_prose(each)}</p>" for each in entry.advice)
    return "\n".join([*parts, "</article>"])


def _place(location: Location, links: Links | None, words: str | None = None) -> str:
    shown = _code(words or str(location))
    address = links.to(location) if links is not None else None
    return f"<a href='{escape(address)}'>{shown}</a>" if address is not None else shown


def _place_before(base: Location, now: Location) -> str:
    """Where it was: the file only when it was another, the commit as people write it."""
    if path_of(base) == path_of(now):
        return f"line {base.line}:{base.column}"
    return _COMMIT.sub(r"\1:", str(base))


def _prose(words: str) -> str:
    """A sentence; what it has in backticks is code."""
    return _TICKED.sub(r"<code>\1</code>", escape(words))


def _code(words: str) -> str:
    return f"<code>{escape(words)}</code>"
