"""Publications held against the versions a registry has of their subjects, and judged as `treaty.yaml` says."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from treaty.changes.schema_documents import under_policy
from treaty.govern.comparison import Comparison, Description
from treaty.govern.compatibility import Mode, judge
from treaty.govern.outcome import ContractOutcome, ContractState
from treaty.govern.policy import ContractPolicy
from treaty.govern.settings import settings_for
from treaty.govern.versions import judge_versions
from treaty.govern.waivers import Waivers, load_waivers
from treaty_registry.errors import RegistryError

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from treaty.changes.change import Change
    from treaty.documents.schema_text import SchemaText
    from treaty.documents.source import Source
    from treaty.govern.policy import Policy
    from treaty_registry.client.model import VersionEntry
    from treaty_registry.client.registry import RegistryClient
    from treaty_registry.publishing.plan import Publication

_UNKNOWN_SUBJECT = 40401
_KINDS = {"AVRO": "avro", "JSON": "json-schema", "PROTOBUF": "protobuf"}


@dataclass(frozen=True, slots=True)
class Standards:
    """What publications are judged by: the policy, the waivers of its repository, the day."""

    policy: Policy
    waivers: Waivers
    today: datetime.date

    @classmethod
    def of(cls, policy: Policy, source: Source, prefix: str, today: datetime.date) -> Standards:
        """``prefix`` is the folder of the policy in ``source``. Raises PolicyError for what is no waiver."""
        folder = posixpath.normpath(posixpath.join(prefix, policy.waivers))
        return cls(policy, Waivers(load_waivers(source, folder), today), today)

    def outcome(self, client: RegistryClient, publication: Publication) -> ContractOutcome:
        """A publication compared with what its subject holds, by the mode of its contract and else of the registry.

        Raises RegistryError and ServiceError, and the CannotCheck errors of reading a schema.
        """
        unit, subject = publication.unit, publication.subject
        contract = publication.contract or ContractPolicy(subject, ())
        history = _history(client, subject)
        if not history:
            return ContractOutcome(name=contract.name, path=unit.place[0], state=ContractState.NEW, asked=subject)
        mode = contract.mode or _level(client, subject)
        strict = contract.content != "tolerant"
        answer = judge(unit.schema, [text for _, text in history], unit.type, mode, strict=strict)
        settings = settings_for(self.policy, contract, self.today)
        found = _placed(publication, under_policy(answer.findings, settings, mode.roles, strict=strict))
        left, waived = self.waivers.apply(contract.name, found)
        latest, kind = history[-1][0], _KINDS[unit.type]
        count = len(history) if mode.transitive else 1
        return ContractOutcome(
            name=contract.name,
            path=unit.place[0],
            comparison=Comparison(
                Description(f"{subject}@{latest.version}", kind, None),
                Description(unit.place[0], kind, None),
                tuple(left),
                judge_versions((change.level for change in left), None, None),
            ),
            changes=tuple(left),
            waived=tuple(waived),
            allowed=contract.stability in self.policy.unstable,
            asked=f"{subject}, {mode.value}, {count} version{'' if count == 1 else 's'}",
        )


def _placed(publication: Publication, changes: Iterator[Change]) -> Iterator[Change]:
    """``changes`` at places of the file. A text that was made of several files has lines that nobody wrote."""
    unit = publication.unit
    for change in changes:
        yield change if unit.as_written or change.revision is None else replace(change, revision=unit.location)


def _history(client: RegistryClient, subject: str) -> list[tuple[VersionEntry, SchemaText]]:
    try:
        return client.history(subject)
    except RegistryError as error:
        if error.code == _UNKNOWN_SUBJECT:
            return []
        raise


def _level(client: RegistryClient, subject: str) -> Mode:
    """The registry's own level, for a contract that says none."""
    config = client.config(subject)
    level = str(config.get("compatibilityLevel") or config.get("compatibility") or Mode.BACKWARD).upper()
    return Mode[level] if level in Mode.__members__ else Mode.BACKWARD
