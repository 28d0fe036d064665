"""What a client remembers: ids for ever, latest versions for a set time, and both on disk for when the registry is
away.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson

from treaty_registry.memory import Generations

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.location import JsonValue

FOR_EVER = float("inf")


class Kept(NamedTuple):
    """An answer, its ETag, and when it was last known to be true (seconds since 1970)."""

    value: JsonValue
    etag: str | None
    at: float


class AnswerCache:
    """Answers by path, in memory and, with a ``folder``, in files that several processes may share.

    ``registry`` tells the answers of different registries in one folder apart.
    """

    def __init__(
        self,
        registry: str,
        folder: Path | None,
        capacity: int = 10_000,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._registry = registry
        self._folder = folder
        self._clock = clock
        self._memory: Generations[str, Kept] = Generations(capacity)

    def get(self, path: str) -> Kept | None:
        """What is known of ``path``, however old."""
        kept = self._memory.get(path)
        if kept is None and self._folder is not None:
            kept = self._read(path)
            if kept is not None:
                self._memory.put(path, kept)
        return kept

    def fresh(self, path: str, seconds: float) -> Kept | None:
        """What is known of ``path`` where it is no older than ``seconds``."""
        kept = self.get(path)
        return kept if kept is not None and self._clock() - kept.at <= seconds else None

    def put(self, path: str, value: JsonValue, etag: str | None) -> None:
        kept = Kept(value, etag, self._clock())
        self._memory.put(path, kept)
        if self._folder is not None:
            self._write(path, kept)

    def confirm(self, path: str, kept: Kept) -> None:
        """``kept`` is still true."""
        self.put(path, kept.value, kept.etag)

    def forget(self, path: str) -> None:
        self._memory.drop(path)
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._file(path).unlink(missing_ok=True)

    def _file(self, path: str) -> Path:
        # A digest, for subjects hold characters that no file name may.
        digest = hashlib.sha256(f"{self._registry}\n{path}".encode()).hexdigest()
        return (self._folder or Path()) / digest[:2] / f"{digest}.json"

    def _read(self, path: str) -> Kept | None:
        try:
            stored = orjson.loads(self._file(path).read_bytes())
            etag, at = stored["etag"], stored["at"]
        except (OSError, ValueError, KeyError, TypeError):
            return None  # none yet, or half of one: it is fetched again
        known = stored.get("path") == path and isinstance(at, int | float) and (etag is None or isinstance(etag, str))
        return Kept(stored.get("value"), etag, at) if known else None

    def _write(self, path: str, kept: Kept) -> None:
        """Best effort: a full or read-only disk must not stop a service that has its answer."""
        file = self._file(path)
        content = orjson.dumps({"path": path, "value": kept.value, "etag": kept.etag, "at": kept.at})
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=file.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(temporary).replace(file)
