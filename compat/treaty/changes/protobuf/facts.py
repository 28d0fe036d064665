"""What a comparison of Protobuf contracts finds, before anyone asks who is hurt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue, Location


class Carrier(NamedTuple):
    """Where a fact shows in a message: the full names of the message on both sides, and the number of the field."""

    old: str
    new: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that changed.

    ``element`` is its full name in the old contract, or in the new one when it was not there; ``subject`` is how a
    sentence speaks of it. ``others`` are the numbers of further fields that are part of the fact (of a oneof).
    """

    rule: str
    element: str
    subject: str
    before: JsonValue = None
    after: JsonValue = None
    base: Location | None = None
    revision: Location | None = None
    carrier: Carrier | None = None
    others: tuple[int, ...] = ()
