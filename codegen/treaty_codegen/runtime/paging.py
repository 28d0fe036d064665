"""Lists that come in pages, read as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .errors import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator

__all__ = ["iterate", "iterate_async"]

P = TypeVar("P")
T = TypeVar("T")


def iterate(
    fetch: Callable[[str | None], P],
    items: Callable[[P], Iterable[T]],
    after: Callable[[P], str | None],
) -> Iterator[T]:
    """All items. ``fetch`` gets the page behind a cursor, ``after`` says the cursor of the next one, None at the end.

    Raises ApiError when the server gives a cursor twice, which would never end.
    """
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        page = fetch(cursor)
        yield from items(page)
        cursor = _next(after(page), seen)
        if cursor is None:
            return


async def iterate_async(
    fetch: Callable[[str | None], Awaitable[P]],
    items: Callable[[P], Iterable[T]],
    after: Callable[[P], str | None],
) -> AsyncIterator[T]:
    """As :func:`iterate`, without blocking."""
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        page = await fetch(cursor)
        for item in items(page):
            yield item
        cursor = _next(after(page), seen)
        if cursor is None:
            return


def _next(cursor: str | None, seen: set[str]) -> str | None:
    if not cursor:
        return None
    if cursor in seen:
        raise ApiError("the server gave the same cursor twice: the list would never end")
    seen.add(cursor)
    return cursor
