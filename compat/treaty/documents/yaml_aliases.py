"""Anchors and aliases: shared, never endless, and merged where a merge key says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

__all__ = ["Anchored", "Weights", "mappings_to_merge"]


class Anchored(NamedTuple):
    """What an anchor stands for; ``text`` is how a scalar was written, for an alias used as a key."""

    value: JsonValue
    text: str | None = None


class Weight(NamedTuple):
    """Nodes and levels of a tree written out in full."""

    nodes: int
    levels: int


class Weights:
    """Measures what aliases stand for.

    Sharing makes an alias bomb small to hold but endless to walk, and a chain of aliases deeper than the text shows.
    Each aliased container is measured once; what it contains by aliases of its own was measured when those were read.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, Weight] = {}

    def of(self, value: JsonValue) -> Weight:
        """The weight of a complete tree, level by level, known subtrees taken as a whole."""
        if not isinstance(value, (dict, list)):
            return Weight(1, 0)
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = self._measure(value)
        return known

    def _measure(self, tree: dict[str, JsonValue] | list[JsonValue]) -> Weight:
        nodes = 1
        depth = deepest = 0
        level: list[dict[str, JsonValue] | list[JsonValue]] = [tree]
        while level:
            depth += 1
            inner: list[dict[str, JsonValue] | list[JsonValue]] = []
            for container in level:
                for child in container.values() if isinstance(container, dict) else container:
                    if not isinstance(child, (dict, list)):
                        nodes += 1
                    elif (known := self._known.get(id(child))) is not None:
                        nodes += known.nodes
                        deepest = max(deepest, depth + known.levels)
                    else:
                        nodes += 1
                        inner.append(child)
            level = inner
        return Weight(nodes, max(deepest, depth))


def mappings_to_merge(value: JsonValue) -> list[dict[str, JsonValue]] | None:
    """The mappings that the value of a merge key names, in order of precedence; None when it names something else.

    As https://yaml.org/type/merge.html defines it: earlier mappings win over later ones, the keys beside ``<<`` over
    all.
    """
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        mappings = [item for item in value if isinstance(item, dict)]
        return mappings if len(mappings) == len(value) else None
    return None
