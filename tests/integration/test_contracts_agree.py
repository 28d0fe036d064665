"""The same events, ids, money and reasons mean the same in every channel: webhooks, Avro, AsyncAPI and gRPC."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import subprocess
import sys
import uuid
from typing import TYPE_CHECKING, cast

import fastavro
import pytest
from tests.integration.contract_places import (
    AVRO_NAMESPACE,
    CONTRACTS,
    MAJORS,
    TOPICS,
    Place,
    Tree,
    asyncapi,
    avro_file,
    contract_files,
    faults,
    load,
    parameters,
    record_name,
    root,
    webhook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from google.protobuf.descriptor_pb2 import FileDescriptorProto

SHARED_AVRO_TYPES = {"Envelope", "Money", "TransactionReason"}
ENVELOPE = (
    "event_id",
    "event_type",
    "schema_version",
    "occurred_at",
    "tenant_id",
    "region",
    "player_id",
    "trace_id",
    "idempotency_key",
)


# --- events


def test_every_topic_is_in_every_contract_and_nothing_else() -> None:
    expected = set(TOPICS)
    assert set(Place(CONTRACTS / "webhooks" / "v1" / "topic.schema.json").value["x-extensible-enum"]) == expected
    files = {path.name.removesuffix(".schema.json") for path in (CONTRACTS / "webhooks" / "v1").glob("*.schema.json")}
    assert files - {"envelope", "topic", "transaction-reason"} == expected
    assert {channel.value["address"] for _, channel in asyncapi().at("channels").members()} == expected
    events = {
        path.name.removeprefix(f"{AVRO_NAMESPACE}.").removesuffix(".avsc") for path in avro_file("x").parent.iterdir()
    }
    assert events - SHARED_AVRO_TYPES == {record_name(topic) for topic in TOPICS}
    for major in MAJORS:
        assert set(root(major).at("webhooks").value) == expected


@pytest.mark.parametrize("topic", TOPICS)
def test_a_webhook_is_the_signed_envelope(topic: str) -> None:
    schema = webhook(topic)
    example = schema.value["examples"][0]
    assert set(ENVELOPE) <= example.keys()
    for field in (*ENVELOPE, "payload"):
        assert faults(schema, {k: v for k, v in example.items() if k != field}), field
    for field in schema.value["properties"]["payload"]["required"]:
        assert faults(schema, {**example, "payload": {k: v for k, v in example["payload"].items() if k != field}}), (
            field
        )
    assert faults(schema, {**example, "event_type": "another.topic"})
    for major in MAJORS:
        operation = root(major).at("webhooks", topic, "post")
        assert {"X-Signature", "X-Timestamp", "X-Trace-Id"} <= parameters(operation).keys()
        assert operation.value["security"] == [{"deliverySignature": []}]
        assert operation.at("requestBody", "content", "application/json", "schema") == schema


@pytest.mark.parametrize("topic", TOPICS)
def test_an_asyncapi_channel_carries_its_avro_record_keyed_by_player(topic: str) -> None:
    document, name = asyncapi(), record_name(topic)
    channel = document.at("channels", topic)
    assert [key for key, _ in channel.at("messages").members()] == [name]
    message = channel.at("messages", name)
    assert message.value["name"] == topic
    assert message.value["payload"]["schemaFormat"] == "application/vnd.apache.avro;version=1.11.0"
    assert message.at("payload", "schema").file == avro_file(name)
    [trait] = message.at("traits").items()
    assert trait.value["correlationId"]["location"] == "$message.header#/trace_id"
    assert set(trait.at("headers").value["required"]) <= set(ENVELOPE)
    assert faults(trait.at("bindings", "kafka", "key"), "t_acme/p_demo_1") == []
    assert faults(trait.at("bindings", "kafka", "key"), "p_demo_1")
    assert channel.has("bindings")
    sent = [o for _, o in document.at("operations").members() if o.at("channel") == channel]
    assert [(o.value["action"], [m.file for m in o.at("messages").items()]) for o in sent] == [("send", [message.file])]


def avro_types(schema: Tree) -> Iterator[Tree]:
    """Every named type and field that a schema defines."""
    if isinstance(schema, dict):
        yield schema
        yield from avro_types(schema.get("type"))
        for field in schema.get("fields", ()):
            yield from avro_types(field)
    elif isinstance(schema, list):
        for branch in schema:
            yield from avro_types(branch)


@pytest.mark.parametrize("path", contract_files(".avsc"), ids=lambda p: p.stem)
def test_avro_is_documented_and_ready_to_evolve(path: Path) -> None:
    schema = load(path)
    assert path.stem == f"{schema['namespace']}.{schema['name']}"
    for part in avro_types(schema):
        if "name" in part:
            assert part.get("doc"), part["name"]
        if part.get("type") == "enum":
            assert part["default"] == "unknown"
            assert "unknown" in part["symbols"]
        if isinstance(part.get("type"), list):
            assert part["type"][0] == "null"
            assert part["default"] is None


@pytest.mark.parametrize("topic", TOPICS)
def test_the_webhook_example_is_the_same_event_in_avro(topic: str) -> None:
    # Finds named types by their file names, as readers without a registry do.
    schema = fastavro.schema.load_schema(str(avro_file(record_name(topic))))
    example = webhook(topic).value["examples"][0]
    datum = {
        "envelope": {k: avro_value(k, v) for k, v in example.items() if k != "payload"},
        "payload": {k: avro_value(k, v) for k, v in example["payload"].items()},
    }
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, schema, datum, strict=False)
    read = cast("dict[str, Tree]", fastavro.schemaless_reader(io.BytesIO(buffer.getvalue()), schema, None))
    for part in ("envelope", "payload"):
        # Optional members that the example leaves out come back as null, and nothing else is added or lost.
        assert {k: v for k, v in read[part].items() if v is not None} == with_uuid(datum[part])


def avro_value(name: str, value: Tree) -> Tree:
    """What fastavro takes for a JSON value: decimals, aware times, the rest as it is."""
    if isinstance(value, dict):
        return {"amount": decimal.Decimal(value["amount"]), "currency": value["currency"]}
    if name in ("occurred_at", "expires_at", "until"):
        return dt.datetime.fromisoformat(value)
    return value


def with_uuid(datum: dict[str, Tree]) -> dict[str, Tree]:
    return {k: uuid.UUID(v) if k == "event_id" else v for k, v in datum.items()}


@pytest.mark.parametrize("topic", TOPICS)
def test_avro_and_json_require_and_name_the_same(topic: str) -> None:
    payload = webhook(topic).value["properties"]["payload"]
    fields = {f["name"]: f for f in load(avro_file(record_name(topic)))["fields"][1]["type"]["fields"]}
    assert fields.keys() == payload["properties"].keys()
    assert {name for name, field in fields.items() if "default" not in field} == set(payload["required"])
    for name, field in fields.items():
        if isinstance(field["type"], dict) and field["type"]["type"] == "enum":
            assert field["type"]["symbols"][1:] == payload["properties"][name]["x-extensible-enum"], name


def test_the_envelope_is_the_same_in_avro_and_json() -> None:
    properties = Place(CONTRACTS / "webhooks" / "v1" / "envelope.schema.json").value
    fields = {f["name"]: f for f in load(avro_file("Envelope"))["fields"]}
    assert {*fields, "payload"} == properties["properties"].keys()
    assert {n for n, f in fields.items() if "default" not in f} == {*properties["required"]} - {"payload"}


def test_money_has_one_precision() -> None:
    decimals = load(avro_file("Money"))["fields"][0]["type"]
    whole, scale = "9" * (decimals["precision"] - decimals["scale"]), "9" * decimals["scale"]
    money = Place(CONTRACTS / "common" / "money.schema.json")
    assert faults(money, {"amount": f"{whole}.{scale}", "currency": "EUR"}) == []
    assert faults(money, {"amount": f"9{whole}.{scale}", "currency": "EUR"})
    assert faults(money, {"amount": f"{whole}.{scale}9", "currency": "EUR"})


# --- the wallet


@pytest.fixture(scope="module")
def wallet(tmp_path_factory: pytest.TempPathFactory) -> FileDescriptorProto:
    pytest.importorskip("grpc_tools", reason="the extra `protobuf` is not installed")
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    out = tmp_path_factory.mktemp("wallet") / "wallet.pb"
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{CONTRACTS}", f"--descriptor_set_out={out}"]
    done = subprocess.run(
        [*command, "--include_source_info", "--fatal_warnings", "wallet/v1/wallet.proto"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    [file] = FileDescriptorSet.FromString(out.read_bytes()).file
    return file


def test_wallet_has_the_domain_s_messages_and_methods(wallet: FileDescriptorProto) -> None:
    assert (wallet.package, wallet.syntax) == ("wallet.v1", "proto3")
    [service] = wallet.service
    assert [method.name for method in service.method] == ["AuthorizeBet", "SettleBet", "RollbackBet"]
    messages = {m.name: {f.name: f.number for f in m.field} for m in wallet.message_type}
    assert messages["Money"] == {"minor_units": 1, "currency": 2}
    assert messages["AuthorizeBetReq"] == {
        "session_id": 1,
        "bet_id": 2,
        "round_id": 3,
        "amount": 4,
        "idempotency_key": 5,
    }
    assert messages["Error"].keys() == {"code", "message", "retryable", "trace_id"}
    for method in service.method:
        assert "idempotency_key" in messages[method.input_type.rpartition(".")[2]]


def test_enums_mean_the_same_in_every_channel(wallet: FileDescriptorProto) -> None:
    def values(enum: str) -> list[str]:
        [found] = [e for e in wallet.enum_type if e.name == enum]
        prefix = found.value[0].name.removesuffix("UNSPECIFIED")
        assert found.value[0].number == 0
        return [value.name.removeprefix(prefix) for value in found.value[1:]]

    error = Place(CONTRACTS / "common" / "error.schema.json").at("$defs", "ErrorCode").value
    assert values("ErrorCode") == error["x-extensible-enum"]
    reasons = [reason.lower() for reason in values("RollbackReason")]
    payload = webhook("bet.rolled_back").value["properties"]["payload"]["properties"]
    assert payload["reason"]["x-extensible-enum"] == reasons
    for major in MAJORS:
        schemas = Place(CONTRACTS / "provider-api" / major / "schemas" / "bets.yaml")
        assert schemas.at("RollbackReason").value["x-extensible-enum"] == reasons
    transaction = webhook("transaction-reason").value["x-extensible-enum"]
    assert load(avro_file("TransactionReason"))["symbols"][1:] == transaction


def test_everything_in_the_wallet_is_documented(wallet: FileDescriptorProto) -> None:
    commented = {tuple(place.path) for place in wallet.source_code_info.location if place.leading_comments.strip()}
    enum_values = {(5, e, 2, v) for e, enum in enumerate(wallet.enum_type) for v in range(len(enum.value))}
    methods = {(6, 0, 2, m) for m in range(len(wallet.service[0].method))}
    assert enum_values | methods <= commented
