"""Answers that are a stream of server-sent events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from httpx2 import EventSource
from pydantic import TypeAdapter, ValidationError

from .errors import AnswerInvalid

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx2

__all__ = ["AsyncEventStream", "Event", "EventStream"]

T = TypeVar("T")


@dataclass(frozen=True)
class Event(Generic[T]):
    """One event: ``name`` is ``message`` unless the server says otherwise; ``data`` is decoded as the contract says."""

    name: str
    data: T
    id: str


class _Decoder(Generic[T]):
    def __init__(self, response: httpx2.Response, type_: Any) -> None:
        self.response = response
        self._adapter: TypeAdapter[T] | None = (
            TypeAdapter(type_) if type_ not in (None, str) else None
        )

    def _decoded(self, name: str, data: str, id_: str) -> Event[T]:
        if self._adapter is None:
            text: Any = data
            return Event(name, text, id_)
        try:
            return Event(name, self._adapter.validate_json(data), id_)
        except ValidationError as error:
            raise AnswerInvalid(
                f"an event is not what the contract says: {error}", self.response
            ) from error


class EventStream(_Decoder[T]):
    """Events as they arrive; ends when the server ends. Use it as a context manager, or close it.

    Servers end long streams now and then: ask again, with the ``id`` of the last event where the contract takes one.
    """

    def __iter__(self) -> Iterator[Event[T]]:
        for event in EventSource(self.response):
            yield self._decoded(event.event, event.data, event.id)

    def close(self) -> None:
        """Stop listening."""
        self.response.close()

    def __enter__(self) -> EventStream[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncEventStream(_Decoder[T]):
    """As :class:`EventStream`, without blocking."""

    async def __aiter__(self) -> AsyncIterator[Event[T]]:
        async for event in EventSource(self.response):
            yield self._decoded(event.event, event.data, event.id)

    async def close(self) -> None:
        """Stop listening."""
        await self.response.aclose()

    async def __aenter__(self) -> AsyncEventStream[T]:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
