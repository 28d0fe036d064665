"""What a run is between: the commit it compares with, and both sides as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.documents.library import Library


class Against(NamedTuple):
    """What a run compares with: a commit, how to call it, and where versions count from when that is another commit."""

    commit: str
    label: str
    versions_from: str | None = None


class State(NamedTuple):
    """One side: its documents, and the paths of all its files."""

    library: Library
    paths: Sequence[str]


class States(NamedTuple):
    """Both sides."""

    old: State
    new: State
