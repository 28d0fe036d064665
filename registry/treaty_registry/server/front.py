"""The ASGI application in front of the routes: ready answers, limits, who is asking, errors, counting and logging."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote_to_bytes

import orjson
from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import Match, Route, Router

from treaty.errors import TreatyError
from treaty_registry.access.roles import EVERYBODY, Role
from treaty_registry.errors import RegistryError
from treaty_registry.names import parse_context
from treaty_registry.server.answers import Answer, Keep, Sent
from treaty_registry.server.call import Call
from treaty_registry.server.hot import HotAnswers
from treaty_registry.server.negotiation import CONTENT_TYPES, acceptable_request, answer_type
from treaty_registry.server.routes.table import EPHEMERAL_ROUTES, OPEN_ROUTES, ROUTES
from treaty_registry.server.shapes import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from treaty_registry.access.roles import Principal
    from treaty_registry.node import Node
    from treaty_registry.server.answers import Headers
    from treaty_registry.server.metrics import Metrics
    from treaty_registry.server.routes.table import Endpoint
    from treaty_registry.server.settings import Settings

log = logging.getLogger("treaty.registry.requests")

_PREFIX = re.compile(r"/contexts/([^/]+)(/.*)?")
_LISTS = frozenset({"/subjects/", "/schemas/", "/config/", "/mode/", "/contexts/"})
_PLAIN_ROUTES = frozenset({"/metrics", *OPEN_ROUTES})
"""Asked by probes and scrapers, which have their own idea of what they accept."""

_REMEMBERED_BODY = 100_000
"""Longer bodies are not kept beside their answers."""


class _Raw(Convertor[str]):
    """A part of the path as it came, percent signs and all, or empty: the name of a subject may be missing."""

    regex = "[^/]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("raw", _Raw())


class Doorkeeper(Protocol):
    """Knows who is asking."""

    open: bool
    """Whether everybody may do everything, so that nobody needs to be asked."""

    async def admit(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Principal:
        """Who sent a request. Raises RegistryError 401 for wrong credentials and 429 for too many requests."""


class OpenDoor:
    """Everybody may do everything: how a registry starts that nobody configured."""

    open = True

    async def admit(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Principal:
        del scope, headers
        return EVERYBODY


class Front:
    """See the module. ``node`` is set by the lifespan, before the first request."""

    def __init__(self, settings: Settings, door: Doorkeeper, metrics: Metrics) -> None:
        self.settings = settings
        self.node: Node | None = None
        self.hot = HotAnswers()
        self._door = door
        self._metrics = metrics
        self._profile = Profile(settings.profile)
        routes = {**ROUTES, **OPEN_ROUTES, **(EPHEMERAL_ROUTES if settings.ephemeral else {})}
        self._endpoints = {path.replace("}", ":raw}"): (path, methods) for path, methods in routes.items()}
        self._router = Router(
            [Route(path, endpoint=_Nowhere(), name=path) for path in self._endpoints], redirect_slashes=False
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method == "GET" and self._door.open:
            sent = self.hot.answers.get((scope["raw_path"], scope["query_string"], b""))
            if sent is not None and await self._send_ready(sent, scope, send):
                return
        started = time.perf_counter()
        asked = _Request(scope, started)
        try:
            sent = await self._answered(asked, receive)
        except RegistryError as error:
            sent = self._error(error)
            asked.retry_after = error.retry_after
        except TreatyError as error:
            sent = self._error(RegistryError(422, " ".join(str(error).split())))
        except Exception:  # whatever else it is, the client gets an answer and the log gets the reason
            log.exception("request failed", extra={"method": method, "route": asked.route})
            sent = self._error(RegistryError(500, "Internal Server Error"))
        await self._send(sent, asked, send)
        self._note(sent, asked)

    # Answering

    async def _send_ready(self, sent: Sent, scope: Scope, send: Send) -> bool:
        accept = if_none_match = None
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = value
            elif name == b"if-none-match":
                if_none_match = value
        content_type = answer_type(accept)
        if content_type is None:
            return False
        self._metrics.hot += 1
        if if_none_match is not None and sent.matches(if_none_match):
            await send({"type": "http.response.start", "status": 304, "headers": sent.not_modified()})
            await send({"type": "http.response.body", "body": b""})
            return True
        await send({"type": "http.response.start", "status": 200, "headers": sent.headers(content_type)})
        await send({"type": "http.response.body", "body": sent.body})
        return True

    async def _answered(self, asked: _Request, receive: Receive) -> Sent:
        if self.node is None:
            raise RegistryError(503, "The registry is starting", retry_after=1)
        endpoint, parameters = self._endpoint(asked)
        if asked.route not in _PLAIN_ROUTES and answer_type(asked.headers.get(b"accept")) is None:
            raise RegistryError(406, "HTTP 406 Not Acceptable", advice=f"answers are {', '.join(CONTENT_TYPES)}")
        open_route = asked.route in OPEN_ROUTES
        principal = EVERYBODY if open_route else await self._door.admit(asked.scope, asked.headers)
        asked.principal = principal.name
        body = b""
        if asked.method not in ("GET", "HEAD", "DELETE"):
            if not acceptable_request(asked.headers.get(b"content-type")):
                raise RegistryError(415, "HTTP 415 Unsupported Media Type", advice=f"send {CONTENT_TYPES[0]}")
            body = await self._body(asked, receive)
        key = (asked.scope["raw_path"], asked.scope["query_string"], body)
        everything = principal.may_everywhere(Role.WRITER if asked.method == "POST" else Role.READER)
        if everything and asked.method in ("GET", "POST") and (ready := self.hot.answers.get(key)) is not None:
            return ready
        call = Call(
            self.node,
            self.settings,
            self._profile,
            self._metrics,
            principal,
            asked.context,
            parameters,
            asked.scope["query_string"],
            body,
        )
        before = self.node.head
        answer = await endpoint(call)
        sent = Sent(answer, private=not self._door.open, storable=not self.settings.ephemeral)
        # What changed while the answer was made may have changed the answer.
        if answer.tag is not None and everything and before == self.node.head and len(body) <= _REMEMBERED_BODY:
            self.hot.put(key, answer.tag, sent)
        return sent

    def _endpoint(self, asked: _Request) -> tuple[Endpoint, Mapping[str, str]]:
        path = asked.scope["raw_path"].decode("ascii")
        prefixed = _PREFIX.fullmatch(path)
        if prefixed is not None and (prefixed[2] is not None or asked.method != "DELETE"):
            try:
                asked.context = parse_context(unquote_to_bytes(prefixed[1]).decode())
            except UnicodeDecodeError:
                raise RegistryError(400, f"{prefixed[1]!r} is not UTF-8 once unquoted") from None
            path = prefixed[2] or "/"
        if path in _LISTS:
            path = path[:-1]
        asked.scope["path"] = path
        asked.scope["root_path"] = ""
        for route in self._router.routes:
            match, child = route.matches(asked.scope)
            if match is not Match.NONE and isinstance(route, Route):
                asked.route, methods = self._endpoints[route.path]
                endpoint = methods.get("GET" if asked.method == "HEAD" else asked.method)
                if endpoint is None:
                    asked.allow = ", ".join(sorted(methods))
                    raise RegistryError(405, "HTTP 405 Method Not Allowed")
                return endpoint, child["path_params"]
        raise RegistryError(404, "HTTP 404 Not Found")

    async def _body(self, asked: _Request, receive: Receive) -> bytes:
        limit = self.settings.max_request_bytes
        declared = asked.headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            asked.close = True
            raise _too_large(limit)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RegistryError(400, "The request was not sent to its end")
            part = message.get("body", b"")
            size += len(part)
            if size > limit:
                asked.close = True
                raise _too_large(limit)
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts) if len(parts) > 1 else part

    def _error(self, error: RegistryError) -> Sent:
        answer = Answer({"error_code": error.code, "message": error.message}, Keep.NOT, status=error.status)
        return Sent(answer, private=True, storable=False)

    # Sending and noting

    async def _send(self, sent: Sent, asked: _Request, send: Send) -> None:
        content_type = sent.content_type or answer_type(asked.headers.get(b"accept")) or CONTENT_TYPES[0]
        if_none_match = asked.headers.get(b"if-none-match")
        if asked.method in ("GET", "HEAD") and if_none_match is not None and sent.matches(if_none_match):
            asked.status = 304
            await send({"type": "http.response.start", "status": 304, "headers": sent.not_modified()})
            await send({"type": "http.response.body", "body": b""})
            return
        asked.status = sent.status
        headers = sent.headers(content_type)
        extra = asked.extra_headers()
        await send({"type": "http.response.start", "status": sent.status, "headers": headers + extra})
        await send({"type": "http.response.body", "body": b"" if asked.method == "HEAD" else sent.body})

    def _note(self, sent: Sent, asked: _Request) -> None:
        seconds = time.perf_counter() - asked.started
        self._metrics.requests.labels(asked.method, asked.route, asked.status).inc()
        self._metrics.seconds.labels(asked.method, asked.route).observe(seconds)
        if log.isEnabledFor(logging.INFO) and (asked.method != "GET" or asked.status >= 400):
            entry: dict[str, str | int | float | None] = {
                "method": asked.method,
                "path": asked.scope["raw_path"].decode("ascii"),
                "status": asked.status,
                "milliseconds": round(seconds * 1000, 2),
                "principal": asked.principal,
                "client": asked.scope["client"][0] if asked.scope.get("client") else None,
            }
            if asked.status >= 400:
                entry |= {key: value for key, value in orjson.loads(sent.body).items() if key == "error_code"}
            log.info("request", extra=entry)


class _Request:
    """What is known of a request while it is answered."""

    __slots__ = (
        "allow",
        "close",
        "context",
        "headers",
        "method",
        "principal",
        "retry_after",
        "route",
        "scope",
        "started",
        "status",
    )

    def __init__(self, scope: Scope, started: float) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.started = started
        self.route = "none"
        self.context: str | None = None
        self.principal: str | None = None
        self.status = 500
        self.close = False
        self.allow: str | None = None
        self.retry_after: float | None = None

    def extra_headers(self) -> Headers:
        headers: Headers = []
        if self.allow is not None:
            headers.append((b"allow", self.allow.encode()))
        if self.retry_after is not None:
            headers.append((b"retry-after", str(max(1, round(self.retry_after))).encode()))
        if self.status == 401:
            headers.append((b"www-authenticate", b'Basic realm="treaty registry", charset="UTF-8"'))
            headers.append((b"www-authenticate", b"Bearer"))
        if self.close:
            headers.append((b"connection", b"close"))
        return headers


class _Nowhere:
    """Routes are matched here but answered by the front; Starlette wants an endpoint all the same."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError(scope["path"])


def _too_large(limit: int) -> RegistryError:
    return RegistryError(42209, f"The request is larger than {limit} bytes")
