"""GitHub workflow commands: annotations at the lines they are about, most severe first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.report.entries import Entry, Rank, entries, example

if TYPE_CHECKING:
    from treaty.report.formats import Reportable

MOST = 10
"""Annotations GitHub shows of one step; what comes after them is dropped silently."""
_COMMANDS = {Rank.ERROR: "error", Rank.WARNING: "warning", Rank.NOTE: "notice"}


def render(subject: Reportable) -> str:
    """At most ten commands, errors before warnings; the last says how many more there are."""
    listed = [entry for entry in entries(subject) if entry.rank is not Rank.NOTE]
    if not listed:
        return ""
    shown = listed if len(listed) <= MOST else listed[: MOST - 1]
    lines = [_command(entry) for entry in shown]
    if len(shown) < len(listed):
        command = _COMMANDS[listed[len(shown)].rank]
        more = f"{len(listed) - len(shown)} more findings: the summary of this job and the SARIF report have them all"
        lines.append(f"::{command} title=treaty::{_message(more)}")
    return "\n".join(lines) + "\n"


def _command(entry: Entry) -> str:
    place = f"file={_property(entry.path)},line={entry.line},col={entry.column}"
    title = _property(f"{entry.label}: {entry.rule}" if entry.label != _COMMANDS[entry.rank] else entry.rule)
    lines = [f"{entry.element}: {entry.message}"]
    if entry.witness is not None:
        lines.append(f"now refused: {example(entry.witness, 300)}")
    return f"::{_COMMANDS[entry.rank]} {place},title={title}::{_message(chr(10).join([*lines, *entry.advice]))}"


def _message(text: str) -> str:
    """Escaped as the runner unescapes it; nothing a contract says can begin a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
