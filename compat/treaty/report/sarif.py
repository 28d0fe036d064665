"""SARIF 2.1.0 (OASIS), as code scanning and other dashboards read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty._version import __version__
from treaty.report.catalogue import rule_text
from treaty.report.entries import Entry, Rank, entries, example

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue, Location
    from treaty.report.formats import Reportable

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000
"""What GitHub accepts in a run; it shows the 5,000 most severe."""
_LEVELS = {Rank.ERROR: "error", Rank.WARNING: "warning", Rank.NOTE: "note"}
_SHOWN_LABELS = ("breaking", "unknown", "risky", "error", "warning")


def render(subject: Reportable) -> str:
    """One run with a result for everything that is not plainly compatible; waived changes are suppressed results."""
    listed = [entry for entry in entries(subject) if entry.waived is not None or entry.label in _SHOWN_LABELS]
    results = [entry for entry in listed if not entry.unchecked][:MOST_RESULTS]
    unchecked = [entry for entry in listed if entry.unchecked]
    names = sorted({entry.rule for entry in results})
    run: dict[str, JsonValue] = {
        "tool": {
            "driver": {
                "name": "Treaty",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(name) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not unchecked,
                "toolExecutionNotifications": [_notification(entry) for entry in unchecked],
            }
        ],
        "results": [_result(entry, names.index(entry.rule)) for entry in results],
    }
    left_out = len(listed) - len(unchecked) - len(results)
    if left_out:
        run["properties"] = {"resultsLeftOut": left_out}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(name: str) -> JsonValue:
    text = rule_text(name)
    described: dict[str, JsonValue] = {"id": name, "name": name, "shortDescription": {"text": text.summary}}
    if text.why:
        described["fullDescription"] = {"text": text.why}
        described["help"] = {
            "text": f"{text.why}\n\n{text.safe}\n\ntreaty explain {name}",
            "markdown": f"{text.why}\n\n**The safe path.** {text.safe}\n\n`treaty explain {name}`",
        }
    return described


def _result(entry: Entry, index: int) -> JsonValue:
    result: dict[str, JsonValue] = {
        "ruleId": entry.rule,
        "ruleIndex": index,
        "level": _LEVELS[entry.rank],
        "message": {"text": _message(entry)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(entry.path), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": entry.line, "startColumn": entry.column},
                },
                "logicalLocations": [{"fullyQualifiedName": f"{entry.contract}: {entry.element}"}],
            }
        ],
        "partialFingerprints": {"treaty/v1": entry.fingerprint},
        "properties": {"contract": entry.contract, "element": entry.element, "level": entry.label},
    }
    if entry.base is not None:
        result["relatedLocations"] = [_related(entry.base)]
    if entry.waived is not None:
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": f"{entry.waived.waiver}, {entry.waived.owner}, until {entry.waived.expires}: "
                f"{entry.waived.reason}",
            }
        ]
    return result


def _message(entry: Entry) -> str:
    lines = [f"{entry.element}: {entry.message}"]
    if entry.witness is not None:
        lines.append(f"Now refused: {example(entry.witness)} ({entry.witness.reason})")
    return "\n".join([*lines, *entry.advice])


def _related(base: Location) -> JsonValue:
    # The base is not the revision the dashboard shows: its file is told in words, and the line beside it.
    return {
        "id": 1,
        "message": {"text": f"before: {base}"},
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(base.file.rpartition(":")[2])},
            "region": {"startLine": base.line or 1},
        },
    }


def _notification(entry: Entry) -> JsonValue:
    place: dict[str, JsonValue] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(entry.path), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": entry.line, "startColumn": entry.column},
        }
    }
    return {"level": "error", "message": {"text": _message(entry)}, "locations": [place]}


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
