"""Confluent's wire format, and the subjects a message's schema belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.errors import DocumentError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER_BYTES = 5
_MAGIC = b"\x00"


class Place(NamedTuple):
    """Where a message goes: a topic, and there the key or the value."""

    topic: str
    is_key: bool = False


Strategy: TypeAlias = "Callable[[Place, str | None], str]"
"""From a place and the name of the record, if it has one, to the subject."""


def topic_name(place: Place, record: str | None) -> str:
    """``topic-value`` and ``topic-key``: one schema history for each topic; the default."""
    del record
    return f"{place.topic}-{'key' if place.is_key else 'value'}"


def record_name(place: Place, record: str | None) -> str:
    """The name of the record: one history for each type, whatever the topic."""
    del place
    return _named(record)


def topic_record_name(place: Place, record: str | None) -> str:
    """``topic-record``: one history for each type within each topic."""
    return f"{place.topic}-{_named(record)}"


STRATEGIES: dict[str, Strategy] = {
    "topic": topic_name,
    "record": record_name,
    "topic-record": topic_record_name,
}


def framed(number: int, payload: bytes) -> bytes:
    """A zero byte, the id in four bytes with the highest first, the payload."""
    return _MAGIC + number.to_bytes(4, "big") + payload


def unframed(message: bytes) -> tuple[int, memoryview]:
    """The id and the payload of a message. Raises DocumentError for bytes that are not in the wire format."""
    if len(message) < HEADER_BYTES or message[:1] != _MAGIC:
        raise DocumentError(
            f"this message of {len(message)} bytes is not in Confluent's wire format",
            advice="it must begin with a zero byte and a schema id of four bytes",
        )
    return int.from_bytes(message[1:HEADER_BYTES], "big"), memoryview(message)[HEADER_BYTES:]


def _named(record: str | None) -> str:
    if not record:
        raise UsageError("this schema has no name to make a subject of", advice="use the strategy of topics")
    return record
