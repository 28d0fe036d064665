"""What the contract says about one operation, as data; and what a caller may say about one call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypedDict, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx2

__all__ = ["Contract", "Deprecation", "Kind", "Operation", "Options"]

T = TypeVar("T", covariant=True)
Kind = Literal["json", "text", "bytes", "events", "none", "raw"]
IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})


@dataclass(frozen=True)
class Contract:
    """Which contract the client was generated from, and what it says about all operations."""

    name: str
    version: str
    hash: str
    trace_header: str | None = None


@dataclass(frozen=True)
class Deprecation:
    """The end of an operation, as its contract or an answer announces it. Dates are ISO 8601 texts."""

    operation: str
    since: str | None = None
    removed_in: str | None = None
    sunset: str | None = None
    replaced_by: str | None = None
    migration: str | None = None

    def __str__(self) -> str:
        text = f"{self.operation} is deprecated"
        text += f" since {self.since}" if self.since else ""
        text += f", removed in {self.removed_in}" if self.removed_in else ""
        text += f", sunset on {self.sunset}" if self.sunset else ""
        text += f"; use {self.replaced_by}" if self.replaced_by else ""
        return f"{text}. {self.migration}" if self.migration else f"{text}."


@dataclass(frozen=True)
class Operation(Generic[T]):
    """One operation.

    ``answers`` are the types of successful JSON answers by status (``200``, ``2XX``, ``default``); ``kind`` is what the
    caller gets. ``security`` are alternatives, each the names of the credentials it needs. ``styles`` are the
    parameters that are not written in the usual way (query ``form`` exploded, everything else ``simple``). ``shared``
    are the options whose headers the operation requires.
    """

    id: str
    method: str
    path: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = "json"
    accept: str = "application/json"
    security: tuple[tuple[str, ...], ...] = ()
    idempotency_header: str | None = None
    deprecation: Deprecation | None = None
    styles: Mapping[str, str] = field(default_factory=dict)
    shared: tuple[str, ...] = ()

    @property
    def idempotent(self) -> bool:
        """Whether the method itself may be repeated (RFC 9110, section 9.2.2)."""
        return self.method in IDEMPOTENT


class Options(TypedDict, total=False):
    """What a caller may say about one call.

    ``timeout`` is in seconds, for the whole call with its retries; ``headers`` come on top of all others;
    ``max_retries`` counts repetitions; ``on_response`` sees the last answer before it is decoded.
    """

    timeout: float
    max_retries: int
    headers: Mapping[str, str]
    on_response: Callable[[httpx2.Response], None]
