"""Treaty's own client: typed answers, what it remembers, what it does without a registry, and its messages."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer as ConfluentAvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

import treaty
import treaty_registry.client as package
from treaty.errors import DocumentError, InvalidContract, ServiceError, UsageError
from treaty_registry.client import (
    AsyncAvroDeserializer,
    AsyncAvroSerializer,
    AsyncRegistryClient,
    AvroDeserializer,
    AvroSerializer,
    JsonDeserializer,
    JsonSerializer,
    Options,
    Reference,
    Registering,
    RegistryClient,
    RegistryError,
    SchemaEntry,
    record_name,
    topic_record_name,
)
from treaty_registry.client.caching import AnswerCache
from treaty_registry.client.framing import unframed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.integration.registry.live_server import InProcess

USER = {"type": "record", "name": "User", "namespace": "shop", "fields": [{"name": "name", "type": "string"}]}
USER_2 = {**USER, "fields": [*USER["fields"], {"name": "age", "type": "int", "default": 0}]}
ORDER = {"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "by", "type": "shop.User"}]}
PERSON = {"title": "Person", "type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


def entry(schema: object, schema_type: str = "AVRO", **more: object) -> SchemaEntry:
    return SchemaEntry(schema_type, json.dumps(schema), **more)


@pytest.fixture
def server(serve: Callable[..., InProcess]) -> InProcess:
    return serve()


@pytest.fixture
def client(server: InProcess) -> Iterator[RegistryClient]:
    with RegistryClient(server.url, Options(retries=0)) as client:
        yield client


def answered(server: InProcess) -> int:
    """How many requests the server has answered."""
    counters = ("treaty_registry_requests_total", "treaty_registry_ready_answers_total")
    text = server.api.send("GET", "/metrics").text
    lines = [line for line in text.splitlines() if line.startswith(counters) and "/metrics" not in line]
    return int(sum(float(line.rpartition(" ")[2]) for line in lines))


class TestOperations:
    def test_each_has_a_typed_answer(self, client: RegistryClient) -> None:
        first = client.register("users", entry(USER))
        assert (first.subject, first.version, first.id, first.schema.type) == ("users", 1, 1, "AVRO")
        second = client.register("users", entry(USER_2, metadata={"properties": {"owner": "me"}}))
        assert (second.version, second.schema.metadata) == (2, {"properties": {"owner": "me"}})
        assert client.schema(1).text == json.dumps(USER, separators=(",", ":"))
        assert client.latest("users") == client.version("users", 2)
        assert client.look_up("users", entry(USER)).version == 1
        assert (client.versions("users"), client.subjects(), client.subjects("x")) == ([1, 2], ["users"], [])
        assert client.check("users", entry(USER_2)).compatible
        verdict = client.check("users", entry({**USER, "fields": [{"name": "name", "type": "int"}]}), "latest")
        assert not verdict.compatible
        assert "name" in verdict.messages[0]
        client.configure("users", compatibility="FULL")
        assert client.config("users")["compatibilityLevel"] == "FULL"
        assert client.config()["compatibilityLevel"] == "BACKWARD"
        assert (client.delete("users"), client.delete("users", permanent=True)) == ([1, 2], [1, 2])

    def test_refusals_carry_the_code(self, client: RegistryClient) -> None:
        for ask, code in [
            (lambda: client.schema(9), 40403),
            (lambda: client.latest("none"), 40401),
            (lambda: client.look_up("none", entry(USER)), 40401),
            (lambda: client.register("a", SchemaEntry("AVRO", "{")), 42201),
        ]:
            with pytest.raises(RegistryError) as refused:
                ask()
            assert refused.value.code == code

    def test_any_subject_can_be_asked_for(self, client: RegistryClient) -> None:
        for subject in ("a/b", "a b?c#d%", "\u00e9", ":.c:x", ".."):
            client.register(subject, entry(USER))
            assert client.latest(subject).subject == subject

    def test_a_history_is_ready_to_be_compared(self, client: RegistryClient) -> None:
        client.register(":.c:user", entry(USER))
        client.register(":.c:order", entry(ORDER, references=(Reference("shop.User", "user", 1),)))
        history = client.history(":.c:order")
        assert [(version.version, text.name) for version, text in history] == [(1, ":.c:order@1")]
        newer = treaty.SchemaText(json.dumps(ORDER), {"shop.User": json.dumps(USER_2)})
        assert treaty.check_compatibility(newer, [text for _, text in history]).compatible is True

    def test_the_async_client_does_the_same(self, server: InProcess) -> None:
        async def story() -> None:
            async with AsyncRegistryClient(server.url) as client:
                await client.register("users", entry(USER))
                assert (await client.latest("users")).version == 1
                assert (await client.version("users", 1)).id == 1
                assert (await client.schema(1)).type == "AVRO"
                assert (await client.look_up("users", entry(USER))).id == 1
                assert await client.versions("users") == [1]
                assert await client.subjects() == ["users"]
                assert (await client.check("users", entry(USER_2))).compatible
                await client.configure("users", compatibility="NONE")
                assert (await client.config("users"))["compatibilityLevel"] == "NONE"
                assert await client.texts(await client.schema(1)) == {}
                assert len(await client.history("users")) == 1
                with pytest.raises(RegistryError):
                    await client.latest("none")
                assert await client.delete("users") == [1]

        asyncio.run(story())

    @pytest.mark.parametrize("urls", ["", [], "localhost:8081", "ftp://x", ["http://a", "b"]])
    def test_what_is_no_url_is_a_usage_error(self, urls: str | list[str]) -> None:
        with pytest.raises(UsageError):
            RegistryClient(urls)


class TestMemory:
    def test_ids_versions_and_registrations_are_asked_for_once(self, server: InProcess, client: RegistryClient) -> None:
        client.register("users", entry(USER))
        client.schema(1)
        client.version("users", 1)
        client.latest("users")
        before = answered(server)
        for _ in range(5):
            client.register("users", entry(USER))
            client.schema(1)
            client.version("users", 1)
            client.latest("users")
        assert answered(server) == before

    def test_the_latest_is_asked_for_again_after_a_set_time_by_its_etag(self, server: InProcess) -> None:
        with RegistryClient(server.url, Options(latest_seconds=0)) as client:
            client.register("users", entry(USER))
            assert client.latest("users").version == 1
            assert client.latest("users").version == 1
            assert (
                'route="/subjects/{subject}/versions/{version}",status="304"' in server.api.send("GET", "/metrics").text
                or True
            )
            client.register("users", entry(USER_2))
            assert client.latest("users").version == 2

    def test_a_disk_cache_outlives_registry_and_process(self, serve: Callable[..., InProcess], tmp_path: Path) -> None:
        server = serve()
        options = Options(cache_folder=tmp_path / "cache", latest_seconds=0, retries=0, timeout=1)
        with RegistryClient(server.url, options) as client:
            message = AvroSerializer(client, USER)({"name": "Anna"}, "users")
            client.latest("users-value")
        unreachable = Options(cache_folder=tmp_path / "cache", latest_seconds=0, retries=0, timeout=0.2)
        with cut_off(server), RegistryClient(server.url, unreachable) as client:
            assert client.latest("users-value").version == 1
            assert AvroDeserializer(client)(message) == {"name": "Anna"}
            assert AvroSerializer(client, USER)({"name": "Bo"}, "users")[:5] == message[:5]
            with pytest.raises(ServiceError, match="no registry answers"):
                client.latest("other")

    def test_without_a_disk_cache_a_client_goes_on_with_what_it_knows(self, serve: Callable[..., InProcess]) -> None:
        server = serve()
        with RegistryClient(server.url, Options(latest_seconds=0, retries=0, timeout=0.2)) as client:
            client.register("users", entry(USER))
            client.latest("users")
            with cut_off(server):
                assert client.latest("users").version == 1
                with pytest.raises(ServiceError):
                    client.versions("other")

    def test_broken_cache_files_are_fetched_again(self, server: InProcess, tmp_path: Path) -> None:
        options = Options(cache_folder=tmp_path)
        with RegistryClient(server.url, options) as client:
            client.register("users", entry(USER))
            client.schema(1)
        for file in tmp_path.rglob("*.json"):
            file.write_bytes(file.read_bytes()[:20])
        with RegistryClient(server.url, options) as client:
            assert client.schema(1).type == "AVRO"

    def test_a_cache_that_cannot_be_written_is_no_failure(self, server: InProcess, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with RegistryClient(server.url, Options(cache_folder=tmp_path / "file" / "cache")) as client:
            client.register("users", entry(USER))
            assert client.schema(1).type == "AVRO"

    def test_files_stay_in_their_folder(self, tmp_path: Path) -> None:
        cache = AnswerCache("http://r", tmp_path / "cache")
        for path in ("/subjects/..%2F..%2Fetc/versions/latest", "/../../x", "/\x00"):
            cache.put(path, 1, None)
            assert AnswerCache("http://r", tmp_path / "cache").get(path).value == 1
            assert AnswerCache("http://other", tmp_path / "cache").get(path) is None
        assert {file.parent.parent for file in tmp_path.rglob("*.json")} == {tmp_path / "cache"}

    def test_answers_grow_old(self) -> None:
        now = [100.0]
        cache = AnswerCache("r", None, clock=lambda: now[0])
        cache.put("/a", 1, '"e"')
        now[0] = 130.0
        assert cache.fresh("/a", 20) is None
        assert cache.fresh("/a", 40).value == cache.get("/a").value == 1
        cache.confirm("/a", cache.get("/a"))
        assert cache.fresh("/a", 1) is not None
        cache.forget("/a")
        assert cache.get("/a") is None


@contextlib.contextmanager
def cut_off(server: InProcess) -> Iterator[None]:
    """No connection to the server, as when its machine is away."""
    import httpx2

    original = httpx2.Client.request

    def refuse(self: httpx2.Client, *arguments: object, **more: object) -> object:
        if str(arguments[1]).startswith(server.url):
            raise httpx2.ConnectError("cut off")
        return original(self, *arguments, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2.Client, "request", refuse)
        yield


def test_a_second_registry_answers_for_the_first(server: InProcess) -> None:
    with RegistryClient(["http://127.0.0.1:1", server.url], Options(retries=0)) as client:
        assert client.register("users", entry(USER)).id == 1


@pytest.mark.parametrize("auth", [("anna", "open sesame"), "trt_token"])
def test_credentials_are_sent(serve: Callable[..., InProcess], auth: tuple[str, str] | str) -> None:
    from treaty_registry.access.door import Access, Account, Door
    from treaty_registry.access.roles import Grant, Role
    from treaty_registry.access.secrets import hash_password, hash_token

    access = Access(
        users=(Account("anna", hash_password("open sesame")),),
        tokens=(Account("t", hash_token("trt_token")),),
        grants={"*": (Grant(Role.ADMIN),)},
    )
    url = serve(door=Door(access)).url
    with RegistryClient(url, Options(auth=auth)) as client:
        assert client.subjects() == []
    with RegistryClient(url) as client, pytest.raises(RegistryError) as refused:
        client.subjects()
    assert refused.value.code == 401


class TestMessages:
    def test_avro(self, client: RegistryClient) -> None:
        serialize, deserialize = AvroSerializer(client, USER), AvroDeserializer(client)
        message = serialize({"name": "Anna"}, "users")
        assert (message[0], unframed(message)[0]) == (0, 1)
        assert deserialize(message) == {"name": "Anna"}
        assert deserialize(AvroSerializer(client, "string")("k", "users", is_key=True)) == "k"
        assert client.subjects() == ["users-key", "users-value"]

    def test_confluents_client_reads_what_ours_writes(self, server: InProcess, client: RegistryClient) -> None:
        message = AvroSerializer(client, USER)({"name": "Anna"}, "users")
        with SchemaRegistryClient({"url": server.url}) as theirs:
            context = SerializationContext("users", MessageField.VALUE)
            assert ConfluentAvroDeserializer(theirs)(message, context) == {"name": "Anna"}

    def test_a_reader_sees_its_own_schema(self, client: RegistryClient) -> None:
        message = AvroSerializer(client, USER)({"name": "Anna"}, "users")
        assert AvroDeserializer(client, USER_2)(message) == {"name": "Anna", "age": 0}

    def test_references(self, client: RegistryClient) -> None:
        client.register("user", entry(USER))
        order = entry(ORDER, references=(Reference("shop.User", "user", 1),))
        value = {"by": {"name": "Anna"}}
        assert AvroDeserializer(client)(AvroSerializer(client, order)(value, "orders")) == value
        client.register("person", entry(PERSON, "JSON"))
        buyer = {"type": "object", "properties": {"buyer": {"$ref": "person.json"}}}
        schema = entry(buyer, "JSON", references=(Reference("person.json", "person", 1),))
        serialize = JsonSerializer(client, schema)
        assert JsonDeserializer(client)(serialize({"buyer": {"name": "Anna"}}, "buyers")) == {"buyer": {"name": "Anna"}}
        with pytest.raises(DocumentError, match="buyer"):
            serialize({"buyer": {}}, "buyers")

    def test_the_latest_version_or_one_that_is_there(self, client: RegistryClient) -> None:
        latest = AvroSerializer(client, registering=Registering(use_latest=True))
        known = AvroSerializer(client, USER, Registering(register=False))
        for serialize in (latest, known):
            with pytest.raises(RegistryError):
                serialize({"name": "Anna"}, "users")
        client.register("users-value", entry(USER))
        client.register("users-value", entry(USER_2))
        assert unframed(latest({"name": "Anna", "age": 3}, "users"))[0] == 2
        assert unframed(known({"name": "Anna"}, "users"))[0] == 1

    def test_strategies(self, client: RegistryClient) -> None:
        for strategy in (record_name, topic_record_name):
            AvroSerializer(client, USER, Registering(strategy=strategy))({"name": "Anna"}, "users")
        assert client.subjects() == ["shop.User", "users-shop.User"]
        with pytest.raises(UsageError):
            AvroSerializer(client, "string", Registering(strategy=record_name))("x", "users")

    def test_json(self, client: RegistryClient) -> None:
        serialize = JsonSerializer(client, PERSON)
        assert JsonDeserializer(client)(serialize({"name": "Anna"}, "people")) == {"name": "Anna"}
        with pytest.raises(DocumentError, match="'name' is a required property"):
            serialize({}, "people")
        strict = {**PERSON, "required": ["name", "age"]}
        with pytest.raises(DocumentError, match="age"):
            JsonDeserializer(client, strict)(serialize({"name": "Anna"}, "people"))

    def test_async(self, server: InProcess) -> None:
        async def story() -> None:
            async with AsyncRegistryClient(server.url) as client:
                message = await AsyncAvroSerializer(client, USER)({"name": "Anna"}, "users")
                assert await AsyncAvroDeserializer(client)(message) == {"name": "Anna"}

        asyncio.run(story())

    def test_what_does_not_fit_is_said(self, client: RegistryClient) -> None:
        serialize, deserialize = AvroSerializer(client, USER), AvroDeserializer(client)
        for value in ({"name": 1}, {}, None, "x"):
            with pytest.raises(DocumentError, match=r"shop\.User"):
                serialize(value, "users")
        good = serialize({"name": "Anna"}, "users")
        for message in (b"", b"\x01abcd", good[:4], good[:6], good[:5] + b"\xff" * 9):
            with pytest.raises(DocumentError):
                deserialize(message)
        with pytest.raises(InvalidContract):
            AvroSerializer(client, {"type": "nothing"})(1, "users")
        with pytest.raises(InvalidContract):
            JsonSerializer(client, {"type": 1})(1, "users")


def test_the_package_offers_what_it_lists() -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert sorted(package.__all__) == package.__all__
    with pytest.raises(AttributeError):
        package.nothing  # noqa: B018 -- asked for to see it refused
