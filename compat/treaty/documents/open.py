"""From what a person types to a library and a path in it."""

from __future__ import annotations

import os
import posixpath
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.library import Library
from treaty.documents.limits import Limits, check_size
from treaty.documents.location import Location
from treaty.documents.source import FileSource, IndexSource, RevisionSource, Shown, TextSource
from treaty.errors import DocumentError, DocumentNotFound, RevisionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from treaty.documents.remote import RemotePolicy

__all__ = ["Opened", "OpenedFolder", "open_argument", "open_folder"]

STDIN = "-"
_PATH_LIKE = re.compile(r"[A-Za-z]:[\\/]|\.{0,2}[\\/]")
"""What begins like this is a path, whatever follows: ``C:\\x``, ``./a:b``, ``../a``, ``/a``."""
_URL = re.compile(r"https?://")
_ENTRIES = (
    re.compile(r"(?:.+\.)?(?:openapi|asyncapi)\.(?:ya?ml|json)"),
    re.compile(r".+\.avsc|.+\.schema\.(?:ya?ml|json)|.+\.proto"),
)
"""What contracts are called, those first that may have the others as parts."""


_UNSEEN = frozenset({"node_modules", "__pycache__"})
"""Folders that hold no contracts of one's own; hidden ones are not looked into either."""


class Opened(NamedTuple):
    """A library, and the path of the document that was asked for."""

    library: Library
    path: str


class OpenedFolder(NamedTuple):
    """A library, the folder that was asked for, and the paths in it of what is called like a contract, sorted.

    ``folder`` counts from the root of the source, the ``contracts`` from the folder.
    """

    library: Library
    folder: str
    contracts: tuple[str, ...]

    def path(self, contract: str) -> str:
        """The path of a contract from the root of the source."""
        return posixpath.join(self.folder, contract)


def open_argument(
    argument: str,
    *,
    remote: RemotePolicy = False,
    limits: Limits | None = None,
    stdin: BinaryIO | None = None,
) -> Opened:
    """What a command line argument names; nothing is parsed yet.

    * ``-`` is standard input, without files around it; * ``REF:path`` is a file of a revision (git-rev-parse: from the
    root of the repository, or from the working directory with ``./``), ``:path`` the staged one; references are
    followed inside the same revision; * anything else is a path. Its references may lead anywhere inside the repository
    it lies in; outside of one, inside the working directory, else inside the file's own folder; * a folder is the one
    contract in it.

    Raises UsageError for a URL and for a folder without exactly one contract, RevisionError for an unknown revision,
    DocumentNotFound and DocumentError for what is no readable file.
    """
    limits = limits or Limits()
    if argument == STDIN:
        stream = stdin if stdin is not None else sys.stdin.buffer
        data = stream.read(limits.size + 1)
        check_size(len(data), "standard input", limits)
        return Opened(Library(TextSource({STDIN: data}), remote=remote, limits=limits), STDIN)
    if not argument:
        raise UsageError("an empty path", advice="name a file, REF:path, or - for standard input")
    if _URL.match(argument):
        raise UsageError(
            f"{argument} is a URL, and Treaty compares files", advice=f"curl -sSf {argument} | treaty diff OLD -"
        )
    revision, colon, inside = argument.partition(":")
    if colon and not _PATH_LIKE.match(argument) and not os.path.exists(argument):  # noqa: PTH110  # Path.exists raises
        return _from_git(revision, inside, remote, limits)
    return _from_disk(argument, remote, limits)


def open_folder(argument: str, *, remote: RemotePolicy = False, limits: Limits | None = None) -> OpenedFolder | None:
    """The folder a command line argument names, None where it names none; arguments are as in :func:`open_argument`.

    Raises RevisionError for an unknown revision, and DocumentError for a folder that cannot be read.
    """
    limits = limits or Limits()
    if argument == STDIN or not argument or _URL.match(argument):
        return None
    revision, colon, inside = argument.partition(":")
    if colon and not _PATH_LIKE.match(argument) and not os.path.exists(argument):  # noqa: PTH110  # Path.exists raises
        return _folder_in_git(revision, inside, remote, limits)
    return _folder_on_disk(argument, remote, limits)


def _folder_in_git(revision: str, inside: str, remote: RemotePolicy, limits: Limits) -> OpenedFolder | None:
    source, path, _ = _in_git(revision, inside, limits)
    folder = "" if path == "." else path
    if source.identity(folder) is not None:
        return None
    prefix = f"{folder}/" if folder else ""
    inner = [path.removeprefix(prefix) for path in source.paths() if path.startswith(prefix)]
    return OpenedFolder(Library(source, remote=remote, limits=limits), folder, _contracts(inner)) if inner else None


def _folder_on_disk(argument: str, remote: RemotePolicy, limits: Limits) -> OpenedFolder | None:
    full = Path(os.path.normpath(_here() / argument))
    try:
        if not full.is_dir():
            return None
        inner = list(_files(full))
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror}", location=Location(argument)) from None
    root = _root_of(full / "contract")
    source = FileSource(root, limits=limits, shown="in full" if Path(argument).is_absolute() else "from here")
    folder = full.relative_to(root).as_posix()
    library = Library(source, remote=remote, limits=limits)
    return OpenedFolder(library, "" if folder == "." else folder, _contracts(inner))


def _files(folder: Path) -> Iterator[str]:
    """Every file below ``folder``, as POSIX paths from there. Raises OSError."""

    def refuse(error: OSError) -> None:
        raise error

    for at, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _UNSEEN]
        for name in names:
            yield Path(at, name).relative_to(folder).as_posix()


def _contracts(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        sorted(path for path in paths if any(pattern.fullmatch(posixpath.basename(path)) for pattern in _ENTRIES))
    )


def _from_git(revision: str, inside: str, remote: RemotePolicy, limits: Limits) -> Opened:
    source, path, here = _in_git(revision, inside, limits)
    known = source.identity(path)
    if known is None and here != "." and source.identity(f"{here}/{path}") is not None:
        raise DocumentNotFound(
            "there is no such file",
            location=Location(source.display(path)),
            advice=f"paths of a revision begin at the root of the repository; did you mean {revision}:./{path}?",
        )
    names = source.names(path.removesuffix("/") if path != "." else "")
    if known is None and names:
        path = _entry_of(path if path != "." else "", list(names), source.display(path))
    return Opened(Library(source, remote=remote, limits=limits), path)


def _in_git(revision: str, inside: str, limits: Limits) -> tuple[RevisionSource | IndexSource, str, str]:
    """The source a revision is read from, ``inside`` as a path in it, and the working directory as one."""
    from treaty.documents.repository import Repository

    try:
        repository = Repository.find(_here())
    except RevisionError as error:
        written = f"{revision}:{inside}"
        raise RevisionError(
            f"{written} names a revision, or a file that does not exist, and {_here()} is in no git repository",
            advice=f"write ./{written} for a file of that name",
        ) from error
    source = RevisionSource(repository, revision, limits=limits) if revision else IndexSource(repository, limits=limits)
    here = Path(os.path.relpath(_here().resolve(), repository.root.resolve())).as_posix()
    path = os.path.normpath(f"{here}/{inside}" if inside.startswith(("./", "../")) else inside).replace(os.sep, "/")
    if path.startswith("../"):
        raise UsageError(f"{inside} lies outside of the repository {repository.root}")
    return source, path, here


def _from_disk(argument: str, remote: RemotePolicy, limits: Limits) -> Opened:
    full = Path(os.path.normpath(_here() / argument))
    shown: Shown = "in full" if Path(argument).is_absolute() else "from here"
    try:
        if full.is_dir():
            names = [item.name for item in full.iterdir() if item.is_file()]
            full /= _entry_of("", names, argument)
        elif full.exists() and not full.is_file():
            # A named pipe, such as a shell's <(command): it can be read, once, and has no neighbours.
            with full.open("rb") as stream:
                data = stream.read(limits.size + 1)
            check_size(len(data), argument, limits)
            name = posixpath.normpath(argument)
            return Opened(Library(TextSource({name: data}), remote=remote, limits=limits), name)
        root = _root_of(full)
        real = Path(os.path.realpath(full))
        if not real.is_relative_to(os.path.realpath(root)):
            # A link that a person names is meant; what it leads to has its own surroundings.
            full, root = real, _root_of(real)
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror}", location=Location(argument)) from None
    except ValueError:  # a NUL character
        raise DocumentNotFound("there is no such file", location=Location(argument)) from None
    path = full.relative_to(root).as_posix()
    return Opened(Library(FileSource(root, limits=limits, shown=shown), remote=remote, limits=limits), path)


def _root_of(file: Path) -> Path:
    """The folder that references in ``file`` must not leave: its repository, the working directory, or its own."""
    for folder in file.parents:
        if (folder / ".git").exists():
            return folder
    here = _here()
    return here if file.is_relative_to(here) else file.parent


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise UsageError("the working directory does not exist any more", advice="change into one that does") from None


def _entry_of(folder: str, names: list[str], shown: str) -> str:
    """The one contract in a folder. Raises UsageError, naming the choices, when there is none or more than one."""
    tiers = [sorted(name for name in names if pattern.fullmatch(name)) for pattern in _ENTRIES]
    found = next(filter(None, tiers), [])
    if len(found) == 1:
        return f"{folder}/{found[0]}" if folder else found[0]
    if found:
        listed = ", ".join(found[:8]) + (", …" if len(found) > 8 else "")
        raise UsageError(f"{shown} is a folder of {len(found)} contracts", advice=f"name one of them: {listed}")
    raise UsageError(
        f"{shown} is a folder without a contract: no openapi.yaml, asyncapi.yaml, *.avsc, *.schema.json or *.proto",
        advice="name the file itself",
    )
