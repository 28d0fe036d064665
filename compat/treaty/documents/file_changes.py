"""Which files differ: between two revisions, a revision and the index, or a revision and the working tree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from treaty.documents.git_source import SUBMODULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.git_commands import GitCommands

__all__ = ["FileChange", "against_index", "against_working_tree", "between"]

Status: TypeAlias = Literal["added", "removed", "modified", "renamed"]

_DIFF = (
    "diff",
    "--raw",
    "-z",
    "--no-abbrev",
    "--find-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules",
)
_STATUS: dict[str, Status] = {"A": "added", "D": "removed", "R": "renamed"}


class FileChange(NamedTuple):
    """One file that is not what it was; ``old`` is None where it is added, ``new`` where it is removed."""

    status: Status
    old: str | None
    new: str | None


def between(git: GitCommands, base: str, revision: str) -> list[FileChange]:
    """What ``revision`` changes of ``base``."""
    return _parsed(git.run(*_DIFF, base, revision, "--"))


def against_index(git: GitCommands, base: str) -> list[FileChange]:
    """What a commit of the index would change of ``base``."""
    return _parsed(git.run(*_DIFF, "--cached", base, "--"))


def against_working_tree(git: GitCommands, base: str, root: Path) -> list[FileChange]:
    """What the files on disk change of ``base``; those git does not know yet, and does not ignore, are added."""
    changes = _parsed(git.run(*_DIFF, base, "--"))
    listed = git.run("ls-files", "--others", "--exclude-standard", "-z")
    untracked = [path for path in _names(listed) if not path.endswith("/")]  # a folder: a repository inside this one
    if untracked and any(change.status == "removed" for change in changes):
        return _with_untracked_in_index(git, base, root, untracked)
    # A file removed from the index only is both removed and untracked, and in truth still there.
    changes += [FileChange("added", None, path) for path in untracked]
    return _sorted(changes)


def _with_untracked_in_index(git: GitCommands, base: str, root: Path, untracked: list[str]) -> list[FileChange]:
    """The changes with moved files found although nobody told git: in a copy of the index that knows them.

    What git writes meanwhile goes into a directory that is thrown away; the repository stays as it is.
    """
    import shutil
    from tempfile import TemporaryDirectory

    index, objects = (
        root / name
        for name in git.run("rev-parse", "--git-path", "index", "--git-path", "objects").decode().splitlines()
    )
    with TemporaryDirectory(prefix="treaty-") as scratch:
        copy, written, names = (Path(scratch, name) for name in ("index", "objects", "names"))
        written.mkdir()
        if index.exists():
            shutil.copyfile(index, copy)
        names.write_bytes(b"\0".join(name.encode("utf-8", "surrogateescape") for name in untracked))
        env: Mapping[str, str] = {
            "GIT_INDEX_FILE": str(copy),
            "GIT_OBJECT_DIRECTORY": str(written),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(objects),
        }
        with names.open("rb") as stdin:
            git.run("add", "--intent-to-add", "--pathspec-from-file=-", "--pathspec-file-nul", env=env, stdin=stdin)
        return _parsed(git.run(*_DIFF, base, "--", env=env))


def _parsed(raw: bytes) -> list[FileChange]:
    """The changes in the output of ``git diff --raw -z`` (git-diff, "Raw output format"), submodules left out."""
    changes = []
    fields = iter(_names(raw))
    for head in fields:
        old_mode, new_mode, _, _, status = head.removeprefix(":").split(" ")
        kind: Status = _STATUS.get(status[0], "modified")
        old = next(fields)
        new = next(fields) if kind == "renamed" else old
        if SUBMODULE in (old_mode, new_mode):
            continue
        changes.append(FileChange(kind, None if kind == "added" else old, None if kind == "removed" else new))
    return _sorted(changes)


def _names(raw: bytes) -> list[str]:
    return raw.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _sorted(changes: list[FileChange]) -> list[FileChange]:
    return sorted(set(changes), key=lambda change: (change.new or change.old or "", change.status))
