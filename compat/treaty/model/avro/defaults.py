"""Whether a default fits its type (Avro 1.12, "Complex Types", the table of field defaults)."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from treaty.model.avro.attributes import shown
from treaty.model.avro.types import Array, AvroType, EnumType, Field, Fixed, Flaw, Kind, Map, Named, Record, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.documents.location import JsonValue

__all__ = ["find_flaws"]

_INT = (-(2**31), 2**31 - 1)
_LONG = (-(2**63), 2**63 - 1)
_LATIN = 0xFF


def find_flaws(names: Iterable[Named]) -> Iterator[Flaw]:
    """Every invalid default of these types; it is marked on its field or enum as well, once and for all."""
    check = _Check()
    for node in names:
        if isinstance(node, EnumType) and node.default is not None and node.default.value not in node.symbols:
            problem = f"{shown(node.default.value)} is none of the symbols {', '.join(node.symbols)}"
            object.__setattr__(node.default, "problem", problem)
            yield Flaw(node.name, None, node.default.value, problem, node.place)
        if isinstance(node, Record):
            for field in node.fields:
                found = check.default(field) if field.default is not None else None
                if field.default is not None and found is not None:
                    object.__setattr__(field.default, "problem", found)
                    yield Flaw(node.name, field.name, field.default.value, found, field.place)


class _Check:
    """Checks defaults, each field's own once: it may be asked for again by every record that holds that field's record.

    The default of a union may be of any branch, as since Avro 1.12. A record's may leave out fields that have defaults.
    """

    def __init__(self) -> None:
        self._known: dict[Field, str | None] = {}

    def default(self, field: Field) -> str | None:
        """Why the default of ``field`` is none."""
        assert field.default is not None
        if field not in self._known:
            self._known[field] = "it fills itself in without end"
            self._known[field] = self.misfit(field.type, field.default.value)
        return self._known[field]

    def misfit(self, node: AvroType, value: JsonValue) -> str | None:
        """Why ``value`` is no default of type ``node``, None when it is one."""
        match node:
            case Record():
                return self._record(node, value)
            case EnumType():
                if value in node.symbols:
                    return None
                return f"{shown(value)} is none of the symbols of {node.name}: {', '.join(node.symbols)}"
            case Fixed():
                if not isinstance(value, str) or not _latin(value):
                    return _not(value, f"bytes for {node.name}: a string of the characters \\u0000 to \\u00ff")
                return None if len(value) == node.size else f"{len(value)} bytes for {node.name}, which has {node.size}"
            case Array():
                if not isinstance(value, list):
                    return _not(value, "an array")
                found = (self.misfit(node.items, item) for item in value)
            case Map():
                if not isinstance(value, dict):
                    return _not(value, "a map")
                found = (self.misfit(node.values, item) for item in value.values())
            case Union():
                if any(self.misfit(branch, value) is None for branch in node.branches):
                    return None
                return f"{shown(value)} fits no branch of the union"
            case _:
                return _primitive(node.kind, value)
        return next((problem for problem in found if problem is not None), None)

    def _record(self, node: Record, value: JsonValue) -> str | None:
        if not isinstance(value, dict):
            return _not(value, f"a record {node.name}")
        for field in node.fields:
            if field.name in value:
                problem = self.misfit(field.type, value[field.name])
            elif field.default is None:
                problem = "it is missing and has no default of its own"
            else:
                problem = self.default(field)
            if problem is not None:
                return f"in {node.name}.{field.name}: {problem}"
        return None


def _primitive(kind: Kind, value: JsonValue) -> str | None:
    match kind:
        case Kind.NULL:
            return None if value is None else _not(value, "null")
        case Kind.BOOLEAN:
            return None if isinstance(value, bool) else _not(value, "a boolean")
        case Kind.INT | Kind.LONG:
            if not isinstance(value, int) or isinstance(value, bool):
                return _not(value, f"of type {kind.value}, a whole number")
            low, high = _INT if kind is Kind.INT else _LONG
            return None if low <= value <= high else f"{value} is too large for {kind.value}"
        case Kind.FLOAT | Kind.DOUBLE:
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value):
                return None
            return _not(value, f"of type {kind.value}, a number")
        case Kind.BYTES:
            if isinstance(value, str) and _latin(value):
                return None
            return _not(value, "bytes, a string of the characters \\u0000 to \\u00ff")
        case _:
            return None if isinstance(value, str) else _not(value, "a string")


def _latin(value: str) -> bool:
    """Whether every character stands for one byte."""
    return not value or ord(max(value)) <= _LATIN


def _not(value: JsonValue, wanted: str) -> str:
    return f"{shown(value)} is not {wanted}"
