"""What governance itself may object to, one row each: about versions, majors, waivers, frozen elements, lifecycle.

The rules of :mod:`treaty.changes.rules` say what a change does to readers and writers. These say what the policy makes
of it; they have no direction and no witness.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.govern.outcome import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import Location

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class GovernanceRule:
    """One row: ``why`` says who is hurt when it is broken, ``safe`` what to do, ``source`` where it comes from."""

    id: str
    severity: Severity
    summary: str
    why: str
    safe: str
    source: str


def problem(
    rule: str,
    message: str,
    location: Location | None = None,
    advice: str | None = None,
    *,
    severity: Severity | None = None,
) -> Problem:
    """A problem under ``rule``, as severe as its row says unless told otherwise."""
    row = GOVERNANCE_RULES[rule]
    return Problem(rule, severity or row.severity, message, location, advice)


_SEMVER = "Semantic Versioning 2.0.0"
_LIFECYCLE = "docs/governance.md, Lifecycle"
_ROWS: tuple[GovernanceRule, ...] = (
    # Versions
    GovernanceRule(
        id="version-lowered",
        severity=ERROR,
        summary="The declared version went down.",
        why="Whoever orders versions, a registry or a package manager, takes the new contract for an old one.",
        safe="Declare the version the report asks for.",
        source=f"{_SEMVER}, section 11",
    ),
    GovernanceRule(
        id="version-not-raised",
        severity=ERROR,
        summary="The contract changed and its version did not.",
        why="Two different contracts then have one name, and nobody can say which of them they were built against.",
        safe="Raise `info.version` in the same change. `versioning: {unraised: warn}` makes it a warning.",
        source=f"{_SEMVER}, section 3",
    ),
    GovernanceRule(
        id="bump-insufficient",
        severity=ERROR,
        summary="The declared bump is smaller than the changes need.",
        why="Partners decide by the number whether they have to read the changelog.",
        safe="Declare the version the report asks for.",
        source=f"{_SEMVER}, sections 6 to 8",
    ),
    # Majors beside each other
    GovernanceRule(
        id="major-outside-its-folder",
        severity=ERROR,
        summary="A document under `/vN/` declares another major than N.",
        why="A major replaced in place takes the old one away from everybody who still uses it.",
        safe="Copy the folder to `/vN+1/`, make the change there, and leave the old one as it is.",
        source="treaty.yaml, versioning.major: new-path",
    ),
    GovernanceRule(
        id="path-outside-its-major",
        severity=ERROR,
        summary="A path, server, package or namespace names another major than the folder of the document.",
        why="Both majors answer side by side; a request has to say which of them it means.",
        safe="Begin every versioned path with the major of the folder, and end packages and namespaces with it.",
        source="treaty.yaml, versioning.major: new-path",
    ),
    GovernanceRule(
        id="predecessor-not-deprecated",
        severity=WARNING,
        summary="A new major stands beside an old one that is not marked deprecated.",
        why="Users of the old major are not told that there is a new one, nor how long theirs will answer.",
        safe="Mark the old one: `info.x-lifecycle` with state, deprecated_since, removed_in, sunset and replaced_by.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="contract-removed",
        severity=ERROR,
        summary="A contract, or a major of it, was removed before its time.",
        why="Everybody who still uses it stops working at once.",
        safe="Bring it back, mark it in `info.x-lifecycle`, release that, and remove it when its dates have passed.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="older-version-unreadable",
        severity=WARNING,
        summary="An older version that a transitive mode asks about cannot be read.",
        why="Whether the new schema still reads data of that version is not known.",
        safe="Nothing can be done about history; keep in mind that this version was not asked about.",
        source="treaty.yaml, contracts.*.mode",
    ),
    # Waivers
    GovernanceRule(
        id="waiver-expired",
        severity=ERROR,
        summary="A waiver is past its last day.",
        why="An exception without an end is a rule nobody decided on.",
        safe="Mend what it accepted, or let its owner decide again with a new day; `treaty waivers prune` removes it.",
        source="docs/governance.md, Waivers",
    ),
    GovernanceRule(
        id="waiver-too-long",
        severity=ERROR,
        summary="A waiver is valid for longer than the policy allows.",
        why="What is accepted for years is never looked at again.",
        safe="Choose an earlier day, or raise `lifecycle.max_waiver_age` for everybody.",
        source="docs/governance.md, Waivers",
    ),
    GovernanceRule(
        id="waiver-self-approved",
        severity=ERROR,
        summary="The author of a waiver approved it.",
        why="An approval by oneself is none.",
        safe="Have somebody else approve it, and name them in `approved_by`.",
        source="docs/governance.md, Waivers",
    ),
    GovernanceRule(
        id="waiver-stale",
        severity=WARNING,
        summary="A waiver matches no change any more.",
        why="It may cover a change of tomorrow that nobody has seen yet.",
        safe="`treaty waivers prune` removes it.",
        source="docs/governance.md, Waivers",
    ),
    GovernanceRule(
        id="waiver-contract-unknown",
        severity=ERROR,
        summary="A waiver names a contract that treaty.yaml does not have.",
        why="It covers nothing, and its author believes it does.",
        safe="Write the name as in treaty.yaml.",
        source="docs/governance.md, Waivers",
    ),
    # Frozen
    GovernanceRule(
        id="frozen-element-broken",
        severity=ERROR,
        summary="A change breaks an element that not even a major may break.",
        why="Identifiers, money and statuses are stored and compared across majors, where both meanings meet.",
        safe="Keep the element as it is and add the new one beside it, under another name.",
        source="treaty.yaml, frozen",
    ),
    # Lifecycle: blocks
    GovernanceRule(
        id="lifecycle-invalid",
        severity=ERROR,
        summary="A lifecycle block holds something that cannot be read.",
        why="Removal dates are planned by it; a misspelt key is a promise nobody sees.",
        safe="Correct the key or value; dates are YYYY-MM-DD, versions as in `info.version`.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="lifecycle-contradictory",
        severity=ERROR,
        summary="Two lifecycle marks of one element contradict each other.",
        why="One reader takes the element for deprecated, another for active.",
        safe="Let `state`, `deprecated` and `deprecated_since` say the same.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="sunset-missing",
        severity=ERROR,
        summary="Something is deprecated and does not say until when it works.",
        why="Partners cannot plan, and the element can never be removed.",
        safe="Add `sunset`, far enough ahead for the policy's notice.",
        source="treaty.yaml, lifecycle.sunset_required; RFC 8594",
    ),
    GovernanceRule(
        id="notice-too-short",
        severity=ERROR,
        summary="A sunset is nearer than the notice the policy promises.",
        why="Partners were promised that much time to move.",
        safe="Choose a later `sunset`.",
        source="treaty.yaml, lifecycle.min_notice",
    ),
    GovernanceRule(
        id="sunset-moved-earlier",
        severity=ERROR,
        summary="A sunset was moved to an earlier day.",
        why="Somebody planned by the first date.",
        safe="Keep the date, or choose a later one.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="removal-version-moved-earlier",
        severity=ERROR,
        summary="The version that removes an element was moved to an earlier one.",
        why="Somebody planned by the first version.",
        safe="Keep `removed_in`, or name a later major.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="removed-in-not-later-major",
        severity=ERROR,
        summary="`removed_in` is not a later major than the version that deprecates.",
        why="A removal breaks, and what breaks comes with a major.",
        safe="Name the next major, or a later one. Below 1.0.0 a later minor will do.",
        source=f"{_SEMVER}, section 8",
    ),
    GovernanceRule(
        id="deprecated-since-ahead",
        severity=ERROR,
        summary="`deprecated_since` names a version that does not exist yet.",
        why="The notice would be counted from a day that never was.",
        safe="Name the version this change declares.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="deprecated-since-backdated",
        severity=ERROR,
        summary="`deprecated_since` names a released version that did not carry the mark.",
        why="Partners of that version were never told, and the notice would begin too early.",
        safe="Name the version this change declares.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="replacement-missing",
        severity=ERROR,
        summary="`replaced_by` names something that does not exist.",
        why="Partners are sent to a place that is not there.",
        safe="Name an operation (`POST /v2/bets`), a contract and version, a JSON Pointer, a type, or a sibling.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="replacement-deprecated",
        severity=ERROR,
        summary="`replaced_by` names something that is deprecated itself.",
        why="Partners would move twice.",
        safe="Name what replaces the replacement.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="removal-overdue",
        severity=ERROR,
        summary="An element is still there in the version that was to remove it.",
        why="The contract says something else than it does, and the next announcement is believed less.",
        safe="Remove it, or move `removed_in` to a later major.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="sunset-passed",
        severity=WARNING,
        summary="The sunset of an element has passed and it is still there.",
        why="It may be removed; until then somebody keeps it running for nobody.",
        safe="`treaty can-remove` says what is still missing; or move the sunset.",
        source=_LIFECYCLE,
    ),
    # Lifecycle: removals
    GovernanceRule(
        id="removal-without-deprecation",
        severity=ERROR,
        summary="Something was removed that no released version had marked deprecated.",
        why="Its users were never told.",
        safe="Bring it back, mark it deprecated, release that, and remove it when its dates have passed.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="removal-before-version",
        severity=ERROR,
        summary="Something was removed before the version it was promised to stay until.",
        why="Partners planned by `removed_in`.",
        safe="Bring it back, or make the removal part of the version `removed_in` names.",
        source=_LIFECYCLE,
    ),
    GovernanceRule(
        id="removal-before-sunset",
        severity=ERROR,
        summary="Something was removed before its sunset.",
        why="Partners planned by the date, and answers carried it in the `Sunset` header.",
        safe="Bring it back until that day.",
        source=f"{_LIFECYCLE}; RFC 8594",
    ),
    GovernanceRule(
        id="removal-inside-notice",
        severity=ERROR,
        summary="Something was removed before the notice after its deprecation had run out.",
        why="Partners were promised that much time to move.",
        safe="Bring it back until the day the report names.",
        source="treaty.yaml, lifecycle.min_notice",
    ),
    GovernanceRule(
        id="still-used",
        severity=ERROR,
        summary="Something that is to be removed is still in use.",
        why="The consumers in the report would stop working.",
        safe="Talk to them; `treaty can-remove` names them with their last day.",
        source="docs/governance.md, Evidence",
    ),
)

GOVERNANCE_RULES: Mapping[str, GovernanceRule] = MappingProxyType({row.id: row for row in _ROWS})
"""Every governance rule by its id, in the order of this file."""
