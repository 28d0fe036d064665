"""The life of a contract document, step by step: each version compared with the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from treaty.changes.comparison import Side
from treaty.errors import TreatyError
from treaty.govern.comparison import compare_sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.comparison import Settings
    from treaty.govern.comparison import Comparison
    from treaty.govern.history import History, PublishedVersion


@dataclass(frozen=True, slots=True)
class Step:
    """One version. ``comparison`` is with the version before it, None for the first, and where ``problem`` says why."""

    version: PublishedVersion
    previous: PublishedVersion | None
    comparison: Comparison | None
    problem: TreatyError | None = None


class Evolution:
    """The versions of one document, compared one after the other as somebody asks for them."""

    def __init__(self, history: History, path: str, settings: Settings) -> None:
        self.path = path
        self._history = history
        self.settings = settings

    @cached_property
    def versions(self) -> list[PublishedVersion]:
        """Oldest first."""
        return self._history.versions()

    def side(self, version: PublishedVersion) -> Side:
        """The document as it was last under a version. Raises the CannotCheck errors of reading it."""
        library = self._history.library(version.last.id)
        return Side(library, library.open(self.path))

    def at(self, name: str) -> PublishedVersion | None:
        """The version called ``name``, else what was there at the revision of that name; None where nothing was.

        Raises RevisionError for what is neither.
        """
        for version in self.versions:
            if name in (version.version, version.tag):
                return version
        return self._history.at(name)

    def steps(self, after: PublishedVersion | None = None) -> Iterator[Step]:
        """Each version, oldest first; only those that follow ``after`` where it is given."""
        previous: PublishedVersion | None = None
        begun = after is None
        for version in self.versions:
            if begun:
                yield self._step(previous, version)
            begun = begun or version == after
            previous = version

    def _step(self, previous: PublishedVersion | None, version: PublishedVersion) -> Step:
        if previous is None:
            return Step(version, None, None, version.problem)
        try:
            comparison = compare_sides(self.side(previous), self.side(version), self.settings)
        except TreatyError as error:
            return Step(version, previous, None, error)
        return Step(version, previous, comparison)
