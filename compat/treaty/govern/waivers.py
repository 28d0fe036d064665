"""Waivers: exact changes that somebody answers for until a day, one file each."""

from __future__ import annotations

import datetime
import enum
import json
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.errors import DocumentError, PolicyError
from treaty.govern.outcome import Waived
from treaty.govern.rules import problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from treaty.changes.change import Change
    from treaty.documents.document import Document
    from treaty.documents.location import JsonValue
    from treaty.documents.repository import Commit, Repository
    from treaty.documents.source import Source
    from treaty.govern.outcome import Problem

SUFFIXES = (".yaml", ".yml", ".json")
_NOREPLY = re.compile(r"(?:\d+\+)?([^@]+)@users\.noreply\..+")


class WaiverKind(enum.StrEnum):
    """Why a change is let through."""

    ACCEPTED_BREAK = "accepted-break"
    FALSE_POSITIVE = "false-positive"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Waiver:
    """One read waiver; ``path`` is its file in the repository, ``expires`` the last day it is valid."""

    id: str
    path: str
    fingerprints: tuple[str, ...]
    contract: str
    owner: str
    reason: str
    expires: datetime.date
    kind: WaiverKind
    approved_by: str | None
    created: datetime.date | None
    document: Document

    def days_left(self, today: datetime.date) -> int:
        """Days it is still valid after ``today``; negative when it has expired."""
        return (self.expires - today).days

    def expired(self, today: datetime.date) -> bool:
        return self.expires < today


@cache
def waiver_schema() -> dict[str, JsonValue]:
    """The published JSON Schema of a waiver file."""
    schema: dict[str, JsonValue] = json.loads(Path(__file__).with_name("waiver.schema.json").read_text("utf-8"))
    return schema


def load_waivers(source: Source, folder: str) -> tuple[Waiver, ...]:
    """The waivers in ``folder`` of ``source``, by file name.

    Raises PolicyError, with line and column, for a file that is no waiver and for two waivers with one id.
    """
    found: dict[str, Waiver] = {}
    for name in sorted(source.names(folder)):
        if not name.endswith(SUFFIXES) or name.startswith("."):
            continue
        waiver = read_waiver(source, posixpath.join(folder, name))
        if waiver.id in found:
            raise PolicyError(
                f"two waivers are called {waiver.id}",
                location=waiver.document.locate(("id",)),
                advice=f"the other one is {found[waiver.id].path}",
            )
        found[waiver.id] = waiver
    return tuple(found.values())


def read_waiver(source: Source, path: str) -> Waiver:
    """One waiver file. Raises PolicyError, with line and column, when it is none."""
    from treaty.documents.document import read_document
    from treaty.documents.validation import violations

    try:
        document = read_document(source.read(path), path, source.display(path))
    except DocumentError as error:
        raise PolicyError(error.problem, location=error.location, advice=error.advice) from error
    for violation in violations(document.tree, waiver_schema()):
        raise PolicyError(
            f"{_member(violation.pointer)}{violation.message}",
            location=document.locate(violation.pointer),
            advice=violation.advice,
        )
    tree = document.tree
    assert isinstance(tree, dict)
    fingerprints = tree["fingerprints"]
    assert isinstance(fingerprints, list)
    expires = _day(document, tree, "expires")
    assert expires is not None
    approved = tree.get("approved_by")
    return Waiver(
        id=str(tree.get("id", posixpath.basename(path).rpartition(".")[0])),
        path=path,
        fingerprints=tuple(str(each) for each in fingerprints),
        contract=str(tree["contract"]),
        owner=str(tree["owner"]),
        reason=str(tree["reason"]),
        expires=expires,
        kind=WaiverKind(str(tree.get("kind", WaiverKind.ACCEPTED_BREAK))),
        approved_by=str(approved) if approved is not None else None,
        created=_day(document, tree, "created"),
        document=document,
    )


def _member(pointer: tuple[str | int, ...]) -> str:
    return f"`{pointer[0]}`: " if pointer else ""


def _day(document: Document, tree: Mapping[str, JsonValue], name: str) -> datetime.date | None:
    written = tree.get(name)
    if written is None:
        return None
    try:
        return datetime.date.fromisoformat(str(written))
    except ValueError:
        raise PolicyError(
            f"`{name}`: {written} is no day of the calendar",
            location=document.locate((name,)),
            advice="write YYYY-MM-DD",
        ) from None


class Waivers:
    """The waivers of one run: which changes they let through, and what is wrong with them."""

    def __init__(self, waivers: Iterable[Waiver], today: datetime.date) -> None:
        self._waivers = tuple(waivers)
        self._today = today
        self._used: set[str] = set()

    def __iter__(self) -> Iterator[Waiver]:
        return iter(self._waivers)

    def __len__(self) -> int:
        return len(self._waivers)

    def apply(self, contract: str, changes: Iterable[Change]) -> tuple[list[Change], list[Waived]]:
        """The changes nobody waived, and those somebody answers for."""
        valid = {
            fingerprint: waiver
            for waiver in self._waivers
            if waiver.contract == contract
            for fingerprint in waiver.fingerprints
            if not waiver.expired(self._today)
        }
        left: list[Change] = []
        waived: list[Waived] = []
        for change in changes:
            waiver = valid.get(change.fingerprint)
            if waiver is None:
                left.append(change)
                continue
            self._used.add(waiver.id)
            waived.append(
                Waived(
                    change=change,
                    waiver=waiver.id,
                    owner=waiver.owner,
                    days_left=waiver.days_left(self._today),
                    reason=waiver.reason,
                    expires=waiver.expires,
                    kind=waiver.kind.value,
                )
            )
        return left, waived

    def used(self, waiver: Waiver) -> bool:
        """Whether a change of this run was let through by ``waiver``."""
        return waiver.id in self._used

    def problems(self, waiver: Waiver, known: Collection[str], max_days: int) -> Iterator[Problem]:
        """What is wrong with a waiver by itself: an unknown contract, its end, how long it lives."""
        return _problems(waiver, known, max_days, self._today)

    def stale(self, waiver: Waiver) -> Problem:
        """The warning about a waiver that matches nothing."""
        return problem(
            "waiver-stale",
            f"waiver {waiver.id} of {waiver.owner} matches no change of {waiver.contract}",
            waiver.document.locate(("fingerprints",)),
            "treaty waivers prune removes it",
        )

    def approval(self, waiver: Waiver, repository: Repository, revised: str) -> Iterator[Problem]:
        """The error about a waiver whose approver is who committed it, as far as git tells.

        A waiver that is not committed yet has no author; it gets one before anybody else sees it.
        """
        revision = "HEAD" if revised in ("worktree", "index") else revised
        if waiver.approved_by is None or (revision == "HEAD" and repository.head() is None):
            return
        for author in repository.commits(waiver.path, revision=revision, limit=1):
            if _same_person(waiver.approved_by, author):
                yield problem(
                    "waiver-self-approved",
                    f"waiver {waiver.id} was approved by {waiver.approved_by}, who committed it ({author.id[:7]})",
                    waiver.document.locate(("approved_by",)),
                    "have somebody else approve it",
                )


def _problems(waiver: Waiver, known: Collection[str], max_days: int, today: datetime.date) -> Iterator[Problem]:
    locate = waiver.document.locate
    if waiver.contract not in known:
        import difflib

        meant = difflib.get_close_matches(waiver.contract, known, n=1)
        advice = f"did you mean {meant[0]}?" if meant else f"treaty.yaml has: {', '.join(known)}"
        message = f"waiver {waiver.id} is for {waiver.contract}, which treaty.yaml does not have"
        yield problem("waiver-contract-unknown", message, locate(("contract",)), advice)
    if waiver.expired(today):
        yield problem(
            "waiver-expired",
            f"waiver {waiver.id} of {waiver.owner} expired on {waiver.expires}",
            locate(("expires",)),
            "mend what it accepted, or let its owner decide again; treaty waivers prune removes it",
        )
    elif waiver.created is not None and waiver.created > today:
        message = f"waiver {waiver.id} was created on {waiver.created}, which is yet to come"
        yield problem("waiver-too-long", message, locate(("created",)), f"write {today}")
    else:
        begun = waiver.created or today
        if (waiver.expires - begun).days > max_days:
            latest = begun + datetime.timedelta(max_days)
            yield problem(
                "waiver-too-long",
                f"waiver {waiver.id} is valid until {waiver.expires}; the policy allows {max_days} days",
                locate(("expires",)),
                f"the latest day is {latest}",
            )


def _same_person(approver: str, author: Commit) -> bool:
    """Whether a handle, a name or an address is the author's."""
    names = {author.author.casefold(), author.email.casefold()}
    address = author.email.casefold()
    noreply = _NOREPLY.fullmatch(address)
    names.add(noreply[1] if noreply is not None else address.partition("@")[0])
    names |= {re.sub(r"[\s.]+", separator, author.author.casefold()) for separator in ("", ".", "-", "_")}
    return approver.strip().removeprefix("@").casefold() in names - {""}
