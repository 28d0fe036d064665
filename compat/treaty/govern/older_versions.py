"""Transitive modes: a new version against every older one, not only the last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.changes.change import Level
from treaty.changes.comparison import Side, compare_documents
from treaty.errors import TreatyError
from treaty.govern.rules import problem

if TYPE_CHECKING:
    from treaty.changes.change import Change
    from treaty.changes.comparison import Settings
    from treaty.govern.history import History
    from treaty.govern.outcome import Problem


def older_changes(
    history: History, path: str, revision: Side, settings: Settings, known: tuple[Change, ...]
) -> tuple[list[Change], list[Problem], int]:
    """What breaks readers or writers of older versions and not those of the base.

    ``known`` are the changes from the base. Answers the further changes, each once and told by the newest version it
    hurts, the versions that could not be read, and how many versions were asked, the base included.
    """
    seen = {change.fingerprint for change in known if change.level in (Level.BREAKING, Level.UNKNOWN)}
    found: list[Change] = []
    problems: list[Problem] = []
    snapshots = history.snapshots()
    asked = 1
    for snapshot in reversed(snapshots[:-1]):
        try:
            library = history.library(snapshot.commit.id)
            changes = compare_documents(Side(library, library.open(path)), revision, settings)
        except TreatyError as error:
            message = f"the version of commit {snapshot.commit.id[:7]} cannot be read: {error.problem}"
            problems.append(problem("older-version-unreadable", message, error.location))
            continue
        asked += 1
        for change in changes:
            if change.level in (Level.BREAKING, Level.UNKNOWN) and change.fingerprint not in seen:
                seen.add(change.fingerprint)
                label = snapshot.version or f"commit {snapshot.commit.id[:7]}"
                found.append(replace(change, message=f"{change.message} (since {label})"))
    return found, problems, asked
