"""The registry's refusals: one exception with a code, and the table of codes it may carry."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Mapping[int, str] = MappingProxyType(
    {
        40401: "subject not found",
        40402: "version not found",
        40403: "schema not found",
        40404: "subject was soft-deleted already",
        40405: "subject was not soft-deleted first",
        40406: "version was soft-deleted already",
        40407: "version was not soft-deleted first",
        40408: "no compatibility level of its own",
        40409: "no mode of its own",
        409: "incompatible schema",
        40901: "incompatible schema (servers from 8.2)",
        42201: "invalid schema",
        42202: "invalid version",
        42203: "invalid compatibility level",
        42204: "invalid mode",
        42205: "operation not permitted",
        42206: "reference exists",
        42207: "id does not match",
        42208: "invalid subject name",
        42209: "schema too large",
        42210: "invalid rule set",
        42211: "context not empty",
        50001: "store failed",
        50002: "operation timed out",
        50003: "store out of reach",
    }
)
"""Error codes of the Confluent API this server sends; others are plain HTTP statuses (400, 401, 403, 404, 405, …)."""


class RegistryError(ServiceError):
    """A request the registry answers with an error; a server raises it to send it, a client on receiving it.

    ``code`` is a key of :data:`CODES` or an HTTP status. ``retry_after`` are the seconds after which the same request
    may succeed.
    """

    def __init__(self, code: int, problem: str, *, advice: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(problem, advice=advice)
        self.code = code
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """The HTTP status that goes with ``code``: its first three digits."""
        return self.code if self.code < 1000 else self.code // 100

    @property
    def message(self) -> str:
        """What an error body says: the problem, and the advice where there is one."""
        return f"{self.problem}; {self.advice}" if self.advice else self.problem

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"
