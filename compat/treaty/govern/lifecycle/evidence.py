"""What git proves about a deprecation: the first release that carried it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.comparison import Side
from treaty.errors import TreatyError
from treaty.govern.lifecycle.survey import Survey

if TYPE_CHECKING:
    from treaty.govern.history import History, Release
    from treaty.govern.places import Place


class Evidence:
    """Looks places up in the releases of one document; each release is read at most once."""

    def __init__(self, history: History, path: str) -> None:
        self._history = history
        self._path = path
        self._surveys: dict[str, Survey | None] = {}
        self._releases: list[Release] | None = None

    def releases(self) -> list[Release]:
        """The releases of the document, oldest first."""
        if self._releases is None:
            self._releases = self._history.releases()
        return self._releases

    def deprecated_by(self, place: Place) -> Release | None:
        """The oldest release since which every release has marked ``place`` deprecated; None where none has."""
        found: Release | None = None
        for release in reversed(self.releases()):
            survey = self._survey(release)
            there = survey.like(place) if survey is not None else None
            if there is None or not there.lifecycle.deprecated:
                break
            found = release
        return found

    def _survey(self, release: Release) -> Survey | None:
        if release.commit not in self._surveys:
            library = self._history.library(release.commit)
            try:
                survey = Survey(Side(library, library.open(self._path)), release.version)
                _ = survey.places  # reads every file the document refers to
            except TreatyError:  # a release nobody could read promised nothing
                survey = None
            self._surveys[release.commit] = survey
        return self._surveys[release.commit]
