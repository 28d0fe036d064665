"""Requests and replies without a network: what sync and async clients have in common."""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import orjson

from treaty.errors import ServiceError
from treaty_registry.errors import RegistryError
from treaty_registry.model.members import Members

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

T = TypeVar("T")

CONTENT_TYPE = "application/vnd.schemaregistry.v1+json"

RETRIED = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed; registering twice is registering once."""

MAX_WAIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. ``path`` is quoted already and may have a query; ``etag`` is what the client has of the answer."""

    method: str
    path: str
    body: JsonValue = None
    etag: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Accept": CONTENT_TYPE}
        if self.body is not None:
            headers["Content-Type"] = CONTENT_TYPE
        if self.etag is not None:
            headers["If-None-Match"] = self.etag
        return headers

    @property
    def repeatable(self) -> bool:
        """Whether a request that may have arrived can be sent again; deleting again would find nothing."""
        return self.method != "DELETE"

    @property
    def content(self) -> bytes | None:
        return None if self.body is None else orjson.dumps(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whatever its status."""

    status: int
    content: bytes
    etag: str | None = None
    retry_after: str | None = None

    def json(self) -> JsonValue:
        """The body of a success. Raises RegistryError with the registry's own code for anything else."""
        if 200 <= self.status < 300:
            try:
                value: JsonValue = orjson.loads(self.content) if self.content else None
            except orjson.JSONDecodeError as error:
                raise ServiceError(f"the registry answered {self.status} with something else than JSON") from error
            return value
        raise self.refusal()

    def refusal(self) -> RegistryError:
        """The error this answer is."""
        try:
            members = Members.of(orjson.loads(self.content))
            code, message = members.integer("error_code"), members.text("message")
        except (orjson.JSONDecodeError, RegistryError):
            code = message = None
        return RegistryError(
            code or self.status, message or f"the registry answered {self.status}", retry_after=self.seconds_to_wait()
        )

    def seconds_to_wait(self) -> float | None:
        """What ``Retry-After`` asks for, where it is a number (RFC 9110, 10.2.3)."""
        return float(self.retry_after) if self.retry_after is not None and self.retry_after.isdigit() else None


Steps: TypeAlias = Generator[Ask, Reply, T]
"""An operation: it yields requests, is sent their replies, and returns what they add up to.

A registry that cannot be reached is thrown in as a ServiceError.
"""


def backoff(attempt: int, reply: Reply | None) -> float:
    """Seconds to wait before attempt number ``attempt`` (from 1): what the server asks for, else twice as long each
    time.
    """
    asked = reply.seconds_to_wait() if reply is not None else None
    return min(MAX_WAIT_SECONDS, asked if asked is not None else 0.1 * 2**attempt * random.uniform(0.5, 1.5))
