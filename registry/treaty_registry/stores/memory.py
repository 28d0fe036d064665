"""A store that forgets everything when the process ends, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_registry.stores.store import Appended, Overtaken, Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty_registry.facts import Change


class MemoryStore:
    """See :class:`treaty_registry.stores.store.Store`. The node holds the state; only the head is counted."""

    def __init__(self) -> None:
        self._head = 0

    @property
    def shared(self) -> bool:
        return False

    def open(self) -> None:
        """Nothing to open."""

    def load(self) -> Snapshot:
        return Snapshot(self._head, ())

    def newest(self) -> int:
        return self._head

    def changes_after(self, head: int) -> Sequence[Appended]:
        del head  # nobody else writes
        return ()

    def append(self, head: int, changes: Sequence[Change]) -> None:
        if head != self._head:
            raise Overtaken
        self._head += len(changes)

    def close(self) -> None:
        """Nothing to close."""
