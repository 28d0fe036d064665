"""Typed producers and consumers over any transport that moves bytes by topic."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from .confluent import EventInvalid

if TYPE_CHECKING:
    from .avro import AvroRecord
    from .confluent import AvroDeserializer, AvroSerializer

__all__ = ["Consumer", "InMemoryTransport", "Producer", "Received", "Sink", "Source", "Topic"]

T = TypeVar("T")
Handler = Callable[[T, "Received"], None]


@dataclass(frozen=True)
class Received:
    """One message as it arrived; ``position`` is what the source needs to acknowledge it."""

    topic: str
    value: bytes
    key: bytes | None = None
    headers: Mapping[str, bytes] = field(default_factory=dict)
    position: Any = None


class Sink(Protocol):
    """Where messages go."""

    def send(
        self, topic: str, value: bytes, key: bytes | None, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        """Hand over one message; it may arrive later."""
        ...

    def flush(self, timeout: float) -> None:
        """Wait until all messages have arrived, at most ``timeout`` seconds. Raises TimeoutError."""
        ...


class Source(Protocol):
    """Where messages come from."""

    def subscribe(self, topics: Sequence[str]) -> None:
        """The topics to receive."""
        ...

    def poll(self, timeout: float) -> Received | None:
        """The next message, None when none comes within ``timeout`` seconds."""
        ...

    def acknowledge(self, received: Received) -> None:
        """The message was worked on, and is not to come again."""
        ...


@dataclass(frozen=True)
class Topic(Generic[T]):
    """One message of one topic. ``headers`` leads from the name of a header to the field of the event it repeats."""

    address: str
    type: Any
    is_avro: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


class Producer:
    """Sends events. Headers that repeat a field of the event are filled in."""

    def __init__(self, sink: Sink, serializer: AvroSerializer | None = None) -> None:
        self._sink = sink
        self._serializer = serializer

    def send(
        self,
        topic: Topic[T],
        event: T,
        *,
        key: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send ``event``. Messages of one key keep their order. Raises EventInvalid, and RegistryError for Avro."""
        value = self._encoded(topic, event)
        filled = {name: _at(event, path) for name, path in topic.headers.items()}
        texts = {name: str(value) for name, value in filled.items() if value is not None}
        pairs = [(name, text.encode()) for name, text in (texts | dict(headers or {})).items()]
        self._sink.send(topic.address, value, key.encode() if isinstance(key, str) else key, pairs)

    def _encoded(self, topic: Topic[T], event: Any) -> bytes:
        if not topic.is_avro:
            return _adapter(topic.type).dump_json(event, by_alias=True, exclude_unset=True)
        if self._serializer is None:
            raise EventInvalid(
                f"{topic.address} carries Avro: the producer needs an AvroSerializer"
            )
        return self._serializer.serialize(topic.address, event)

    def flush(self, timeout: float = 10.0) -> None:
        """Wait until all events have arrived. Raises TimeoutError."""
        self._sink.flush(timeout)


class Consumer:
    """Receives events and hands each to its handler. Duplicates are normal: handlers must stand them.

    A message is acknowledged when its handler has returned. ``on_invalid`` gets what is no event of the contract;
    without one such a message stops the consumer.
    """

    def __init__(
        self,
        source: Source,
        deserializer: AvroDeserializer | None = None,
        *,
        on_invalid: Callable[[Received, EventInvalid], None] | None = None,
    ) -> None:
        self._source = source
        self._deserializer = deserializer
        self._on_invalid = on_invalid
        self._handlers: dict[str, list[tuple[Topic[Any], Handler[Any]]]] = {}

    def on(self, topic: Topic[T]) -> Callable[[Handler[T]], Handler[T]]:
        """Register a handler: ``@consumer.on(BET_SETTLED)``."""

        def register(handler: Handler[T]) -> Handler[T]:
            self._handlers.setdefault(topic.address, []).append((topic, handler))
            self._source.subscribe(list(self._handlers))
            return handler

        return register

    def run_once(self, timeout: float = 1.0) -> bool:
        """Work on one message; False when none came within ``timeout`` seconds.

        Raises EventInvalid without ``on_invalid``, RegistryError, and whatever a handler raises; the message
        is then not acknowledged.
        """
        received = self._source.poll(timeout)
        if received is None:
            return False
        try:
            self._handle(received)
        except EventInvalid as error:
            if self._on_invalid is None:
                raise
            self._on_invalid(received, error)
        self._source.acknowledge(received)
        return True

    def _handle(self, received: Received) -> None:
        handlers = self._handlers.get(received.topic, [])
        if not handlers:
            return
        if handlers[0][0].is_avro:
            event: Any = self._decoded(received)
            for topic, handler in handlers:
                if isinstance(event, topic.type):
                    handler(event, received)
            return
        event = None
        failures = []
        for topic, handler in handlers:
            try:
                event = _adapter(topic.type).validate_json(received.value)
            except ValidationError as error:
                failures.append(error)
                continue
            handler(event, received)
        if failures and event is None:
            raise EventInvalid(f"{received.topic}: {failures[0]}") from failures[0]

    def _decoded(self, received: Received) -> AvroRecord:
        if self._deserializer is None:
            raise EventInvalid(
                f"{received.topic} carries Avro: the consumer needs an AvroDeserializer"
            )
        return self._deserializer.deserialize(received.value)


_adapters: dict[int, TypeAdapter[Any]] = {}


def _adapter(type_: Any) -> TypeAdapter[Any]:
    return _adapters.setdefault(id(type_), TypeAdapter(type_))


def _at(event: Any, path: str) -> Any:
    for name in path.split("."):
        event = getattr(event, name) if isinstance(event, BaseModel) else None
    return event


class InMemoryTransport:
    """Topics in this process, for tests: sink and source in one. What is not acknowledged can be given again."""

    def __init__(self) -> None:
        self.sent: list[Received] = []
        self._waiting: deque[Received] = deque()
        self._topics: frozenset[str] = frozenset()

    def send(
        self, topic: str, value: bytes, key: bytes | None, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        message = Received(topic, value, key, dict(headers), len(self.sent))
        self.sent.append(message)
        self._waiting.append(message)

    def flush(self, timeout: float) -> None:
        """Everything has arrived already."""

    def subscribe(self, topics: Sequence[str]) -> None:
        self._topics = frozenset(topics)

    def poll(self, timeout: float) -> Received | None:
        for message in list(self._waiting):
            if message.topic in self._topics:
                self._waiting.remove(message)
                return message
        return None

    def acknowledge(self, received: Received) -> None:
        """Nothing to do: it is gone from the queue."""
