"""GitLab code quality: a list of issues that a merge request shows beside its lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.report.entries import Entry, Rank, entries, example

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty.report.formats import Reportable


def render(subject: Reportable) -> str:
    """Everything but plainly compatible changes; each fingerprint once, as GitLab asks for."""
    issues: list[JsonValue] = []
    seen: dict[str, int] = {}
    for entry in entries(subject):
        if entry.rank is Rank.NOTE and entry.waived is None:
            continue
        seen[entry.fingerprint] = seen.get(entry.fingerprint, 0) + 1
        issues.append(_issue(entry, seen[entry.fingerprint]))
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _issue(entry: Entry, occurrence: int) -> JsonValue:
    name = f"{entry.contract}:{entry.fingerprint}"
    return {
        "description": _description(entry),
        "check_name": entry.rule,
        "fingerprint": name if occurrence == 1 else f"{name}:{occurrence}",
        "severity": _severity(entry),
        "location": {"path": entry.path, "lines": {"begin": entry.line}},
    }


def _severity(entry: Entry) -> str:
    if entry.waived is not None:
        return "info"
    if entry.rank is Rank.WARNING:
        return "minor"
    return "critical" if entry.label == "unknown" else "blocker"


def _description(entry: Entry) -> str:
    text = f"{entry.element}: {entry.message}"
    if entry.waived is not None:
        return f"{text} (waived by {entry.waived.owner} until {entry.waived.expires})"
    return f"{text} Now refused: {example(entry.witness, 200)}" if entry.witness is not None else text
