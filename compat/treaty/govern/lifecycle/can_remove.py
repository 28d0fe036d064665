"""Whether one element may be removed now, and on what evidence."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.documents.nearby import did_you_mean
from treaty.errors import CannotCheck, TreatyError, UsageError
from treaty.govern.lifecycle.removal import Condition, days, removal_conditions
from treaty.govern.lifecycle.usage import consumers
from treaty.govern.pairing import major_folder
from treaty.govern.places import Kind
from treaty.govern.versions import parse_version

if TYPE_CHECKING:
    from treaty.govern.lifecycle.listing import Catalogued
    from treaty.govern.lifecycle.survey import Survey
    from treaty.govern.lifecycle.usage import Consumer, UsageSource
    from treaty.govern.places import Place
    from treaty.govern.policy import ContractPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``may`` is None where nobody can tell. ``consumers`` still use it."""

    element: str
    contract: str
    path: str
    may: bool | None
    conditions: tuple[Condition, ...]
    consumers: tuple[Consumer, ...] = ()

    @property
    def word(self) -> str:
        return {True: "yes", False: "no", None: "unknown"}[self.may]


def can_remove(
    catalogued: Catalogued,
    element: str,
    *,
    contract: str | None = None,
    usage: UsageSource | None = None,
) -> Answer:
    """Whether ``element`` may be removed: by the name findings use, an operation id, or ``file#/json/pointer``.

    Raises UsageError where no element is called that, or several are.
    """
    owner, path, survey, place = _found(catalogued, element, contract)
    conditions = _promises(catalogued, owner, path, survey, place)
    told, using = _usage(catalogued, owner, place, usage)
    conditions += told
    if any(each.met is False for each in conditions):
        may: bool | None = False
    else:
        may = None if any(each.met is None for each in conditions) else True
    return Answer(
        element=place.name,
        contract=owner.name,
        path=path,
        may=may,
        conditions=tuple(conditions),
        consumers=tuple(using),
    )


def _found(catalogued: Catalogued, element: str, contract: str | None) -> tuple[ContractPolicy, str, Survey, Place]:
    found: list[tuple[ContractPolicy, str, Survey, Place]] = []
    names: list[str] = []
    unread: list[TreatyError] = []
    if contract is not None and contract not in catalogued.policy.contracts:
        raise UsageError(
            f"no contract is called {contract!r}", advice=did_you_mean(contract, catalogued.policy.contracts)
        )
    for owner, path in catalogued.documents([contract] if contract is not None else ()):
        try:
            survey = catalogued.survey(path)
            place = _place(survey, element)
        except CannotCheck as error:
            unread.append(error)
            continue
        if place is not None:
            found.append((owner, path, survey, place))
        names.extend(survey.names())
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(path for _, path, _, _ in found)
        raise UsageError(
            f"{element} is in {len(found)} documents: {listed}",
            advice=f"name the one that is meant: {found[0][1]}#… or --contract",
        )
    if unread:
        raise unread[0]
    raise UsageError(f"no contract has an element called {element!r}", advice=did_you_mean(element, names))


def _place(survey: Survey, element: str) -> Place | None:
    """The place a person means: ``NAME``, ``file#NAME``, ``#/pointer`` or ``file#/pointer``."""
    file, mark, inside = element.partition("#")
    if not mark:
        return survey.named(element)
    path = survey.side.document.path
    if not inside.startswith("/"):
        return survey.named(inside) if file == path else None
    for place in survey.places:
        if place.node is not None and place.location.pointer == inside and place.node.document.path == (file or path):
            return place
    return None


def _promises(
    catalogued: Catalogued, owner: ContractPolicy, path: str, survey: Survey, place: Place
) -> list[Condition]:
    released = catalogued.evidence(owner, path).deprecated_by(place)
    found = removal_conditions(
        place.lifecycle,
        version=_version_at_removal(catalogued, owner, survey, place),
        released=released,
        policy=catalogued.policy.lifecycle,
        today=catalogued.today,
        shallow=catalogued.repository.shallow,
    )
    wanted = place.lifecycle.removed_in
    if catalogued.policy.versioning.major != "in-place" or wanted is None:
        return found
    # The version is still to be declared: it is a condition on the removal, not on the day.
    return [
        Condition(each.rule, True, f"the removal has to declare {wanted} or later")
        if each.rule == "removal-before-version" and parse_version(wanted) is not None
        else each
        for each in found
    ]


def _version_at_removal(catalogued: Catalogued, owner: ContractPolicy, survey: Survey, place: Place) -> str | None:
    """With majors side by side an element goes with its whole major, once the version that lacks it is there."""
    if place.kind is not Kind.CONTRACT and catalogued.policy.versioning.major == "in-place":
        return survey.version
    versions = []
    for _, path in catalogued.documents([owner.name]):
        major = major_folder(path)
        declared = catalogued.survey(path).version or (f"{major}.0.0" if major is not None else None)
        if declared is not None and parse_version(declared) is not None:
            versions.append(declared)
    return max(versions, key=lambda version: parse_version(version) or 0, default=None)


def _usage(
    catalogued: Catalogued, owner: ContractPolicy, place: Place, usage: UsageSource | None
) -> tuple[list[Condition], list[Consumer]]:
    if usage is None:
        return [], []
    window = catalogued.policy.lifecycle.usage_window_days
    since = catalogued.today - datetime.timedelta(window)
    names = {place.name, *([place.alias] if place.alias is not None else [])}
    try:
        using = consumers(usage, owner.name, names, since)
    except TreatyError as error:
        where = f"{error.location}: " if error.location is not None else ""
        return [Condition("still-used", None, f"its use is not known: {where}{error.problem}")], []
    if not using:
        return [Condition("still-used", True, f"nobody used it in the last {days(window)}")], []
    total = sum(each.times for each in using)
    who = f"{len(using)} consumer{'' if len(using) == 1 else 's'}"
    text = f"{who} used it {total} time{'' if total == 1 else 's'} in the last {days(window)}, last on {using[0].last}"
    return [Condition("still-used", False, text)], using
