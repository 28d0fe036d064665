"""Where files come from: the working tree, a revision, the git index, or memory."""

from __future__ import annotations

import os
import posixpath
import stat
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from treaty.documents.git_source import IndexSource, RevisionSource
from treaty.documents.limits import Limits, check_size
from treaty.documents.location import Location, readable
from treaty.documents.nearby import did_you_mean
from treaty.errors import DocumentError, DocumentNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

__all__ = ["FileSource", "IndexSource", "RevisionSource", "Source", "TextSource"]

Shown: TypeAlias = Literal["from the root", "from here", "in full"]
"""How a file of the working tree is called: relative to the root, to the working directory, or by its absolute path."""


class Source(Protocol):
    """A set of files under POSIX paths, relative to the source's root."""

    def read(self, path: str) -> bytes:
        """The bytes of the file.

        Raises DocumentNotFound where there is none, DocumentTooLarge before reading too much, and DocumentError for
        what is no file (a directory, a device, a link out of the root) or cannot be read.
        """
        ...

    def display(self, path: str) -> str:
        """The name the user knows the file by, such as ``contracts/x.yaml`` or ``main:contracts/x.yaml``."""
        ...

    def identity(self, path: str) -> str | None:
        """The git blob id where it is known without reading: equal identities are equal files. None where it is not."""
        ...

    def names(self, folder: str) -> Collection[str]:
        """The names of the files in a folder, for suggestions; empty where there is no such folder."""
        ...


class FileSource:
    """The files under a directory.

    Nothing outside of ``root`` is read, also not through a symbolic link. ``identities`` gives the blob ids of the
    files that are as git knows them, and is asked for at most once.
    """

    def __init__(
        self,
        root: Path,
        *,
        limits: Limits | None = None,
        shown: Shown = "from the root",
        identities: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        self.root = root
        self._limits = limits or Limits()
        self._shown = shown
        self._ask_identities = identities
        self._identities: Mapping[str, str] | None = None
        self._real_root = os.path.realpath(root)
        self._inside: dict[str, bool] = {}

    def read(self, path: str) -> bytes:
        full = os.path.join(self.root, path)  # noqa: PTH118  # a Path costs more than the check it is for
        try:
            if not self._is_inside(full):
                raise self._error(DocumentError, path, "a symbolic link leads out of the root of the contracts")
            with open(full, "rb", opener=_open) as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    kind = "a directory" if stat.S_ISDIR(status.st_mode) else "no regular file"
                    raise self._error(DocumentError, path, f"this is {kind}")
                check_size(status.st_size, self.display(path), self._limits)
                data = file.read(self._limits.size + 1)
                check_size(len(data), self.display(path), self._limits)
                return data
        except IsADirectoryError:
            raise self._error(DocumentError, path, "this is a directory", "name the contract's file in it") from None
        except (FileNotFoundError, NotADirectoryError, ValueError):
            folder, name = posixpath.split(path)
            raise self._error(
                DocumentNotFound, path, "there is no such file", did_you_mean(name, self.names(folder))
            ) from None
        except OSError as error:
            raise self._error(DocumentError, path, f"cannot be read: {error.strerror or error}") from None

    def display(self, path: str) -> str:
        full = os.path.join(self.root, path)  # noqa: PTH118  # kept as text, links and all
        if self._shown == "from here":
            path = os.path.relpath(full)
        elif self._shown == "in full":
            path = os.path.normpath(full)
        return readable(path)

    def identity(self, path: str) -> str | None:
        if self._identities is None:
            self._identities = self._ask_identities() if self._ask_identities is not None else {}
        return self._identities.get(path)

    def names(self, folder: str) -> Collection[str]:
        try:
            with os.scandir(self.root / folder) as items:
                return [item.name for item in items if not item.is_dir()]
        except (OSError, ValueError):
            return []

    def _is_inside(self, full: str) -> bool:
        """Whether the file really lies under the root; its folder is looked at once."""
        folder = os.path.dirname(full)  # noqa: PTH120  # text in, text out
        inside = self._inside.get(folder)
        if inside is None:
            inside = self._inside[folder] = self._under_root(os.path.realpath(folder))
        return inside and (not os.path.islink(full) or self._under_root(os.path.realpath(full)))  # noqa: PTH114

    def _under_root(self, real: str) -> bool:
        return real == self._real_root or real.startswith(os.path.join(self._real_root, ""))  # noqa: PTH118

    def _error(self, kind: type[DocumentError], path: str, problem: str, advice: str | None = None) -> DocumentError:
        return kind(problem, location=Location(self.display(path)), advice=advice)


def _open(path: str, flags: int) -> int:
    """Open without waiting: a named pipe that nobody writes to must not hang the run."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class TextSource:
    """Files held in memory, such as standard input."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, path: str) -> bytes:
        try:
            return self._files[path]
        except KeyError:
            raise DocumentNotFound(
                "there is no such file", location=Location(path), advice=did_you_mean(path, self._files)
            ) from None

    def display(self, path: str) -> str:
        return path

    def identity(self, path: str) -> str | None:
        return None

    def names(self, folder: str) -> Collection[str]:
        return [posixpath.basename(path) for path in self._files if posixpath.dirname(path) == folder]
