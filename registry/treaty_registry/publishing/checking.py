"""`treaty check --against registry:URL`: the contracts of `treaty.yaml` held against what services fetch at runtime."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.documents.library import Library
from treaty.errors import TreatyError
from treaty.govern.comparison import Comparison, Description
from treaty.govern.gate import prefix_of
from treaty.govern.outcome import ContractOutcome, RunOutcome
from treaty.govern.versions import judge_versions
from treaty.govern.waivers import Waivers, load_waivers
from treaty_registry.client.registry import RegistryClient
from treaty_registry.publishing.comparing import hold
from treaty_registry.publishing.plan import planned

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from treaty.documents.repository import Repository
    from treaty.documents.source import Source
    from treaty.govern.policy import ContractPolicy, Policy
    from treaty_registry.client.registry import Options
    from treaty_registry.publishing.comparing import Held
    from treaty_registry.publishing.plan import Publication


class RegistryGate:
    """One run against the registry at ``url``; ``source`` and ``paths`` are the files to hold against it."""

    def __init__(self, policy: Policy, repository: Repository, url: str, options: Options) -> None:
        self._policy = policy
        self._prefix = prefix_of(policy, repository)
        self._url = url
        self._options = options

    def run(
        self, source: Source, paths: Sequence[str], contracts: Sequence[ContractPolicy], today: datetime.date
    ) -> RunOutcome:
        """Compare each schema of ``contracts`` with every version its mode asks for.

        Raises ServiceError when no registry answers; what is wrong with one contract is told in its outcome.
        """
        import posixpath

        started = time.perf_counter()
        folder = posixpath.normpath(posixpath.join(self._prefix, self._policy.waivers))
        waivers = Waivers(load_waivers(source, folder), today)
        outcomes: list[ContractOutcome] = []
        unchanged = 0
        with RegistryClient(self._url, self._options) as client:
            client.subjects()  # a registry that is away is told once
            for contract in contracts:
                try:
                    publications = self.planned([contract], source, paths)
                except TreatyError as error:
                    outcomes.append(ContractOutcome(name=contract.name, path=contract.name, error=error))
                    continue
                for publication in publications:
                    held = hold(client, publication)
                    if held.answer.findings:
                        outcomes.append(_outcome(held, contract, waivers))
                    else:
                        unchanged += 1
        return RunOutcome(
            contracts=tuple(outcomes),
            against=f"registry {self._url}",
            unchanged=unchanged,
            seconds=time.perf_counter() - started,
            edition=self._policy.edition,
        )

    def planned(self, contracts: Sequence[ContractPolicy], source: Source, paths: Sequence[str]) -> list[Publication]:
        """What of ``contracts`` goes into a registry; see :func:`treaty_registry.publishing.plan.planned`."""
        import posixpath

        moved = [
            replace(
                contract, paths=tuple(posixpath.normpath(posixpath.join(self._prefix, path)) for path in contract.paths)
            )
            for contract in contracts
        ]
        hosts = tuple(f"https://{host}/" for host in self._policy.remote_hosts)
        return planned(moved, Library(source, remote=hosts or False), paths)


def _outcome(held: Held, contract: ContractPolicy, waivers: Waivers) -> ContractOutcome:
    publication, latest = held.publication, held.latest
    assert latest is not None, "without versions there is nothing to find"
    left, waived = waivers.apply(contract.name, held.answer.findings)
    kind = publication.unit.type.lower().replace("json", "json-schema")
    comparison = Comparison(
        Description(f"{publication.subject}@{latest.version}", kind, None),
        Description(publication.unit.place[0], kind, None),
        tuple(left),
        judge_versions((change.level for change in left), None, None),
    )
    count = len(held.versions) if held.mode.transitive else 1
    asked = f"{publication.subject}, {held.mode.value}, {count} version{'' if count == 1 else 's'}"
    return ContractOutcome(
        name=contract.name,
        path=publication.unit.place[0],
        comparison=comparison,
        changes=tuple(left),
        waived=tuple(waived),
        asked=asked,
    )
