"""Answers: what a route returns, and the headers it is sent with."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

Headers = list[tuple[bytes, bytes]]


ANY_SUBJECT = ""
"""The tag of answers that any change of any subject makes untrue."""


class Keep(enum.Enum):
    """How long an answer holds."""

    NOT = "no-store"
    """A write, or an error."""
    CHECK = "no-cache"
    """It may change at any time: ask again with If-None-Match."""
    VERSION = "max-age=60, immutable"
    """A version never changes, but it may be deleted."""
    ID = "max-age=31536000, immutable"
    """The schema of an id is the same for ever."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A route's answer. ``tag`` is the subject name or id it depends on; only with a tag it may be given again from
    memory.
    """

    value: JsonValue
    keep: Keep = Keep.NOT
    tag: str | int | None = None
    status: int = 200
    raw: bool = False
    content_type: str | None = None

    def body(self) -> bytes:
        """JSON, or with ``raw`` the text itself."""
        if self.status == 204:
            return b""
        if self.raw and isinstance(self.value, str):
            return self.value.encode()
        # orjson hands out a buffer of at least a kilobyte, often eight times what is in it: a copy is as long as it is.
        return bytes(memoryview(orjson.dumps(self.value)))


class Sent:
    """The bytes of an answer, ready for any client that may see it."""

    __slots__ = ("_cache_control", "_headers", "body", "content_type", "etag", "status")

    def __init__(self, answer: Answer, *, private: bool, storable: bool) -> None:
        self.status = answer.status
        self.body = answer.body()
        self.content_type = answer.content_type
        keep = answer.keep if storable else Keep.NOT if answer.keep is Keep.NOT else Keep.CHECK
        visibility = b"private, " if private else b"public, "
        self._cache_control = (visibility if keep in (Keep.ID, Keep.VERSION) else b"") + keep.value.encode()
        self.etag = (
            b'"' + blake2b(self.body, digest_size=12).hexdigest().encode() + b'"' if keep is not Keep.NOT else None
        )
        self._headers: dict[str, Headers] = {}

    def headers(self, content_type: str) -> Headers:
        """The header lines for a client that gets ``content_type``."""
        headers = self._headers.get(content_type)
        if headers is None:
            headers = self._common()
            if self.status != 204:
                headers.append((b"content-type", content_type.encode()))
                headers.append((b"content-length", str(len(self.body)).encode()))
            self._headers[content_type] = headers
        return headers

    def not_modified(self) -> Headers:
        """The header lines of a 304 answer (RFC 9110, 15.4.5)."""
        return self._common()

    def matches(self, if_none_match: bytes) -> bool:
        """Whether the client has this answer already (weak comparison, RFC 9110, 13.1.2)."""
        etag = self.etag
        if etag is None:
            return False
        if if_none_match == etag:
            return True
        candidates = (candidate.strip().removeprefix(b"W/") for candidate in if_none_match.split(b","))
        return if_none_match.strip() == b"*" or etag in candidates

    def _common(self) -> Headers:
        headers: Headers = [(b"cache-control", self._cache_control), (b"vary", b"Accept")]
        if self.etag is not None:
            headers.append((b"etag", self.etag))
        return headers
