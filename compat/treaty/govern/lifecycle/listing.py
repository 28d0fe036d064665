"""Everything that is deprecated: since when, until when, what instead, and who to ask."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.changes.comparison import Side
from treaty.errors import TreatyError
from treaty.govern.catalogue import Neighbourhood, matching
from treaty.govern.comparison import describe
from treaty.govern.history import History
from treaty.govern.lifecycle.evidence import Evidence
from treaty.govern.lifecycle.survey import Survey
from treaty.govern.versions import parse_version

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from treaty.documents.library import Library
    from treaty.documents.location import Location
    from treaty.documents.repository import Repository
    from treaty.govern.history import Release
    from treaty.govern.places import Place
    from treaty.govern.policy import ContractPolicy, Policy
    from treaty.model.lifecycle import Lifecycle


class Standing(enum.StrEnum):
    """Where a deprecated element stands today."""

    DEPRECATED = "deprecated"
    SUNSET = "sunset"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """One deprecated element of one document.

    ``standing`` is sunset when its day has come, overdue when the version that was to remove it is there. ``released``
    is the first release that carried the mark, None where none has yet.
    """

    contract: str
    path: str
    version: str | None
    element: str
    kind: str
    lifecycle: Lifecycle
    standing: Standing
    owner: str | None
    released: Release | None
    location: Location
    today: datetime.date

    @property
    def age(self) -> int | None:
        """Days since the release that deprecated it."""
        return (self.today - self.released.when.date()).days if self.released is not None else None

    @property
    def days_left(self) -> int | None:
        """Days until its sunset; negative when that has passed, None where none is named."""
        return (self.lifecycle.sunset - self.today).days if self.lifecycle.sunset is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecations:
    """The list, soonest sunset first, and the documents that could not be read."""

    found: tuple[Deprecation, ...]
    unread: tuple[tuple[str, TreatyError], ...]
    today: datetime.date


class Catalogued:
    """The documents of a policy in one state of a repository, seen for their lifecycles."""

    def __init__(
        self,
        policy: Policy,
        repository: Repository,
        library: Library,
        paths: Sequence[str],
        prefix: str,
        today: datetime.date,
    ) -> None:
        self.policy = policy
        self.repository = repository
        self.library = library
        self.today = today
        self._paths = paths
        self.prefix = prefix

    def documents(self, names: Sequence[str] = ()) -> Iterator[tuple[ContractPolicy, str]]:
        """Every document of the contracts called ``names``, of all where none are named."""
        for name, contract in self.policy.contracts.items():
            if not names or name in names:
                for path in matching(self._paths, contract.paths, self.prefix):
                    yield contract, path

    def survey(self, path: str) -> Survey:
        """One document with its places. Raises the CannotCheck errors of reading it."""
        document = self.library.open(path)
        return Survey(Side(self.library, document), describe(document).version)

    def evidence(self, contract: ContractPolicy, path: str) -> Evidence:
        """What the history up to HEAD proves about one document."""
        files = Neighbourhood(self.library.source).files(path)
        return Evidence(History(self.repository, path, files, tags=self.policy.tags_of(contract)), path)

    def deprecations(self, names: Sequence[str] = ()) -> Deprecations:
        """Everything that is deprecated."""
        found: list[Deprecation] = []
        unread: list[tuple[str, TreatyError]] = []
        for contract, path in self.documents(names):
            try:
                found.extend(self._of_document(contract, path))
            except TreatyError as error:
                unread.append((path, error))
        found.sort(key=lambda each: (str(each.lifecycle.sunset or "9999"), each.contract, each.path, each.element))
        return Deprecations(found=tuple(found), unread=tuple(unread), today=self.today)

    def _of_document(self, contract: ContractPolicy, path: str) -> Iterator[Deprecation]:
        survey = self.survey(path)
        marked = [place for place in survey.marked if place.lifecycle.deprecated]
        evidence = self.evidence(contract, path) if marked and self.repository.head() is not None else None
        for place in marked:
            yield Deprecation(
                contract=contract.name,
                path=path,
                version=survey.version,
                element=place.name,
                kind=place.kind.value,
                lifecycle=place.lifecycle,
                standing=_standing(place, survey.version, self.today),
                owner=place.lifecycle.owner or contract.owner,
                released=evidence.deprecated_by(place) if evidence is not None else None,
                location=place.location,
                today=self.today,
            )


def _standing(place: Place, version: str | None, today: datetime.date) -> Standing:
    lifecycle = place.lifecycle
    declared, removed = parse_version(version), parse_version(lifecycle.removed_in)
    if declared is not None and removed is not None and declared >= removed:
        return Standing.OVERDUE
    if lifecycle.sunset is not None and lifecycle.sunset <= today:
        return Standing.SUNSET
    return Standing.DEPRECATED
