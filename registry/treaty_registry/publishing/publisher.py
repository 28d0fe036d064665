"""Registering what is planned: all of it or, where the gate would refuse a part, nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty_registry.client.model import SchemaEntry
from treaty_registry.errors import RegistryError
from treaty_registry.model.schemas import Reference
from treaty_registry.publishing.plan import subjects_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.changes.change import Change
    from treaty_registry.client.registry import RegistryClient
    from treaty_registry.publishing.comparing import Standards
    from treaty_registry.publishing.plan import Publication

_NOT_HELD = (40401, 40403)


class Result(enum.StrEnum):
    """What became of a publication; NEW is what a dry run would register."""

    UNCHANGED = "unchanged"
    REGISTERED = "registered"
    NEW = "new"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Published:
    """One subject after publishing: the version that holds the schema, None where there is none (yet).

    ``refused_by`` is what the gate blocks, ``messages`` why the registry itself would refuse.
    """

    publication: Publication
    result: Result
    version: int | None = None
    id: int | None = None
    refused_by: tuple[Change, ...] = ()
    messages: tuple[str, ...] = ()


def publish(
    client: RegistryClient, publications: Sequence[Publication], standards: Standards, *, dry_run: bool
) -> list[Published]:
    """Register ``publications``, each after what it refers to.

    A schema that its subject holds already is left alone. Where the gate blocks one, or the registry would refuse one,
    nothing is registered at all. Raises RegistryError for what cannot be asked before, such as a mode that allows no
    writing, and ServiceError where no registry answers.
    """
    publisher = _Publisher(client, publications, standards)
    found = [publisher.looked_up(publication) for publication in publications]
    if dry_run or any(each.result is Result.REFUSED for each in found):
        return found
    return [publisher.registered(each) for each in found]


class _Publisher:
    def __init__(self, client: RegistryClient, publications: Sequence[Publication], standards: Standards) -> None:
        self._client = client
        self._standards = standards
        self._subjects = subjects_of(publications)
        self._versions: dict[str, int] = {}

    def looked_up(self, publication: Publication) -> Published:
        entry = self._entry(publication)
        if entry is not None:
            try:
                version = self._client.look_up(publication.subject, entry)
            except RegistryError as error:
                if error.code not in _NOT_HELD:
                    raise
            else:
                self._versions[publication.subject] = version.version
                return Published(publication, Result.UNCHANGED, version.version, version.id)
        outcome = self._standards.outcome(self._client, publication)
        if outcome.blocked:
            return Published(publication, Result.REFUSED, refused_by=outcome.blocking)
        if entry is not None:
            verdict = self._client.check(publication.subject, entry)
            if not verdict.compatible:
                return Published(publication, Result.REFUSED, messages=verdict.messages)
        return Published(publication, Result.NEW)

    def registered(self, found: Published) -> Published:
        if found.result is not Result.NEW:
            return found
        entry = self._entry(found.publication)
        assert entry is not None, "what it refers to was registered before it"
        version = self._client.register(found.publication.subject, entry)
        self._versions[found.publication.subject] = version.version
        return Published(found.publication, Result.REGISTERED, version.version, version.id)

    def _entry(self, publication: Publication) -> SchemaEntry | None:
        """The schema with its references; None while one of them has no version."""
        references = []
        for use in publication.unit.uses:
            subject = self._subjects[id(use.unit)]
            version = self._versions.get(subject)
            if version is None:
                return None
            references.append(Reference(use.name, subject, version))
        return SchemaEntry(publication.unit.type, publication.unit.text, tuple(references))
