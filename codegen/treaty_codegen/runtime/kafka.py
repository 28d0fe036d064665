"""The transport for Kafka, over confluent-kafka."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .messaging import Received

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confluent_kafka import Consumer, KafkaError, Message, Producer

__all__ = ["DeliveryFailed", "KafkaSink", "KafkaSource"]


class DeliveryFailed(Exception):
    """Kafka did not take a message, or could not give one."""


class KafkaSink:
    """Sends through a `confluent_kafka.Producer`; make it with ``enable.idempotence`` and ``acks=all`` for facts."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer
        self._failures: list[str] = []

    def send(
        self, topic: str, value: bytes, key: bytes | None, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        self._raise_failures()
        self._producer.produce(
            topic, value=value, key=key, headers=list(headers), on_delivery=self._delivered
        )
        self._producer.poll(0)

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is not None:
            self._failures.append(f"{message.topic()}: {error}")

    def _raise_failures(self) -> None:
        if self._failures:
            failures, self._failures = self._failures, []
            raise DeliveryFailed("; ".join(failures))

    def flush(self, timeout: float) -> None:
        left = self._producer.flush(timeout)
        self._raise_failures()
        if left:
            raise TimeoutError(f"{left} messages have not arrived within {timeout} seconds")


class KafkaSource:
    """Receives through a `confluent_kafka.Consumer` with ``enable.auto.commit`` off; commits what is acknowledged."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    def subscribe(self, topics: Sequence[str]) -> None:
        self._consumer.subscribe(list(topics))

    def poll(self, timeout: float) -> Received | None:
        message = self._consumer.poll(timeout)
        if message is None:
            return None
        if (error := message.error()) is not None:
            raise DeliveryFailed(str(error))
        raw = message.headers() or []
        pairs = list(raw.items()) if isinstance(raw, dict) else raw
        headers = {str(name): value for name, value in pairs if isinstance(value, bytes)}
        return Received(
            str(message.topic()), message.value() or b"", message.key(), headers, message
        )

    def acknowledge(self, received: Received) -> None:
        self._consumer.commit(message=received.position, asynchronous=False)
