"""One logical call: its requests, its retries, its end. It does no input or output itself; the two clients do."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx2
from pydantic import TypeAdapter, ValidationError

from .credentials import ClientCredentials, Scheme, apply
from .encoding import Body, encode_headers
from .errors import (
    AnswerInvalid,
    ApiError,
    ConnectionFailed,
    DeadlineExceeded,
    NotSent,
    status_error,
)
from .operation import Deprecation, Operation
from .retries import RetryPolicy, retry_after

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .operation import Options
    from .settings import Settings

__all__ = ["AsyncTimed", "Exchange", "Timed"]

T = TypeVar("T")
E = TypeVar("E", bound=ApiError)
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_adapters: dict[tuple[str, str], TypeAdapter[Any]] = {}


class Exchange(Generic[T]):
    """One logical call. Raises ApiError, always with the request and the idempotency key."""

    def __init__(
        self,
        settings: Settings,
        operation: Operation[T],
        path: str,
        query: list[tuple[str, str | int | float | bool | None]],
        headers: dict[str, str],
        body: Body,
        options: Options,
    ) -> None:
        self.settings = settings
        self.operation = operation
        self._clock = settings.clock
        self._deadline = self._clock.monotonic() + options.get("timeout", settings.timeout)
        self._retries_left = options.get("max_retries", settings.retries.max_retries)
        self._repetition = 0
        self._body = body
        self._query = query
        self._url = settings.base_url.rstrip("/") + path
        extra = options.get("headers", {})
        given = {name.lower() for name in extra}
        named = {
            "Accept": operation.accept,
            "User-Agent": settings.user_agent,
            **headers,
            **body.headers,
        }
        self._headers = {
            name: value for name, value in named.items() if name.lower() not in given
        } | dict(extra)
        self._share(options, given)
        self.idempotency_key: str | None = None
        if operation.idempotency_header is not None:
            self.idempotency_key = self._headers.setdefault(
                operation.idempotency_header, uuid.uuid4().hex
            )
        self._held = settings.usable(operation)
        self._refreshed = False
        self._token: str | None = None
        self.request: httpx2.Request | None = None

    def _share(self, options: Options, given: set[str]) -> None:
        """The headers the operation requires: of the call, else of the client; a trace is made where there is none."""
        settings = self.settings
        called = {name: value for name, value in options.items() if name in settings.option_headers}
        for name in dict.fromkeys((*self.operation.shared, *called)):
            header = settings.option_headers[name]
            value = called.get(name, settings.shared.get(name))
            if header.lower() in given:
                continue
            if value is None and header == settings.contract.trace_header:
                value = _new_trace(header)
            if value is None:
                raise NotSent(
                    f"{self.operation.id} needs {header}: give {name} to the client or to the call"
                )
            self._headers |= encode_headers({header: value})

    @property
    def repeatable(self) -> bool:
        """Whether a second request can have no second effect."""
        return (
            self.operation.idempotent or self.idempotency_key is not None
        ) and self._body.repeatable

    @property
    def oauth(self) -> tuple[Scheme, ClientCredentials] | None:
        """The credentials whose token has to be fetched before a request, if any."""
        for scheme, credential in self._held:
            if isinstance(credential, ClientCredentials):
                return scheme, credential
        return None

    def use_token(self, token: str) -> None:
        """The token for the next request."""
        self._token = token

    def remaining(self) -> float:
        """Seconds left. Raises DeadlineExceeded when there are none."""
        left = self._deadline - self._clock.monotonic()
        if left <= 0:
            raise self._marked(
                DeadlineExceeded(f"{self.operation.id}: the time for the call is over")
            )
        return left

    def next_request(self) -> httpx2.Request:
        """The request of the next attempt, signed and dated now; the key and the trace stay."""
        left = self.remaining()
        if self._repetition:
            self._body.prepare()
        self.request = request = httpx2.Request(
            self.operation.method,
            self._url,
            params=self._query or None,
            headers=self._headers,
            content=self._body.content,
            data=self._body.data or None,
            files=self._body.files or None,
            extensions={"timeout": httpx2.Timeout(left).as_dict()},
        )
        if any(scheme.kind == "signature" for scheme, _ in self._held):
            request.read()
        # Signatures come last: they may cover what the other credentials put into the URL.
        for scheme, credential in sorted(self._held, key=lambda held: held[0].kind == "signature"):
            apply(scheme, credential, request, self._clock, self._token)
        return request

    def failed(self, error: httpx2.TransportError) -> float:
        """After a failure on the way: the pause before the next attempt. Raises ConnectionFailed when there is none."""
        sent = not isinstance(error, _UNSENT)
        kind = DeadlineExceeded if self._deadline <= self._clock.monotonic() else ConnectionFailed
        failure = self._marked(kind(f"{self.operation.id}: {type(error).__name__}: {error}"))
        failure.sent = sent
        repeatable = self.repeatable if sent else self._body.repeatable
        return self._pause(None, failure, error) if repeatable else _raise(failure, error)

    def token_request(self) -> httpx2.Request:
        """The request for a token, with what is left of the time."""
        assert self.oauth is not None
        scheme, credentials = self.oauth
        self.request = credentials.request(scheme.token_url)
        self.request.extensions["timeout"] = httpx2.Timeout(self.remaining()).as_dict()
        return self.request

    def failed_token(self, error: httpx2.TransportError) -> float:
        """As :meth:`failed`, for the request of a token, which can always be repeated."""
        failure = self._marked(ConnectionFailed(f"no token: {type(error).__name__}: {error}"))
        failure.sent = False
        return self._pause(None, failure, error)

    def refused_token(self, response: httpx2.Response) -> float:
        """As :meth:`refused`, for the request of a token."""
        error = self._marked(status_error(response, {}))
        if not RetryPolicy.after_status(response, repeatable=True, retryable=None):
            raise error
        return self._pause(retry_after(response, self._clock), error, None)

    def buffer(self) -> None:
        """Read a body that is an open file: a client that does not block cannot send one piece by piece."""
        content = self._body.content
        if content is not None and not isinstance(content, bytes):
            self._body.content = content.read()
            self._body.rewind.clear()

    def refused(self, response: httpx2.Response) -> float:
        """After an answer that is no success, read: the pause before the next attempt. Raises StatusError when there is
        none."""
        error = self._marked(
            status_error(response, self.settings.codes, self.settings.contract.trace_header)
        )
        oauth = self.oauth
        if (
            response.status_code == 401
            and oauth is not None
            and not self._refreshed
            and self._token is not None
        ):
            self._refreshed = True
            oauth[1].forget(self._token)
            return 0.0
        body = error.body
        told = body.get("retryable") if isinstance(body, dict) else None
        if not RetryPolicy.after_status(
            response, repeatable=self.repeatable, retryable=told if isinstance(told, bool) else None
        ):
            raise error
        return self._pause(retry_after(response, self._clock), error, None)

    def _pause(self, at_least: float | None, error: ApiError, cause: Exception | None) -> float:
        if self._repetition >= self._retries_left:
            _raise(error, cause)
        pause = self.settings.retries.pause(self._repetition, self._clock, at_least)
        if self._clock.monotonic() + pause >= self._deadline:
            _raise(error, cause)
        self._repetition += 1
        return pause

    def _marked(self, error: E) -> E:
        error.request = self.request
        error.idempotency_key = self.idempotency_key
        return error

    def announce(self, stacklevel: int) -> None:
        """Warn when the contract has deprecated the operation."""
        if self.operation.deprecation is not None:
            self.settings.deprecated(self.operation.deprecation, "contract", stacklevel + 1)

    def notice(self, response: httpx2.Response, stacklevel: int) -> None:
        """Warn when an answer announces the end of the operation (RFC 9745, RFC 8594)."""
        since, sunset = response.headers.get("deprecation"), response.headers.get("sunset")
        if since is None and sunset is None:
            return
        successor = response.links.get("successor-version", {}).get("url")
        known = self.operation.deprecation
        told = Deprecation(
            self.operation.id,
            since=_day(since) or (known.since if known else None),
            removed_in=known.removed_in if known else None,
            sunset=sunset or (known.sunset if known else None),
            replaced_by=successor or (known.replaced_by if known else None),
            migration=known.migration if known else None,
        )
        source = "contract" if known is not None else "answer"
        self.settings.deprecated(told, source, stacklevel + 1)

    def decode(self, response: httpx2.Response) -> Any:
        """The value of a successful answer. Raises AnswerInvalid when it is not what the contract says."""
        if self.operation.kind in ("raw", "bytes", "events"):
            return response
        if self.operation.kind == "text":
            return response.text
        status = str(response.status_code)
        range_ = f"{status[0]}XX"
        key = next(
            (key for key in (status, range_, "default") if key in self.operation.answers), None
        )
        if self.operation.kind == "none" or key is None or not response.content:
            return self._empty(response, key)
        try:
            return self._adapter(key).validate_json(response.content)
        except ValidationError as error:
            raise self._marked(
                AnswerInvalid(
                    f"{self.operation.id} answered {status} with what the contract does not say: {error}",
                    response,
                )
            ) from error

    def _empty(self, response: httpx2.Response, key: str | None) -> None:
        expected = self.operation.answers[key] if key is not None else None
        if expected not in (None, Any) and not response.content:
            raise self._marked(
                AnswerInvalid(
                    f"{self.operation.id} answered {response.status_code} without a body", response
                )
            )

    def _adapter(self, key: str) -> TypeAdapter[Any]:
        place = (self.operation.id, key)
        if place not in _adapters:
            _adapters[place] = TypeAdapter(self.operation.answers[key])
        return _adapters[place]


class Timed(httpx2.SyncByteStream):
    """The content of an answer, for as long as the call may take: a server that trickles does not keep the caller."""

    def __init__(self, stream: Any, exchange: Exchange[Any]) -> None:
        self._stream = stream
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            self._exchange.remaining()
            yield chunk

    def close(self) -> None:
        """Give the connection back."""
        self._stream.close()


class AsyncTimed(httpx2.AsyncByteStream):
    """As :class:`Timed`, without blocking."""

    def __init__(self, stream: Any, exchange: Exchange[Any]) -> None:
        self._stream = stream
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._exchange.remaining()
            yield chunk

    async def aclose(self) -> None:
        """Give the connection back."""
        await self._stream.aclose()


def _raise(error: ApiError, cause: Exception | None) -> float:
    raise error from cause


def _new_trace(header: str) -> str:
    """A fresh trace id, in the form of W3C Trace Context where the header is that."""
    trace = uuid.uuid4().hex
    return f"00-{trace}-{uuid.uuid4().hex[:16]}-01" if header.lower() == "traceparent" else trace


def _day(since: str | None) -> str | None:
    """The day of a `Deprecation` header: ``@`` and Unix seconds."""
    if since is None or not since.startswith("@") or not since[1:].isdecimal() or len(since) > 15:
        return None
    import datetime

    return datetime.datetime.fromtimestamp(int(since[1:]), datetime.UTC).date().isoformat()
