"""Which types share their bytes, which their JSON, and what a change from one to the other is called.

Source: Protobuf language guide, "Updating A Message Type"; Encoding, "Message Structure"; ProtoJSON Format.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.model.protobuf.nodes import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

WIRE_GROUPS: tuple[frozenset[Kind], ...] = (
    frozenset({Kind.INT32, Kind.INT64, Kind.UINT32, Kind.UINT64, Kind.BOOL}),
    frozenset({Kind.SINT32, Kind.SINT64}),
    frozenset({Kind.FIXED32, Kind.SFIXED32}),
    frozenset({Kind.FIXED64, Kind.SFIXED64}),
)
"""Types whose bytes can be read as each other, a value that does not fit being cast. Every other type is on its own."""

JSON_FORMS: Mapping[Kind, str] = MappingProxyType(
    dict.fromkeys((Kind.INT32, Kind.UINT32, Kind.SINT32, Kind.FIXED32, Kind.SFIXED32), "number")
    | dict.fromkeys((Kind.INT64, Kind.UINT64, Kind.SINT64, Kind.FIXED64, Kind.SFIXED64), "decimal string")
    | dict.fromkeys((Kind.MESSAGE, Kind.GROUP), "object")
    | {
        Kind.FLOAT: "single precision",
        Kind.DOUBLE: "double precision",
        Kind.BOOL: "true or false",
        Kind.STRING: "string",
        Kind.BYTES: "base64",
        Kind.ENUM: "name",
    }
)
"""How ProtoJSON writes each type; the two floating point types differ in what they hold."""

_SIGNED_32, _SIGNED_64 = (-(2**31), 2**31 - 1), (-(2**63), 2**63 - 1)
_UNSIGNED_32, _UNSIGNED_64 = (0, 2**32 - 1), (0, 2**64 - 1)
RANGES: Mapping[Kind, tuple[int, int]] = MappingProxyType(
    dict.fromkeys((Kind.INT32, Kind.SINT32, Kind.SFIXED32), _SIGNED_32)
    | dict.fromkeys((Kind.INT64, Kind.SINT64, Kind.SFIXED64), _SIGNED_64)
    | dict.fromkeys((Kind.UINT32, Kind.FIXED32), _UNSIGNED_32)
    | dict.fromkeys((Kind.UINT64, Kind.FIXED64), _UNSIGNED_64)
)
"""The least and the greatest value of the integer types."""

_ENUM_LIKE = frozenset({Kind.INT32, Kind.INT64, Kind.UINT32, Kind.UINT64})
_EXCEPTIONS: Mapping[tuple[Kind, Kind], str] = MappingProxyType(
    {
        (Kind.STRING, Kind.BYTES): "proto-field-string-to-bytes",
        (Kind.BYTES, Kind.STRING): "proto-field-bytes-to-string",
        (Kind.MESSAGE, Kind.GROUP): "proto-field-encoding-changed",
        (Kind.GROUP, Kind.MESSAGE): "proto-field-encoding-changed",
    }
    | {(Kind.ENUM, kind): "proto-field-enum-integer-changed" for kind in _ENUM_LIKE}
    | {(kind, Kind.ENUM): "proto-field-enum-integer-changed" for kind in _ENUM_LIKE}
)


def type_change(old: Kind, new: Kind) -> str | None:
    """The rule that a field of type ``old`` raises when it becomes ``new``, None when the two are the same."""
    if old is new:
        return None
    exception = _EXCEPTIONS.get((old, new))
    if exception is not None:
        return exception
    same_json = JSON_FORMS[old] == JSON_FORMS[new]
    if not any(old in group and new in group for group in WIRE_GROUPS):
        same_values = same_json and RANGES.get(old) == RANGES.get(new)
        return "proto-field-encoding-changed" if same_values else "proto-field-type-changed"
    if Kind.BOOL in (old, new):
        return "proto-field-cast"
    (least, greatest), (lower, upper) = RANGES[old], RANGES[new]
    if lower <= least and greatest <= upper:
        return "proto-field-widened"
    if least <= lower and upper <= greatest:
        return "proto-field-narrowed"
    return "proto-field-sign-changed" if same_json else "proto-field-cast"
