"""One version of one contract document, seen for its lifecycle marks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from treaty.govern.places import Kind, Place, places_of
from treaty.model.lifecycle import Lifecycle

if TYPE_CHECKING:
    from treaty.changes.change import Change
    from treaty.changes.comparison import Side
    from treaty.documents.location import Location

_UNMARKED = Lifecycle()
_BLOCKS = frozenset({"x-lifecycle", "lifecycle"})
_KEYS = _BLOCKS | {
    "deprecated", "deprecated_since", "removed_in", "replaced_by", "sunset",
    "x-deprecated-since", "x-removed-in", "x-replaced-by", "x-sunset",
}  # fmt: skip


class Survey:
    """The places of a document by name and by where they stand; ``version`` is the version it declares."""

    def __init__(self, side: Side, version: str | None) -> None:
        self.side = side
        self.version = version

    @cached_property
    def places(self) -> tuple[Place, ...]:
        return tuple(places_of(self.side))

    @cached_property
    def marked(self) -> tuple[Place, ...]:
        """The places with any lifecycle mark, readable or not, in document order."""
        return tuple(place for place in self.places if _has_mark(place))

    @cached_property
    def _by_name(self) -> dict[str, Place]:
        found: dict[str, Place] = {}
        for place in self.places:
            found.setdefault(place.name, place)
        for place in self.places:
            if place.alias is not None:
                found.setdefault(place.alias, place)
        return found

    @cached_property
    def _by_location(self) -> dict[tuple[str, str], Place]:
        return {_standing(place.location): place for place in self.places}

    def named(self, name: str) -> Place | None:
        """The place that findings call ``name``, or that has it for its operation id."""
        return self._by_name.get(name)

    def names(self) -> list[str]:
        """Every name there is, for suggestions."""
        return list(self._by_name)

    def siblings(self, place: Place) -> dict[str, Place]:
        """The places of the same kind with the same owner, by their own names."""
        return {
            other.key: other
            for other in self.places
            if other.kind is place.kind and other.owner is place.owner and other is not place
        }

    def removed(self, change: Change) -> list[tuple[str, Place | None]]:
        """What ``change`` takes away from this side, by name; None for what has no place, and so no marks."""
        found = self._by_location.get(_standing(change.base)) if change.base is not None else None
        place = found or self.named(change.element)
        if "enum" not in change.rule and "symbol" not in change.rule:
            return [(change.element, place)]
        values = change.before if isinstance(change.before, list) else [change.before]
        owner = place.name if place is not None else change.element
        return [(f"{owner} value {value}", self.named(f"{owner} value {value}")) for value in values]

    def like(self, place: Place) -> Place | None:
        """The place of this version that ``place`` of another version has become."""
        found = self.named(place.name)
        return found if found is not None and found.kind is place.kind else None

    @property
    def contract(self) -> Place | None:
        """The contract as a whole."""
        return next((place for place in self.places if place.kind is Kind.CONTRACT), None)


def _has_mark(place: Place) -> bool:
    raw = place.node.value if place.node is not None else None
    # Most places have none, and reading a lifecycle costs more than looking for its keys.
    if place.kind is not Kind.ENUM_VALUE and isinstance(raw, dict) and _KEYS.isdisjoint(raw):
        return False
    return place.lifecycle != _UNMARKED or (isinstance(raw, dict) and not _BLOCKS.isdisjoint(raw))


def _standing(location: Location) -> tuple[str, str]:
    """Where something stands, whatever the revision its file is shown under; Protobuf knows lines only."""
    if not location.pointer and location.line is not None:
        return (location.file.rpartition(":")[2], f"line {location.line}")
    pointer = location.pointer.removesuffix("/enum").removesuffix("/x-extensible-enum").removesuffix("/symbols")
    return (location.file.rpartition(":")[2], pointer)
