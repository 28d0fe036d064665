"""The gate: every contract of `treaty.yaml` that changed, compared with what it was and judged by the policy."""

from __future__ import annotations

import datetime
import posixpath
import time
from typing import TYPE_CHECKING

from treaty.errors import TreatyError, UsageError
from treaty.govern.catalogue import Neighbourhood, Paths
from treaty.govern.outcome import ContractOutcome, ContractState, RunOutcome
from treaty.govern.pairing import Work, pair
from treaty.govern.states import Against, State, States
from treaty.govern.waivers import Waivers, load_waivers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from treaty.documents.repository import Repository
    from treaty.documents.source import Source
    from treaty.govern.judge import Judge
    from treaty.govern.outcome import Problem
    from treaty.govern.policy import ContractPolicy, Policy

__all__ = ["Against", "Gate", "prefix_of", "selected"]


class Gate:
    """One run over a repository: ``revised`` is ``worktree``, ``index`` or a revision.

    ``today`` is the day that sunsets, notices and waivers are judged on.
    """

    def __init__(
        self,
        policy: Policy,
        repository: Repository,
        against: Against,
        revised: str = "worktree",
        *,
        today: datetime.date | None = None,
    ) -> None:
        from treaty.documents.git_source import IndexSource, RevisionSource
        from treaty.documents.library import Library

        self._policy = policy
        self._repository = repository
        self._against = against
        self._revised = revised
        self._today = today or datetime.date.today()
        self._prefix = prefix_of(policy, repository)
        source: Source = (
            repository.working_tree()
            if revised == "worktree"
            else IndexSource(repository)
            if revised == "index"
            else RevisionSource(repository, revised)
        )
        hosts = tuple(f"https://{host}/" for host in policy.remote_hosts)
        self._old = Library(RevisionSource(repository, against.commit), remote=hosts or False)
        self._new = Library(source, remote=hosts or False)

    def run(self, names: Sequence[str] = ()) -> RunOutcome:
        """Compare the contracts called ``names``, all of them when none are named.

        Raises PolicyError and RevisionError; what goes wrong with one contract is told in its outcome, and the others
        are checked all the same.
        """
        started = time.perf_counter()
        changes = self._repository.changed(self._against.commit, self._revised)
        before = Paths(self._repository.files(self._against.commit))
        gone = {change.old for change in changes if change.new is None or change.old != change.new} - {None}
        come = [change.new for change in changes if change.new is not None and change.old != change.new]
        after = Paths([*(path for path in before if path not in gone), *come])
        renamed = {change.new: change.old for change in changes if change.new and change.old}
        touched = {path for change in changes for path in (change.old, change.new) if path is not None}
        folder = posixpath.normpath(posixpath.join(self._prefix, self._policy.waivers))
        waivers = Waivers(load_waivers(self._new.source, folder), self._today)
        states = States(State(self._old, before), State(self._new, after))
        neighbourhood = Neighbourhood(self._new.source)
        documents = [
            work
            for contract in selected(self._policy, names)
            for work in pair(contract, before, after, renamed, self._prefix)
        ]
        changed = [
            work
            for work in documents
            if work.old != work.new or (touched and neighbourhood.touches(work.path, touched))
        ]
        outcomes = self._outcomes(changed, states, waivers)
        return RunOutcome(
            contracts=tuple(outcomes),
            against=self._against.label,
            unchanged=len(documents) - len(changed),
            seconds=time.perf_counter() - started,
            edition=self._policy.edition,
            problems=tuple(self._waiver_problems(waivers, names, touched, outcomes)),
        )

    def _outcomes(self, changed: Sequence[Work], states: States, waivers: Waivers) -> list[ContractOutcome]:
        if not changed:
            return []  # nothing to compare, so nothing is loaded that compares
        from treaty.govern.judge import Judge

        judge = Judge(self._policy, self._repository, self._against, states, self._prefix, waivers, self._today)
        return [_outcome(judge, work) for work in changed]

    def _waiver_problems(
        self,
        waivers: Waivers,
        names: Sequence[str],
        touched: Collection[str],
        outcomes: Sequence[ContractOutcome],
    ) -> Iterator[Problem]:
        """What is wrong with the waivers of the contracts that were asked for."""
        if not waivers:
            return
        known = self._policy.contracts
        asked = [waiver for waiver in waivers if not names or waiver.contract in names or waiver.contract not in known]
        compared = {outcome.name for outcome in outcomes if outcome.comparison is not None}
        told = {change.fingerprint for outcome in outcomes for change in outcome.changes}
        for waiver in asked:
            for problem in waivers.problems(waiver, known, self._policy.lifecycle.max_waiver_days):
                # A commit is not where somebody else's waiver is decided: it only has to know of it.
                elsewhere = (
                    self._revised == "index" and waiver.path not in touched and told.isdisjoint(waiver.fingerprints)
                )
                yield problem.as_warning() if elsewhere else problem
            fresh, used = waiver.path in touched, waivers.used(waiver)
            idle = not used and not waiver.expired(self._today) and waiver.contract in known
            if idle and (fresh or waiver.contract in compared):
                yield waivers.stale(waiver)
            if fresh or used:
                yield from waivers.approval(waiver, self._repository, self._revised)


def _outcome(judge: Judge, work: Work) -> ContractOutcome:
    try:
        return judge.outcome(work)
    except TreatyError as error:
        return ContractOutcome(name=work.contract.name, path=work.path, state=ContractState.UNCHECKED, error=error)


def selected(policy: Policy, names: Sequence[str]) -> list[ContractPolicy]:
    """The contracts called ``names``, all of them when none are named. Raises UsageError for a name nobody has."""
    contracts = policy.contracts
    for name in names:
        if name not in contracts:
            import difflib

            meant = difflib.get_close_matches(name, contracts, n=1)
            advice = f"did you mean {meant[0]}?" if meant else f"treaty.yaml has: {', '.join(contracts)}"
            raise UsageError(f"no contract is called {name!r}", advice=advice)
    return [contract for name, contract in contracts.items() if not names or name in names]


def prefix_of(policy: Policy, repository: Repository) -> str:
    """The folder of the policy in the repository, as a POSIX path. Raises UsageError when it lies outside."""
    root = policy.root.resolve()
    top = repository.root.resolve()
    if root != top and top not in root.parents:
        raise UsageError(
            f"{policy.root} is outside of the repository {repository.root}",
            advice="keep treaty.yaml with its contracts",
        )
    return root.relative_to(top).as_posix()
