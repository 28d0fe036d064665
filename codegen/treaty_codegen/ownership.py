"""Folders of generated files: which files are Treaty's, what has changed in them, and writing all of them or none."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from treaty.errors import UsageError
from treaty_codegen.outcome import FileState

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LOCK", "MANIFEST", "Folder", "read_lock", "with_manifest", "write_all"]

MANIFEST = ".treaty-generated.json"
LOCK = "treaty-names.json"
_ADVICE = "restore it from git; or remove it, and every file of the folder counts as somebody else's"


def read_lock(out: Path) -> dict[str, str]:
    """The name lock of a folder: places of a contract to the names they were given. Raises UsageError."""
    path = out / LOCK
    if not path.is_file():
        return {}
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}", advice="restore it from git; names depend on it") from None
    names = raw.get("names") if isinstance(raw, dict) else None
    if not isinstance(names, dict) or not all(_is_name(name) for name in names.values()):
        raise UsageError(f"{path} is no name lock", advice="restore it from git; names depend on it")
    return {str(place): str(name) for place, name in names.items()}


def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(name) and all(part.isidentifier() for part in name.split("."))


def with_manifest(files: Mapping[str, str], names: Mapping[str, str]) -> dict[str, bytes]:
    """All files of a folder, the name lock and the manifest among them."""
    lock = {
        "about": "Names given once, by their place in the contract. Commit this file.",
        "names": dict(sorted(names.items())),
    }
    found = {path: text.encode("utf-8") for path, text in sorted(files.items())}
    found[LOCK] = (json.dumps(lock, indent=2, ensure_ascii=False) + "\n").encode()
    manifest = {
        "about": "The files Treaty writes and may replace. Everything else in this folder is left alone.",
        "files": {path: _digest(data) for path, data in sorted(found.items())},
    }
    found[MANIFEST] = (json.dumps(manifest, indent=2) + "\n").encode()
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(slots=True)
class Folder:
    """A folder, and the files it should hold."""

    out: Path
    files: Mapping[str, bytes]

    def owned(self) -> frozenset[str]:
        """The files the manifest on disk names. Raises UsageError when it cannot be read.

        A name lock says itself that it is Treaty's: it may be all that a repository keeps of the folder.
        """
        path = self.out / MANIFEST
        if not path.is_file():
            return frozenset({LOCK} if read_lock(self.out) else ())
        try:
            raw = json.loads(path.read_text("utf-8"))
            listed = raw["files"]
            names = frozenset(str(name) for name in listed)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path} cannot be read: {error}", advice=_ADVICE) from None
        for name in names:
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise UsageError(f"{path} names {name}, which is not in this folder", advice=_ADVICE)
        return names | {MANIFEST}

    def changes(self) -> list[FileState]:
        """How the folder on disk differs. Raises UsageError for a file that is in the way and not Treaty's."""
        owned = self.owned()
        found: list[FileState] = []
        for name, data in self.files.items():
            path = self.out / name
            self._stay_inside(path)
            if not path.exists():
                found.append(FileState(name, "new"))
            elif not path.is_file() or path.read_bytes() != data:
                if name not in owned:
                    raise UsageError(
                        f"{path} is in the way: it is not one of the files Treaty wrote",
                        advice="move it, or generate into another folder",
                    )
                found.append(FileState(name, "changed"))
        found.extend(
            FileState(name, "removed") for name in sorted(owned - self.files.keys()) if (self.out / name).is_file()
        )
        return found

    def _stay_inside(self, path: Path) -> None:
        root = self.out.resolve()
        if not path.parent.resolve().is_relative_to(root) or path.is_symlink():
            raise UsageError(f"{path} is a link, and would be written through", advice="replace it by a real folder")


def write_all(changes: list[tuple[Folder, list[FileState]]]) -> None:
    """Carry out ``changes``: all of them, or, when one fails, none. Raises UsageError with what the system said.

    New files are complete on disk before the first old one is touched.
    """
    staged: list[tuple[Path, Path]] = []  # what was prepared, and where it goes
    saved: list[tuple[Path, Path]] = []  # where a replaced file lies meanwhile, and where it was
    made: list[Path] = []
    rooms: list[Path] = []
    try:
        for folder, states in changes:
            if not states:
                continue
            _make(folder.out, made)
            room = Path(tempfile.mkdtemp(prefix=".treaty-writing-", dir=folder.out))
            rooms.append(room)
            for index, state in enumerate(states):
                if state.change != "removed":
                    (room / f"new{index}").write_bytes(folder.files[state.path])
                    staged.append((room / f"new{index}", folder.out / state.path))
        for folder, states in changes:
            room = next((each for each in rooms if each.parent == folder.out), folder.out)
            for index, state in enumerate(states):
                target = folder.out / state.path
                if state.change != "new":
                    target.rename(room / f"old{index}")
                    saved.append((room / f"old{index}", target))
        for source, target in staged:
            _make(target.parent, made)
            source.rename(target)
    except OSError as error:
        _undo(staged, saved, made, rooms)
        raise UsageError(f"nothing was written: {error.filename or ''}: {error.strerror or error}") from error
    for room in rooms:
        shutil.rmtree(room, ignore_errors=True)
    for folder, states in changes:
        _remove_empty(folder.out, states)


def _make(folder: Path, made: list[Path]) -> None:
    missing = [folder, *folder.parents]
    for each in reversed([path for path in missing if not path.exists()]):
        each.mkdir()
        made.append(each)


def _undo(staged: list[tuple[Path, Path]], saved: list[tuple[Path, Path]], made: list[Path], rooms: list[Path]) -> None:
    for source, target in staged:
        if not source.exists():
            target.unlink(missing_ok=True)
    for source, target in saved:
        with contextlib.suppress(OSError):
            source.rename(target)
    for room in rooms:
        shutil.rmtree(room, ignore_errors=True)
    for folder in reversed(made):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _remove_empty(out: Path, states: list[FileState]) -> None:
    """Folders that removed files leave empty."""
    for state in states:
        if state.change == "removed":
            for folder in (out / state.path).parents:
                if folder == out or not folder.is_relative_to(out):
                    break
                with contextlib.suppress(OSError):
                    folder.rmdir()
