"""Cheap reasons why one schema cannot accept everything another does, so that no proof need be asked for.

A wrong "cannot" leaves a finding standing that a proof might have refuted; it never hides one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.schemas.scalars import LIMITS, beyond

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treaty.model.schema.shape import Conjunction, Shape
    from treaty.model.schema.space import SchemaSpace

_DEPTH = 6


class Plausibility:
    """Asks of many pairs of schemas whether a proof that one accepts what the other may send could succeed."""

    def __init__(self, reader: SchemaSpace, writer: SchemaSpace) -> None:
        self._reader = reader
        self._writer = writer
        self._known: dict[Hashable, bool] = {}

    def may_cover(self, accepting: Conjunction, sent: Conjunction, depth: int = _DEPTH) -> bool:
        """False when ``accepting`` certainly refuses some value of ``sent``, True when only a proof could tell."""
        if depth == 0 or not accepting:
            return True
        key = (tuple(part.key for part in accepting), tuple(part.key for part in sent))
        known = self._known.get(key)
        if known is None:
            self._known[key] = True  # while recursion is open
            known = self._known[key] = self._may(self._reader.shape(accepting), self._writer.shape(sent), depth)
        return known

    def _may(self, reader: Shape, writer: Shape, depth: int) -> bool:
        if not writer.types <= reader.types or not _scalars_may(reader, writer):
            return False
        if "array" in writer.types and reader.arrays.items is not None and not reader.arrays.prefix:
            sent = writer.arrays.items
            if not writer.arrays.prefix and not self.may_cover(reader.arrays.items, sent or (), depth - 1):
                return False
        if "object" not in writer.types:
            return True
        mine, theirs = reader.objects, writer.objects
        if mine.required.keys() - theirs.required.keys() or (
            mine.closed and theirs.properties.keys() - mine.properties
        ):
            return False
        return all(
            self.may_cover(mine.properties[name], schema, depth - 1)
            for name, schema in theirs.properties.items()
            if name in mine.properties
        )


def _scalars_may(reader: Shape, writer: Shape) -> bool:
    for group, values in reader.enums.items():
        sent = writer.enums.get(group)
        if sent is None or sent.keys() - values.keys():
            return False
    if reader.strings.patterns - writer.strings.patterns and "string" not in writer.enums:
        return False
    for limit in LIMITS:
        if limit.types & writer.types:
            asked, kept = limit.value(reader), limit.value(writer)
            if asked != kept and beyond(kept, asked, upper=limit.upper) and limit.group not in writer.enums:
                return False
    return True
