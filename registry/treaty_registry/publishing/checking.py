"""`treaty check --against registry:URL`: the contracts of `treaty.yaml` held against what services fetch at runtime."""

from __future__ import annotations

import posixpath
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.documents.library import Library
from treaty.errors import CannotCheck, ServiceError
from treaty.govern.gate import prefix_of
from treaty.govern.outcome import ContractOutcome, ContractState, RunOutcome
from treaty_registry.client.registry import RegistryClient
from treaty_registry.errors import RegistryError
from treaty_registry.publishing.comparing import Standards
from treaty_registry.publishing.plan import planned

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from treaty.documents.repository import Repository
    from treaty.documents.source import Source
    from treaty.govern.policy import ContractPolicy, Policy
    from treaty_registry.client.registry import Options
    from treaty_registry.publishing.plan import Publication


class RegistryGate:
    """What `treaty.yaml` and the files of ``repository`` say, held against the registry at ``url``."""

    def __init__(self, policy: Policy, repository: Repository, url: str, options: Options) -> None:
        self._policy = policy
        self._prefix = prefix_of(policy, repository)
        self._url = url
        self._options = options

    def run(
        self, source: Source, paths: Sequence[str], contracts: Sequence[ContractPolicy], today: datetime.date
    ) -> RunOutcome:
        """Compare each schema of ``contracts``, among the files ``paths`` of ``source``, with the versions its mode
        asks for.

        Raises ServiceError when no registry answers; what is wrong with one contract is told in its outcome.
        """
        started = time.perf_counter()
        standards = self.standards(source, today)
        outcomes: list[ContractOutcome] = []
        with RegistryClient(self._url, self._options) as client:
            client.subjects()  # a registry that is away, or lets nobody in, is told once
            for contract in contracts:
                outcomes += self._outcomes(client, standards, contract, source, paths)
        told = [outcome for outcome in outcomes if not _unchanged(outcome)]
        return RunOutcome(
            contracts=tuple(told),
            against=f"registry {self._url}",
            unchanged=len(outcomes) - len(told),
            seconds=time.perf_counter() - started,
            edition=self._policy.edition,
        )

    def _outcomes(
        self,
        client: RegistryClient,
        standards: Standards,
        contract: ContractPolicy,
        source: Source,
        paths: Sequence[str],
    ) -> Iterator[ContractOutcome]:
        try:
            publications = self.planned([contract], source, paths)
        except CannotCheck as error:
            yield _unchecked(contract, contract.name, error)
            return
        for publication in publications:
            if publication.contract is not None and publication.contract.name != contract.name:
                continue  # what the schema draws in is compared with it, and by itself where its own contract is
            try:
                yield standards.outcome(client, publication)
            except CannotCheck as error:
                yield _unchecked(contract, publication.unit.place[0], error)

    def standards(self, source: Source, today: datetime.date) -> Standards:
        """What publications are judged by."""
        return Standards.of(self._policy, source, self._prefix, today)

    def planned(self, contracts: Sequence[ContractPolicy], source: Source, paths: Sequence[str]) -> list[Publication]:
        """What of ``contracts`` goes into a registry; see :func:`treaty_registry.publishing.plan.planned`."""
        known = [self._moved(contract) for contract in self._policy.contracts.values()]
        asked = {contract.name for contract in contracts}
        hosts = tuple(f"https://{host}/" for host in self._policy.remote_hosts)
        chosen = [contract for contract in known if contract.name in asked]
        return planned(chosen, known, Library(source, remote=hosts or False), paths)

    def _moved(self, contract: ContractPolicy) -> ContractPolicy:
        """``contract`` with its paths from the root of the repository."""
        paths = (posixpath.normpath(posixpath.join(self._prefix, path)) for path in contract.paths)
        return replace(contract, paths=tuple(paths))


def _unchanged(outcome: ContractOutcome) -> bool:
    return outcome.state is ContractState.CHANGED and not outcome.changes and not outcome.waived


def _unchecked(contract: ContractPolicy, path: str, error: CannotCheck) -> ContractOutcome:
    if isinstance(error, ServiceError) and not isinstance(error, RegistryError):
        raise error  # the registry went away: that is not this contract's fault
    return ContractOutcome(name=contract.name, path=path, state=ContractState.UNCHECKED, error=error)
