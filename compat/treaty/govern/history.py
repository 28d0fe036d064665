"""The versions a contract document has had, as git knows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.git_source import RevisionSource, TreeSource
from treaty.documents.library import Library
from treaty.errors import TreatyError
from treaty.govern.comparison import describe

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from treaty.documents.repository import Commit, Repository


class Snapshot(NamedTuple):
    """The content of a document at the first commit that had it; ``version`` is what it declares, if anything.

    ``problem`` is why it cannot be read, and ``version`` None then.
    """

    commit: Commit
    version: str | None
    problem: TreatyError | None = None


class Release(NamedTuple):
    """A state of a document that was given to others: by a tag, or by a commit where a repository has no tags."""

    name: str
    commit: str
    when: datetime.datetime
    version: str | None


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """One declared version: the first commit that declared it, and the last content it had.

    A document without versions has one entry for each content. ``tag`` is the oldest release tag that holds it.
    """

    version: str | None
    first: Commit
    last: Commit
    tag: str | None = None
    problem: TreatyError | None = None

    @property
    def label(self) -> str:
        """How to call it: the version, else the commit that began it."""
        return self.version or self.first.id[:7]


class History:
    """The history of one document up to ``revision``; ``files`` are the document and what it refers to.

    ``tags`` is the pattern of release tags, as :meth:`Repository.releases` takes it.
    """

    def __init__(
        self, repository: Repository, path: str, files: Sequence[str], *, revision: str = "HEAD", tags: str = "v*"
    ) -> None:
        self._repository = repository
        self._path = path
        self._files = tuple(files)
        self._revision = revision
        self._tags = tags
        self._versions: dict[str, tuple[str | None, TreatyError | None]] = {}
        self._snapshots: list[Snapshot] | None = None

    def snapshots(self) -> list[Snapshot]:
        """Every distinct content of the document, oldest first; commits without it are left out."""
        if self._snapshots is None:
            self._snapshots = list(self._read_snapshots())
        return self._snapshots

    def _read_snapshots(self) -> Iterator[Snapshot]:
        previous: tuple[str | None, ...] | None = None
        commits = list(self._repository.commits(*self._files, revision=self._revision))
        for commit in reversed(commits):
            identity = self._identity(commit.id)
            if identity is None or identity == previous:
                continue
            previous = identity
            yield Snapshot(commit, *self._declared(commit.id))

    def releases(self) -> list[Release]:
        """What was given to others, oldest first: the tags that hold the document, else every content it had.

        A version on the branch that is merged into counts as released where the repository has no release tags.
        """
        tagged = [
            Release(release.tag, commit.id, commit.when, self._declared(commit.id)[0])
            for release in self._repository.releases(self._tags)
            for commit in self._repository.commits(revision=release.tag, limit=1)
            if self._identity(commit.id) is not None
        ]
        if tagged:
            return tagged
        return [
            Release(
                snapshot.version or snapshot.commit.id[:7], snapshot.commit.id, snapshot.commit.when, snapshot.version
            )
            for snapshot in self.snapshots()
            if snapshot.problem is None
        ]

    def versions(self) -> list[PublishedVersion]:
        """The declared versions, oldest first, with the tags that hold them."""
        found: list[PublishedVersion] = []
        for snapshot in self.snapshots():
            last = found[-1] if found else None
            if last is not None and last.version is not None and last.version == snapshot.version:
                found[-1] = replace(last, last=snapshot.commit)
            else:
                found.append(
                    PublishedVersion(snapshot.version, snapshot.commit, snapshot.commit, problem=snapshot.problem)
                )
        tags: dict[str | None, str] = {}
        for release in self._repository.releases(self._tags):
            commit = self._repository.resolve(release.tag)
            if self._identity(commit) is not None:
                tags.setdefault(self._declared(commit)[0], release.tag)
        return [replace(version, tag=tags.get(version.version) if version.version else None) for version in found]

    def at(self, revision: str) -> PublishedVersion | None:
        """The version that was there at a revision; None where the document was not there yet.

        Raises RevisionError for an unknown revision.
        """
        commit = self._repository.resolve(revision)
        identity = self._identity(commit)
        if identity is None:
            return None
        declared = self._declared(commit)[0]
        for version in reversed(self.versions()):
            same = version.version == declared if declared is not None else self._identity(version.last.id) == identity
            if same:
                return version
        return None

    def library(self, commit: str) -> Library:
        """The files of a commit, shown under its short id."""
        return Library(RevisionSource(self._repository, commit[:10]))

    def _identity(self, commit: str) -> tuple[str | None, ...] | None:
        """What the files of the document were at ``commit``; None where it did not exist."""
        source = TreeSource(self._repository, commit)
        if source.identity(self._path) is None:
            return None
        return tuple(source.identity(file) for file in self._files)

    def _declared(self, commit: str) -> tuple[str | None, TreatyError | None]:
        source = TreeSource(self._repository, commit)
        blob = source.identity(self._path) or commit
        if blob not in self._versions:
            try:
                self._versions[blob] = (describe(Library(source).open(self._path)).version, None)
            except TreatyError as error:
                self._versions[blob] = (None, error)
        return self._versions[blob]
