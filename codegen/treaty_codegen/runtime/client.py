"""The two clients, blocking and not, that drive exchanges; and what every resource stands on."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, Self, TypedDict, TypeVar, Unpack

import httpx2

from .credentials import ClientCertificate
from .encoding import encode_body, encode_headers, encode_path, encode_query
from .events import AsyncEventStream, EventStream
from .exchange import AsyncTimed, Exchange, Timed
from .files import AsyncDownload, Download

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from types import TracebackType

    from .operation import Operation, Options
    from .settings import Settings

__all__ = ["AsyncBaseClient", "AsyncCore", "AsyncResource", "BaseClient", "Core", "Resource"]
S = TypeVar("S")
T = TypeVar("T")
_STREAMED = ("bytes", "events")
_DEPTH = 4
"""Frames between the user's call and the warning: the method of the resource, the resource, the core."""


class Arguments(TypedDict, total=False):
    """The arguments of one call, by where they go."""

    path: Mapping[str, Any]
    query: Mapping[str, Any]
    headers: Mapping[str, Any]
    body: Any
    content_type: str


def _exchange(
    settings: Settings, operation: Operation[T], options: Options, **arguments: Unpack[Arguments]
) -> Exchange[T]:
    return Exchange(
        settings,
        operation,
        encode_path(operation.path, arguments.get("path", {})),
        encode_query(arguments.get("query", {}), operation.styles),
        encode_headers(arguments.get("headers", {})),
        encode_body(arguments.get("body"), arguments.get("content_type", "application/json")),
        options,
    )


def _context(settings: Settings) -> ssl.SSLContext | bool:
    for credential in settings.credentials.values():
        if isinstance(credential, ClientCertificate):
            return credential.context()
    return True


def _check(settings: Settings, *, given: bool) -> None:
    """Remember whose HTTP client it is. Raises ValueError for a certificate that would not be used."""
    settings.own_transport = given
    if given and any(isinstance(each, ClientCertificate) for each in settings.credentials.values()):
        raise ValueError(
            "a client certificate is of no use beside http_client: give it to that one, as "
            "httpx2.Client(verify=ClientCertificate(...).context())"
        )


class Core:
    """Sends the calls of one blocking client."""

    def __init__(self, settings: Settings, http_client: httpx2.Client | None = None) -> None:
        self.settings = settings
        self._owned = http_client is None
        self.http = http_client or httpx2.Client(verify=_context(settings))
        self._fetching = threading.Lock()
        _check(settings, given=not self._owned)

    def call(
        self, operation: Operation[Any], options: Options, **arguments: Unpack[Arguments]
    ) -> Any:
        """Make one call: the decoded answer, or the answer itself where it is a stream. Raises ApiError."""
        exchange = _exchange(self.settings, operation, options, **arguments)
        exchange.announce(_DEPTH)
        response = self._answer(exchange)
        exchange.notice(response, _DEPTH)
        if (seen := options.get("on_response")) is not None:
            seen(response)
        return exchange.decode(response)

    def _answer(self, exchange: Exchange[T]) -> httpx2.Response:
        while True:
            self._authorize(exchange)
            try:
                response = self.http.send(exchange.next_request(), stream=True)
                if response.is_success and exchange.operation.kind in _STREAMED:
                    return response
                response.stream = Timed(response.stream, exchange)
                response.read()
                if response.is_success:
                    return response
            except httpx2.TransportError as error:
                self.settings.clock.sleep(exchange.failed(error))
                continue
            pause = exchange.refused(response)
            if pause:
                self.settings.clock.sleep(pause)

    def _authorize(self, exchange: Exchange[T]) -> None:
        if exchange.oauth is None:
            return
        _, credentials = exchange.oauth
        clock = self.settings.clock
        # Calls that come at the same time wait for one token instead of fetching one each.
        with self._fetching:
            token = credentials.token(clock)
            while token is None:
                try:
                    response = self.http.send(exchange.token_request())
                except httpx2.TransportError as error:
                    clock.sleep(exchange.failed_token(error))
                    continue
                if response.is_success:
                    token = credentials.received(response, clock)
                else:
                    clock.sleep(exchange.refused_token(response))
        exchange.use_token(token)

    def close(self) -> None:
        """Close the connections, unless they belong to a client that was given."""
        if self._owned:
            self.http.close()


class AsyncCore:
    """Sends the calls of one client without blocking."""

    def __init__(self, settings: Settings, http_client: httpx2.AsyncClient | None = None) -> None:
        self.settings = settings
        self._owned = http_client is None
        self.http = http_client or httpx2.AsyncClient(verify=_context(settings))
        self._fetching = asyncio.Lock()
        _check(settings, given=not self._owned)

    async def call(
        self, operation: Operation[Any], options: Options, **arguments: Unpack[Arguments]
    ) -> Any:
        """Make one call: the decoded answer, or the answer itself where it is a stream. Raises ApiError."""
        exchange = _exchange(self.settings, operation, options, **arguments)
        exchange.buffer()
        exchange.announce(_DEPTH)
        response = await self._answer(exchange)
        exchange.notice(response, _DEPTH)
        if (seen := options.get("on_response")) is not None:
            seen(response)
        return exchange.decode(response)

    async def _answer(self, exchange: Exchange[T]) -> httpx2.Response:
        while True:
            await self._authorize(exchange)
            try:
                response = await self.http.send(exchange.next_request(), stream=True)
                if response.is_success and exchange.operation.kind in _STREAMED:
                    return response
                response.stream = AsyncTimed(response.stream, exchange)
                await response.aread()
                if response.is_success:
                    return response
            except httpx2.TransportError as error:
                await self.settings.clock.sleep_async(exchange.failed(error))
                continue
            pause = exchange.refused(response)
            if pause:
                await self.settings.clock.sleep_async(pause)

    async def _authorize(self, exchange: Exchange[T]) -> None:
        if exchange.oauth is None:
            return
        _, credentials = exchange.oauth
        clock = self.settings.clock
        # Calls that come at the same time wait for one token instead of fetching one each.
        async with self._fetching:
            token = credentials.token(clock)
            while token is None:
                try:
                    response = await self.http.send(exchange.token_request())
                except httpx2.TransportError as error:
                    await clock.sleep_async(exchange.failed_token(error))
                    continue
                if response.is_success:
                    token = credentials.received(response, clock)
                else:
                    await clock.sleep_async(exchange.refused_token(response))
        exchange.use_token(token)

    async def close(self) -> None:
        """Close the connections, unless they belong to a client that was given."""
        if self._owned:
            await self.http.aclose()


class Resource:
    """A group of operations of a blocking client."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def _call(
        self, operation: Operation[T], *, options: Options, **arguments: Unpack[Arguments]
    ) -> T:
        decoded: T = self._core.call(operation, options, **arguments)
        return decoded

    def _download(
        self, operation: Operation[bytes], *, options: Options, **arguments: Unpack[Arguments]
    ) -> Download:
        return Download(self._core.call(operation, options, **arguments))

    def _events(
        self, operation: Operation[T], *, options: Options, **arguments: Unpack[Arguments]
    ) -> EventStream[T]:
        response = self._core.call(operation, options, **arguments)
        return EventStream(response, next(iter(operation.answers.values()), None))


class AsyncResource:
    """A group of operations of a client that does not block."""

    def __init__(self, core: AsyncCore) -> None:
        self._core = core

    async def _call(
        self, operation: Operation[T], *, options: Options, **arguments: Unpack[Arguments]
    ) -> T:
        decoded: T = await self._core.call(operation, options, **arguments)
        return decoded

    async def _download(
        self, operation: Operation[bytes], *, options: Options, **arguments: Unpack[Arguments]
    ) -> AsyncDownload:
        return AsyncDownload(await self._core.call(operation, options, **arguments))

    async def _events(
        self, operation: Operation[T], *, options: Options, **arguments: Unpack[Arguments]
    ) -> AsyncEventStream[T]:
        response = await self._core.call(operation, options, **arguments)
        return AsyncEventStream(response, next(iter(operation.answers.values()), None))


class BaseClient:
    """A blocking client; close it, or use it as a context manager."""

    _core: Core

    def close(self) -> None:
        """Close the connections."""
        self._core.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncBaseClient:
    """A client that does not block; close it, or use it as a context manager."""

    _core: AsyncCore

    async def close(self) -> None:
        """Close the connections."""
        await self._core.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
