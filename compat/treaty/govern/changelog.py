"""What changed for the people on the other side, version by version, grouped as they read it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty.changes.change import Level
from treaty.errors import TreatyError
from treaty.govern.comparison import compare_sides
from treaty.govern.lifecycle.survey import Survey
from treaty.govern.pairing import major_folder, predecessor
from treaty.govern.waivers import load_waivers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from treaty.changes.change import Change
    from treaty.changes.comparison import Side
    from treaty.documents.library import Library
    from treaty.govern.comparison import Comparison
    from treaty.govern.evolution import Evolution, Step
    from treaty.govern.history import PublishedVersion
    from treaty.govern.waivers import Waiver
    from treaty.model.lifecycle import Lifecycle

GROUPS = ("Breaking", "Removed", "Deprecated", "Added", "Changed", "Documentation")
"""The groups of a section, in the order they are shown; Breaking holds whatever its kind what breaks somebody."""
_REMOVED = re.compile(r"-removed\Z")
_ADDED = re.compile(r"-(?:added|allowed|introduced)\Z")


@dataclass(frozen=True, slots=True)
class Deprecated:
    """Something a version marks deprecated that the one before did not."""

    element: str
    lifecycle: Lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One version of one document.

    ``label`` is what it means to readers (breaking, compatible, first, unknown); ``beside`` is the document of the
    older major it was compared with, when it begins a new one. ``waived`` maps fingerprints to who answers for them.
    """

    contract: str
    path: str
    version: PublishedVersion
    previous: PublishedVersion | None
    label: str
    comparison: Comparison | None
    beside: str | None = None
    deprecated: tuple[Deprecated, ...] = ()
    waived: Mapping[str, Waiver] = field(default_factory=dict)
    problem: TreatyError | None = None

    def groups(self) -> dict[str, list[Change]]:
        """The changes by group, empty groups left out."""
        found: dict[str, list[Change]] = {}
        for change in self.comparison.changes if self.comparison is not None else ():
            found.setdefault(group_of(change), []).append(change)
        return {name: found[name] for name in GROUPS if name in found}


def group_of(change: Change) -> str:
    """The group a reader looks for a change in."""
    if change.level in (Level.BREAKING, Level.UNKNOWN):
        return "Breaking"
    if change.rule == "element-deprecated":
        return "Deprecated"
    if _REMOVED.search(change.rule):
        return "Removed"
    if change.level is Level.DOCS:
        return "Documentation"
    return "Added" if _ADDED.search(change.rule) else "Changed"


def sections(
    contract: str,
    evolutions: Sequence[Evolution],
    *,
    since: str | None = None,
    waiver_folder: str = ".treaty/waivers",
) -> Iterator[Section]:
    """The sections of one contract, oldest first, document by document.

    ``since`` is a version, a release tag or a revision; a document that was not there yet is told from its beginning.
    Raises RevisionError for what is none of them.
    """
    for evolution in evolutions:
        after = evolution.at(since) if since is not None else None
        for step in evolution.steps(after):
            yield _section(contract, evolution, step, evolutions, waiver_folder)


def _section(
    contract: str, evolution: Evolution, step: Step, all_of_them: Sequence[Evolution], waiver_folder: str
) -> Section:
    comparison, beside, problem = step.comparison, None, step.problem
    old: Side | None = None
    try:
        if step.previous is not None:
            old = evolution.side(step.previous)
        elif problem is None:
            other = _older_major(evolution, step.version, all_of_them)
            if other is not None:
                beside, old = other[0].path, other[0].side(other[1])
                comparison = compare_sides(old, evolution.side(step.version), evolution.settings)
    except TreatyError as error:
        problem = problem or error
    library = evolution.side(step.version).library if problem is None else None
    return Section(
        contract=contract,
        path=evolution.path,
        version=step.version,
        previous=step.previous,
        label=_label(comparison, problem),
        comparison=comparison,
        beside=beside,
        deprecated=tuple(_deprecated(old, evolution.side(step.version))) if old is not None and library else (),
        waived=_waived(library, waiver_folder, comparison) if library is not None else {},
        problem=problem,
    )


def _older_major(
    evolution: Evolution, version: PublishedVersion, all_of_them: Sequence[Evolution]
) -> tuple[Evolution, PublishedVersion] | None:
    """The older major beside a document that begins, as it was when it began."""
    if major_folder(evolution.path) is None:
        return None
    path = predecessor(evolution.path, [each.path for each in all_of_them])
    other = next((each for each in all_of_them if each.path == path), None)
    if other is None:
        return None
    earlier = [each for each in other.versions if each.first.when <= version.first.when and each.problem is None]
    return (other, earlier[-1]) if earlier else None


def _label(comparison: Comparison | None, problem: TreatyError | None) -> str:
    if problem is not None:
        return "not readable"
    return comparison.verdict.value if comparison is not None else "first"


def _deprecated(old: Side, new: Side) -> Iterator[Deprecated]:
    before, after = Survey(old, None), Survey(new, None)
    for place in after.marked:
        if place.lifecycle.deprecated:
            was = before.like(place)
            if was is None or not was.lifecycle.deprecated:
                yield Deprecated(place.name, place.lifecycle)


def _waived(library: Library, folder: str, comparison: Comparison | None) -> dict[str, Waiver]:
    """Who answers for changes of a version: the waivers it came with."""
    fingerprints = {change.fingerprint for change in comparison.changes} if comparison is not None else set()
    try:
        waivers: Iterable[Waiver] = load_waivers(library.source, folder)
    except TreatyError:  # an old file that was no waiver let nothing through
        return {}
    return {name: waiver for waiver in waivers for name in waiver.fingerprints if name in fingerprints}
