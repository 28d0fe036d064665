"""Who still uses an element: daily counts from a registry, or from a file that somebody's logs were made into."""

from __future__ import annotations

import datetime
import json
import os
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import quote, urlencode

from treaty.documents.location import Location
from treaty.errors import DocumentError, ServiceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

_TIMEOUT = 10.0
_LARGEST = 64 * 1024 * 1024
_MOST_PAGES = 100


class Use(NamedTuple):
    """What one consumer did with one element on one day."""

    contract: str
    element: str
    consumer: str
    day: datetime.date
    times: int


class Consumer(NamedTuple):
    """A consumer that still uses something: how often inside the window, and the last day."""

    name: str
    times: int
    last: datetime.date


class UsageSource(Protocol):
    """Where uses are known."""

    def uses(self, contract: str, since: datetime.date) -> Iterable[Use]:
        """The uses of a contract from ``since`` on. Raises ServiceError or DocumentError where they cannot be had."""
        ...


def consumers(source: UsageSource, contract: str, names: Collection[str], since: datetime.date) -> list[Consumer]:
    """Who used an element, by any of its names, from ``since`` on; most recent first."""
    counts: dict[str, int] = {}
    last: dict[str, datetime.date] = {}
    for use in source.uses(contract, since):
        if use.element in names and use.times > 0 and use.day >= since:
            counts[use.consumer] = counts.get(use.consumer, 0) + use.times
            last[use.consumer] = max(use.day, last.get(use.consumer, use.day))
    found = [Consumer(name, count, last[name]) for name, count in counts.items()]
    return sorted(found, key=lambda each: (-each.last.toordinal(), -each.times, each.name))


class UsageFile:
    """Daily counts in a file: a JSON list, or one JSON object a line, with contract, element, consumer, day, count."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def uses(self, contract: str, since: datetime.date) -> Iterator[Use]:
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DocumentError(f"cannot be read: {error}", location=Location(str(self._path))) from error
        for line, raw in self._entries(text):
            yield _use(raw, Location(str(self._path), line=line))

    def _entries(self, text: str) -> Iterator[tuple[int, object]]:
        if text.lstrip()[:1] == "[":
            try:
                for raw in json.loads(text):
                    yield 1, raw
            except ValueError as error:
                raise DocumentError(f"not valid JSON: {error}", location=Location(str(self._path))) from error
            return
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except ValueError as error:
                    place = Location(str(self._path), line=number)
                    raise DocumentError(f"not valid JSON: {error}", location=place) from error


class RegistryUsage:
    """Daily counts from a registry: ``GET {url}/v1/contracts/{name}/usage?since=YYYY-MM-DD``, page by page.

    The token of ``TREATY_REGISTRY_TOKEN`` is sent as a bearer token where there is one.
    """

    def __init__(self, url: str) -> None:
        """Raises UsageError for what is no http or https URL."""
        if not url.startswith(("https://", "http://")):
            raise UsageError(f"registry.url is {url!r}, which is no http or https URL")
        self._url = url.rstrip("/")

    def uses(self, contract: str, since: datetime.date) -> Iterator[Use]:
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            query = {"since": since.isoformat(), **({"cursor": cursor} if cursor else {})}
            address = f"{self._url}/v1/contracts/{quote(contract, safe='')}/usage?{urlencode(query)}"
            page = self._page(address)
            items = page.get("items")
            if not isinstance(items, list):
                raise ServiceError(f"{self._url} answered something else than usage", advice="is registry.url right?")
            for raw in items:
                yield _use(raw, Location(self._url))
            following = page.get("next_cursor")
            if not page.get("has_more") or not isinstance(following, str):
                return
            cursor = following

    def _page(self, address: str) -> dict[str, object]:
        from urllib.error import HTTPError, URLError
        from urllib.request import Request, urlopen

        request = Request(address, headers={"Accept": "application/json"})
        token = os.environ.get("TREATY_REGISTRY_TOKEN")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urlopen(request, timeout=_TIMEOUT) as answer:
                page = json.loads(answer.read(_LARGEST))
        except HTTPError as error:
            raise ServiceError(f"{self._url} answered {error.code} when asked for usage") from error
        except (URLError, OSError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise ServiceError(f"{self._url} cannot be asked for usage: {reason}") from error
        except ValueError as error:
            raise ServiceError(f"{self._url} answered something else than JSON when asked for usage") from error
        if not isinstance(page, dict):
            raise ServiceError(f"{self._url} answered something else than usage", advice="is registry.url right?")
        return page


def _use(raw: object, location: Location) -> Use:
    try:
        assert isinstance(raw, dict)
        return Use(
            str(raw["contract"]),
            str(raw["element"]),
            str(raw["consumer"]),
            datetime.date.fromisoformat(str(raw["day"])),
            int(raw["count"]),
        )
    except (AssertionError, KeyError, ValueError, TypeError) as error:
        raise DocumentError(
            "an entry of usage has contract, element, consumer, day (YYYY-MM-DD) and count",
            location=location,
        ) from error
