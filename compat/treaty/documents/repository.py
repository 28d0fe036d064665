"""A git repository: its revisions, what changed between them, and the blobs behind both."""

from __future__ import annotations

import os
import re
import weakref
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.documents.cat_file import CatFile
from treaty.documents.file_changes import FileChange, against_index, against_working_tree, between
from treaty.documents.git_commands import GitCommands
from treaty.documents.git_source import SUBMODULE, SYMLINK, Entry, TreeSource
from treaty.documents.limits import Limits
from treaty.documents.merge_base import MergeBase, Target, default_target, merge_base
from treaty.documents.nearby import did_you_mean
from treaty.documents.releases import Release, releases_among
from treaty.errors import DocumentError, RevisionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from treaty.documents.source import FileSource, Shown

__all__ = ["Commit", "FileChange", "MergeBase", "Repository"]

_OBJECT_NAME = re.compile(r"[0-9a-f]{7,64}")
_ANCESTRY = re.compile(r"[~^]")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the history. ``when`` is the author's time, with its zone, ``email`` the author's address."""

    id: str
    when: datetime
    author: str
    summary: str
    email: str = ""


class Repository:
    """One repository, seen from its root; nothing here writes to it.

    Answers about commits are remembered, because commits do not change. What depends on the index, the working tree or
    where a branch stands is asked of git each time.
    """

    def __init__(self, root: Path, *, bare: bool = False, shallow: bool = False) -> None:
        self.root = root
        self.bare = bare
        self.shallow = shallow
        self._git = git = GitCommands(root)
        self._entries: dict[str, Mapping[str, Entry]] = {}
        self._blobs = CatFile(lambda: git.start("cat-file", "--batch"))
        weakref.finalize(self, self._blobs.close)

    @classmethod
    def find(cls, start: Path) -> Repository:
        """The repository that ``start``, a file or a folder, lies in.

        Raises RevisionError where there is none, where git refuses it (another owner) and where git is not installed.
        """
        folder = start.absolute()
        while not folder.is_dir():
            folder = folder.parent
        answer = GitCommands(folder).ask(
            "rev-parse", "--is-bare-repository", "--is-shallow-repository", "--absolute-git-dir", "--show-toplevel"
        )
        lines = answer.text.splitlines()
        if answer.failed and lines[:1] != ["true"]:
            if "dubious ownership" in answer.errors:
                raise RevisionError(
                    f"git refuses the repository of {folder}: it belongs to another user",
                    advice=f"if you trust it: git config --global --add safe.directory {folder}",
                )
            raise RevisionError(
                f"{folder} is in no git repository",
                advice="run treaty inside one (git init makes one), or compare two files by path: treaty diff OLD NEW",
            )
        bare = lines[0] == "true"
        return cls(Path(lines[2] if bare else lines[3]), bare=bare, shallow=lines[1] == "true")

    # Revisions

    def head(self) -> str | None:
        """The commit that is checked out, in full; None on a branch that has no commit yet."""
        answer = self._git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return None if answer.failed else answer.text

    def branch(self) -> str | None:
        """The branch that is checked out, also one without a commit; None for a detached head."""
        answer = self._git.ask("symbolic-ref", "--quiet", "--short", "HEAD")
        return None if answer.failed else answer.text

    def resolve(self, revision: str) -> str:
        """The commit that ``revision`` names, in full; the empty tree of :meth:`merge_base` stands for itself.

        Raises RevisionError, with what to type, where there is none.
        """
        answer = self._git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if answer.failed and revision == self._empty_tree():
            return revision
        if answer.failed:
            raise self._unknown(revision)
        return answer.text

    def merge_base(
        self, default_ref: str | None = None, *, head: str | None = None, environ: Mapping[str, str] = os.environ
    ) -> MergeBase:
        """The commit where this branch (or the one that ends at the commit ``head``) left the one it will be merged
        into, and the ref of that one.

        That one is ``default_ref``, else the target branch a CI service names in ``environ``, else origin/HEAD,
        origin/main, origin/master, main or master. A repository that has no remote and none of these is compared with
        its own HEAD. Before the first commit the base is the empty tree. Raises RevisionError when nothing can be
        compared with, or this clone ends before the common ancestor.
        """
        head = head or self.head()
        if head is None:
            return MergeBase(self._empty_tree(), "no commit yet")
        if default_ref is not None:
            target: Target | None = Target(default_ref, self.resolve(default_ref))
        else:
            target = default_target(self._git, environ, shallow=self.shallow)
        if target is None:
            if self.branch() is None or self._git.run("remote").strip():
                raise RevisionError(
                    "no branch to compare with: there is no origin/HEAD, origin/main, origin/master, main or master",
                    advice="git remote set-head origin --auto, or name the revision: --against REF",
                )
            target = Target("HEAD", head)
        return merge_base(self._git, head, target, shallow=self.shallow)

    def releases(self, pattern: str = "v*") -> list[Release]:
        """The tags matching ``pattern`` that HEAD can reach and that name a SemVer version, oldest version first."""
        if self.head() is None:
            return []
        listed = self._git.run("tag", "--merged", "HEAD", "--list", pattern)
        return releases_among(listed.decode("utf-8", "replace").split(), pattern)

    def last_release(self, pattern: str = "v*") -> str:
        """The tag of the newest version that HEAD can reach; a prerelease only where there is no release.

        Raises RevisionError where there is neither.
        """
        found = self.releases(pattern)
        if not found:
            raise RevisionError(
                f"no tag {pattern} that names a version can be reached from HEAD",
                advice="git fetch --tags --unshallow" if self.shallow else "git fetch --tags, or name a revision",
            )
        return next((release.tag for release in reversed(found) if not release.version.prerelease), found[-1].tag)

    def commits(self, *paths: str, revision: str = "HEAD", limit: int | None = None) -> Iterator[Commit]:
        """The history of ``revision``, newest first: all of it, or the commits that touch one of ``paths``."""
        from git import Repo

        start = self.resolve(revision)
        with Repo(self.root) as repo:
            repo.git.update_environment(GIT_LITERAL_PATHSPECS="1")
            for commit in islice(repo.iter_commits(start, paths=list(paths)), limit):
                summary = commit.summary
                if isinstance(summary, bytes):  # not in the encoding it claims
                    summary = summary.decode("utf-8", "replace")
                author = commit.author
                yield Commit(commit.hexsha, commit.authored_datetime, str(author), summary, author.email or "")

    # Files

    def changed(self, base: str, against: str = "worktree") -> list[FileChange]:
        """The files that differ from ``base``: in the working tree, in the index (``"index"``), or in another revision.

        Renames are found; in the working tree also those git was not told of. Files that are neither known to git nor
        ignored count as added. Submodules are no files. Sorted by path.
        """
        if against == "index":
            return against_index(self._git, base)
        if against == "worktree":
            if self.bare:
                raise self._bare()
            return against_working_tree(self._git, base, self.root)
        return between(self._git, base, against)

    def files(self, commit: str) -> Mapping[str, str]:
        """Path to blob id of every file of a commit (or a tree); a symbolic link has the blob of what it leads to."""
        source = TreeSource(self, commit)
        found: dict[str, str] = {}
        for path, entry in self.entries(commit).items():
            if entry.mode == SYMLINK:
                try:
                    blob = source.identity(path)
                except DocumentError:  # a link out of the repository, or round in a circle, is no file
                    blob = None
                if blob is not None:
                    found[path] = blob
            elif entry.mode != SUBMODULE:
                found[path] = entry.blob
        return found

    def entries(self, commit: str) -> Mapping[str, Entry]:
        """Everything a commit (or a tree) lists, links and submodules included."""
        known = self._entries.get(commit)
        if known is None:
            listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", commit)
            known = self._entries[commit] = {path: Entry(mode, blob) for path, (mode, _, blob) in _listed(listed)}
        return known

    def staged(self) -> Mapping[str, Entry]:
        """Everything the index lists as a commit would take it, so without the files that are in conflict."""
        listed = _listed(self._git.run("ls-files", "--stage", "-z", "--full-name"))
        return {path: Entry(mode, blob) for path, (mode, blob, stage) in listed if stage == "0"}

    def conflicts(self) -> frozenset[str]:
        """The files whose merge conflict is not resolved in the index."""
        return frozenset(path for path, _ in _listed(self._git.run("ls-files", "--unmerged", "-z")))

    def listed(self) -> list[str]:
        """The paths git knows or would add: not ignored, and still on disk. Submodules are no files."""
        if self.bare:
            raise self._bare()
        found = _names(self._git.run("ls-files", "--cached", "--others", "--exclude-standard", "-z"))
        gone = _names(self._git.run("ls-files", "--deleted", "-z"))
        submodules = {path for path, entry in self.staged().items() if entry.mode == SUBMODULE}
        return sorted(path for path in {*found} - {*gone} - submodules if not path.endswith("/"))

    @property
    def hooks(self) -> Path:
        """The folder git takes hooks from, ``core.hooksPath`` included; it need not exist."""
        return self.root / self._git.run("rev-parse", "--git-path", "hooks").decode().rstrip("\n")

    def working_tree(self, *, limits: Limits | None = None, shown: Shown = "from the root") -> FileSource:
        """The files on disk, which know their blob ids where they are as the index has them."""
        from treaty.documents.source import FileSource

        if self.bare:
            raise self._bare()
        return FileSource(self.root, limits=limits, shown=shown, identities=self._unmodified)

    def _unmodified(self) -> Mapping[str, str]:
        modified = set(_names(self._git.run("diff", "--name-only", "-z", "--no-ext-diff")))
        return {
            path: entry.blob
            for path, entry in self.staged().items()
            if path not in modified and entry.mode not in (SYMLINK, SUBMODULE)
        }

    def blob(self, blob: str, limits: Limits | None = None, name: str = "a file") -> bytes:
        """The bytes of one blob. Raises DocumentTooLarge before reading more than ``limits`` allow."""
        return self._blobs.read(blob, limits or Limits(), name)

    def blobs(self, blobs: Iterable[str], limits: Limits | None = None) -> Iterator[bytes]:
        """The bytes of many blobs, in the order asked, all through one process."""
        for blob in blobs:
            yield self.blob(blob, limits)

    def close(self) -> None:
        """End the process that reads blobs; it starts again when one is asked for."""
        self._blobs.close()

    def _empty_tree(self) -> str:
        """The id of a tree without files, which git knows without storing it."""
        return self._git.run("hash-object", "-t", "tree", "--stdin").decode().strip()

    def _unknown(self, revision: str) -> RevisionError:
        name = _ANCESTRY.split(revision)[0]
        if name in ("HEAD", "@", "") and self.head() is None:
            return RevisionError(
                f"the branch {self.branch()} has no commit yet",
                advice="make the first commit, or compare files by path",
            )
        if self.shallow and (name != revision or _OBJECT_NAME.fullmatch(revision)):
            return RevisionError(
                f"this shallow clone does not hold the revision {revision}",
                advice="git fetch --unshallow (or, for a recent one: git fetch --deepen=50)",
            )
        listed = self._git.run("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
        known = listed.decode("utf-8", "replace").split()
        remote, _, branch = name.partition("/")
        if branch and remote in self._git.run("remote").decode("utf-8", "replace").split():
            advice: str | None = f"git fetch {remote} {branch}"
        else:
            advice = did_you_mean(name, known)
        return RevisionError(
            f"unknown revision {revision}", advice=advice or "git branch --all and git tag list what there is"
        )

    def _bare(self) -> RevisionError:
        return RevisionError(
            f"{self.root} is a bare repository: it has no working tree", advice="name a revision: REF:path"
        )


def _names(raw: bytes) -> list[str]:
    return raw.decode("utf-8", "surrogateescape").split("\0")[:-1]


def _listed(raw: bytes) -> Iterator[tuple[str, list[str]]]:
    """Path and columns of each line of ``git ls-tree -z`` or ``git ls-files -z``."""
    for line in _names(raw):
        head, _, path = line.partition("\t")
        yield path, head.split(" ")
