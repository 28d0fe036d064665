"""What a generated client does on the wire, with a clock and a transport of the test's own."""

from __future__ import annotations

import asyncio
import base64
import inspect
import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from tests.unit.codegen.generated_code import emit, imported, openapi, operation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import ModuleType

Handler = Callable[[httpx2.Request], httpx2.Response]
THING: dict[str, Any] = {"$ref": "#/components/schemas/Thing"}
KEY = {"name": "X-Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}}
SHARED = [
    {"name": "X-Trace-Id", "in": "header", "required": True, "schema": {"type": "string"}},
    {"name": "X-Region", "in": "header", "required": True, "schema": {"type": "string"}},
]
ERROR = {
    "description": "refused",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "code": {"type": "string", "x-extensible-enum": ["DUPLICATE", "CONFLICT", "SLOW_DOWN"]},
                    "message": {"type": "string"},
                },
            }
        }
    },
}
SIGNING = {
    "type": "apiKey",
    "in": "header",
    "name": "X-Signature",
    "x-treaty-signing": {
        "algorithms": ["hmac-sha256", "ed25519"],
        "header": "X-Signature",
        "timestamp": "X-Timestamp",
        "signed_content": "{timestamp}.{body}",
        "signature_format": {"hmac-sha256": "sha256={hex}", "ed25519": "ed25519={base64}"},
    },
}


def query(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}, **more}


def answered(media: str, schema: Any = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema} if schema else {}
    return {"200": {"description": "ok", "content": {media: content}}}


PAGE = {
    "type": "object",
    "required": ["items", "next_cursor", "has_more"],
    "properties": {
        "items": {"type": "array", "items": THING},
        "next_cursor": {"type": ["string", "null"]},
        "has_more": {"type": "boolean"},
    },
}
PATHS: dict[str, Any] = {
    "/things": {
        "parameters": SHARED,
        "get": operation(
            PAGE,
            operationId="things.list",
            parameters=[
                query("cursor"),
                query("tags", schema={"type": "array", "items": {"type": "string"}}),
                query("ids", schema={"type": "array", "items": {"type": "integer"}}, explode=False),
                query("where", style="deepObject", schema={"type": "object", "additionalProperties": True}),
                {"name": "filter", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
                query("since", schema={"type": "string", "format": "date-time"}),
            ],
        ),
        "post": operation(THING, THING, operationId="things.create", parameters=[KEY]),
        "patch": operation(THING, THING, operationId="things.change"),
    },
    "/loose": {
        "get": operation(
            {"type": "object", "properties": {key: PAGE["properties"][key] for key in ("items", "next_cursor")}},
            operationId="loose.list",
            parameters=[query("cursor")],
        ),
        "put": {
            "operationId": "loose.anything",
            "responses": {
                **answered("application/json"),
                "204": {"description": "nothing", "content": {"application/json": {"schema": THING}}},
            },
        },
    },
    "/things/{thing_id}": {
        "parameters": [{"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}}, *SHARED],
        "get": operation(
            THING,
            operationId="things.get",
            deprecated=True,
            **{"x-lifecycle": {"deprecated_since": "1.2.0", "sunset": "2027-06-30", "replaced_by": "things.list"}},
        ),
        "delete": operation(operationId="things.delete"),
    },
    "/signed": {
        "post": operation(THING, THING, operationId="signed.send", security=[{"signature": []}], parameters=[KEY]),
        "put": operation(operationId="signed.key", security=[{"apiKey": []}]),
        "get": operation(operationId="signed.token", security=[{"oauth": ["read"]}, {"mtls": []}]),
        "delete": operation(operationId="signed.perhaps", security=[{}, {"apiKey": []}]),
    },
    "/files": {
        "post": {
            "operationId": "files.upload",
            "requestBody": {
                "required": True,
                "content": {
                    "multipart/form-data": {
                        "schema": {
                            "type": "object",
                            "required": ["file"],
                            "properties": {
                                "file": {"type": "string", "format": "binary"},
                                "note": {"type": "string"},
                                "meta": THING,
                            },
                        }
                    }
                },
            },
            "responses": {"204": {"description": "stored"}},
        },
        "put": {
            "operationId": "files.replace",
            "requestBody": {"required": True, "content": {"application/octet-stream": {}}},
            "responses": {"204": {"description": "stored"}},
        },
        "get": {"operationId": "files.download", "responses": answered("application/pdf")},
    },
    "/form": {
        "post": {
            "operationId": "form.send",
            "requestBody": {
                "content": {
                    "application/x-www-form-urlencoded": {
                        "schema": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}}
                    }
                }
            },
            "responses": {"200": {"description": "ok", "content": {"text/plain": {"schema": {"type": "string"}}}}},
        }
    },
    "/events": {"get": {"operationId": "events.listen", "responses": answered("text/event-stream", THING)}},
    "/xml": {"get": {"operationId": "odd.xml", "responses": answered("application/xml", {"type": "object"})}},
}
for item in PATHS.values():
    item.setdefault("parameters", SHARED)
    for method in ("get", "put", "post", "patch", "delete"):
        if method in item:
            item[method]["responses"] |= {"4XX": ERROR, "5XX": ERROR}

DOCUMENT = openapi(
    {
        "Thing": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
        }
    },
    PATHS,
    components={
        "securitySchemes": {
            "signature": SIGNING,
            "apiKey": {"type": "apiKey", "in": "query", "name": "key"},
            "oauth": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://auth.example/token", "scopes": {}}},
            },
            "mtls": {"type": "mutualTLS"},
        }
    },
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("client")
    with imported(emit(DOCUMENT, folder), folder) as found:
        found.models, found.errors  # noqa: B018  # imports them, before any warning is an error
        yield found


class FakeClock:
    """Time that only passes in sleeps; chance always takes the most."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return 1_795_253_400.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 3))
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    def uniform(self, high: float) -> float:
        return high


class Wire:
    """Answers one after the other, and remembers the requests."""

    def __init__(self, *answers: httpx2.Response | Exception | Handler) -> None:
        self.answers = list(answers)
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer


@pytest.fixture(params=["blocking", "async"])
def calling(request: pytest.FixtureRequest, package: ModuleType) -> Callable[..., Any]:
    """Makes a client and one call with it, in both kinds of client; the tests need not know which."""
    kind = request.param

    def call(wire: Wire, clock: FakeClock, name: str, *arguments: Any, settings: Any = None, **options: Any) -> Any:
        given = {"base_url": "https://api.example", "region": "eu", "clock": clock, **(settings or {})}
        resource, _, method = name.partition(".")
        if kind == "blocking":
            with package.SampleAPI(http_client=httpx2.Client(transport=httpx2.MockTransport(wire)), **given) as client:
                return getattr(getattr(client, resource), method)(*arguments, **options)

        async def run() -> Any:
            http = httpx2.AsyncClient(transport=httpx2.MockTransport(wire))
            async with package.AsyncSampleAPI(http_client=http, **given) as client:
                found = getattr(getattr(client, resource), method)(*arguments, **options)
                return await found if inspect.isawaitable(found) else [item async for item in found]

        return asyncio.run(run())

    return call


def ok(body: Any = None, status: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json={"name": "x"} if body is None else body, headers=headers)


def refused(status: int, body: Any = None, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, json=body or {"code": "ODD", "message": "no"}, headers=named)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def thing(package: ModuleType) -> Any:
    return package.models.Thing(name="x")


# (call, first answers, how many requests, which pauses); every list ends with success
RETRIES: list[tuple[str, list[Any], int, list[float]]] = [
    ("things.create", [503], 2, [0.5]),
    ("things.create", [500, 502, 504], 4, [0.5, 1.0, 2.0]),
    ("things.create", [408], 2, [0.5]),
    ("things.create", [(429, {"Retry-After": "7"})], 2, [7.0]),
    ("things.create", [httpx2.ReadTimeout("lost")], 2, [0.5]),
    ("things.list", [httpx2.ReadError("lost"), 503], 3, [0.5, 1.0]),
    ("things.change", [httpx2.ConnectError("refused")], 2, [0.5]),
    ("things.change", [(503, {"Retry-After": "1"})], 2, [1.0]),
]


def answer_of(spec: Any) -> Any:
    if isinstance(spec, tuple):
        return httpx2.Response(spec[0], json={"message": "x"}, headers=spec[1])
    return refused(spec) if isinstance(spec, int) else spec


def arguments_of(name: str, package: ModuleType) -> list[Any]:
    return [thing(package)] if name in ("things.create", "things.change") else []


@pytest.mark.parametrize(("name", "failures", "requests", "pauses"), RETRIES)
def test_what_is_repeated(
    calling: Callable[..., Any],
    package: ModuleType,
    clock: FakeClock,
    name: str,
    failures: list[Any],
    requests: int,
    pauses: list[float],
) -> None:
    success = ok({"items": [], "next_cursor": None, "has_more": False}) if name == "things.list" else ok()
    wire = Wire(*map(answer_of, failures), success)
    calling(wire, clock, name, *arguments_of(name, package))
    assert (len(wire.requests), clock.pauses) == (requests, pauses)


FINAL: list[tuple[str, Any, str]] = [
    ("things.create", 400, "BadRequest"),
    ("things.create", 409, "Conflict"),
    ("things.create", lambda _: refused(503, {"code": "X", "retryable": False}), "ServerError"),
    ("things.change", 500, "ServerError"),
    ("things.change", 503, "ServerError"),
    ("things.change", httpx2.ReadTimeout("lost"), "ConnectionFailed"),
    ("things.create", 302, "StatusError"),
]


@pytest.mark.parametrize(("name", "failure", "error"), FINAL)
def test_what_is_not_repeated(
    calling: Callable[..., Any], package: ModuleType, clock: FakeClock, name: str, failure: Any, error: str
) -> None:
    wire = Wire(answer_of(failure))
    with pytest.raises(getattr(package.errors, error)) as raised:
        calling(wire, clock, name, *arguments_of(name, package))
    assert len(wire.requests) == 1
    assert raised.value.request is not None
    assert (raised.value.idempotency_key is not None) == (name == "things.create")


def test_repetitions_end(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(refused(503))
    with pytest.raises(package.errors.ServerError):
        calling(wire, clock, "things.create", thing(package), max_retries=2)
    assert len(wire.requests) == 3


def test_one_time_limit_for_the_whole_call(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(refused(503, Retry_After="20"))
    with pytest.raises(package.errors.ServerError):
        calling(wire, clock, "things.create", thing(package), timeout=30.0, max_retries=9)
    assert (len(wire.requests), clock.pauses) == (2, [20.0])
    assert wire.requests[1].extensions["timeout"]["read"] == 10.0


class Trickle(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """An answer that comes letter by letter, one in twenty seconds."""

    def __init__(self, clock: FakeClock, content: bytes) -> None:
        self.clock = clock
        self.content = content

    def __iter__(self) -> Iterator[bytes]:
        for letter in self.content:
            self.clock.now += 20
            yield bytes([letter])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def test_an_answer_that_trickles(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(lambda _: httpx2.Response(200, stream=Trickle(clock, b'{"name": "x"}')))
    with pytest.raises(package.errors.DeadlineExceeded):
        calling(wire, clock, "things.change", thing(package), timeout=100.0)
    assert calling(wire, clock, "things.change", thing(package), timeout=1000.0).name == "x"


def test_a_wait_beyond_reason_is_not_begun(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(refused(429, Retry_After="99999999999999999999"))
    with pytest.raises(package.errors.TooManyRequests):
        calling(wire, clock, "things.create", thing(package))
    assert clock.pauses == []


def test_the_key_and_the_trace_name_the_call_not_the_attempt(
    calling: Callable[..., Any], package: ModuleType, clock: FakeClock
) -> None:
    wire = Wire(refused(503), refused(500), ok())
    calling(wire, clock, "things.create", thing(package))
    assert len({request.headers["x-idempotency-key"] for request in wire.requests}) == 1
    assert len({request.headers["x-trace-id"] for request in wire.requests}) == 1
    calling(wire, clock, "things.create", thing(package), idempotency_key="mine", trace_id="t1", region="us")
    sent = wire.requests[-1].headers
    assert (sent["x-idempotency-key"], sent["x-trace-id"], sent["x-region"]) == ("mine", "t1", "us")


def test_a_required_header_nobody_gave_is_asked_for(
    calling: Callable[..., Any], package: ModuleType, clock: FakeClock
) -> None:
    wire = Wire(ok())
    with pytest.raises(package.errors.NotSent, match="X-Region: give region to the client or to the call"):
        calling(wire, clock, "things.create", thing(package), settings={"region": None})
    assert wire.requests == []


def test_who_is_calling(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(ok())
    calling(wire, clock, "things.create", thing(package), headers={"User-Agent": "mine", "X-Extra": "1"})
    assert (wire.requests[0].headers["user-agent"], wire.requests[0].headers["x-extra"]) == ("mine", "1")
    calling(wire, clock, "things.create", thing(package))
    agent = wire.requests[1].headers["user-agent"]
    assert agent.startswith("Sample-API-python/1.0.0 contract/")
    assert len(agent.rpartition("/")[2]) == 12


def test_queries(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    import datetime

    page = {"items": [], "next_cursor": None, "has_more": False}
    wire = Wire(ok(page))
    calling(
        wire,
        clock,
        "things.list",
        tags=["a b", "c&d"],
        ids=[1, 2],
        where={"size": 3},
        filter={"x": [1]},
        since=datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC),
    )
    assert sorted(wire.requests[0].url.params.multi_items()) == [
        ("filter", '{"x":[1]}'),
        ("ids", "1,2"),
        ("since", "2026-01-02T00:00:00Z"),
        ("tags", "a b"),
        ("tags", "c&d"),
        ("where[size]", "3"),
    ]
    with pytest.raises(package.errors.NotSent, match="no time zone"):
        calling(wire, clock, "things.list", since=datetime.datetime(2026, 1, 2))  # what is refused


@pytest.mark.parametrize(("value", "target"), [("a/b", "/things/a%2Fb"), ("ä?#", "/things/%C3%A4%3F%23")])
def test_paths(calling: Callable[..., Any], package: ModuleType, clock: FakeClock, value: str, target: str) -> None:
    wire = Wire(httpx2.Response(204))
    calling(wire, clock, "things.delete", value)
    assert wire.requests[0].url.raw_path.decode() == target


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_path_stays_what_it_is(
    calling: Callable[..., Any], package: ModuleType, clock: FakeClock, value: str
) -> None:
    with pytest.raises(package.errors.NotSent, match="thing_id"):
        calling(Wire(ok()), clock, "things.delete", value)


def test_a_header_stays_one_header(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    with pytest.raises(package.errors.NotSent, match="line break"):
        calling(Wire(ok()), clock, "things.create", thing(package), idempotency_key="a\r\nX-Evil: 1")


def test_errors_by_status_and_by_code(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    body = {"code": "DUPLICATE", "message": "again", "retryable": False, "trace_id": "t-1"}
    for kind in (
        package.errors.Conflict,
        package.errors.Duplicate,
        package.errors.StatusError,
        package.errors.ApiError,
    ):
        with pytest.raises(kind) as raised:
            calling(Wire(refused(409, body)), clock, "things.create", thing(package), idempotency_key="key-1")
        error = raised.value
        assert (error.code, error.message, error.retryable, error.trace_id) == ("DUPLICATE", "again", False, "t-1")
        assert (error.status_code, error.idempotency_key, error.body) == (409, "key-1", body)
    assert package.errors.CODES["CONFLICT"] is package.errors.Conflict
    with pytest.raises(package.errors.Conflict) as raised:
        calling(Wire(httpx2.Response(409, text="<html>")), clock, "things.create", thing(package))
    assert (raised.value.code, raised.value.body) == (None, "<html>")


def test_an_answer_that_breaks_the_contract(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    for answer in (ok({"size": 1}), httpx2.Response(200), httpx2.Response(200, text="no json")):
        with pytest.raises(package.errors.AnswerInvalid) as raised:
            calling(Wire(answer), clock, "things.create", thing(package))
        assert raised.value.response is answer
        assert raised.value.idempotency_key


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (lambda _: httpx2.Response(200, json={"any": ["thing"]}), {"any": ["thing"]}),
        (lambda _: httpx2.Response(200), None),
        (lambda _: httpx2.Response(204, headers={"Content-Type": "application/json"}), None),
    ],
)
def test_json_without_a_schema(
    calling: Callable[..., Any], package: ModuleType, clock: FakeClock, answer: Handler, found: object
) -> None:
    assert calling(Wire(answer), clock, "loose.anything") == found


def test_the_answer_itself(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    seen: list[httpx2.Response] = []
    calling(Wire(ok(ETag="v1")), clock, "things.create", thing(package), on_response=seen.append)
    assert [response.headers["etag"] for response in seen] == ["v1"]
    raw = calling(Wire(httpx2.Response(200, text="<x/>")), clock, "odd.xml")
    assert (type(raw), raw.text) == (httpx2.Response, "<x/>")


def test_pages_as_one_list(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    def page(request: httpx2.Request) -> httpx2.Response:
        cursor = int(request.url.params.get("cursor", "0"))
        more = cursor < 2
        items = [{"name": f"{cursor}{letter}"} for letter in "ab"]
        return ok({"items": items, "next_cursor": str(cursor + 1) if more else None, "has_more": more})

    wire = Wire(page)
    found = list(calling(wire, clock, "things.iterate", tags=["x"]))
    assert [item.name for item in found] == ["0a", "0b", "1a", "1b", "2a", "2b"]
    assert all(request.url.params["tags"] == "x" for request in wire.requests)


def test_a_page_without_items(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(ok({"next_cursor": "2"}), ok({"next_cursor": None, "items": [{"name": "x"}]}))
    assert [item.name for item in calling(wire, clock, "loose.iterate")] == ["x"]


def test_pages_that_never_end(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(ok({"items": [], "next_cursor": "same", "has_more": True}))
    with pytest.raises(package.errors.ApiError, match="same cursor twice"):
        list(calling(wire, clock, "things.iterate"))


def test_a_deprecated_operation_warns_once(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    told: list[Any] = []
    wire = Wire(ok())
    expected = r"things\.get is deprecated since 1\.2\.0, sunset on 2027-06-30; use things\.list\."
    with pytest.warns(DeprecationWarning, match=expected) as caught:
        calling(wire, clock, "things.get", "1", settings={"on_deprecation": told.append})
    assert [warning.filename for warning in caught] == [__file__]
    assert [notice.replaced_by for notice in told] == ["things.list"]


def test_once_per_client(package: ModuleType, clock: FakeClock) -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(Wire(ok())))
    with package.SampleAPI(base_url="https://api.example", region="eu", http_client=http) as client:
        with pytest.warns(DeprecationWarning, match="deprecated"):
            client.things.get("1")
        client.things.get("2")  # a second warning would be an error here


def test_an_answer_announces_the_end(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    headers = {
        "Deprecation": "@1794787200",
        "Sunset": "Wed, 30 Jun 2027 23:59:59 GMT",
        "Link": '</v2/things>; rel="successor-version"',
    }
    expected = r"deprecated since 2026-11-16, sunset on Wed, 30 Jun 2027 23:59:59 GMT; use /v2/things"
    with pytest.warns(DeprecationWarning, match=expected):
        calling(Wire(ok(**headers)), clock, "things.create", thing(package))


def test_a_body_signed_with_hmac(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    import hashlib
    import hmac

    wire = Wire(refused(503), ok())
    calling(wire, clock, "signed.send", thing(package), settings={"signature": package.HmacKey("secret")})
    first, second = wire.requests
    for request in (first, second):
        content = request.headers["x-timestamp"].encode() + b"." + request.content
        digest = hmac.new(b"secret", content, hashlib.sha256).hexdigest()
        assert request.headers["x-signature"] == f"sha256={digest}"
    assert first.headers["x-signature"] != second.headers["x-signature"] or clock.pauses == [0.5]


def test_a_body_signed_with_eddsa(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    key = package.Ed25519Key(private.private_bytes_raw())
    wire = Wire(ok())
    calling(wire, clock, "signed.send", thing(package), settings={"signature": key})
    (request,) = wire.requests
    signature = base64.b64decode(request.headers["x-signature"].removeprefix("ed25519="))
    private.public_key().verify(signature, request.headers["x-timestamp"].encode() + b"." + request.content)
    assert "private" not in repr(key)


def test_an_api_key_in_the_query(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(httpx2.Response(204))
    calling(wire, clock, "signed.key", settings={"api_key": package.ApiKey("k&1")})
    assert wire.requests[0].url.params["key"] == "k&1"


def test_client_credentials_are_fetched_kept_and_replaced(
    calling: Callable[..., Any], package: ModuleType, clock: FakeClock
) -> None:
    tokens: list[httpx2.Request] = []
    refuse = [True]

    def server(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "auth.example":
            tokens.append(request)
            if len(tokens) == 1:
                raise httpx2.ConnectError("down")
            return ok({"access_token": f"token-{len(tokens)}", "expires_in": 600})
        if refuse and request.headers["authorization"] == "Bearer token-2":
            refuse.pop()
            return refused(401)
        return httpx2.Response(204)

    credentials = package.ClientCredentials("id", "secret", scopes=["read", "write"])
    wire = Wire(server)
    calling(wire, clock, "signed.token", settings={"oauth": credentials})
    assert wire.requests[-1].headers["authorization"] == "Bearer token-3"
    assert tokens[0].content == b"grant_type=client_credentials&scope=read+write"
    assert tokens[0].headers["authorization"] == "Basic " + base64.b64encode(b"id:secret").decode()
    calling(wire, clock, "signed.token", settings={"oauth": credentials})
    assert len(tokens) == 3
    clock.now += 599
    calling(wire, clock, "signed.token", settings={"oauth": credentials})
    assert len(tokens) == 4
    assert "secret" not in repr(credentials)


def test_a_token_is_worth_a_repetition(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    given = [refused(503, None, Retry_After="2"), refused(500), ok({"access_token": "t", "expires_in": 600})]
    wire = Wire(*given, httpx2.Response(204))
    calling(wire, clock, "signed.token", settings={"oauth": package.ClientCredentials("id", "secret")})
    assert len(wire.requests) == 4
    assert clock.pauses == [2.0, 1.0]


def test_calls_at_the_same_time_share_one_token(package: ModuleType, clock: FakeClock) -> None:
    tokens: list[httpx2.Request] = []

    async def server(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0.01)
        if request.url.host == "auth.example":
            tokens.append(request)
            return ok({"access_token": "t", "expires_in": 600})
        return httpx2.Response(204)

    async def run() -> None:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
        credentials = package.ClientCredentials("id", "secret")
        client = package.AsyncSampleAPI(
            base_url="https://api.example", region="eu", clock=clock, http_client=http, oauth=credentials
        )
        async with client:
            await asyncio.gather(*(client.signed.token() for _ in range(6)))

    asyncio.run(run())
    assert len(tokens) == 1


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("key", "give the client api_key"), ("token", "give the client oauth, or mtls"), ("send", "signature")],
)
def test_a_call_without_credentials_is_not_sent(package: ModuleType, name: str, wanted: str) -> None:
    with package.SampleAPI(base_url="http://127.0.0.1:1", region="eu") as client:
        arguments = [thing(package)] if name == "send" else []
        with pytest.raises(package.errors.NotSent, match=wanted):
            getattr(client.signed, name)(*arguments)
    anonymous = package.SampleAPI(base_url="http://127.0.0.1:1", region="eu", max_retries=0)
    with anonymous as client, pytest.raises(package.errors.ConnectionFailed):
        client.signed.perhaps()


def test_a_credential_that_is_optional_is_used(
    package: ModuleType, calling: Callable[..., Any], clock: FakeClock
) -> None:
    wire = Wire(httpx2.Response(204))
    calling(wire, clock, "signed.perhaps", settings={"api_key": package.ApiKey("k")})
    assert wire.requests[0].url.params["key"] == "k"


def test_a_certificate_beside_a_client_that_was_given(package: ModuleType) -> None:
    with httpx2.Client() as http, pytest.raises(ValueError, match="of no use beside http_client"):
        package.SampleAPI(base_url="https://x", http_client=http, mtls=package.ClientCertificate("a.pem"))


@pytest.mark.parametrize(
    "answer",
    [lambda _: refused(401), lambda _: ok({"no": "token"}), lambda _: httpx2.Response(200, text="?")],
    ids=["refused", "no token", "no JSON"],
)
def test_no_token_no_call(calling: Callable[..., Any], package: ModuleType, clock: FakeClock, answer: Handler) -> None:
    wire = Wire(answer)
    with pytest.raises(package.errors.ApiError):
        calling(wire, clock, "signed.token", settings={"oauth": package.ClientCredentials("id", "secret")})
    assert len(wire.requests) == 1


def test_uploads(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    body = package.models.FilesUploadRequest(
        file=package.Upload(b"\x00content", "a.bin", "image/png"), note="hi", meta=thing(package)
    )
    wire = Wire(httpx2.Response(204))
    calling(wire, clock, "files.upload", body)
    sent = wire.requests[0].content
    assert wire.requests[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    for part in (b'filename="a.bin"', b"Content-Type: image/png", b"\x00content", b"hi", b'{"name":"x"}'):
        assert part in sent


def test_a_file_is_rewound_or_sent_once(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(refused(503), httpx2.Response(204))
    file = io.BytesIO(b"skipped content")
    file.seek(8)
    calling(wire, clock, "files.replace", package.Upload(file))
    assert [request.content for request in wire.requests] == [b"content", b"content"]


def test_a_stream_that_cannot_be_rewound_is_sent_once(package: ModuleType, clock: FakeClock) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    wire = Wire(refused(503))
    http = httpx2.Client(transport=httpx2.MockTransport(wire))
    client = package.SampleAPI(base_url="https://api.example", region="eu", http_client=http, clock=clock)
    with client, pytest.raises(package.errors.ServerError):
        client.files.replace(package.Upload(Pipe(b"once")))
    assert len(wire.requests) == 1


def test_forms(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    wire = Wire(httpx2.Response(200, text="done", headers={"Content-Type": "text/plain"}))
    assert calling(wire, clock, "form.send", package.models.FormSendRequest(a=1, b=True)) == "done"
    assert wire.requests[0].content == b"a=1&b=true"


def test_downloads(package: ModuleType, clock: FakeClock, tmp_path: Any) -> None:
    wire = Wire(lambda request: httpx2.Response(200, content=b"%PDF" * 10, headers={"Content-Type": "application/pdf"}))
    http = httpx2.Client(transport=httpx2.MockTransport(wire))
    with package.SampleAPI(base_url="https://api.example", region="eu", http_client=http, clock=clock) as client:
        with client.files.download() as file:
            assert (file.content_type, file.write_to(tmp_path / "a.pdf")) == ("application/pdf", 40)
        assert b"".join(client.files.download().iter_bytes(4)) == b"%PDF" * 10
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF" * 10

    async def run() -> bytes:
        async_http = httpx2.AsyncClient(transport=httpx2.MockTransport(wire))
        async with (
            package.AsyncSampleAPI(base_url="https://api.example", region="eu", http_client=async_http) as client,
            await client.files.download() as file,
        ):
            return bytes(await file.read())

    assert asyncio.run(run()) == b"%PDF" * 10


STREAM = b'data: {"name": "a"}\n\nevent: other\nid: 7\ndata: {"name":\ndata: "b"}\n\n: comment\n\n'


def stream(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, content=STREAM, headers={"Content-Type": "text/event-stream"})


def test_server_sent_events(package: ModuleType) -> None:
    http = httpx2.Client(transport=httpx2.MockTransport(stream))
    client = package.SampleAPI(base_url="https://api.example", region="eu", http_client=http)
    with client, client.events.listen() as events:
        found = [(event.name, event.data.name, event.id) for event in events]
    assert found == [("message", "a", ""), ("other", "b", "7")]

    async def run() -> list[str]:
        async_http = httpx2.AsyncClient(transport=httpx2.MockTransport(stream))
        async with (
            package.AsyncSampleAPI(base_url="https://api.example", region="eu", http_client=async_http) as client,
            await client.events.listen() as events,
        ):
            return [event.data.name async for event in events]

    assert asyncio.run(run()) == ["a", "b"]


def test_an_event_that_breaks_the_contract(package: ModuleType) -> None:
    def broken(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=b"data: {}\n\n", headers={"Content-Type": "text/event-stream"})

    http = httpx2.Client(transport=httpx2.MockTransport(broken))
    client = package.SampleAPI(base_url="https://api.example", region="eu", http_client=http)
    with client, client.events.listen() as events, pytest.raises(package.errors.AnswerInvalid):
        list(events)


def test_unknown_content_of_answers_is_kept(calling: Callable[..., Any], package: ModuleType, clock: FakeClock) -> None:
    found = calling(Wire(ok({"name": "x", "new": [1]})), clock, "things.create", thing(package))
    assert found.to_wire() == {"name": "x", "new": [1]}


def test_resources_are_imported_when_they_are_used(tmp_path: Any) -> None:
    import subprocess
    import sys

    emitted = emit(DOCUMENT, tmp_path)
    with imported(emitted, tmp_path) as found:
        code = (
            f"import sys; import {found.__name__} as p; before = set(sys.modules); p.SampleAPI(base_url='http://x');"
            f"print(sorted(m for m in sys.modules"
            f" if m.startswith('{found.__name__}.') and ('resources' in m or m.endswith('{found.__name__}.models'))))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path / "imported" / "src", capture_output=True, text=True, check=True
        )
    assert json.loads(done.stdout.replace("'", '"')) == []
