"""Two folders: every contract inside, matched by path, as one run."""

from __future__ import annotations

import posixpath
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.changes.comparison import Settings, Side
from treaty.errors import TreatyError, UsageError
from treaty.govern.comparison import Comparison, Description, compare_sides
from treaty.govern.outcome import ContractOutcome, ContractState, RunOutcome
from treaty.govern.rules import problem
from treaty.govern.versions import Verdict, judge_versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.documents.open import OpenedFolder
    from treaty.model.protobuf.nodes import Schema

__all__ = ["compare_folders"]

_PROTOBUF = ".proto"


def compare_folders(old: OpenedFolder, new: OpenedFolder, settings: Settings) -> RunOutcome:
    """Compare the contracts of two folders that have the same path in both.

    A contract that is gone is a problem that blocks; one that cannot be read is told as its outcome, and the others are
    compared all the same. The Protobuf files of a folder are one contract: what moved between them is found. A change
    in an Avro type that other files use by name is told where the type is defined.

    Raises UsageError when neither folder has a contract.
    """
    started = time.perf_counter()
    before, after = (_apart(folder.contracts) for folder in (old, new))
    if not old.contracts and not new.contracts:
        raise UsageError(
            f"neither {_shown(old)} nor {_shown(new)} has a contract in it",
            advice="Treaty looks for openapi.yaml, asyncapi.yaml, *.avsc, *.schema.json and *.proto",
        )
    outcomes = [
        _outcome(old, new, path, settings, known=(path in before[0], path in after[0]))
        for path in sorted({*before[0], *after[0]})
    ]
    if before[1] or after[1]:
        outcomes.append(_protobuf(old, new, (before[1], after[1]), settings))
    told = _told_once(outcomes)
    changed = [outcome for outcome in told if not _identical(outcome)]
    return RunOutcome(
        contracts=tuple(changed),
        against=_shown(old),
        unchanged=len(told) - len(changed),
        seconds=time.perf_counter() - started,
    )


def _apart(contracts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The contracts that stand alone, and the Protobuf files."""
    protobuf = [path for path in contracts if path.endswith(_PROTOBUF)]
    return [path for path in contracts if not path.endswith(_PROTOBUF)], protobuf


def _outcome(
    old: OpenedFolder, new: OpenedFolder, path: str, settings: Settings, *, known: tuple[bool, bool]
) -> ContractOutcome:
    try:
        if not known[0]:
            new.library.open(new.path(path))
            return ContractOutcome(name=path, path=path, state=ContractState.NEW)
        base = Side(old.library, old.library.open(old.path(path)))
        if not known[1]:
            return _removed(path, base)
        revision = Side(new.library, new.library.open(new.path(path)))
        comparison = compare_sides(base, revision, settings)
    except TreatyError as error:
        return ContractOutcome(name=path, path=path, state=ContractState.UNCHECKED, error=error)
    return ContractOutcome(name=path, path=path, comparison=comparison, changes=comparison.changes)


def _removed(path: str, base: Side) -> ContractOutcome:
    gone = problem("contract-removed", "the contract was removed", base.document.locate(()))
    return ContractOutcome(name=path, path=path, state=ContractState.REMOVED, problems=(gone,))


def _protobuf(
    old: OpenedFolder, new: OpenedFolder, files: tuple[list[str], list[str]], settings: Settings
) -> ContractOutcome:
    """All Protobuf files of both folders as one contract."""
    name = posixpath.commonpath([posixpath.dirname(path) or "." for path in (*files[0], *files[1])])
    name = posixpath.normpath(posixpath.join(name, f"*{_PROTOBUF}"))
    try:
        from treaty.changes.protobuf import compare_schemas, question_of

        schemas = [_schema(folder, paths) for folder, paths in zip((old, new), files, strict=True)]
        if schemas[0] is None or schemas[1] is None:
            state = ContractState.NEW if schemas[0] is None else ContractState.REMOVED
            gone = (problem("contract-removed", "the contract was removed"),) if schemas[1] is None else ()
            return ContractOutcome(name=name, path=name, state=state, problems=gone)
        changes = compare_schemas(schemas[0], schemas[1], question_of(settings))
    except TreatyError as error:
        return ContractOutcome(name=name, path=name, state=ContractState.UNCHECKED, error=error)
    base, revision = (Description(f"{_shown(folder)}/{name}", "protobuf", None) for folder in (old, new))
    judgement = judge_versions((change.level for change in changes), None, None)
    comparison = Comparison(base, revision, changes, judgement)
    return ContractOutcome(name=name, path=name, comparison=comparison, changes=changes)


def _schema(folder: OpenedFolder, paths: list[str]) -> Schema | None:
    from treaty.model.protobuf.files import read_files

    return read_files(folder.library, [folder.path(path) for path in paths]) if paths else None


def _told_once(outcomes: list[ContractOutcome]) -> list[ContractOutcome]:
    """The outcomes without what another of them tells at home: in the contract whose own file changed."""
    at_home = {
        change.fingerprint
        for outcome in outcomes
        for change in outcome.changes
        if outcome.comparison is not None
        and change.revision is not None
        and change.revision.file == outcome.comparison.revision.source
    }
    return [_without(outcome, at_home) for outcome in outcomes]


def _without(outcome: ContractOutcome, at_home: set[str]) -> ContractOutcome:
    comparison = outcome.comparison
    if comparison is None:
        return outcome
    left = tuple(
        change
        for change in outcome.changes
        if change.fingerprint not in at_home
        or change.revision is None
        or change.revision.file == comparison.revision.source
    )
    if len(left) == len(outcome.changes):
        return outcome
    judgement = judge_versions((change.level for change in left), comparison.base.version, comparison.revision.version)
    return replace(outcome, changes=left, comparison=replace(comparison, changes=left, judgement=judgement))


def _identical(outcome: ContractOutcome) -> bool:
    return outcome.comparison is not None and outcome.comparison.verdict is Verdict.IDENTICAL


def _shown(folder: OpenedFolder) -> str:
    return folder.library.source.display(folder.folder or ".")
