"""Publications held against the versions a registry has of their subjects, by the mode of `treaty.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.govern.compatibility import Compatibility, Mode, judge
from treaty_registry.errors import RegistryError

if TYPE_CHECKING:
    from treaty.documents.schema_text import SchemaText
    from treaty_registry.client.model import VersionEntry
    from treaty_registry.client.registry import RegistryClient
    from treaty_registry.publishing.plan import Publication

_UNKNOWN_SUBJECT = 40401


@dataclass(frozen=True, slots=True)
class Held:
    """One publication beside its subject: the versions there, oldest first, the mode it was judged by, the answer."""

    publication: Publication
    versions: tuple[VersionEntry, ...]
    mode: Mode
    answer: Compatibility

    @property
    def latest(self) -> VersionEntry | None:
        return self.versions[-1] if self.versions else None


def hold(client: RegistryClient, publication: Publication) -> Held:
    """Compare a publication with what its subject holds. Raises RegistryError and ServiceError."""
    history = _history(client, publication.subject)
    mode = _mode(client, publication) if history else Mode.NONE
    contract = publication.contract
    strict = contract is None or contract.content != "tolerant"
    unit = publication.unit
    answer = judge(unit.schema, [text for _, text in history], unit.type, mode, strict=strict)
    return Held(publication, tuple(version for version, _ in history), mode, answer)


def _history(client: RegistryClient, subject: str) -> list[tuple[VersionEntry, SchemaText]]:
    try:
        return client.history(subject)
    except RegistryError as error:
        if error.code == _UNKNOWN_SUBJECT:
            return []
        raise


def _mode(client: RegistryClient, publication: Publication) -> Mode:
    """What `treaty.yaml` asks for; the registry's own level where it asks for nothing."""
    if publication.contract is not None and publication.contract.mode is not None:
        return publication.contract.mode
    config = client.config(publication.subject)
    level = str(config.get("compatibilityLevel") or config.get("compatibility") or Mode.BACKWARD).upper()
    return Mode[level] if level in Mode.__members__ else Mode.BACKWARD
