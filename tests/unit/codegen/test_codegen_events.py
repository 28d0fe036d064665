"""Event classes: exact logical types, Avro's own resolution, the Confluent wire format, typed topics."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import fastavro
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.unit.codegen.generated_code import emit, imported, source_of

from treaty.documents.schema_text import SchemaText
from treaty.model.avro import fingerprint, parse
from treaty_codegen.generating import generate
from treaty_codegen.jobs import job_for_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

UTC = datetime.UTC
LOGICAL = [
    # name, Avro type, values that survive, values that are refused
    ("flag", "boolean", [True], ["maybe"]),
    ("small", "int", [0, 2**31 - 1, -(2**31)], [2**31, 1.5]),
    ("large", "long", [2**63 - 1], [2**63]),
    ("number", "double", [1.25], ["x"]),
    ("data", "bytes", [b"\x00\xff"], [3]),
    ("text", "string", ["ä"], [3]),
    (
        "money",
        {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
        [Decimal("12.34"), Decimal(-1), Decimal("9999999.99")],
        [1.5, Decimal("1.234"), Decimal(12345678), "NaN"],
    ),
    (
        "fixed_money",
        {"type": "fixed", "name": "Fm", "size": 8, "logicalType": "decimal", "precision": 16, "scale": 4},
        [Decimal("-123456789012.3456")],
        [Decimal("0.00001")],
    ),
    ("id", {"type": "string", "logicalType": "uuid"}, [UUID(int=7)], ["no uuid"]),
    ("day", {"type": "int", "logicalType": "date"}, [datetime.date(2026, 11, 21)], ["soon"]),
    ("at", {"type": "int", "logicalType": "time-millis"}, [datetime.time(1, 2, 3, 4000)], ["x"]),
    ("at_micros", {"type": "long", "logicalType": "time-micros"}, [datetime.time(1, 2, 3, 4)], ["x"]),
    (
        "moment",
        {"type": "long", "logicalType": "timestamp-millis"},
        [datetime.datetime(2026, 1, 2, 3, 4, 5, 6000, UTC)],
        [datetime.datetime(2026, 1, 2)],  # what is refused
    ),
    (
        "moment_micros",
        {"type": "long", "logicalType": "timestamp-micros"},
        [datetime.datetime(2026, 1, 2, 3, 4, 5, 6, UTC)],
        ["2026-01-02T00:00:00"],
    ),
    (
        "local",
        {"type": "long", "logicalType": "local-timestamp-micros"},
        [datetime.datetime(2026, 1, 2, 3, 4, 5, 6)],  # local time it is
        [datetime.datetime(2026, 1, 2, tzinfo=UTC)],
    ),
    ("nanos", {"type": "long", "logicalType": "timestamp-nanos"}, [1_700_000_000_000_000_001], ["x"]),
    ("token", {"type": "fixed", "name": "Token", "size": 3}, [b"abc"], [b"ab", b"abcd"]),
    ("kind", {"type": "enum", "name": "Kind", "symbols": ["UNKNOWN", "A"], "default": "UNKNOWN"}, ["A"], ["B"]),
    ("maybe", ["null", "string"], [None, "x"], [3]),
    ("either", ["string", "long", "boolean"], ["x", 3, True], [[]]),
    ("many", {"type": "array", "items": "int"}, [[], [1, 2]], [["x"]]),
    ("named", {"type": "map", "values": ["null", "double"]}, [{"a": 1.5, "b": None}], [{"a": "x"}]),
]
EVENT = {
    "type": "record",
    "name": "Everything",
    "namespace": "shop.events",
    "doc": 'Says """ and \\ and more.',
    "fields": [{"name": name, "type": type_} for name, type_, _, _ in LOGICAL],
}
NODE = {
    "type": "record",
    "name": "Node",
    "namespace": "shop.events",
    "fields": [
        {"name": "value", "type": "int", "default": 7},
        {"name": "next", "type": ["null", "Node"], "default": None},
        {"name": "class", "type": "string", "default": "x"},
        {"name": "tags", "type": {"type": "array", "items": "string"}, "default": []},
        {
            "name": "choice",
            "type": [
                {"type": "record", "name": "Left", "fields": [{"name": "a", "type": "int"}]},
                {
                    "type": "record",
                    "name": "Right",
                    "namespace": "other.space",
                    "fields": [{"name": "a", "type": "int"}],
                },
            ],
        },
        {
            "name": "old",
            "type": ["null", "string"],
            "default": None,
            "deprecated_since": "1.2.0",
            "removed_in": "2.0.0",
        },
    ],
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    from treaty_codegen.jobs import Job

    folder = tmp_path_factory.mktemp("events")
    for schema in (EVENT, NODE):
        (folder / f"shop.events.{schema['name']}.avsc").write_text(json.dumps(schema))
    documents = tuple(sorted(folder.glob("*.avsc")))
    job = Job("events", "events", documents, "events/", folder / "out", "shop_events", "shop-events")
    with imported(generate(job, {}), folder) as found:
        yield found


def everything(package: ModuleType, **values: Any) -> Any:
    first = {name: survive[0] for name, _, survive, _ in LOGICAL}
    return package.shop_events.Everything(**(first | values))


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, _, survive, _ in LOGICAL for value in survive], ids=str
)
def test_values_survive(package: ModuleType, name: str, value: Any) -> None:
    event = everything(package, **{name: value})
    found = getattr(package.shop_events.Everything.decode(event.encode()), name)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, _, _, refused in LOGICAL for value in refused], ids=str
)
def test_values_are_refused(package: ModuleType, name: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=name):
        everything(package, **{name: value})


def test_time_is_cut_to_the_unit_of_the_schema(package: ModuleType) -> None:
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 6789, datetime.timezone(datetime.timedelta(hours=2)))
    event = everything(package, moment=moment)
    assert event.moment.microsecond == 6000
    assert package.shop_events.Everything.decode(event.encode()) == event


@given(
    st.decimals(min_value=-9999999, max_value=9999999, places=2, allow_nan=False),
    st.datetimes(min_value=datetime.datetime(1970, 1, 2), max_value=datetime.datetime(2200, 1, 1)),
    st.integers(-(2**31), 2**31 - 1),
    st.text(max_size=20),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_event_survives(
    package: ModuleType, money: Decimal, moment: datetime.datetime, small: int, text: str
) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return  # no UTF-8
    event = everything(package, money=money, moment=moment.replace(tzinfo=UTC), small=small, text=text)
    assert package.shop_events.Everything.decode(event.encode()) == event


def test_the_schema_is_on_the_class(package: ModuleType) -> None:
    for record in package.RECORDS:
        schema = parse(SchemaText(record.avro.text))
        assert schema.root.name == record.avro.name
        assert fingerprint(schema) == record.avro.fingerprint
    assert json.loads(package.shop_events.Everything.avro.text)["doc"] == EVENT["doc"]


def test_an_independent_reader_reads_it(package: ModuleType) -> None:
    import io

    event = everything(package, either=3)
    datum = fastavro.schemaless_reader(io.BytesIO(event.encode()), fastavro.parse_schema(json.loads(json.dumps(EVENT))))
    assert (datum["money"], datum["either"], datum["kind"]) == (event.money, 3, "A")


def test_recursion_defaults_and_records_in_unions(package: ModuleType) -> None:
    events, other = package.shop_events, package.other_space
    node = events.Node(choice=other.Right(a=1), next=events.Node(choice=events.Left(a=2)), class_="y")
    found = events.Node.decode(node.encode())
    assert found == node
    assert (type(found.choice), type(found.next.choice)) == (other.Right, events.Left)
    assert (found.value, found.tags, found.next.class_) == (7, [], "x")
    with pytest.warns(DeprecationWarning, match=r"old is deprecated since 1\.2\.0, removed in 2\.0\.0"):
        assert node.old is None


def test_a_reader_resolves_what_an_older_or_newer_writer_wrote(package: ModuleType) -> None:
    import io

    writer = fastavro.parse_schema(
        {
            "type": "record",
            "name": "shop.events.Node",
            "fields": [
                {"name": "new", "type": "string"},
                {
                    "name": "choice",
                    "type": {"type": "record", "name": "Left", "fields": [{"name": "a", "type": "int"}]},
                },
            ],
        }
    )
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, writer, {"new": "x", "choice": {"a": 4}})
    found = package.shop_events.Node.decode(buffer.getvalue(), writer)
    assert (found.choice.a, found.value, found.next) == (4, 7, None)


ASYNCAPI = {
    "asyncapi": "3.0.0",
    "info": {"title": "Shop events", "version": "1.1.0"},
    "channels": {
        "orders": {
            "address": "orders.placed",
            "messages": {
                "Placed": {
                    "headers": {
                        "type": "object",
                        "properties": {"id": {"type": "string"}, "trace": {"type": "string"}},
                    },
                    "payload": {
                        "schemaFormat": "application/vnd.apache.avro;version=1.11.0",
                        "schema": {
                            "type": "record",
                            "name": "Placed",
                            "namespace": "shop",
                            "fields": [
                                {"name": "id", "type": "string"},
                                {"name": "size", "type": "int", "default": 1},
                            ],
                        },
                    },
                }
            },
        },
        "logs": {
            "address": "logs",
            "messages": {
                "Line": {
                    "payload": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
                }
            },
        },
        "odd": {"address": "odd", "messages": {"Blob": {"contentType": "application/octet-stream"}}},
    },
    "operations": {
        "sendPlaced": {"action": "send", "channel": {"$ref": "#/channels/orders"}},
        "sendLine": {"action": "send", "channel": {"$ref": "#/channels/logs"}},
        "sendBlob": {"action": "send", "channel": {"$ref": "#/channels/odd"}},
    },
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("shop")
    emitted = emit(ASYNCAPI, folder, "events", name="asyncapi.json")
    with imported(emitted, folder) as found:
        yield found


def test_producers_and_consumers(shop: ModuleType) -> None:
    registry, transport = shop.InMemoryRegistry(), shop.InMemoryTransport()
    producer = shop.Producer(transport, shop.AvroSerializer(registry, register=True))
    consumer = shop.Consumer(transport, shop.AvroDeserializer(registry, shop.RECORDS))
    seen: list[Any] = []

    @consumer.on(shop.topics.ORDERS_PLACED)
    def placed(event: Any, received: Any) -> None:
        seen.append((event, received.key, received.headers))

    @consumer.on(shop.topics.LOGS)
    def line(event: Any, received: Any) -> None:
        seen.append((event, received.key, received.headers))

    event = shop.shop.Placed(id="o1", size=3)
    text = shop.models.Line(text="hello", more=1)
    producer.send(shop.topics.ORDERS_PLACED, event, key="k", headers={"trace": "t"})
    producer.send(shop.topics.LOGS, text)
    producer.flush()
    assert transport.sent[0].value[:5] == b"\x00\x00\x00\x00\x01"
    assert consumer.run_once()
    assert consumer.run_once()
    assert not consumer.run_once()
    assert seen == [
        (event, b"k", {"id": b"o1", "trace": b"t"}),
        (text, None, {}),
    ]


def test_a_message_without_a_schema_is_downgraded_and_told(tmp_path: Path) -> None:
    emitted = emit(ASYNCAPI, tmp_path, "events", name="asyncapi.json")
    assert [(each.name, each.state) for each in emitted.elements] == [
        ("send orders.placed Placed", "emitted"),
        ("send logs Line", "emitted"),
        ("send odd Blob", "downgraded"),
    ]
    assert "ODD" not in source_of(emitted, "topics.py")


NO_EVENTS = [b"", b"\x00\x00", b"\x01\x00\x00\x00\x01x", b"\x00\x00\x00\x00\x01", b"\x00\x00\x00\x00\x01\xff\xff\xff"]


@pytest.mark.parametrize("data", NO_EVENTS)
def test_bytes_that_are_no_event(shop: ModuleType, data: bytes) -> None:
    registry, transport = shop.InMemoryRegistry(), shop.InMemoryTransport()
    registry.schema_id("s", shop.shop.Placed.avro.text, register=True)
    parked: list[Any] = []
    consumer = shop.Consumer(
        transport,
        shop.AvroDeserializer(registry, shop.RECORDS),
        on_invalid=lambda received, error: parked.append(error),
    )
    consumer.on(shop.topics.ORDERS_PLACED)(lambda event, received: None)
    transport.send("orders.placed", data, None, [])
    assert consumer.run_once()
    assert isinstance(parked[0], shop.EventInvalid)


def test_an_unknown_record_and_an_unknown_schema(shop: ModuleType) -> None:
    registry = shop.InMemoryRegistry()
    deserializer = shop.AvroDeserializer(registry, shop.RECORDS)
    other = '{"type":"record","name":"Other","fields":[]}'
    number = registry.schema_id("s", other, register=True)
    with pytest.raises(shop.EventInvalid, match="Other"):
        deserializer.deserialize(b"\x00" + number.to_bytes(4, "big"))
    with pytest.raises(shop.RegistryError, match="no schema 9"):
        deserializer.deserialize(b"\x00" + (9).to_bytes(4, "big"))


@pytest.mark.parametrize(
    ("strategy", "subject"),
    [
        ("topic_name", "orders.placed-value"),
        ("record_name", "shop.Placed"),
        ("topic_record_name", "orders.placed-shop.Placed"),
    ],
)
def test_subjects(shop: ModuleType, strategy: str, subject: str) -> None:
    asked: list[tuple[str, bool]] = []

    class Registry:
        def schema_id(self, subject: str, schema: str, *, register: bool) -> int:
            asked.append((subject, register))
            return 258

        def schema(self, schema_id: int) -> Any:
            raise AssertionError

    serializer = shop.AvroSerializer(Registry(), strategy=getattr(shop, strategy))
    data = [serializer.serialize("orders.placed", shop.shop.Placed(id=str(number))) for number in range(3)]
    assert asked == [(subject, False)]
    assert {each[:5] for each in data} == {b"\x00\x00\x00\x01\x02"}


def test_a_handler_that_fails_acknowledges_nothing(shop: ModuleType) -> None:
    acknowledged: list[Any] = []

    class Source(shop.InMemoryTransport):  # type: ignore[name-defined,misc]  # a class of a generated module
        def acknowledge(self, received: Any) -> None:
            acknowledged.append(received)

    source = Source()
    consumer = shop.Consumer(source)

    @consumer.on(shop.topics.LOGS)
    def fail(event: Any, received: Any) -> None:
        raise KeyError("boom")

    shop.Producer(source).send(shop.topics.LOGS, shop.models.Line(text="x"))
    with pytest.raises(KeyError):
        consumer.run_once()
    assert acknowledged == []


def test_kafka_by_a_stand_in_of_its_client(shop: ModuleType) -> None:
    """The adapters call confluent-kafka as it is documented; the stand-in keeps to its signatures."""
    sent: list[Any] = []

    class Message:
        def __init__(self, error: Any = None) -> None:
            self._error = error

        def error(self) -> Any:
            return self._error

        def topic(self) -> str:
            return "logs"

        def value(self) -> bytes:
            return b'{"text": "x"}'

        def key(self) -> bytes:
            return b"k"

        def headers(self) -> list[tuple[str, bytes]]:
            return [("h", b"v")]

    class Client:
        left = 0

        def produce(self, topic: str, value: bytes, key: Any, headers: Any, on_delivery: Any) -> None:
            sent.append((topic, value, key, headers))
            on_delivery("broker down" if topic == "bad" else None, Message())

        def poll(self, timeout: float) -> Any:
            return messages.pop(0) if messages else None

        def flush(self, timeout: float) -> int:
            return self.left

        def subscribe(self, topics: list[str]) -> None:
            sent.append(topics)

        def commit(self, message: Any, asynchronous: bool) -> None:
            sent.append(("commit", asynchronous))

    messages: list[Any] = []
    client = Client()
    sink = shop.KafkaSink(client)
    sink.send("logs", b"1", b"k", [("a", b"b")])
    sink.flush(1)
    sink.send("bad", b"1", None, [])
    with pytest.raises(Exception, match="broker down"):
        sink.flush(1)
    client.left = 2
    with pytest.raises(TimeoutError, match="2 messages"):
        sink.flush(1)
    source = shop.KafkaSource(client)
    source.subscribe(["logs"])
    assert source.poll(0) is None
    messages.extend([Message(), Message("fatal")])
    received = source.poll(0)
    assert (received.topic, received.key, received.headers) == ("logs", b"k", {"h": b"v"})
    source.acknowledge(received)
    assert sent[-1] == ("commit", False)
    with pytest.raises(Exception, match="fatal"):
        source.poll(0)


def test_a_schema_that_is_no_record_is_told(tmp_path: Path) -> None:
    (tmp_path / "kind.avsc").write_text('{"type": "enum", "name": "n.Kind", "symbols": ["A", "B"]}')
    emitted = generate(job_for_file(tmp_path / "kind.avsc", "events", tmp_path / "out"), {})
    assert 'Kind: TypeAlias = Literal["A", "B"]' in source_of(emitted, "n.py")


KEYWORDS = ["class", "None", "Any", "SCHEMAS", "AvroRecord", "_private", "Decimal"]


@pytest.mark.parametrize("name", KEYWORDS)
def test_odd_record_names(tmp_path: Path, name: str) -> None:
    schema = {"type": "record", "name": name, "fields": [{"name": name, "type": ["null", "string"], "default": None}]}
    emitted = emit(schema, tmp_path, "events", name="odd.avsc")
    with imported(emitted, tmp_path) as package:
        (record,) = package.RECORDS
        assert record.decode(record.model_validate({name: "x"}).encode()).to_datum()[name] == "x"
