"""Events of provider-events through the real registry, by both clients."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.registry.live_server import InProcess

from treaty_registry.client import RegistryClient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


@pytest.fixture(scope="module")
def server() -> Iterator[InProcess]:
    started = InProcess().start()
    yield started
    started.stop()


@pytest.fixture(params=["http", "treaty"])
def registry(request: pytest.FixtureRequest, server: InProcess, events: ModuleType) -> Iterator[Any]:
    if request.param == "http":
        yield events.HttpRegistry.at(server.url)
        return
    with RegistryClient(server.url) as client:
        yield events.TreatyRegistry(client)


def settled(events: ModuleType) -> Any:
    types = events.platform_events_v1
    envelope = types.Envelope(
        event_id=uuid.uuid4(),
        event_type="bet.settled",
        schema_version="1.2.0",
        occurred_at=datetime.datetime.now(datetime.UTC),
        tenant_id="t_acme",
        region="eu-mt",
        player_id="p_demo_1",
        trace_id="4bf92f3577b34da6a3ce929d0e0e4736",
        idempotency_key="b_001:settle",
    )
    payload = types.BetSettledPayload(
        session_id="s_1",
        game_id="g_1",
        round_id="r_1",
        bet_id="b_1",
        settlement_id="st_1",
        bet=types.Money(amount=Decimal("5.00"), currency="EUR"),
        win=types.Money(amount=Decimal("14.6000"), currency="EUR"),
        in_bonus=False,
    )
    return types.BetSettled(envelope=envelope, payload=payload)


def test_a_round_trip(server: InProcess, registry: Any, events: ModuleType) -> None:
    transport = events.InMemoryTransport()
    producer = events.Producer(transport, events.AvroSerializer(registry, register=True))
    consumer = events.Consumer(transport, events.AvroDeserializer(registry, events.RECORDS))
    seen: list[Any] = []
    consumer.on(events.topics.BET_SETTLED)(lambda event, received: seen.append((event, received)))
    event = settled(events)
    producer.send(events.topics.BET_SETTLED, event, key="t_acme/p_demo_1")
    assert consumer.run_once()
    ((found, received),) = seen
    assert found == event
    assert received.headers["trace_id"] == b"4bf92f3577b34da6a3ce929d0e0e4736"
    assert server.api("GET", "/subjects")[1] == ["bet.settled-value"]


def test_every_event_registers_and_stays_the_same_schema(server: InProcess, registry: Any, events: ModuleType) -> None:
    topics = [getattr(events.topics, name) for name in events.topics.__all__]
    for topic in topics:
        subject = f"{topic.address}-value"
        first = registry.schema_id(subject, topic.type.avro.text, register=True)
        assert registry.schema_id(subject, topic.type.avro.text, register=False) == first
        assert registry.schema(first).text
        assert server.api("GET", f"/subjects/{subject}/versions")[1] == [1]


def test_an_unmodified_confluent_client_reads_it(server: InProcess, events: ModuleType) -> None:
    from confluent_kafka.schema_registry import SchemaRegistryClient
    from confluent_kafka.schema_registry.avro import AvroDeserializer
    from confluent_kafka.serialization import MessageField, SerializationContext

    event = settled(events)
    registry = events.HttpRegistry.at(server.url)
    data = events.AvroSerializer(registry, register=True).serialize("bet.settled", event)
    deserializer = AvroDeserializer(SchemaRegistryClient({"url": server.url}))
    found = deserializer(data, SerializationContext("bet.settled", MessageField.VALUE))
    assert found["payload"]["win"] == {"amount": Decimal("14.6000"), "currency": "EUR"}
    assert found["envelope"]["event_id"] == event.envelope.event_id


def test_an_event_written_with_references_of_a_confluent_client(server: InProcess, events: ModuleType) -> None:
    """A writer that registered Envelope and Money as subjects of their own is read all the same."""
    import io
    import json
    import struct

    import fastavro

    types = events.platform_events_v1
    schemas = types.BetSettled.avro.definitions
    references = []
    for name in ("platform.events.v1.Envelope", "platform.events.v1.Money"):
        server.api.register(name, schemas[name])
        references.append({"name": name, "subject": name, "version": 1})
    own = json.loads(schemas["platform.events.v1.BetSettled"])
    own["fields"][1]["type"] = json.loads(schemas["platform.events.v1.BetSettledPayload"])
    number = server.api.register("referring-value", json.dumps(own), references=references)
    event = settled(events)
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, types.BetSettled.avro.parsed, event.to_datum())
    data = struct.pack(">bI", 0, number) + buffer.getvalue()
    with RegistryClient(server.url) as client:
        for registry in (events.HttpRegistry.at(server.url), events.TreatyRegistry(client)):
            found = events.AvroDeserializer(registry, events.RECORDS).deserialize(data)
            assert found == event


def test_a_registry_that_refuses_or_is_away(server: InProcess, events: ModuleType) -> None:
    registry = events.HttpRegistry.at(server.url)
    with pytest.raises(events.RegistryError) as raised:
        events.AvroSerializer(registry).serialize("nobody.knows", settled(events))
    assert raised.value.code in (40401, 40403)
    with pytest.raises(events.RegistryError, match="did not answer"):
        events.HttpRegistry.at("http://127.0.0.1:1").schema(1)
    with RegistryClient(server.url) as client, pytest.raises(events.RegistryError) as raised:
        events.TreatyRegistry(client).schema(4711)
    assert raised.value.code == 40403
