"""Where the members of a YAML text stand: character indexes packed while the text is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array

    from treaty.documents.location import JsonValue, Pointer

__all__ = ["YamlPlaces"]


class YamlPlaces:
    """Character indexes of the members of every container, in ``places``; ``first`` finds a container's by its id.

    The tree has to be the one that was read: a container shared by aliases has its place where its anchor stands.
    """

    __slots__ = ("_first", "_indexes", "_places", "_root")

    def __init__(self, root: int, places: array[int], first: dict[int, int]) -> None:
        self._root = root
        self._places = places
        self._first = first
        self._indexes: dict[int, dict[str, int]] = {}

    def character(self, tree: JsonValue, pointer: Pointer) -> int:
        """The first character of the key (the item, the root) that ``pointer`` names, or of its nearest ancestor."""
        place = self._root
        for token in pointer:
            if isinstance(tree, dict):
                index = self._index(tree).get(str(token))
                if index is None:
                    break
                child = tree[str(token)]
            elif isinstance(tree, list):
                index = int(token) if str(token).isdecimal() else len(tree)
                if index >= len(tree):
                    break
                child = tree[index]
            else:
                break
            place = self._places[self._first[id(tree)] + index]
            tree = child
        return place

    def _index(self, mapping: dict[str, JsonValue]) -> dict[str, int]:
        """The number of each key of ``mapping``, kept for the next look-up."""
        known = self._indexes.get(id(mapping))
        if known is None:
            known = self._indexes[id(mapping)] = {key: number for number, key in enumerate(mapping)}
        return known
