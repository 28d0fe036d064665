"""Logical types: which there are, on which types they may stand, and when an annotation has to be ignored."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from treaty.model.avro.types import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import JsonValue

__all__ = ["LOGICAL_ATTRIBUTES", "LogicalType", "logical_type"]

_ON: Mapping[str, frozenset[Kind]] = MappingProxyType(
    {
        "decimal": frozenset({Kind.BYTES, Kind.FIXED}),
        "big-decimal": frozenset({Kind.BYTES}),
        "uuid": frozenset({Kind.STRING, Kind.FIXED}),
        "date": frozenset({Kind.INT}),
        "time-millis": frozenset({Kind.INT}),
        "time-micros": frozenset({Kind.LONG}),
        "timestamp-millis": frozenset({Kind.LONG}),
        "timestamp-micros": frozenset({Kind.LONG}),
        "timestamp-nanos": frozenset({Kind.LONG}),
        "local-timestamp-millis": frozenset({Kind.LONG}),
        "local-timestamp-micros": frozenset({Kind.LONG}),
        "local-timestamp-nanos": frozenset({Kind.LONG}),
        "duration": frozenset({Kind.FIXED}),
    }
)
_SIZES = {"uuid": 16, "duration": 12}
LOGICAL_ATTRIBUTES = ("logicalType", "precision", "scale")


class LogicalType(NamedTuple):
    """What a value means on top of how it is written; precision and scale are 0 except for ``decimal``."""

    name: str
    precision: int = 0
    scale: int = 0

    def __str__(self) -> str:
        return f"{self.name}({self.precision}, {self.scale})" if self.name == "decimal" else self.name


def logical_type(kind: Kind, raw: Mapping[str, JsonValue]) -> LogicalType | None:
    """The logical type that ``raw``, the object of a type of ``kind``, declares.

    None where it declares none, one nobody knows, or one that is not valid there: such annotations mean nothing to a
    reader (Avro 1.12, "Logical Types").
    """
    name = raw.get("logicalType")
    if not isinstance(name, str) or kind not in _ON.get(name, ()):
        return None
    if kind is Kind.FIXED and name in _SIZES and raw.get("size") != _SIZES[name]:
        return None
    return _decimal(kind, raw) if name == "decimal" else LogicalType(name)


def _decimal(kind: Kind, raw: Mapping[str, JsonValue]) -> LogicalType | None:
    precision, scale = raw.get("precision"), raw.get("scale", 0)
    if not _is_int(precision) or not _is_int(scale) or precision < 1 or not 0 <= scale <= precision:
        return None
    size = raw.get("size")
    if kind is Kind.FIXED and _is_int(size) and precision > max_precision(size):
        return None
    return LogicalType("decimal", precision, scale)


def max_precision(size: int) -> int:
    """How many decimal digits a two's complement number of ``size`` bytes always holds."""
    return math.floor((8 * size - 1) * math.log10(2)) if size > 0 else 0


def _is_int(value: JsonValue) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
