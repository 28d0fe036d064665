"""What every store offers, and which one a URL stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from treaty.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from treaty_registry.facts import Change, Fact

DEFAULT_URL = "sqlite:///treaty-registry.db"
MEMORY_URL = "memory:"


class Overtaken(Exception):
    """Another node appended changes meanwhile; nothing was written."""


class Snapshot(NamedTuple):
    """The facts that build the state as of change ``head``."""

    head: int
    facts: Iterable[Fact]


class Appended(NamedTuple):
    """What a change in the log brought about; ``head`` is its number."""

    head: int
    facts: tuple[Fact, ...]


class Store(Protocol):
    """A log of changes, numbered from 1 without gaps, and the state they add up to.

    Nodes agree through the numbers: a change is appended under exactly the number after the head its writer knew, and
    two writers cannot both do so. Methods block, and may be called from one thread for reading and one for writing.
    They raise RegistryError 50001 (the store failed), 50002 (it took too long) and 50003 (it is out of reach).
    """

    @property
    def shared(self) -> bool:
        """Whether anyone but this node may write."""

    def open(self) -> None:
        """Connect, and bring the tables up to date."""

    def load(self) -> Snapshot:
        """Everything, consistent at one moment."""

    def newest(self) -> int:
        """The number of the newest change; cheap enough to ask several times a second."""

    def changes_after(self, head: int) -> Sequence[Appended]:
        """The changes with a number above ``head``, in order."""

    def append(self, head: int, changes: Sequence[Change]) -> None:
        """Write ``changes`` under the numbers after ``head``, durably and all or none. Raises Overtaken when one is
        taken.
        """

    def close(self) -> None:
        """Let go of connections and files."""


def open_store(url: str) -> Store:
    """The store ``url`` stands for: ``memory:``, ``sqlite:///file`` or ``postgresql://user:password@host/database``;
    opened.

    Raises UsageError for any other URL and where a needed package is missing, RegistryError where the store cannot be
    used.
    """
    if url == MEMORY_URL:
        from treaty_registry.stores.memory import MemoryStore

        return MemoryStore()
    scheme = url.partition(":")[0].partition("+")[0]
    store: Store
    if scheme == "sqlite":
        from treaty_registry.stores.sqlite import SqliteStore

        store = SqliteStore(url)
    elif scheme in ("postgresql", "postgres"):
        from treaty_registry.stores.postgres import PostgresStore

        store = PostgresStore(url)
    else:
        raise UsageError(
            f"no store for {scheme}: URLs", advice="choose sqlite:///file.db or postgresql://user@host/database"
        )
    store.open()
    return store
