"""Lifecycle marks of an element: deprecated since when, to be removed in which version and after which day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

_FLAT = {
    "deprecated_since": ("x-deprecated-since", "deprecated_since"),
    "removed_in": ("x-removed-in", "removed_in"),
    "sunset": ("x-sunset", "sunset"),
    "replaced_by": ("x-replaced-by", "replaced_by"),
}
_TEXTS = ("state", "deprecated_since", "removed_in", "replaced_by", "reason", "migration", "owner")


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The `x-lifecycle` block of one element, flat forms folded in.

    ``sunset`` is a date (of an RFC 3339 date or date-time); ``unreadable`` names the members whose value is not what it
    should be.
    """

    deprecated: bool = False
    state: str | None = None
    deprecated_since: str | None = None
    removed_in: str | None = None
    sunset: datetime.date | None = None
    replaced_by: str | None = None
    reason: str | None = None
    migration: str | None = None
    owner: str | None = None
    unreadable: tuple[str, ...] = ()

    def sunset_ahead(self, today: datetime.date) -> bool:
        """Whether the element was promised to stay beyond ``today``; a date nobody can read keeps the promise open."""
        return self.deprecated and ("sunset" in self.unreadable or (self.sunset is not None and self.sunset > today))


def lifecycle_of(raw: JsonValue) -> Lifecycle:
    """Read the lifecycle of one element (an operation, parameter, schema, header, field…) from its object."""
    if not isinstance(raw, dict):
        return Lifecycle()
    block = raw.get("x-lifecycle", raw.get("lifecycle"))
    values: dict[str, JsonValue] = dict(block) if isinstance(block, dict) else {}
    for name, flat in _FLAT.items():
        for key in flat:
            if key in raw:
                values.setdefault(name, raw[key])
    unreadable = [name for name in _TEXTS if name in values and not isinstance(values[name], str | int | float)]
    sunset = _date(values.get("sunset"))
    if values.get("sunset") is not None and sunset is None:
        unreadable.append("sunset")
    texts = {name: str(values[name]) for name in _TEXTS if isinstance(values.get(name), str | int | float)}
    deprecated = raw.get("deprecated") is True or texts.get("state") in ("deprecated", "sunset")
    return Lifecycle(
        deprecated=deprecated or "deprecated_since" in texts, sunset=sunset, unreadable=tuple(unreadable), **texts
    )


def _date(value: JsonValue) -> datetime.date | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.datetime.fromisoformat(value).date()
    except ValueError:
        return None
