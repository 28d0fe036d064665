"""The unmodified Python client of Confluent: all it can ask of a registry, and messages through its serializers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka.schema_registry import (
    Metadata,
    MetadataProperties,
    Rule,
    RuleKind,
    RuleMode,
    RuleSet,
    Schema,
    SchemaReference,
    SchemaRegistryClient,
    ServerConfig,
    topic_subject_name_strategy,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.common.schema_registry_client import ConfigCompatibilityLevel
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.registry.live_server import InProcess

USER = json.dumps(
    {
        "type": "record",
        "name": "User",
        "namespace": "shop",
        "fields": [{"name": "name", "type": "string"}, {"name": "age", "type": "int"}],
    }
)
USER_2 = json.dumps(
    {
        "type": "record",
        "name": "User",
        "namespace": "shop",
        "fields": [
            {"name": "name", "type": "string"},
            {"name": "age", "type": "int"},
            {"name": "email", "type": ["null", "string"], "default": None},
        ],
    }
)
BROKEN = json.dumps(
    {"type": "record", "name": "User", "namespace": "shop", "fields": [{"name": "name", "type": "int"}]}
)
PERSON = json.dumps(
    {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Person",
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
        "required": ["name"],
    }
)
USER_PROTO = """
// Who buys.
syntax = "proto3";
package shop;
message User {
  string name = 1; // as on the card
  int32 age = 2;
}
"""
ORDER_PROTO = """
syntax = "proto3";
package shop;
import "shop/user.proto";
message Order {
  int64 id = 1;
  User user = 2;
}
"""
KEY = SerializationContext("orders", MessageField.KEY)
VALUE = SerializationContext("orders", MessageField.VALUE)


@pytest.fixture
def server(serve: Callable[..., InProcess], store_url: str) -> InProcess:
    return serve(store_url)


@pytest.fixture
def client(server: InProcess) -> Iterator[SchemaRegistryClient]:
    with SchemaRegistryClient({"url": server.url}) as client:
        yield client


@pytest.fixture
def fresh(server: InProcess) -> Iterator[Callable[[], SchemaRegistryClient]]:
    """Clients that remember nothing."""
    opened: list[SchemaRegistryClient] = []

    def open_one() -> SchemaRegistryClient:
        opened.append(SchemaRegistryClient({"url": server.url}))
        return opened[-1]

    yield open_one
    for client in opened:
        client.__exit__(None, None, None)


Fresh = Callable[[], SchemaRegistryClient]


def code(refused: pytest.ExceptionInfo[SchemaRegistryError]) -> tuple[int, int]:
    return refused.value.http_status_code, refused.value.error_code


class TestClient:
    def test_registration_lookup_and_reading(self, client: SchemaRegistryClient, fresh: Fresh) -> None:
        first = client.register_schema("users-value", Schema(USER, "AVRO"))
        assert first == 1
        assert fresh().register_schema("users-value", Schema(USER, "AVRO")) == first
        assert fresh().register_schema("other-value", Schema(USER, "AVRO")) == first
        second = client.register_schema_full_response("users-value", Schema(USER_2, "AVRO"))
        assert (second.schema_id, second.version) == (2, 2)
        read = fresh().get_schema(2)
        assert (json.loads(read.schema_str or ""), read.schema_type) == (json.loads(USER_2), "AVRO")
        found = fresh().lookup_schema("users-value", Schema(USER, "AVRO"))
        assert (found.subject, found.version, found.schema_id) == ("users-value", 1, 1)
        by_guid = fresh().get_schema_by_guid(found.guid)
        assert json.loads(by_guid.schema_str or "") == json.loads(USER)
        assert client.get_subjects() == ["other-value", "users-value"]
        assert client.get_versions("users-value") == [1, 2]
        assert fresh().get_latest_version("users-value").version == 2
        assert fresh().get_version("users-value", 1).schema_id == 1
        assert sorted(client.get_subjects_by_schema_id(1)) == ["other-value", "users-value"]
        assert [(v.subject, v.version) for v in client.get_schema_versions(1)] == [
            ("other-value", 1),
            ("users-value", 1),
        ]
        assert set(client.get_schema_types()) == {"AVRO", "JSON", "PROTOBUF"}

    def test_what_is_missing_has_its_code(self, client: SchemaRegistryClient) -> None:
        client.register_schema("users-value", Schema(USER, "AVRO"))
        missing: list[tuple[Callable[[], object], int]] = [
            (lambda: client.get_schema(99), 40403),
            (lambda: client.get_latest_version("none"), 40401),
            (lambda: client.get_version("users-value", 9), 40402),
            (lambda: client.lookup_schema("none", Schema(USER, "AVRO")), 40401),
            (lambda: client.lookup_schema("users-value", Schema(USER_2, "AVRO")), 40403),
            (lambda: client.get_config("users-value"), 40408),
            (lambda: client.get_mode("users-value"), 40409),
            (lambda: client.delete_subject("none"), 40401),
        ]
        for ask, expected in missing:
            with pytest.raises(SchemaRegistryError) as refused:
                ask()
            assert code(refused) == (404, expected)

    def test_an_incompatible_schema_is_a_conflict(self, client: SchemaRegistryClient) -> None:
        client.register_schema("users-value", Schema(USER, "AVRO"))
        with pytest.raises(SchemaRegistryError, match="name") as refused:
            client.register_schema("users-value", Schema(BROKEN, "AVRO"))
        assert code(refused) == (409, 409)
        assert client.test_compatibility("users-value", Schema(BROKEN, "AVRO")) is False
        assert client.test_compatibility("users-value", Schema(USER_2, "AVRO"), verbose=True) is True
        assert client.test_compatibility_all_versions("users-value", Schema(USER_2, "AVRO")) is True

    def test_an_invalid_schema_is_unprocessable(self, client: SchemaRegistryClient) -> None:
        with pytest.raises(SchemaRegistryError) as refused:
            client.register_schema("users-value", Schema('{"type": "nothing"}', "AVRO"))
        assert code(refused) == (422, 42201)

    def test_deletion_soft_then_permanent(self, client: SchemaRegistryClient, fresh: Fresh) -> None:
        client.register_schema("users-value", Schema(USER, "AVRO"))
        client.register_schema("users-value", Schema(USER_2, "AVRO"))
        assert client.delete_version("users-value", 1) == 1
        assert client.get_versions("users-value") == [2]
        with pytest.raises(SchemaRegistryError) as refused:
            fresh().get_version("users-value", 1)
        assert code(refused) == (404, 40402)
        assert fresh().get_version("users-value", 1, deleted=True).schema_id == 1
        assert fresh().get_schema(1).schema_type == "AVRO"
        assert client.delete_subject("users-value") == [2]
        assert client.get_subjects(deleted=True) == ["users-value"]
        assert client.get_subjects() == []
        assert client.delete_subject("users-value", permanent=True) == [1, 2]
        assert client.get_subjects(deleted=True) == []

    def test_config_and_mode(self, client: SchemaRegistryClient) -> None:
        assert client.get_config().compatibility_level == "BACKWARD"
        client.set_config(config=ServerConfig(compatibility=ConfigCompatibilityLevel.FULL))
        assert client.get_config().compatibility_level == "FULL"
        client.set_config(
            "users-value", ServerConfig(compatibility=ConfigCompatibilityLevel.NONE, compatibility_group="app")
        )
        config = client.get_config("users-value")
        assert (config.compatibility_level, config.compatibility_group) == ("NONE", "app")
        client.register_schema("users-value", Schema(USER, "AVRO"))
        client.register_schema("users-value", Schema(BROKEN, "AVRO"))
        client.delete_config("users-value")
        assert client.get_global_mode() == "READWRITE"
        client.update_mode("users-value", "READONLY")
        assert client.get_mode("users-value") == "READONLY"
        with pytest.raises(SchemaRegistryError) as refused:
            client.register_schema("users-value", Schema(USER_2, "AVRO"))
        assert code(refused) == (422, 42205)
        client.delete_mode("users-value")
        assert client.get_contexts() == ["."]

    def test_metadata_and_rules_come_back(self, client: SchemaRegistryClient, fresh: Fresh) -> None:
        metadata = Metadata(None, MetadataProperties({"owner": "team-a", "app": "1"}), None)
        rule = Rule(
            "fresh", None, RuleKind.CONDITION, RuleMode.WRITE, "CEL", None, None, "message.age > 0", None, None, False
        )
        schema = Schema(USER, "AVRO", metadata=metadata, rule_set=RuleSet(None, [rule]))
        registered = client.register_schema_full_response("users-value", schema)
        read = fresh().get_latest_with_metadata("users-value", {"owner": "team-a"})
        assert read.version == registered.version
        assert read.schema.metadata is not None
        assert read.schema.metadata.properties is not None
        assert read.schema.metadata.properties.properties == {"owner": "team-a", "app": "1"}
        assert read.schema.rule_set is not None
        assert read.schema.rule_set.domain_rules is not None
        assert [(r.name, r.expr) for r in read.schema.rule_set.domain_rules] == [("fresh", "message.age > 0")]
        with pytest.raises(SchemaRegistryError) as refused:
            fresh().get_latest_with_metadata("users-value", {"owner": "team-b"})
        assert code(refused) == (404, 40403)

    def test_normalization_is_the_clients_choice(self, client: SchemaRegistryClient) -> None:
        spelled = json.dumps({"name": "shop.User", "fields": json.loads(USER)["fields"], "type": "record"})
        first = client.register_schema("users-value", Schema(USER, "AVRO"), normalize_schemas=True)
        assert client.register_schema("users-value", Schema(spelled, "AVRO"), normalize_schemas=True) == first
        assert client.register_schema("users-value", Schema(spelled, "AVRO")) != first

    def test_contexts_in_both_spellings(self, server: InProcess, client: SchemaRegistryClient) -> None:
        client.register_schema(":.sales:users-value", Schema(USER, "AVRO"))
        with SchemaRegistryClient({"url": f"{server.url}/contexts/.sales"}) as within:
            assert within.get_subjects() == [":.sales:users-value"]
            assert within.get_latest_version("users-value").schema_id == 1
            assert within.register_schema("more-value", Schema(USER_2, "AVRO")) == 2
        assert client.get_contexts() == [".", ".sales"]
        assert client.get_subjects() == [":.sales:more-value", ":.sales:users-value"]


def message_class(name: str) -> Any:
    """The class of a message of the two files above."""
    from google.protobuf import descriptor_pool, message_factory
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    from treaty.model.protobuf import parse_files

    pool = descriptor_pool.DescriptorPool()
    compiled = parse_files({"shop/user.proto": USER_PROTO, "shop/order.proto": ORDER_PROTO})
    for file in FileDescriptorSet.FromString(compiled.descriptor_set).file:
        file.ClearField("source_code_info")
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def round_trip(serializer: Any, deserializer: Any, value: object, context: SerializationContext = VALUE) -> object:
    message = serializer(value, context)
    assert message[0] == 0
    return deserializer(message, context)


class TestSerializers:
    def test_avro(self, client: SchemaRegistryClient) -> None:
        user = {"name": "Anna", "age": 31}
        serializer = AvroSerializer(client, USER)
        assert round_trip(serializer, AvroDeserializer(client), user) == user
        assert client.get_subjects() == ["orders-value"]
        assert round_trip(AvroSerializer(client, '"string"'), AvroDeserializer(client), "k", KEY) == "k"

    def test_a_new_reader_reads_an_old_writer(self, client: SchemaRegistryClient) -> None:
        message = AvroSerializer(client, USER)({"name": "Anna", "age": 31}, VALUE)
        assert AvroDeserializer(client, USER_2)(message, VALUE) == {"name": "Anna", "age": 31, "email": None}

    def test_use_latest_version(self, client: SchemaRegistryClient) -> None:
        client.register_schema("orders-value", Schema(USER, "AVRO"))
        client.register_schema("orders-value", Schema(USER_2, "AVRO"))
        serializer = AvroSerializer(client, USER, conf={"auto.register.schemas": False, "use.latest.version": True})
        user = {"name": "Anna", "age": 31, "email": "a@b"}
        message = serializer(user, VALUE)
        assert message is not None
        assert int.from_bytes(message[1:5], "big") == 2
        assert AvroDeserializer(client)(message, VALUE) == user

    def test_without_registration_the_schema_must_be_there(self, client: SchemaRegistryClient) -> None:
        serializer = AvroSerializer(client, USER, conf={"auto.register.schemas": False})
        with pytest.raises(SchemaRegistryError) as refused:
            serializer({"name": "Anna", "age": 31}, VALUE)
        assert code(refused) == (404, 40401)
        client.register_schema("orders-value", Schema(USER, "AVRO"))
        assert AvroDeserializer(client)(serializer({"name": "Anna", "age": 31}, VALUE), VALUE) == {
            "name": "Anna",
            "age": 31,
        }

    def test_avro_with_references(self, client: SchemaRegistryClient) -> None:
        client.register_schema("user", Schema(USER, "AVRO"))
        order = json.dumps(
            {
                "type": "record",
                "name": "Order",
                "namespace": "shop",
                "fields": [{"name": "id", "type": "long"}, {"name": "user", "type": "shop.User"}],
            }
        )
        schema = Schema(order, "AVRO", [SchemaReference("shop.User", "user", 1)])
        value = {"id": 7, "user": {"name": "Anna", "age": 31}}
        assert round_trip(AvroSerializer(client, schema), AvroDeserializer(client), value) == value
        assert client.get_referenced_by("user", 1) == [2]
        with pytest.raises(SchemaRegistryError) as refused:
            client.delete_version("user", 1)
        assert code(refused) == (422, 42206)

    def test_json(self, client: SchemaRegistryClient) -> None:
        person = {"name": "Anna", "age": 31}
        serializer = JSONSerializer(PERSON, client)
        assert round_trip(serializer, JSONDeserializer(PERSON, schema_registry_client=client), person) == person
        assert round_trip(serializer, JSONDeserializer(None, schema_registry_client=client), person) == person

    def test_json_with_references(self, client: SchemaRegistryClient) -> None:
        client.register_schema("person", Schema(PERSON, "JSON"))
        order = json.dumps(
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "title": "Order",
                "type": "object",
                "properties": {"buyer": {"$ref": "person.json"}},
            }
        )
        schema = Schema(order, "JSON", [SchemaReference("person.json", "person", 1)])
        value = {"buyer": {"name": "Anna", "age": 31}}
        deserializer = JSONDeserializer(schema, schema_registry_client=client)
        assert round_trip(JSONSerializer(schema, client), deserializer, value) == value

    def test_protobuf(self, client: SchemaRegistryClient) -> None:
        user = message_class("shop.User")
        value = user(name="Anna", age=31)
        assert round_trip(ProtobufSerializer(user, client), ProtobufDeserializer(user, {}, client), value) == value

    def test_protobuf_with_references(self, client: SchemaRegistryClient, fresh: Fresh) -> None:
        order = message_class("shop.Order")
        value = order(id=7, user={"name": "Anna", "age": 31})
        message = ProtobufSerializer(order, client)(value, VALUE)
        assert ProtobufDeserializer(order, {}, client)(message, VALUE) == value
        assert ProtobufDeserializer(order, {}, fresh())(message, VALUE) == value
        assert client.get_subjects() == ["orders-value", "shop/user.proto"]

    def test_protobuf_registered_from_its_text(self, client: SchemaRegistryClient) -> None:
        first = client.register_schema("orders-value", Schema(USER_PROTO, "PROTOBUF"))
        user = message_class("shop.User")
        serializer = ProtobufSerializer(user, client, {"auto.register.schemas": False})
        message = serializer(user(name="Anna", age=31), VALUE)
        assert message is not None
        assert int.from_bytes(message[1:5], "big") == first

    def test_record_name_strategy(self, client: SchemaRegistryClient) -> None:
        from confluent_kafka.schema_registry import record_subject_name_strategy

        conf = {"subject.name.strategy": record_subject_name_strategy}
        user = {"name": "Anna", "age": 31}
        assert round_trip(AvroSerializer(client, USER, conf=conf), AvroDeserializer(client, conf=conf), user) == user
        assert client.get_subjects() == ["shop.User"]
        assert topic_subject_name_strategy(VALUE, "shop.User") == "orders-value"
