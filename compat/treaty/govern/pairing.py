"""Which document of a contract became which: moved ones recognised, majors kept apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.govern.catalogue import matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from treaty.govern.policy import ContractPolicy

VERSION_FOLDER = re.compile(r"(?:^|/)v(\d+)(?=/)")
_MAJOR = re.compile(r"(?<![A-Za-z0-9])v\d+(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Work:
    """One document to judge; ``old`` or ``new`` is None when it is new, or gone."""

    contract: ContractPolicy
    old: str | None
    new: str | None

    @property
    def path(self) -> str:
        path = self.new or self.old
        assert path is not None
        return path


def pair(
    contract: ContractPolicy, before: Sequence[str], after: Sequence[str], renamed: Mapping[str, str], prefix: str
) -> list[Work]:
    """The documents of a contract on both sides.

    A document that moved to another name stays the same document; one that moved to the folder of another major does
    not: its old major is gone, and the new one begins.
    """
    old, new = matching(before, contract.paths, prefix), matching(after, contract.paths, prefix)
    left = set(old)
    work: list[Work] = []
    for path in new:
        origin = path if path in left else renamed.get(path)
        if origin in left and major_folder(origin) == major_folder(path):
            left.discard(origin)
            work.append(Work(contract, origin, path))
        else:
            work.append(Work(contract, None, path))
    work.extend(Work(contract, path, None) for path in sorted(left))
    return work


def major_folder(path: str | None) -> int | None:
    """The N of the first folder ``vN`` of a path."""
    found = VERSION_FOLDER.search(path) if path is not None else None
    return int(found[1]) if found is not None else None


def predecessor(path: str, among: Iterable[str]) -> str | None:
    """The document that ``path`` is a later major of: the same path under the highest lower ``vN``."""
    major = major_folder(path)
    if major is None:
        return None
    name = _MAJOR.sub("v*", path)
    earlier = {
        folder: other
        for other in among
        if (folder := major_folder(other)) is not None and folder < major and _MAJOR.sub("v*", other) == name
    }
    return earlier[max(earlier)] if earlier else None
