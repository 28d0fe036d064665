"""The files of a revision and of the git index, read from blobs."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.limits import Limits
from treaty.documents.location import Location, readable
from treaty.documents.nearby import did_you_mean
from treaty.errors import DocumentError, DocumentNotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from treaty.documents.repository import Repository

__all__ = ["SUBMODULE", "SYMLINK", "Entry", "IndexSource", "RevisionSource", "TreeSource"]

SYMLINK = "120000"
SUBMODULE = "160000"
_MAX_LINKS = 40
"""Symbolic links followed on the way to one file; Linux allows as many."""
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


class Entry(NamedTuple):
    """A file as git lists it: its mode (octal text, as git writes it) and its blob."""

    mode: str
    blob: str


class _BlobSource:
    """Files listed by git. Symbolic links are followed inside the listing, as the working tree would."""

    def __init__(self, repository: Repository, limits: Limits | None) -> None:
        self._repository = repository
        self._limits = limits or Limits()
        self._folders: dict[str, list[str]] | None = None

    def _entries(self) -> Mapping[str, Entry]:
        raise NotImplementedError

    def display(self, path: str) -> str:
        raise NotImplementedError

    def read(self, path: str) -> bytes:
        entry = self._find(path)
        if entry is None:
            raise self._missing(path)
        data = self._repository.blob(entry.blob, self._limits, self.display(path))
        if data.startswith(_LFS_POINTER):
            raise self._error(
                path, "git holds only a pointer: the file itself is kept by Git LFS", "keep contracts in git itself"
            )
        return data

    def identity(self, path: str) -> str | None:
        entry = self._find(path)
        return entry.blob if entry is not None else None

    def names(self, folder: str) -> Collection[str]:
        if self._folders is None:
            self._folders = {}
            for path in self._entries():
                self._folders.setdefault(posixpath.dirname(path), []).append(posixpath.basename(path))
        return self._folders.get(folder, [])

    def paths(self) -> Collection[str]:
        """Every path that is listed, submodules included."""
        return self._entries().keys()

    def _find(self, path: str) -> Entry | None:
        """The file under ``path``, symbolic links followed; None where there is none."""
        entries = self._entries()
        followed = path
        for _ in range(_MAX_LINKS):
            entry = entries.get(followed)
            if entry is not None and entry.mode != SYMLINK:
                return entry if entry.mode != SUBMODULE else None
            link = followed if entry is not None else self._linked_folder(followed, entries)
            if link is None:
                return None
            target = self._repository.blob(entries[link].blob, self._limits, self.display(path)).decode(
                "utf-8", "surrogateescape"
            )
            followed = posixpath.normpath(posixpath.join(posixpath.dirname(link), target) + followed[len(link) :])
            if target.startswith("/") or followed.startswith("../") or followed == "..":
                raise self._error(path, f"the symbolic link {link} leads out of the repository")
        raise self._error(path, "the symbolic links on the way to it go round in a circle")

    def _linked_folder(self, path: str, entries: Mapping[str, Entry]) -> str | None:
        """The first folder on the way to ``path`` that is a symbolic link."""
        end = path.find("/")
        while end >= 0:
            entry = entries.get(path[:end])
            if entry is not None:
                return path[:end] if entry.mode == SYMLINK else None
            end = path.find("/", end + 1)
        return None

    def _missing(self, path: str) -> DocumentError:
        entries = self._entries()
        parents = [path[:end] for end in range(len(path) + 1) if end == len(path) or path[end] == "/"]
        for parent in parents:
            entry = entries.get(parent)
            if entry is not None and entry.mode == SUBMODULE:
                return self._error(
                    path,
                    f"{parent} is a submodule, and its files are not in this repository",
                    f"compare inside the submodule: cd {parent}",
                )
        if any(other.startswith(f"{path}/") for other in entries):
            return self._error(path, "this is a directory", "name the contract's file in it")
        folder, name = posixpath.split(path)
        advice = did_you_mean(name, self.names(folder), prefix=f"{folder}/" if folder else "")
        return DocumentNotFound("there is no such file", location=Location(self.display(path)), advice=advice)

    def _error(self, path: str, problem: str, advice: str | None = None) -> DocumentError:
        return DocumentError(problem, location=Location(self.display(path)), advice=advice)


class TreeSource(_BlobSource):
    """The files of a commit or a tree, given by its id."""

    def __init__(self, repository: Repository, tree: str, *, limits: Limits | None = None) -> None:
        super().__init__(repository, limits)
        self._tree = tree

    def display(self, path: str) -> str:
        return readable(path)

    def _entries(self) -> Mapping[str, Entry]:
        return self._repository.entries(self._tree)


class RevisionSource(TreeSource):
    """The files of one revision of a repository.

    Raises RevisionError, as :meth:`Repository.resolve` does, for a revision that does not exist.
    """

    def __init__(self, repository: Repository, revision: str, *, limits: Limits | None = None) -> None:
        self.revision = revision
        self.commit = repository.resolve(revision)
        super().__init__(repository, self.commit, limits=limits)

    def display(self, path: str) -> str:
        return readable(f"{self.revision}:{path}")


class IndexSource(_BlobSource):
    """The files as they are staged, which is what a commit would hold."""

    def __init__(self, repository: Repository, *, limits: Limits | None = None) -> None:
        super().__init__(repository, limits)
        self._staged: Mapping[str, Entry] | None = None

    def display(self, path: str) -> str:
        return readable(f"(staged) {path}")

    def _entries(self) -> Mapping[str, Entry]:
        if self._staged is None:
            self._staged = self._repository.staged()
        return self._staged

    def _missing(self, path: str) -> DocumentError:
        if path in self._repository.conflicts():
            return self._error(
                path, "the merge conflict in this file is not resolved", f"resolve it, then: git add {path}"
            )
        return super()._missing(path)
