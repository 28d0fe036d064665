"""Blobs by id through one `git cat-file --batch` process."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Protocol

from treaty.documents.limits import Limits, check_size
from treaty.errors import RevisionError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CatFile"]


class _Process(Protocol):
    @property
    def stdin(self) -> IO[bytes] | None: ...
    @property
    def stdout(self) -> IO[bytes] | None: ...


class CatFile:
    """A conversation with one process that is started by the first question.

    GitPython has the same for its own objects; this one knows hashes of any length (SHA-256 repositories) and refuses a
    blob by its size before reading it.
    """

    def __init__(self, start: Callable[[], _Process]) -> None:
        self._start = start
        self._process: _Process | None = None

    def read(self, blob: str, limits: Limits, name: str) -> bytes:
        """The bytes of a blob. Raises DocumentTooLarge, for ``name``, and RevisionError where there is no such blob."""
        if self._process is None:
            self._process = self._start()
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None, "started with pipes"
        assert answers is not None, "started with pipes"
        try:
            questions.write(blob.encode() + b"\n")
            questions.flush()
            header = answers.readline().split()
        except OSError:
            header = []
        if len(header) != 3:
            raise RevisionError(
                f"git does not hold the object {blob} of {name}",
                advice="the clone may be partial or damaged: git fetch, git fsck",
            )
        size = int(header[2])
        if size > limits.size:
            self.close()  # cheaper than reading on to the next answer
        check_size(size, name, limits)
        data = answers.read(size)
        answers.read(1)  # the line feed after the data
        return data

    def close(self) -> None:
        """End the process; the next question starts another."""
        self._process = None  # GitPython ends a process that nobody holds
