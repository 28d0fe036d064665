"""HTTP around the API: content types, caching, limits, bodies and paths nobody should send."""

from __future__ import annotations

import gzip
import json
import socket
import time
from typing import TYPE_CHECKING

import pytest
from tests.integration.registry.live_server import V1, Api, InProcess

from treaty_registry.server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.location import JsonValue

STRING = '"string"'

ACCEPTED = [
    (None, V1),
    ("*/*", V1),
    ("", V1),
    (V1, V1),
    ("application/json", "application/json"),
    ("application/vnd.schemaregistry+json", "application/vnd.schemaregistry+json"),
    ("application/json, application/vnd.schemaregistry.v1+json", V1),
    ("application/json;q=1, application/vnd.schemaregistry.v1+json;q=0.5", "application/json"),
    ("text/html,application/xhtml+xml,*/*;q=0.8", V1),
    ("APPLICATION/JSON", "application/json"),
    ("application/*", V1),
    ("application/vnd.schemaregistry.v1+json;q=0, */*", "application/vnd.schemaregistry+json"),
]


@pytest.mark.parametrize(("accept", "content_type"), ACCEPTED)
def test_an_answer_has_the_type_the_client_likes_best(api: Api, accept: str | None, content_type: str) -> None:
    for _ in range(2):  # made, and from memory
        answer = api.http.request("GET", "/config", headers={"Accept": accept} if accept is not None else {})
        assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0", "nonsense"])
def test_no_answer_the_client_likes_is_406(api: Api, accept: str) -> None:
    api("GET", "/config")
    answer = api.send("GET", "/config", Accept=accept)
    assert (answer.status_code, answer.json()["error_code"]) == (406, 406)


@pytest.mark.parametrize(
    "content_type",
    [
        V1,
        "application/vnd.schemaregistry+json",
        "application/json",
        "application/octet-stream",
        "application/json; charset=utf-8",
        "Application/JSON",
        None,
    ],
)
def test_a_request_may_have_these_types(api: Api, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type is not None else {}
    body = json.dumps({"schema": STRING})
    request = api.http.build_request("POST", "/subjects/a/versions", content=body, headers=headers)
    if content_type is None:
        del request.headers["Content-Type"]
    assert api.http.send(request).status_code == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_request_of_another_type_is_415(api: Api, content_type: str) -> None:
    answer = api.send("POST", "/subjects/a/versions", {"schema": STRING}, Content_Type=content_type)
    assert (answer.status_code, answer.json()["error_code"]) == (415, 415)


class TestCaching:
    def test_what_never_changes_says_so(self, serve: Callable[..., InProcess]) -> None:
        api = serve().api
        api.register("a", STRING)
        for path, control in [
            ("/schemas/ids/1", "public, max-age=31536000, immutable"),
            ("/schemas/ids/1/schema", "public, max-age=31536000, immutable"),
            ("/subjects/a/versions/1", "public, max-age=60, immutable"),
            ("/subjects/a/versions/latest", "no-cache"),
            ("/subjects/a/versions", "no-cache"),
            ("/config", "no-cache"),
            ("/subjects", "no-cache"),
        ]:
            for _ in range(2):
                answer = api.send("GET", path)
                assert answer.headers["cache-control"] == control, path
                assert api.send("GET", path, If_None_Match=answer.headers["etag"]).status_code == 304

    def test_nothing_outlives_a_registry_in_memory(self, api: Api) -> None:
        api.register("a", STRING)
        assert api.send("GET", "/schemas/ids/1").headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize("tag", ["W/{}", '"x", {}', "*", '{} , W/"y"'])
    def test_an_etag_is_recognized(self, api: Api, tag: str) -> None:
        api.register("a", STRING)
        etag = api.send("GET", "/schemas/ids/1").headers["etag"]
        answer = api.send("GET", "/schemas/ids/1", If_None_Match=tag.format(etag))
        assert (answer.status_code, answer.content) == (304, b"")

    def test_another_etag_gets_the_answer(self, api: Api) -> None:
        api.register("a", STRING)
        assert api.send("GET", "/schemas/ids/1", If_None_Match='"other"').status_code == 200

    def test_errors_and_writes_are_not_stored(self, api: Api) -> None:
        assert api.send("GET", "/schemas/ids/1").headers["cache-control"] == "no-store"
        answer = api.send("POST", "/subjects/a/versions", {"schema": STRING})
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers

    def test_what_changes_is_seen_at_once(self, api: Api) -> None:
        api.register("a", '{"type":"fixed","name":"F","size":1}')
        paths = [
            "/subjects",
            "/subjects/a/versions",
            "/subjects/a/versions/latest",
            "/schemas/ids/1/subjects",
            "/config/a?defaultToGlobal=true",
        ]
        for change in [
            ("PUT", "/config", {"compatibility": "NONE"}),
            ("POST", "/subjects/a/versions", {"schema": '{"type":"fixed","name":"F","size":2}'}),
            ("POST", "/subjects/b/versions", {"schema": '{"type":"fixed","name":"F","size":1}'}),
            ("DELETE", "/subjects/a/versions/2", None),
            ("DELETE", "/subjects/b", None),
            ("DELETE", "/subjects/a", None),
        ]:
            before = [api("GET", path) for path in paths]
            before = [api("GET", path) for path in paths]
            api(*change)
            assert [api("GET", path) for path in paths] != before, change

    def test_a_repeated_registration_is_answered_from_memory_until_it_would_differ(self, api: Api) -> None:
        body: JsonValue = {"schema": STRING}
        first = [api("POST", "/subjects/a/versions", body) for _ in range(3)]
        assert first[0] == first[1] == first[2]
        api("DELETE", "/subjects/a")
        assert api("POST", "/subjects/a/versions", body)[1]["version"] == 2
        api("PUT", "/mode", {"mode": "READONLY"})
        assert api("POST", "/subjects/a/versions", body)[0] == 422


MALFORMED: list[tuple[bytes, int]] = [
    (b"", 422),
    (b"null", 400),
    (b"[]", 400),
    (b'"x"', 400),
    (b"{", 400),
    (b'{"schema": }', 400),
    (b'{"schema": "x"} trailing', 400),
    (b'\xff\xfe{"schema"', 400),
    (b'{"schema": "\xff"}', 400),
    (b'{"schema": "\\ud800"}', 400),
    (b'{"schema": "\\u0000"}', 42201),
    (b"[" * 100_000, 400),
    (b'{"a":' * 100_000, 400),
    (b'{"schema": 1}', 400),
    (b'{"schema": {"type": "string"}}', 400),
    (b'{"schema": "\\"string\\"", "schemaType": 1}', 400),
    (b'{"schema": "\\"string\\"", "references": {}}', 400),
    (b'{"schema": "\\"string\\"", "references": ["a"]}', 400),
    (b'{"schema": "\\"string\\"", "references": [{}]}', 42201),
    (b'{"schema": "\\"string\\"", "references": [{"name": "a", "subject": "b", "version": "1"}]}', 400),
    (b'{"schema": "\\"string\\"", "id": "1"}', 400),
    (b'{"schema": "\\"string\\"", "id": 1e3}', 400),
    (b'{"schema": "\\"string\\"", "id": 4294967296}', 400),
    (b'{"schema": "\\"string\\"", "version": true}', 400),
    (b'{"schema": "\\"string\\"", "version": -5}', 42202),
    (b'{"schema": "\\"string\\"", "metadata": []}', 400),
    (b'{"schema": "\\"string\\"", "metadata": {"properties": {"a": 1}}}', 400),
    (b'{"schema": "\\"string\\"", "ruleSet": {"domainRules": "x"}}', 400),
    (b'{"schema": "\\"string\\"", "schemaType": ""}', 200),
    (gzip.compress(b'{"schema": "\\"string\\""}', mtime=0), 400),
]


@pytest.mark.parametrize(("body", "code"), MALFORMED)
def test_a_malformed_body_has_its_code(api: Api, body: bytes, code: int) -> None:
    for path in ("/subjects/a/versions", "/subjects/a", "/compatibility/subjects/a/versions/latest"):
        answer = api.http.request("POST", path, content=body)
        if code == 200:
            assert answer.status_code in (200, 404)
            continue
        assert answer.json()["error_code"] == code, (path, answer.text)
        assert answer.status_code == (code if code < 1000 else code // 100)


DEEP = {
    "AVRO arrays": ("AVRO", '{"type":"array","items":' * 20_000 + '"int"' + "}" * 20_000),
    "AVRO unclosed": ("AVRO", '{"type":"array","items":' * 100_000),
    "AVRO metadata": ("AVRO", '{"type":"int","x":' + "[" * 20_000 + "]" * 20_000 + "}"),
    "JSON items": ("JSON", '{"items":' * 20_000 + "{}" + "}" * 20_000),
    "JSON allOf": ("JSON", '{"allOf":[' * 5_000 + "{}" + "]}" * 5_000),
    "JSON array": ("JSON", "[" * 100_000),
    "PROTOBUF messages": ("PROTOBUF", 'syntax="proto3";' + "message M{" * 5_000 + "}" * 5_000),
    "PROTOBUF groups": ("PROTOBUF", 'syntax="proto3"; option (a) = ' + "{" * 10_000),
}


@pytest.mark.parametrize("name", DEEP)
def test_nesting_without_end_is_answered_quickly_and_never_by_a_crash(api: Api, name: str) -> None:
    schema_type, text = DEEP[name]
    started = time.monotonic()
    status, answer = api("POST", "/subjects/deep/versions", {"schema": text, "schemaType": schema_type})
    assert status in (200, 422), answer
    if status == 200:
        status, answer = api(
            "POST", "/subjects/deep/versions", {"schema": text.replace("int", "long"), "schemaType": schema_type}
        )
        assert status in (200, 409, 422), answer
    assert time.monotonic() - started < 20
    assert api("GET", "/subjects")[0] == 200


def test_cyclic_references_end(api: Api) -> None:
    api("PUT", "/mode", {"mode": "IMPORT"})
    a: JsonValue = {
        "schema": '{"$ref": "b.json"}',
        "schemaType": "JSON",
        "id": 1,
        "version": 1,
        "references": [{"name": "b.json", "subject": "b", "version": 1}],
    }
    b: JsonValue = {
        "schema": '{"$ref": "a.json"}',
        "schemaType": "JSON",
        "id": 2,
        "version": 1,
        "references": [{"name": "a.json", "subject": "a", "version": 1}],
    }
    assert api("POST", "/subjects/a/versions", a)[1]["error_code"] == 42201
    assert api("POST", "/subjects/b/versions", b)[1]["error_code"] == 42201


class TestLimits:
    def test_a_huge_body_is_refused_before_it_is_read(self, api: Api) -> None:
        limit = Settings().max_request_bytes
        for headers in ({}, {"Transfer-Encoding": "chunked"}):
            body = json.dumps({"schema": "x" * (limit + 1)}).encode()
            content = (body[i : i + 65536] for i in range(0, len(body), 65536)) if headers else body
            try:
                answer = api.http.request("POST", "/subjects/a/versions", content=content)
            except OSError:
                continue  # the server has hung up on us, as it should on who goes on sending
            assert (answer.status_code, answer.json()["error_code"]) == (422, 42209)
        assert api("GET", "/subjects")[0] == 200

    def test_a_declared_length_is_believed_only_to_refuse(self, shared_server: InProcess) -> None:
        request = b"POST /subjects/a/versions HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{"
        assert b"42209" in raw(shared_server.port, request)

    def test_the_limit_is_a_setting(self, serve: Callable[..., InProcess]) -> None:
        api = serve("memory:", settings=Settings(max_request_bytes=1024, ephemeral=True)).api
        assert api("POST", "/subjects/a/versions", {"schema": STRING, "x": "y" * 2000})[0] == 422
        assert api("POST", "/subjects/a/versions", {"schema": STRING})[0] == 200


def raw(port: int, request: bytes) -> bytes:
    """What the server sends back for these bytes before it stops for a second."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
                if b"\r\n\r\n" in answer and b"}" in answer:
                    break
        except TimeoutError:
            pass
        return answer


RAW = [
    (b"GET /subjects?%zz=%ff HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"GET /subjects/%ff/versions HTTP/1.1\r\nHost: x\r\n\r\n", b"42208"),
    (b"GET /subjects/\xc3\xa9/versions HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 400"),
    (b"GET /contexts/%ff/subjects HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"GET //subjects HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    (b"GET /subjects/../config HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    (b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b" 4"),
    (b"BREW /subjects HTTP/1.1\r\nHost: x\r\n\r\n", b" 40"),
    (b"PATCH /subjects HTTP/1.1\r\nHost: x\r\n\r\n", b"405"),
    (b"HEAD /subjects HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
    (b"GET /subjects HTTP/1.1\r\nHost: x\r\nAccept: " + b"application/json," * 2000 + b"*/*\r\n\r\n", b"200"),
    (b"POST /subjects/a/versions HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"HTTP/1.1 400"),
    (b"GET /subjects?" + b"&".join(b"a=1" for _ in range(2000)) + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
    (b"GET /schemas/ids/%D9%A1 HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
    (b"nonsense\r\n\r\n", b"HTTP/1.1 400"),
]


@pytest.mark.parametrize(("request_bytes", "expected"), RAW)
def test_odd_requests_get_an_answer(shared_server: InProcess, request_bytes: bytes, expected: bytes) -> None:
    answer = raw(shared_server.port, request_bytes)
    assert expected in answer, answer[:300]
    assert b" 500 " not in answer


def test_a_wrong_method_says_which_are_right(api: Api) -> None:
    answer = api.send("PATCH", "/config")
    assert (answer.status_code, answer.headers["allow"], answer.json()["error_code"]) == (405, "DELETE, GET, PUT", 405)


def test_metrics_count_what_happened(serve: Callable[..., InProcess]) -> None:
    api = serve().api
    api.register("a", STRING)
    for _ in range(5):
        api("GET", "/schemas/ids/1")
    api("GET", "/schemas/ids/2")
    text = api.send("GET", "/metrics").text
    assert 'treaty_registry_requests_total{method="POST",route="/subjects/{subject}/versions",status="200"} 1.0' in text
    assert 'treaty_registry_requests_total{method="GET",route="/schemas/ids/{id}",status="404"} 1.0' in text
    assert "treaty_registry_ready_answers_total 4.0" in text
    assert "treaty_registry_head 1.0" in text
    assert "treaty_registry_store_up 1.0" in text


def test_reset_exists_in_memory_only(serve: Callable[..., InProcess], api: Api) -> None:
    api.register("a", STRING)
    assert api("POST", "/-/reset") == (204, None)
    assert api("GET", "/subjects") == (200, [])
    assert api.register("b", STRING) == 1
    assert serve().api("POST", "/-/reset")[0] == 404
