"""The documents of a repository by contract, read when a replacement leads to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.comparison import Side
from treaty.errors import TreatyError
from treaty.govern.catalogue import matching
from treaty.govern.comparison import describe
from treaty.govern.lifecycle.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from treaty.documents.library import Library
    from treaty.govern.policy import Policy


class DocumentsAround:
    """Implements :class:`treaty.govern.lifecycle.replacement.Surroundings` over one state of the repository."""

    def __init__(self, policy: Policy, library: Library, paths: Sequence[str], prefix: str) -> None:
        self._policy = policy
        self._library = library
        self._paths = paths
        self._prefix = prefix
        self._surveys: dict[str, list[Survey]] = {}

    def contracts(self) -> Iterable[str]:
        return self._policy.contracts

    def surveys(self, contract: str) -> Iterable[Survey]:
        if contract not in self._surveys:
            globs = self._policy.contracts[contract].paths
            found = [self._survey(path) for path in matching(self._paths, globs, self._prefix)]
            self._surveys[contract] = [survey for survey in found if survey is not None]
        return self._surveys[contract]

    def _survey(self, path: str) -> Survey | None:
        try:
            document = self._library.open(path)
            survey = Survey(Side(self._library, document), describe(document).version)
            _ = survey.places
        except TreatyError:  # told where that contract itself is checked
            return None
        return survey
