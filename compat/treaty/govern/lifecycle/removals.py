"""The removals among the changes of one comparison, each held against what was promised."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.change import Level
from treaty.govern.lifecycle.removal import unmet
from treaty.govern.outcome import Severity
from treaty.govern.rules import GOVERNANCE_RULES, problem
from treaty.govern.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treaty.changes.change import Change
    from treaty.documents.location import Location
    from treaty.govern.comparison import Comparison
    from treaty.govern.lifecycle.removal import Condition
    from treaty.govern.lifecycle.survey import Survey
    from treaty.govern.outcome import Problem
    from treaty.govern.places import Place

_REMOVAL = re.compile(
    r"(?:operation|parameter|property|header|media-type|response|enum-value|enum-symbol|message|channel|field"
    r"|service|method|rpc)-removed\Z|property-forbidden\Z|removed-before-sunset\Z"
)
_BREAKS = (Level.BREAKING, Level.UNKNOWN)


class Reviewed(NamedTuple):
    """Problems of a contract, and remarks on single changes by fingerprint."""

    problems: list[Problem]
    remarks: dict[str, tuple[str, ...]]


def review_removals(
    comparison: Comparison,
    old: Survey | None,
    conditions: Callable[[Place], list[Condition]],
    *,
    allowed: bool,
    unannounced: str,
) -> Reviewed:
    """What the removals of a comparison come to.

    ``old`` is None where the base has no lifecycle mark at all. ``allowed`` says that the version carries breaking
    changes: a removal that blocks by itself gets a remark and no problem of its own. ``unannounced`` is what a breaking
    removal of something nobody deprecated is: error, warn or off.
    """
    found = Reviewed([], {})
    for change in comparison.changes:
        if not _REMOVAL.search(change.rule):
            continue
        blocks = change.level in _BREAKS and not allowed
        for name, place in old.removed(change) if old is not None else [(change.element, None)]:
            if place is None or not place.lifecycle.deprecated:
                if not blocks:
                    found.problems.extend(_unannounced(change, name, comparison, unannounced))
                continue
            asked = conditions(place)
            missing = unmet(asked)
            texts = tuple(each.text for each in missing or asked)
            found.remarks[change.fingerprint] = (*found.remarks.get(change.fingerprint, ()), *texts)
            if missing and not blocks:
                rule = missing[0].rule
                message = f"{name} was removed: {'; '.join(texts)}"
                found.problems.append(problem(rule, message, _where(change), GOVERNANCE_RULES[rule].safe))
    return found


def _unannounced(change: Change, name: str, comparison: Comparison, setting: str) -> Iterator[Problem]:
    version = parse_version(comparison.base.version)
    if setting == "off" or change.level not in _BREAKS or (version is not None and version.major == 0):
        return
    rule = "removal-without-deprecation"
    yield problem(
        rule,
        f"{name} was removed, and was never marked deprecated",
        _where(change),
        GOVERNANCE_RULES[rule].safe,
        severity=Severity.ERROR if setting == "error" else Severity.WARNING,
    )


def _where(change: Change) -> Location | None:
    # What is gone cannot be pointed at in the new text: its nearest surviving parent can.
    return change.revision or change.base
