"""The smallest datum of a type, and the smallest message around it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.changes.avro.meaning import json_form
from treaty.model.avro.types import Array, EnumType, Fixed, Kind, Map, Record, Union, children_of

if TYPE_CHECKING:
    from treaty.changes.avro.findings import Raw
    from treaty.documents.location import JsonValue
    from treaty.model.avro.types import AvroType, Field

__all__ = ["Chosen", "Datum", "Size", "Smallest", "around", "plain"]

MAX_DEPTH = 60
"""Levels a message may have: well below what recursive implementations take."""

MAX_SIZE = 2_000
"""Values a message may have, so that a person can still read it."""

_KEY = "key"
_NIL_UUID = "00000000-0000-0000-0000-000000000000"
_ZEROS: dict[Kind, Raw] = {
    Kind.NULL: None,
    Kind.BOOLEAN: False,
    Kind.INT: 0,
    Kind.LONG: 0,
    Kind.FLOAT: 0.0,
    Kind.DOUBLE: 0.0,
    Kind.STRING: "",
    Kind.BYTES: b"",
}
_MEANT: dict[str, Raw] = {"uuid": _NIL_UUID, "decimal": b"\0"}


class Chosen(NamedTuple):
    """A value of a union, with the branch it is of."""

    branch: AvroType
    value: Datum


Datum: TypeAlias = "Raw | Chosen | list[Datum] | dict[str, Datum]"


class Size(NamedTuple):
    """How large the smallest datum is: values in it (infinite for a type without any), and levels."""

    values: float
    depth: int

    @property
    def showable(self) -> bool:
        return self.values <= MAX_SIZE and self.depth <= MAX_DEPTH


_ENDLESS = Size(math.inf, 0)


class Smallest:
    """The smallest datum of each type of one schema, worked out for a type and all inside it when first asked."""

    def __init__(self) -> None:
        self._sizes: dict[AvroType, Size] = {}
        self._data: dict[AvroType, Datum] = {}

    def size(self, node: AvroType) -> Size:
        """The size of the smallest datum of ``node``."""
        if node not in self._sizes:
            order = self._below(node)
            self._sizes.update(dict.fromkeys(order, _ENDLESS))
            # Children come first, so one round settles everything but recursion; sizes only ever fall.
            settled = False
            while not settled:
                settled = True
                for each in order:
                    size = self._estimate(each)
                    if size != self._sizes[each]:
                        self._sizes[each] = size
                        settled = False
        return self._sizes[node]

    def beside(self, owner: AvroType, field: Field | None) -> Size:
        """The size of what stands beside ``field`` in the smallest datum of ``owner``, the container included."""
        if not isinstance(owner, Record):
            return Size(1, 1)
        whole = self.size(owner)
        if field is not None and whole != _ENDLESS:
            return Size(whole.values - self.size(field.type).values, whole.depth - 1)
        sizes = [self.size(each.type) for each in owner.fields if each is not field]
        return Size(1 + sum(size.values for size in sizes), max((size.depth for size in sizes), default=0))

    def datum(self, node: AvroType) -> Datum:
        """The smallest datum of ``node``, whose size the caller has found showable."""
        if node not in self._data:
            self._data[node] = self._made(node)
        return self._data[node]

    def _below(self, node: AvroType) -> list[AvroType]:
        """``node`` and every type inside it that is not known yet, children before parents."""
        order: list[AvroType] = []
        entered: set[AvroType] = set()
        waiting: list[tuple[AvroType, bool]] = [(node, False)]
        while waiting:
            each, left = waiting.pop()
            if left:
                order.append(each)
            elif each not in entered:
                entered.add(each)
                waiting.append((each, True))
                waiting.extend((child, False) for child in children_of(each) if child not in self._sizes)
        return order

    def _estimate(self, node: AvroType) -> Size:
        match node:
            case Record():
                sizes = [self._sizes[field.type] for field in node.fields]
                if _ENDLESS in sizes:
                    return _ENDLESS
                return Size(1 + sum(size.values for size in sizes), 1 + max((size.depth for size in sizes), default=0))
            case Union():
                return min((self._sizes[branch] for branch in node.branches), default=_ENDLESS)
            case EnumType():
                return Size(1, 1) if node.symbols else _ENDLESS
            case Fixed():
                return Size(1 + node.size // 16, 1)
        return Size(0 if node.kind is Kind.NULL else 1, 1)

    def _made(self, node: AvroType) -> Datum:
        match node:
            case Record():
                return {field.name: self.datum(field.type) for field in node.fields}
            case Union():
                branch = min(node.branches, key=self.size)
                return Chosen(branch, self.datum(branch))
            case EnumType():
                return node.symbols[0]
            case Fixed():
                return bytes(node.size)
            case Array():
                return []
            case Map():
                return {}
        if node.logical is not None and node.logical.name in _MEANT:
            return _MEANT[node.logical.name]
        return _ZEROS[node.kind]


def around(value: Datum, owner: AvroType, field: str | None, smallest: Smallest) -> Datum:
    """The smallest datum of ``owner`` that holds ``value``: in ``field``, or as its one item or map value."""
    if isinstance(owner, Record):
        others = {each.name: smallest.datum(each.type) for each in owner.fields if each.name != field}
        return {each.name: others.get(each.name, value) for each in owner.fields}
    return [value] if isinstance(owner, Array) else {_KEY: value}


def plain(datum: Datum, node: AvroType) -> JsonValue:
    """A datum as JSON to be read by people: unions without their branch, decimals as numbers, bytes as characters."""
    if isinstance(datum, Chosen):
        return plain(datum.value, datum.branch)
    if isinstance(node, Record) and isinstance(datum, dict):
        return {field.name: plain(datum[field.name], field.type) for field in node.fields}
    if isinstance(node, Map) and isinstance(datum, dict):
        return {key: plain(value, node.values) for key, value in datum.items()}
    if isinstance(node, Array) and isinstance(datum, list):
        return [plain(value, node.items) for value in datum]
    assert not isinstance(datum, dict | list)
    return json_form(datum, node)
