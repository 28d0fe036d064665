"""The list of deprecations, for people, spreadsheets and machines."""

from __future__ import annotations

import csv
import io
import json
from html import escape
from typing import TYPE_CHECKING

from treaty.report.entries import plural
from treaty.report.html import page
from treaty.report.markdown import code, row, text
from treaty.report.timeline import timeline

if TYPE_CHECKING:
    from rich.console import Console

    from treaty.documents.location import JsonValue
    from treaty.govern.lifecycle.listing import Deprecation, Deprecations

FORMATS = ("text", "json", "csv", "markdown", "svg", "html")
_STYLES = {"deprecated": "yellow", "sunset": "magenta", "overdue": "bold red"}
_COLUMNS = (
    "contract", "element", "kind", "standing", "deprecated_since", "released", "age_days", "sunset", "days_left",
    "removed_in", "replaced_by", "owner", "reason", "migration", "file", "line",
)  # fmt: skip


def render(name: str, listed: Deprecations) -> str:
    """The list in one of :data:`FORMATS` other than text."""
    return {"json": _json, "csv": _csv, "markdown": _markdown, "svg": _svg, "html": _html}[name](listed)


def print_deprecations(console: Console, listed: Deprecations) -> None:
    """The list at a terminal, soonest sunset first."""
    from rich.text import Text

    for path, error in listed.unread:
        console.print(Text(f"not read  {path}: {error}", "bold magenta"), soft_wrap=True)
    for each in listed.found:
        lifecycle = each.lifecycle
        line = Text(f"{each.contract}  ", "bold")
        line.append(each.element)
        line.append(f"  {each.standing.value}", _STYLES[each.standing.value])
        line.append(f", {_remaining(each)}")
        console.print(line, soft_wrap=True)
        facts = [f"since {lifecycle.deprecated_since or '?'} ({_age(each)})"]
        facts += [f"removed in {lifecycle.removed_in}"] if lifecycle.removed_in else []
        facts += [f"use {lifecycle.replaced_by}"] if lifecycle.replaced_by else []
        facts += [f"ask {each.owner}"] if each.owner else []
        console.print(Text(f"    {' · '.join(facts)}", "dim"), soft_wrap=True)
        console.print(Text(f"    {each.location}", "dim"), soft_wrap=True)
    counts = f"{len(listed.found)} deprecated" if listed.found else "nothing is deprecated"
    console.print(Text(f"{counts} · {listed.today}", "dim"))


def _remaining(each: Deprecation) -> str:
    return _days(each) if each.days_left is None else f"{_days(each)} ({each.lifecycle.sunset})"


def _days(each: Deprecation) -> str:
    left = each.days_left
    if left is None:
        return "no sunset"
    return f"{plural(left, 'day')} left" if left > 0 else f"sunset {plural(-left, 'day')} ago"


def _age(each: Deprecation) -> str:
    if each.released is None or each.age is None:
        return "not released yet"
    return f"released {each.released.when.date()}, {plural(each.age, 'day')} ago"


def _values(each: Deprecation) -> dict[str, JsonValue]:
    lifecycle = each.lifecycle
    return {
        "contract": each.contract,
        "element": each.element,
        "kind": each.kind,
        "standing": each.standing.value,
        "deprecated_since": lifecycle.deprecated_since,
        "released": each.released.when.date().isoformat() if each.released is not None else None,
        "age_days": each.age,
        "sunset": lifecycle.sunset.isoformat() if lifecycle.sunset is not None else None,
        "days_left": each.days_left,
        "removed_in": lifecycle.removed_in,
        "replaced_by": lifecycle.replaced_by,
        "owner": each.owner,
        "reason": lifecycle.reason,
        "migration": lifecycle.migration,
        "file": each.location.file,
        "line": each.location.line,
    }


def _json(listed: Deprecations) -> str:
    report: dict[str, JsonValue] = {
        "schema": 1,
        "today": listed.today.isoformat(),
        "deprecations": [_values(each) for each in listed.found],
        "unread": [{"path": path, "problem": str(error)} for path, error in listed.unread],
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _csv(listed: Deprecations) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in listed.found:
        writer.writerow({name: _cell(value) for name, value in _values(each).items()})
    return out.getvalue()


def _cell(value: JsonValue) -> JsonValue:
    """A value no spreadsheet takes for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def _markdown(listed: Deprecations) -> str:
    lines = [f"## Deprecations on {listed.today}", ""]
    if not listed.found:
        return "\n".join([*lines, "Nothing is deprecated.", ""])
    lines += [
        row("contract", "element", "state", "since", "until", "use instead", "owner"),
        "|---|---|---|---|---|---|---|",
    ]
    for each in listed.found:
        lifecycle = each.lifecycle
        lines.append(
            row(
                code(each.contract),
                f"{code(each.element)}{f'<br>{text(lifecycle.migration)}' if lifecycle.migration else ''}",
                f"{each.standing.value}, {_remaining(each)}",
                f"{text(lifecycle.deprecated_since or '?')}, {_age(each)}",
                f"{lifecycle.sunset or 'not said'}{f', {text(lifecycle.removed_in)}' if lifecycle.removed_in else ''}",
                code(lifecycle.replaced_by) if lifecycle.replaced_by else "",
                code(each.owner) if each.owner else "",
            )
        )
    return "\n".join([*lines, ""])


def _svg(listed: Deprecations) -> str:
    return timeline(listed.found, listed.today)


def _html(listed: Deprecations) -> str:
    heading = f"{plural(len(listed.found), 'deprecated element')}"
    heads = ("contract", "element", "state", "since", "until", "use instead", "owner")
    cells = "".join(f"<th scope='col'>{head}</th>" for head in heads)
    drawn = f"<div class='scroll timeline'>{timeline(listed.found, listed.today)}</div>"
    body = [drawn if listed.found else "<p>Nothing is deprecated.</p>"]
    body += [
        "<main id='findings'>",
        f"<div class='scroll'><table><thead><tr>{cells}</tr></thead><tbody>",
        *(_table_row(each) for each in listed.found),
        "</tbody></table></div>",
        "</main>",
    ]
    return page("Deprecations", heading, [f"<p class='quiet'>as of {listed.today}</p>"], body)


def _table_row(each: Deprecation) -> str:
    lifecycle = each.lifecycle
    level = {"deprecated": "risky", "sunset": "unknown", "overdue": "breaking"}[each.standing.value]
    cells = (
        escape(each.contract),
        f"<code>{escape(each.element)}</code><br><span class='quiet'>{escape(lifecycle.migration or '')}</span>",
        f"<span class='level' data-level='{level}'>{each.standing.value}</span> {_days(each)}",
        f"{escape(lifecycle.deprecated_since or '?')}, {escape(_age(each))}",
        f"<time>{lifecycle.sunset or 'not said'}</time> {escape(lifecycle.removed_in or '')}",
        f"<code>{escape(lifecycle.replaced_by)}</code>" if lifecycle.replaced_by else "",
        escape(each.owner or ""),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
