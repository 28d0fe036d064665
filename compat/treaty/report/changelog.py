"""Changelogs and version histories, as Markdown, JSON and for the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.report.entries import example, plural
from treaty.report.json import change_report
from treaty.report.markdown import code, row, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from treaty.documents.location import JsonValue
    from treaty.govern.changelog import Deprecated, Section
    from treaty.govern.evolution import Step

_MOST_DOCUMENTATION = 5
_LABELS = {"identical": "no change", "first": "first version", "not readable": "could not be read"}


def markdown(found: Sequence[Section]) -> str:
    """Newest version first, contract by contract."""
    lines = ["# Changelog", ""]
    if not found:
        return "\n".join([*lines, "Nothing changed.", ""])
    contract: str | None = None
    for section in reversed(found):
        if section.contract != contract:
            contract = section.contract
            lines += [f"## {text(contract)}", ""]
        lines += _section(section)
    return "\n".join(lines)


def _section(section: Section) -> list[str]:
    version = section.version
    label = _LABELS.get(section.label, section.label)
    bump = ""
    if section.comparison is not None and section.comparison.declared_bump is not None:
        bump = f", {section.comparison.declared_bump}"
    tag = f", {code(version.tag)}" if version.tag is not None else ""
    name = text(version.label) if version.version is not None else code(section.path.rpartition("/")[2])
    lines = [f"### {name} ({version.first.when.date()}): {label}{bump}{tag}", ""]
    if section.beside is not None:
        lines += [f"A new major beside {code(section.beside)}; what breaks, breaks for those who move.", ""]
    if section.problem is not None:
        lines += [f"Not readable: {text(section.problem.problem)}", ""]
    deprecated = list(section.deprecated)
    for name, changes in section.groups().items():
        if name == "Deprecated":
            continue  # told below with dates and replacement
        lines += [f"#### {name}", ""]
        shown = changes[:_MOST_DOCUMENTATION] if name == "Documentation" else changes
        for change in shown:
            lines.append(f"- {code(change.element)}: {text(change.message)}")
            if name == "Breaking" and change.witness is not None:
                lines.append(f"  - now refused: {code(example(change.witness, 200))}")
            waiver = section.waived.get(change.fingerprint)
            if waiver is not None:
                lines.append(f"  - let through by {code(waiver.id)} of {code(waiver.owner)}: {text(waiver.reason)}")
        if len(shown) < len(changes):
            lines.append(f"- and {len(changes) - len(shown)} more")
        lines.append("")
    if deprecated:
        lines += ["#### Deprecated", "", *(f"- {_announced(each)}" for each in deprecated), ""]
    return lines


def _announced(each: Deprecated) -> str:
    lifecycle = each.lifecycle
    facts = [f"works until {lifecycle.sunset}"] if lifecycle.sunset is not None else []
    facts += [f"removed in {text(lifecycle.removed_in)}"] if lifecycle.removed_in else []
    facts += [f"use {code(lifecycle.replaced_by)}"] if lifecycle.replaced_by else []
    told = f"{code(each.element)}{': ' if facts else ''}{', '.join(facts)}"
    return f"{told}. {text(lifecycle.migration)}" if lifecycle.migration else told


def changelog_json(found: Sequence[Section]) -> str:
    """Every section with all of its changes, newest first."""
    return json.dumps({"schema": 1, "sections": [_report(each) for each in reversed(found)]}, indent=2,
                      ensure_ascii=False, default=str) + "\n"  # fmt: skip


def _report(section: Section) -> dict[str, JsonValue]:
    comparison = section.comparison
    return {
        "contract": section.contract,
        "path": section.path,
        "version": section.version.version,
        "previous": section.previous.version if section.previous is not None else None,
        "beside": section.beside,
        "date": section.version.first.when.date().isoformat(),
        "commit": section.version.first.id,
        "tag": section.version.tag,
        "label": section.label,
        "required_bump": comparison.required_bump.value if comparison is not None else None,
        "declared_bump": _bump(comparison.declared_bump) if comparison is not None else None,
        "problem": section.problem.problem if section.problem is not None else None,
        "groups": {name: [change_report(change) for change in changes] for name, changes in section.groups().items()},
        "deprecated": [
            {
                "element": each.element,
                "sunset": each.lifecycle.sunset.isoformat() if each.lifecycle.sunset is not None else None,
                "removed_in": each.lifecycle.removed_in,
                "replaced_by": each.lifecycle.replaced_by,
                "migration": each.lifecycle.migration,
            }
            for each in section.deprecated
        ],
        "waived": {
            name: {"id": waiver.id, "owner": waiver.owner, "reason": waiver.reason}
            for name, waiver in section.waived.items()
        },
    }


def _bump(bump: object) -> str | None:
    return str(bump) if bump is not None else None


def history_rows(steps: Iterable[Step]) -> list[dict[str, JsonValue]]:
    """Each version with its date, author, and the bump it declared against the one it needed."""
    rows: list[dict[str, JsonValue]] = []
    for step in steps:
        version, comparison = step.version, step.comparison
        changes = comparison.changes if comparison is not None else ()
        rows.append(
            {
                "version": version.version,
                "label": version.label,
                "date": version.first.when.date().isoformat(),
                "author": version.first.author,
                "commit": version.first.id,
                "tag": version.tag,
                "verdict": comparison.verdict.value if comparison is not None else None,
                "required_bump": comparison.required_bump.value if comparison is not None else None,
                "declared_bump": _bump(comparison.declared_bump) if comparison is not None else None,
                "sufficient": comparison.sufficient if comparison is not None else None,
                "breaking": sum(change.level.value == "breaking" for change in changes),
                "changes": len(changes),
                "problem": step.problem.problem if step.problem is not None else None,
            }
        )
    return rows


def history_markdown(contract: str, documents: dict[str, list[dict[str, JsonValue]]]) -> str:
    """One table per document, newest version first."""
    lines = [f"# {text(contract)}: versions", ""]
    for path, rows in documents.items():
        lines += [f"## {code(path)}", "", row("version", "date", "author", "declared", "needed", "what changed")]
        lines.append("|---|---|---|---|---|---|")
        for each in reversed(rows):
            short = "" if each["sufficient"] is not False else " **too low**"
            lines.append(
                row(
                    f"{text(str(each['label']))}{_tagged(each)}",
                    str(each["date"]),
                    text(str(each["author"])),
                    f"{each['declared_bump'] or ''}{short}",
                    str(each["required_bump"] or ""),
                    _what(each),
                )
            )
        lines.append("")
    return "\n".join(lines)


def print_history(console: Console, contract: str, documents: dict[str, list[dict[str, JsonValue]]]) -> None:
    """The same at a terminal."""
    from rich.text import Text

    for path, rows in documents.items():
        console.print(Text(f"{contract}  {path}", "bold"), soft_wrap=True)
        width = max((len(str(each["label"])) for each in rows), default=0)
        for each in reversed(rows):
            line = Text(f"  {each['label']!s:<{width}}  {each['date']}  ")
            declared, needed = each["declared_bump"], each["required_bump"]
            if declared is not None or needed is not None:
                line.append(f"declared {declared or 'nothing'}, needed {needed}", "dim")
                if each["sufficient"] is False:
                    line.append("  too low", "bold red")
                line.append("  ")
            line.append(_what(each))
            line.append(f"  {each['author']}{_tagged(each)}", "dim")
            console.print(line, soft_wrap=True)


def _tagged(each: dict[str, JsonValue]) -> str:
    return f" ({each['tag']})" if each["tag"] else ""


def _what(each: dict[str, JsonValue]) -> str:
    if each["problem"]:
        return f"not readable: {each['problem']}"
    if each["verdict"] is None:
        return "first version"
    count = each["changes"]
    breaking = f", {each['breaking']} breaking" if each["breaking"] else ""
    return f"{each['verdict']}: {plural(int(str(count)), 'change')}{breaking}"
