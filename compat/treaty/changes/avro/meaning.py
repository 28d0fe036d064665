"""What values say to a person: as JSON, and with their logical type as text."""

from __future__ import annotations

import struct
import uuid
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.model.avro.types import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.changes.avro.findings import Raw
    from treaty.documents.location import JsonValue
    from treaty.model.avro.logical import LogicalType
    from treaty.model.avro.types import AvroType

__all__ = ["json_form", "meaning"]

_EPOCH, _LOCAL = "after 1970-01-01T00:00:00Z", "after 1970-01-01T00:00:00 local time"
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "date": "days after 1970-01-01",
        "time-millis": "ms after midnight",
        "time-micros": "µs after midnight",
        "timestamp-millis": f"ms {_EPOCH}",
        "timestamp-micros": f"µs {_EPOCH}",
        "timestamp-nanos": f"ns {_EPOCH}",
        "local-timestamp-millis": f"ms {_LOCAL}",
        "local-timestamp-micros": f"µs {_LOCAL}",
        "local-timestamp-nanos": f"ns {_LOCAL}",
    }
)


def json_form(raw: Raw, node: AvroType) -> JsonValue:
    """A value without parts as JSON: a decimal is a number, other bytes are text with one character a byte.

    The characters are \\u0000 to \\u00ff, as in Avro's own JSON encoding.
    """
    if isinstance(raw, bytes):
        if node.logical is not None and node.logical.name == "decimal":
            return _decimal(raw, node.logical)
        return raw.decode("latin-1")
    return raw


def meaning(raw: Raw, node: AvroType) -> str:
    """A value without parts as a sentence would give it, in the unit of its logical type."""
    logical = node.logical
    if logical is None:
        return ascii(json_form(raw, node)) if isinstance(raw, str | bytes) else str(raw)
    if isinstance(raw, bytes):
        return _bytes_meaning(raw, logical)
    if logical.name in _UNITS:
        return f"{raw} {_UNITS[logical.name]}"
    if node.kind is Kind.STRING and isinstance(raw, str):
        try:
            return ascii(str(uuid.UUID(raw)))
        except ValueError:
            return f"{raw!a}, which is no UUID"
    return str(raw)


def _bytes_meaning(raw: bytes, logical: LogicalType) -> str:
    if logical.name == "decimal":
        return str(_decimal(raw, logical))
    if logical.name == "uuid":
        return f"the UUID {uuid.UUID(bytes=raw)}"
    if logical.name == "duration":
        months, days, milliseconds = struct.unpack("<III", raw)
        return f"{months} months, {days} days and {milliseconds} ms"
    return f"{logical.name} {raw.hex()}"


def _decimal(raw: bytes, logical: LogicalType) -> int | Decimal:
    """The exact number (Avro 1.12, "Decimal"): two's complement, big-endian, times ten to the power of minus scale."""
    unscaled = int.from_bytes(raw, "big", signed=True)
    return Decimal(unscaled).scaleb(-logical.scale) if logical.scale and unscaled else unscaled
