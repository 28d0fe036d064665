"""What is the same on both sides, at the price of a comparison in C.

Two written values are the same when they are equal and everything they refer to is the same. Most of a document is, and
nothing more is asked about it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING

import orjson

from treaty.errors import UnresolvedReference

if TYPE_CHECKING:
    from treaty.documents.library import Library, Node
    from treaty.documents.location import JsonValue

_REFERENCES = re.compile(rb'"\$(?:ref|recursiveRef|dynamicRef)":"((?:[^"\\]|\\.)*)"')
_MAPPINGS = re.compile(rb'"mapping":(\{"[^{}]*\})')
_Edge = tuple[str, str, str]


class Sameness:
    """Answers whether two nodes are the same, closing over the reference graph once."""

    def __init__(self, old: Library, new: Library) -> None:
        self._old = old
        self._new = new
        self._settled: dict[_Edge, bool] = {}

    def same(self, old: Node, new: Node) -> bool:
        """Whether ``old`` and ``new`` mean the same by being written the same, references included."""
        references = self._equal(old.value, new.value)
        if references is None:
            return False
        return all(self._reference_same(reference, old, new) for reference in references)

    def _equal(self, old: JsonValue, new: JsonValue) -> list[str] | None:
        """The references inside two equal values, None when they differ."""
        if old is not new and old != new:
            return None
        if not isinstance(old, dict | list):
            return [] if type(old) is type(new) else None
        # Python takes True for 1 and 1 for 1.0; the written form does not.
        written = _written(old)
        if old is not new and written != _written(new) and _written(old, sort=True) != _written(new, sort=True):
            return None
        return _references(written)

    def _reference_same(self, reference: str, old: Node, new: Node) -> bool:
        start = (old.document.path, new.document.path, reference)
        known = self._settled.get(start)
        if known is not None:
            return known
        self._settle(start, old, new)
        return self._settled[start]

    def _settle(self, start: _Edge, old: Node, new: Node) -> None:
        """Decide every reference reachable from ``start``: it differs when its target does, or reaches one that
        does.
        """
        waiting = [(start, old, new)]
        seen = {start}
        users: dict[_Edge, list[_Edge]] = defaultdict(list)
        differing: list[_Edge] = []
        while waiting:
            edge, old_base, new_base = waiting.pop()
            try:
                old_target, new_target = self._old.resolve(edge[2], old_base), self._new.resolve(edge[2], new_base)
            except UnresolvedReference:
                # Either it stands in data, such as an example, or whoever follows it will say so, at its place.
                differing.append(edge)
                continue
            references = self._equal(old_target.value, new_target.value)
            if references is None:
                differing.append(edge)
                continue
            for reference in references:
                following = (old_target.document.path, new_target.document.path, reference)
                users[following].append(edge)
                known = self._settled.get(following)
                if known is False:
                    differing.append(edge)
                elif known is None and following not in seen:
                    seen.add(following)
                    waiting.append((following, old_target, new_target))
        different: set[_Edge] = set()
        while differing:
            edge = differing.pop()
            if edge not in different:
                different.add(edge)
                differing.extend(users[edge])
        for edge in seen:
            self._settled[edge] = edge not in different


def _written(value: JsonValue, *, sort: bool = False) -> bytes:
    """``value`` as JSON; members in their own order, or sorted, which takes longer."""
    try:
        return orjson.dumps(value, default=repr, option=orjson.OPT_SORT_KEYS if sort else None)
    except TypeError:  # integers beyond 64 bits
        return json.dumps(value, separators=(",", ":"), default=repr, sort_keys=sort).encode()


def _references(written: bytes) -> list[str]:
    if b'"$' not in written:
        return []
    found = {orjson.loads(b'"' + name + b'"') for name in _REFERENCES.findall(written)}
    for mapping in _MAPPINGS.findall(written):
        found.update(target for target in orjson.loads(mapping).values() if isinstance(target, str) and "/" in target)
    return sorted(found)
