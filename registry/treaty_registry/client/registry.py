"""The clients: the same operations for programs that wait and for programs that await."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import httpx2

from treaty.errors import ServiceError, UsageError
from treaty_registry.client.caching import AnswerCache
from treaty_registry.client.exchange import RETRIED, Reply, backoff
from treaty_registry.client.operations import Operations

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from treaty.documents.location import JsonValue
    from treaty.documents.schema_text import SchemaText
    from treaty_registry.client.exchange import Ask, Steps
    from treaty_registry.client.model import SchemaEntry, Verdict, VersionEntry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """How a client behaves.

    ``auth`` is a name and a password, or a token. A latest version is believed for ``latest_seconds``; answers are kept
    in ``cache_folder`` too, where there is one, and used from there when no registry answers within ``timeout`` seconds
    and ``retries`` further attempts. ``verify`` is False, True or the TLS context to use.
    """

    auth: tuple[str, str] | str | None = None
    latest_seconds: float = 60.0
    cache_folder: str | os.PathLike[str] | None = None
    timeout: float = 5.0
    retries: int = 2
    verify: ssl.SSLContext | bool = True


class _Client:
    """What both clients share: addresses, options and the operations."""

    def __init__(self, urls: str | Sequence[str], options: Options | None) -> None:
        self._urls = [url.rstrip("/") for url in ([urls] if isinstance(urls, str) else urls)]
        if not self._urls or not all(url.startswith(("http://", "https://")) for url in self._urls):
            raise UsageError(f"{urls!r} is no registry's URL", advice="write http://host:8081")
        self._options = options or Options()
        folder = self._options.cache_folder
        cache = AnswerCache(" ".join(self._urls), Path(folder) if folder is not None else None)
        self.operations = Operations(cache, self._options.latest_seconds)

    @property
    def _headers(self) -> dict[str, str]:
        auth = self._options.auth
        return {"Authorization": f"Bearer {auth}"} if isinstance(auth, str) else {}

    @property
    def _basic(self) -> httpx2.BasicAuth | None:
        auth = self._options.auth
        return httpx2.BasicAuth(*auth) if isinstance(auth, tuple) else None

    def _attempts(self) -> list[str]:
        """The addresses to try one after the other: each once, then all again."""
        return self._urls * (1 + self._options.retries)

    def _unreachable(self, error: httpx2.TransportError | None) -> ServiceError:
        reason = f": {error}" if error is not None and str(error) else ""
        return ServiceError(f"no registry answers at {', '.join(self._urls)}{reason}", advice="is it running?")


def _reply(answer: httpx2.Response) -> Reply:
    return Reply(answer.status_code, answer.content, answer.headers.get("etag"), answer.headers.get("retry-after"))


class RegistryClient(_Client):
    """Asks a registry and waits for the answer. Safe to share between threads.

    Every method raises RegistryError with the registry's code where it refuses, and ServiceError where none answers and
    nothing is remembered.
    """

    def __init__(self, urls: str | Sequence[str], options: Options | None = None) -> None:
        super().__init__(urls, options)
        self._http = httpx2.Client(
            auth=self._basic, headers=self._headers, timeout=self._options.timeout, verify=self._options.verify
        )

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def schema(self, number: int, subject: str | None = None) -> SchemaEntry:
        """The schema with an id, remembered for ever."""
        return self.run(self.operations.schema(number, subject))

    def latest(self, subject: str) -> VersionEntry:
        """The latest version of a subject, remembered for ``latest_seconds``."""
        return self.run(self.operations.version(subject, None))

    def version(self, subject: str, number: int) -> VersionEntry:
        """One version of a subject, remembered for ever."""
        return self.run(self.operations.version(subject, number))

    def versions(self, subject: str) -> list[int]:
        """The numbers of a subject's versions."""
        return self.run(self.operations.versions(subject))

    def subjects(self, prefix: str = "") -> list[str]:
        """The subjects whose names start with ``prefix``; without one, those of every context."""
        return self.run(self.operations.subjects(prefix))

    def register(self, subject: str, schema: SchemaEntry, *, normalize: bool = False) -> VersionEntry:
        """The version of ``subject`` that holds ``schema``, a new one where there is none."""
        return self.run(self.operations.register(subject, schema, normalize=normalize))

    def look_up(self, subject: str, schema: SchemaEntry, *, normalize: bool = False) -> VersionEntry:
        """The version of ``subject`` that holds ``schema``. Raises RegistryError 40401 or 40403 where there is none."""
        return self.run(self.operations.look_up(subject, schema, normalize=normalize))

    def check(self, subject: str, schema: SchemaEntry, version: int | str | None = None) -> Verdict:
        """Whether ``schema`` may follow ``version`` or, for None, whatever registration would ask about."""
        return self.run(self.operations.check(subject, schema, version))

    def config(self, subject: str | None = None) -> Mapping[str, JsonValue]:
        """The config in force for a subject, or for everything, as the API names its members."""
        return self.run(self.operations.config(subject))

    def configure(self, subject: str | None = None, **settings: JsonValue) -> None:
        """Set members of a config: ``client.configure("orders-value", compatibility="FULL")``."""
        self.run(self.operations.configure(subject, settings))

    def delete(self, subject: str, *, permanent: bool = False) -> list[int]:
        """Delete a subject, softly or for good; the numbers of the versions that went."""
        return self.run(self.operations.delete(subject, permanent=permanent))

    def texts(self, schema: SchemaEntry, subject: str = "") -> dict[str, str]:
        """Name and text of everything ``schema`` refers to, seen from the context of ``subject``."""
        return self.run(self.operations.texts(schema, subject))

    def history(self, subject: str) -> list[tuple[VersionEntry, SchemaText]]:
        """Every version of a subject, oldest first, ready for :func:`treaty.check_compatibility`."""
        return self.run(self.operations.history(subject))

    def run(self, steps: Steps[T]) -> T:
        """Take the steps of an operation."""
        try:
            ask = next(steps)
            while True:
                try:
                    reply = self._send(ask)
                except ServiceError as error:
                    ask = steps.throw(error)
                else:
                    ask = steps.send(reply)
        except StopIteration as end:
            result: T = end.value
            return result

    def _send(self, ask: Ask) -> Reply:
        failure: httpx2.TransportError | None = None
        reply: Reply | None = None
        attempts = self._attempts()
        for attempt, url in enumerate(attempts, 1):
            try:
                reply = _reply(self._http.request(ask.method, url + ask.path, content=ask.content, headers=ask.headers))
            except httpx2.TransportError as error:
                failure, reply = error, None
                if not (ask.repeatable or isinstance(error, httpx2.ConnectError)):
                    break
            if reply is not None and reply.status not in RETRIED:
                return reply
            if attempt < len(attempts):
                time.sleep(backoff(attempt // len(self._urls), reply))
        if reply is not None:
            return reply
        raise self._unreachable(failure)


class AsyncRegistryClient(_Client):
    """:class:`RegistryClient` for asyncio: the same operations, to be awaited."""

    def __init__(self, urls: str | Sequence[str], options: Options | None = None) -> None:
        super().__init__(urls, options)
        self._http = httpx2.AsyncClient(
            auth=self._basic, headers=self._headers, timeout=self._options.timeout, verify=self._options.verify
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def schema(self, number: int, subject: str | None = None) -> SchemaEntry:
        """See :meth:`RegistryClient.schema`."""
        return await self.run(self.operations.schema(number, subject))

    async def latest(self, subject: str) -> VersionEntry:
        """See :meth:`RegistryClient.latest`."""
        return await self.run(self.operations.version(subject, None))

    async def version(self, subject: str, number: int) -> VersionEntry:
        """See :meth:`RegistryClient.version`."""
        return await self.run(self.operations.version(subject, number))

    async def versions(self, subject: str) -> list[int]:
        """See :meth:`RegistryClient.versions`."""
        return await self.run(self.operations.versions(subject))

    async def subjects(self, prefix: str = "") -> list[str]:
        """See :meth:`RegistryClient.subjects`."""
        return await self.run(self.operations.subjects(prefix))

    async def register(self, subject: str, schema: SchemaEntry, *, normalize: bool = False) -> VersionEntry:
        """See :meth:`RegistryClient.register`."""
        return await self.run(self.operations.register(subject, schema, normalize=normalize))

    async def look_up(self, subject: str, schema: SchemaEntry, *, normalize: bool = False) -> VersionEntry:
        """See :meth:`RegistryClient.look_up`."""
        return await self.run(self.operations.look_up(subject, schema, normalize=normalize))

    async def check(self, subject: str, schema: SchemaEntry, version: int | str | None = None) -> Verdict:
        """See :meth:`RegistryClient.check`."""
        return await self.run(self.operations.check(subject, schema, version))

    async def config(self, subject: str | None = None) -> Mapping[str, JsonValue]:
        """See :meth:`RegistryClient.config`."""
        return await self.run(self.operations.config(subject))

    async def configure(self, subject: str | None = None, **settings: JsonValue) -> None:
        """See :meth:`RegistryClient.configure`."""
        await self.run(self.operations.configure(subject, settings))

    async def delete(self, subject: str, *, permanent: bool = False) -> list[int]:
        """See :meth:`RegistryClient.delete`."""
        return await self.run(self.operations.delete(subject, permanent=permanent))

    async def texts(self, schema: SchemaEntry, subject: str = "") -> dict[str, str]:
        """See :meth:`RegistryClient.texts`."""
        return await self.run(self.operations.texts(schema, subject))

    async def history(self, subject: str) -> list[tuple[VersionEntry, SchemaText]]:
        """See :meth:`RegistryClient.history`."""
        return await self.run(self.operations.history(subject))

    async def run(self, steps: Steps[T]) -> T:
        """Take the steps of an operation."""
        try:
            ask = next(steps)
            while True:
                try:
                    reply = await self._send(ask)
                except ServiceError as error:
                    ask = steps.throw(error)
                else:
                    ask = steps.send(reply)
        except StopIteration as end:
            result: T = end.value
            return result

    async def _send(self, ask: Ask) -> Reply:
        failure: httpx2.TransportError | None = None
        reply: Reply | None = None
        attempts = self._attempts()
        for attempt, url in enumerate(attempts, 1):
            try:
                reply = _reply(
                    await self._http.request(ask.method, url + ask.path, content=ask.content, headers=ask.headers)
                )
            except httpx2.TransportError as error:
                failure, reply = error, None
                if not (ask.repeatable or isinstance(error, httpx2.ConnectError)):
                    break
            if reply is not None and reply.status not in RETRIED:
                return reply
            if attempt < len(attempts):
                await asyncio.sleep(backoff(attempt // len(self._urls), reply))
        if reply is not None:
            return reply
        raise self._unreachable(failure)
