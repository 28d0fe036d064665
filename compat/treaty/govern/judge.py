"""One document of a run: compared with what it was, and judged by the policy."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from treaty.changes.comparison import Side
from treaty.changes.soundness import check_sound
from treaty.documents.git_source import RevisionSource
from treaty.documents.library import Library
from treaty.errors import DocumentNotFound
from treaty.govern.bumps import bump_problems
from treaty.govern.catalogue import Neighbourhood, matching
from treaty.govern.comparison import compare_sides, describe
from treaty.govern.majors import not_deprecated, outside_folder, prefix_problems
from treaty.govern.outcome import ContractOutcome, ContractState
from treaty.govern.pairing import Work, major_folder, predecessor
from treaty.govern.settings import settings_for
from treaty.govern.versions import Bump, judge_versions, parse_version

if TYPE_CHECKING:
    import datetime

    from treaty.changes.comparison import Settings
    from treaty.documents.repository import Repository
    from treaty.govern.comparison import Comparison
    from treaty.govern.lifecycle.review import LifecycleReview
    from treaty.govern.outcome import Problem
    from treaty.govern.policy import ContractPolicy, Policy
    from treaty.govern.states import Against, States
    from treaty.govern.waivers import Waivers


class Judge:
    """Judges single documents of one run. ``prefix`` is the folder of the policy in the repository."""

    def __init__(
        self,
        policy: Policy,
        repository: Repository,
        against: Against,
        states: States,
        prefix: str,
        waivers: Waivers,
        today: datetime.date,
    ) -> None:
        self._policy = policy
        self._repository = repository
        self._against = against
        self._states = states
        self._prefix = prefix
        self._waivers = waivers
        self._today = today
        self._old, self._new = states.old.library, states.new.library

    def outcome(self, work: Work) -> ContractOutcome:
        """What one document comes to. Raises the CannotCheck errors of reading it."""
        if work.old is None:
            return self._begun(work, work.path)
        if work.new is None:
            return self._removed(work, work.path)
        return self._changed(work, work.old, work.new)

    def _changed(self, work: Work, old: str, new: str) -> ContractOutcome:
        contract = work.contract
        sides = Side(self._old, self._old.open(old)), Side(self._new, self._new.open(new))
        since = self._declared_since(old)
        comparison = compare_sides(*sides, self._settings(contract), since)
        asked: str | None = None
        problems: list[Problem] = []
        if contract.mode is not None:
            count = 1
            if contract.mode.transitive:
                comparison, problems, count = self._asked_older(contract, old, sides[1], comparison)
            asked = f"{contract.mode.value}, {count} version{'' if count == 1 else 's'}"
        outcome = self._judged(work, sides, comparison, since)
        if contract.stability in self._policy.unstable:
            return replace(outcome, asked=asked)
        reviewed = self._lifecycle.changed(contract, sides, outcome.comparison or comparison, allowed=outcome.allowed)
        problems += [*self._version_problems(new, old, outcome.comparison or comparison), *reviewed.problems]
        return replace(outcome, asked=asked, problems=tuple(problems), remarks=reviewed.remarks)

    def _asked_older(
        self, contract: ContractPolicy, path: str, revision: Side, comparison: Comparison
    ) -> tuple[Comparison, list[Problem], int]:
        from treaty.govern.history import History
        from treaty.govern.older_versions import older_changes

        files = Neighbourhood(self._old.source).files(path)
        history = History(self._repository, path, files, revision=self._against.commit)
        found, problems, count = older_changes(history, path, revision, self._settings(contract), comparison.changes)
        return replace(comparison, changes=(*comparison.changes, *found)), problems, count

    def _begun(self, work: Work, path: str) -> ContractOutcome:
        contract = work.contract
        side = Side(self._new, self._new.open(path))
        described = describe(side.document)
        check_sound(side)
        problems = self._lifecycle.begun(contract, side, described.version)
        outside = outside_folder(path, described.version, described.version_location)
        if outside is not None:
            problems.insert(0, outside)
        beside = predecessor(path, matching(self._states.new.paths, contract.paths, self._prefix))
        before = predecessor(path, matching(self._states.old.paths, contract.paths, self._prefix))
        if beside is None and before is None:
            return ContractOutcome(name=contract.name, path=path, state=ContractState.NEW, problems=tuple(problems))
        major = major_folder(path)
        if self._policy.versioning.major == "new-path" and major is not None:
            problems.extend(prefix_problems(side.document, major))
            if beside is not None and (silent := not_deprecated(path, self._new.open(beside))) is not None:
                problems.append(silent)
        # The old major as it was says what must not break; one that only begins now, as it is.
        older = (
            Side(self._old, self._old.open(before))
            if before is not None
            else Side(self._new, self._new.open(str(beside)))
        )
        comparison = compare_sides(older, side, self._settings(contract))
        outcome = self._judged(work, (older, side), comparison, None)
        asked = f"the next major of {before or beside}"
        return replace(outcome, state=ContractState.NEW, allowed=True, problems=tuple(problems), asked=asked)

    def _removed(self, work: Work, path: str) -> ContractOutcome:
        side = Side(self._old, self._old.open(path))
        describe(side.document)
        problem = self._lifecycle.removed(work.contract, side, self._highest_version(work.contract))
        return ContractOutcome(name=work.contract.name, path=path, state=ContractState.REMOVED, problems=(problem,))

    def _judged(
        self, work: Work, sides: tuple[Side, Side], comparison: Comparison, since: str | None
    ) -> ContractOutcome:
        """One comparison with the waived changes taken off, the version judged, and frozen elements told."""
        contract, policy = work.contract, self._policy
        left, waived = self._waivers.apply(contract.name, comparison.changes)
        judgement = judge_versions(
            (change.level for change in left), since or comparison.base.version, comparison.revision.version
        )
        in_place = Bump.MAJOR in (judgement.required, judgement.declared)
        unstable = contract.stability in policy.unstable
        carried = judgement.sufficient is True and not (policy.versioning.major == "new-path" and in_place)
        frozen: dict[str, str] = {}
        if policy.frozen and not unstable:
            from treaty.govern.frozen import Frozen

            frozen = Frozen(policy.frozen, *sides).broken(left)
        return ContractOutcome(
            name=contract.name,
            path=work.path,
            comparison=replace(comparison, changes=tuple(left), judgement=judgement),
            changes=tuple(left),
            waived=tuple(waived),
            allowed=unstable or carried,
            frozen=frozen,
        )

    def _version_problems(self, new: str, old: str, comparison: Comparison) -> list[Problem]:
        major, revision = major_folder(new), comparison.revision
        if self._policy.versioning.major != "new-path":
            return list(bump_problems(comparison, self._policy.versioning))
        outside = outside_folder(new, revision.version, revision.version_location)
        if outside is not None:
            return [outside]
        found = list(bump_problems(comparison, self._policy.versioning))
        # What named another major before is not what this change did.
        if major is not None and not any(prefix_problems(self._old.open(old), major)):
            found.extend(prefix_problems(self._new.open(new), major))
        return found

    def _settings(self, contract: ContractPolicy) -> Settings:
        return settings_for(self._policy, contract, self._today)

    def _declared_since(self, path: str) -> str | None:
        """The version the contract had where versions count from, when that is not the base itself."""
        if self._against.versions_from is None or self._against.versions_from == self._against.commit:
            return None
        try:
            library = Library(RevisionSource(self._repository, self._against.versions_from))
            return describe(library.open(path)).version
        except DocumentNotFound:
            return None

    def _highest_version(self, contract: ContractPolicy) -> str | None:
        """The highest version among the documents that a contract still has."""
        declared: list[str] = []
        for path in matching(self._states.new.paths, contract.paths, self._prefix):
            major = major_folder(path)
            version = describe(self._new.open(path)).version or (f"{major}.0.0" if major is not None else None)
            if version is not None and parse_version(version) is not None:
                declared.append(version)
        return max(declared, key=lambda version: parse_version(version) or 0, default=None)

    @cached_property
    def _lifecycle(self) -> LifecycleReview:
        from treaty.govern.lifecycle.review import LifecycleReview

        return LifecycleReview(
            self._policy, self._repository, self._against.commit, self._states, self._prefix, self._today
        )
