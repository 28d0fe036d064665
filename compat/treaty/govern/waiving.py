"""Writing waivers, and telling which of those there are still stand for something."""

from __future__ import annotations

import datetime
import enum
import json
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.errors import RevisionError, UsageError
from treaty.govern.gate import Gate, prefix_of
from treaty.govern.states import Against
from treaty.govern.waivers import WaiverKind, load_waivers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from treaty.changes.change import Change
    from treaty.documents.repository import Repository
    from treaty.govern.outcome import RunOutcome
    from treaty.govern.policy import Policy
    from treaty.govern.waivers import Waiver

_SHORTEST_REASON = 10


class WaiverState(enum.StrEnum):
    """What a waiver comes to today."""

    ACTIVE = "active"
    EXPIRED = "expired"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Standing:
    """A waiver and its state; ``changes`` are those it lets through, against any of the bases that were asked."""

    waiver: Waiver
    state: WaiverState
    changes: tuple[Change, ...]
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWaiver:
    """What a person says about the changes to let through; ``expires`` is the last day."""

    reason: str
    owner: str
    expires: datetime.date
    kind: WaiverKind = WaiverKind.ACCEPTED_BREAK
    approved_by: str | None = None


def found_changes(run: RunOutcome) -> dict[str, tuple[str, Change]]:
    """Fingerprint to contract and change, for every change of a run, waived ones included."""
    found: dict[str, tuple[str, Change]] = {}
    for outcome in run.contracts:
        for change in (*outcome.changes, *(waived.change for waived in outcome.waived)):
            found.setdefault(change.fingerprint, (outcome.name, change))
    return found


def check_new(new: NewWaiver, policy: Policy, today: datetime.date) -> None:
    """Refuse what the gate would refuse later. Raises UsageError."""
    latest = today + datetime.timedelta(policy.lifecycle.max_waiver_days)
    if new.expires < today:
        raise UsageError(f"{new.expires} has passed", advice=f"choose a day up to {latest}")
    if new.expires > latest:
        raise UsageError(
            f"{new.expires} is later than the {policy.lifecycle.max_waiver_days} days the policy allows",
            advice=f"the latest day is {latest}",
        )
    if len(new.reason.strip()) < _SHORTEST_REASON:
        raise UsageError("the reason is too short to tell anybody anything", advice="say why this change has to be")
    if new.approved_by is not None and new.approved_by == new.owner:
        raise UsageError(f"{new.owner} cannot approve it as well", advice="have somebody else approve it")


def write_waivers(
    policy: Policy,
    changes: Sequence[tuple[str, Change]],
    new: NewWaiver,
    today: datetime.date,
) -> list[Path]:
    """Write one waiver for the changes of each contract, named after its first fingerprint.

    Raises UsageError when a file exists already or cannot be written.
    """
    by_contract: dict[str, list[Change]] = {}
    for contract, change in changes:
        by_contract.setdefault(contract, []).append(change)
    written: list[Path] = []
    for contract, found in by_contract.items():
        name = f"W-{found[0].fingerprint[:6]}"
        path = policy.root / policy.waivers / f"{name}.yaml"
        if path.exists():
            raise UsageError(f"{path} exists already", advice="edit it, or remove it first")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_text(name, contract, found, new, today), "utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from error
        written.append(path)
    return written


def _text(name: str, contract: str, changes: Iterable[Change], new: NewWaiver, today: datetime.date) -> str:
    """The file, with what each fingerprint stands for beside it, for whoever reviews it. JSON strings are YAML."""
    lines = [f"id: {name}", f"contract: {_quoted(contract)}", "fingerprints:"]
    for change in changes:
        lines.append(f"  # {change.rule}: {_one_line(change.element)}")
        lines.append(f"  #   {_one_line(change.message)}")
        lines.append(f"  - {_quoted(change.fingerprint)}")
    lines += [f"owner: {_quoted(new.owner)}", f"reason: {_quoted(new.reason.strip())}", f"kind: {new.kind}"]
    if new.approved_by is not None:
        lines.append(f"approved_by: {_quoted(new.approved_by)}")
    lines += [f"created: {_quoted(today.isoformat())}", f"expires: {_quoted(new.expires.isoformat())}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    """Text that stays inside a comment, whatever a contract calls its elements."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def standings(
    policy: Policy, repository: Repository, against: Sequence[Against], today: datetime.date
) -> list[Standing]:
    """Every waiver of the working tree with its state.

    A waiver is stale when it lets nothing through against any of the commits of ``against``.
    """
    folder = posixpath.normpath(posixpath.join(prefix_of(policy, repository), policy.waivers))
    waivers = load_waivers(repository.working_tree(), folder)
    if not waivers:
        return []
    changes: dict[str, tuple[str, Change]] = {}
    for base in against:
        changes.update(found_changes(Gate(policy, repository, base, today=today).run()))
    return [_standing(waiver, changes, today) for waiver in waivers]


def bases(repository: Repository, tags: str | None) -> list[Against]:
    """What waivers are held against: the merge-base, and the last release where there is one."""
    base = repository.merge_base()
    found = [Against(base.commit, f"merge-base ({base.ref})")]
    if tags is not None:
        try:
            release = repository.last_release(tags)
        except RevisionError:
            return found
        found.append(Against(repository.resolve(release), f"release {release}"))
    return found


def _standing(waiver: Waiver, changes: dict[str, tuple[str, Change]], today: datetime.date) -> Standing:
    matched = tuple(
        changes[fingerprint][1]
        for fingerprint in waiver.fingerprints
        if fingerprint in changes and changes[fingerprint][0] == waiver.contract
    )
    over = WaiverState.EXPIRED if waiver.expired(today) else WaiverState.STALE
    state = WaiverState.ACTIVE if matched and over is WaiverState.STALE else over
    return Standing(waiver, state, matched, waiver.days_left(today))
