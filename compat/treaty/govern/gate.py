"""The gate: every contract of `treaty.yaml` that changed, compared with what it was and judged by the policy."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.change import Change
from treaty.errors import DocumentNotFound, TreatyError, UsageError
from treaty.govern.catalogue import Neighbourhood, matching
from treaty.govern.outcome import ContractOutcome, ContractState, Problem, RunOutcome, Severity
from treaty.govern.versions import Bump, judge_versions, parse_version

if TYPE_CHECKING:
    from treaty.changes.comparison import Settings, Side
    from treaty.documents.library import Library
    from treaty.documents.repository import Repository
    from treaty.documents.source import Source
    from treaty.govern.comparison import Comparison
    from treaty.govern.policy import ContractPolicy, Policy

VERSION_FOLDER = re.compile(r"(?:^|/)v(\d+)(?=/)")


class Against(NamedTuple):
    """What a run compares with: a commit, how to call it, and where versions count from when that is another commit."""

    commit: str
    label: str
    versions_from: str | None = None


@dataclass(frozen=True, slots=True)
class _Work:
    """One document to compare; ``old`` or ``new`` is None when it is new, or gone."""

    contract: ContractPolicy
    old: str | None
    new: str | None

    @property
    def path(self) -> str:
        path = self.new or self.old
        assert path is not None
        return path


class Gate:
    """One run over a repository: ``revised`` is ``worktree``, ``index`` or a revision."""

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
        self._prefix = _relative(policy, repository)
        self._old_source = RevisionSource(repository, against.commit)
        self._new_source: Source = (
            repository.working_tree()
            if revised == "worktree"
            else IndexSource(repository)
            if revised == "index"
            else RevisionSource(repository, revised)
        )
        hosts = tuple(f"https://{host}/" for host in policy.remote_hosts)
        self._old = Library(self._old_source, remote=hosts or False)
        self._new = Library(self._new_source, remote=hosts or False)

    def run(self, names: Sequence[str] = ()) -> RunOutcome:
        """Compare the contracts called ``names``, all of them when none are named.

        Raises PolicyError and RevisionError; what goes wrong with one contract is told in its outcome, and the others are
        checked all the same.
        """
        started = time.perf_counter()
        changes = self._repository.changed(self._against.commit, self._revised)
        before = list(self._repository.files(self._against.commit))
        gone = {change.old for change in changes if change.new is None or change.old != change.new} - {None}
        after = [path for path in before if path not in gone] + [
            change.new for change in changes if change.new is not None and change.old != change.new
        ]
        renamed = {change.new: change.old for change in changes if change.new and change.old}
        touched = {path for change in changes for path in (change.old, change.new) if path is not None}
        neighbourhood = Neighbourhood(self._new_source)
        outcomes: list[ContractOutcome] = []
        unchanged = 0
        for contract in self._selected(names):
            work = _pair(contract, before, after, renamed, self._prefix)
            for item in work:
                if item.old == item.new and not (touched and neighbourhood.touches(item.path, touched)):
                    unchanged += 1
                else:
                    outcomes.append(self._checked(item))
        return RunOutcome(
            contracts=tuple(outcomes),
            against=self._against.label,
            unchanged=unchanged,
            seconds=time.perf_counter() - started,
            edition=self._policy.edition,
        )

    def _selected(self, names: Sequence[str]) -> list[ContractPolicy]:
        contracts = self._policy.contracts
        for name in names:
            if name not in contracts:
                import difflib

                meant = difflib.get_close_matches(name, contracts, n=1)
                advice = f"did you mean {meant[0]}?" if meant else f"treaty.yaml has: {', '.join(contracts)}"
                raise UsageError(f"no contract is called {name!r}", advice=advice)
        return [contract for name, contract in contracts.items() if not names or name in names]

    def _checked(self, work: _Work) -> ContractOutcome:
        try:
            return self._outcome(work)
        except TreatyError as error:
            return ContractOutcome(
                name=work.contract.name, path=work.path, state=ContractState.UNCHECKED, error=error
            )

    def _outcome(self, work: _Work) -> ContractOutcome:
        if work.old is None:
            return self._new_document(work)
        if work.new is None:
            return self._removed_document(work)
        from treaty.govern.comparison import compare_sides

        settings = self._settings(work.contract)
        base, revision = self._side(self._old, work.old), self._side(self._new, work.new)
        comparison = compare_sides(base, revision, settings, self._declared_since(work.old))
        changes: tuple[Change, ...] = comparison.changes
        judgement = judge_versions(
            (change.level for change in changes),
            self._declared_since(work.old) or comparison.base.version,
            comparison.revision.version,
        )
        in_place = judgement.required is Bump.MAJOR or judgement.declared is Bump.MAJOR
        allowed = judgement.sufficient is True and not (self._policy.versioning.major == "new-path" and in_place)
        return ContractOutcome(
            name=work.contract.name,
            path=work.path,
            comparison=comparison,
            changes=changes,
            allowed=allowed,
            problems=tuple(self._version_problems(work, comparison)),
        )

    def _new_document(self, work: _Work) -> ContractOutcome:
        from treaty.govern.comparison import describe

        assert work.new is not None
        described = describe(self._new.open(work.new))
        problems = [problem for problem in [_outside_folder(work.new, described.version)] if problem is not None]
        return ContractOutcome(
            name=work.contract.name, path=work.new, state=ContractState.NEW, problems=tuple(problems)
        )

    def _removed_document(self, work: _Work) -> ContractOutcome:
        from treaty.documents.deferred import DeferredLocation
        from treaty.model.lifecycle import lifecycle_of

        assert work.old is not None
        document = self._old.open(work.old)
        info = document.tree.get("info") if isinstance(document.tree, dict) else None
        lifecycle = lifecycle_of(info)
        retired = lifecycle.sunset is not None and lifecycle.sunset <= self._today
        problem = Problem(
            "contract-removed",
            Severity.WARNING if retired else Severity.ERROR,
            "the contract was removed after its sunset" if retired else "the contract was removed",
            DeferredLocation(document, ()),
            None if retired else "bring it back; retire it with info.x-lifecycle (sunset) and remove it after that day",
        )
        return ContractOutcome(
            name=work.contract.name, path=work.old, state=ContractState.REMOVED, problems=(problem,)
        )

    def _side(self, library: Library, path: str) -> Side:
        from treaty.changes.comparison import Side

        return Side(library, library.open(path))

    def _settings(self, contract: ContractPolicy) -> Settings:
        from treaty.changes.comparison import Settings
        from treaty.model.roles import Role

        policy = self._policy
        return Settings(
            levels=policy.levels_for(contract),
            strict=None if contract.content is None else contract.content == "strict",
            roles=contract.mode.roles if contract.mode is not None else Role.BOTH,
            today=self._today,
            unstable=policy.unstable,
            sunset_required=policy.lifecycle.sunset_required,
            assert_formats=policy.assert_formats,
            surfaces=contract.surfaces,
        )

    def _declared_since(self, path: str) -> str | None:
        """The version the contract had where versions count from, when that is not the base itself."""
        if self._against.versions_from is None or self._against.versions_from == self._against.commit:
            return None
        from treaty.documents.git_source import RevisionSource
        from treaty.documents.library import Library
        from treaty.govern.comparison import describe

        try:
            library = Library(RevisionSource(self._repository, self._against.versions_from))
            return describe(library.open(path)).version
        except DocumentNotFound:
            return None

    def _version_problems(self, work: _Work, comparison: Comparison) -> list[Problem]:
        problems: list[Problem] = []
        judgement, version = comparison.judgement, comparison.revision.version
        location = comparison.revision.version_location
        outside = _outside_folder(work.path, version)
        if outside is not None and self._policy.versioning.major == "new-path":
            problems.append(outside)
        elif judgement.declared is Bump.LOWERED:
            problems.append(
                Problem(
                    "version-lowered",
                    Severity.ERROR,
                    f"the version went from {comparison.base.version} down to {version}",
                    location,
                    f"declare {judgement.required_version or comparison.base.version}",
                )
            )
        elif judgement.declared is Bump.NONE and judgement.required is not Bump.NONE:
            problems.extend(self._unraised(comparison))
        elif judgement.sufficient is False and judgement.required is not Bump.MAJOR:
            problems.append(
                Problem(
                    "bump-insufficient",
                    Severity.ERROR,
                    f"{version} declares a {judgement.declared} and the changes need a {judgement.required}",
                    location,
                    f"declare {judgement.required_version}",
                )
            )
        return problems

    def _unraised(self, comparison: Comparison) -> list[Problem]:
        judgement = comparison.judgement
        setting = self._policy.versioning.unraised
        if setting == "off" or judgement.required is Bump.MAJOR:
            return []  # what breaks is told change by change
        docs = judgement.required is Bump.PATCH
        return [
            Problem(
                "version-not-raised",
                Severity.ERROR if setting == "error" and not docs else Severity.WARNING,
                f"the contract changed and its version is still {comparison.revision.version}",
                comparison.revision.version_location,
                f"declare {judgement.required_version}",
            )
        ]


def _outside_folder(path: str, version: str | None) -> Problem | None:
    """A document under ``/vN/`` has the major version N: another major lives in a folder of its own."""
    folder = VERSION_FOLDER.search(path)
    parsed = parse_version(version)
    if folder is None or parsed is None or parsed.major in (int(folder[1]), 0):
        return None
    return Problem(
        "major-outside-its-folder",
        Severity.ERROR,
        f"version {version} stands in the folder v{folder[1]}",
        None,
        f"put the new major beside it, into {VERSION_FOLDER.sub(f'/v{parsed.major}', '/' + path, 1)[1:]}, and leave this one",
    )


def _pair(
    contract: ContractPolicy, before: Sequence[str], after: Sequence[str], renamed: Mapping[str, str], prefix: str
) -> list[_Work]:
    """The documents of a contract on both sides, those that were moved recognised."""
    old, new = matching(before, contract.paths, prefix), matching(after, contract.paths, prefix)
    left = set(old)
    work: list[_Work] = []
    for path in new:
        origin = path if path in left else renamed.get(path)
        if origin in left:
            left.discard(origin)
            work.append(_Work(contract, origin, path))
        else:
            work.append(_Work(contract, None, path))
    work.extend(_Work(contract, path, None) for path in sorted(left))
    return work


def _relative(policy: Policy, repository: Repository) -> str:
    root = policy.root.resolve()
    top = repository.root.resolve()
    if root != top and top not in root.parents:
        raise UsageError(
            f"{policy.root} is outside of the repository {repository.root}", advice="keep treaty.yaml with its contracts"
        )
    return root.relative_to(top).as_posix()


