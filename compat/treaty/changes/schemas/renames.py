"""Properties that took the place of another: what looks renamed to a person is told as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.model.schema.shape import Conjunction, Objects

_MOST = 24


def renames(old: Objects, new: Objects, same: Callable[[Conjunction, Conjunction], bool]) -> dict[str, str]:
    """Removed and added properties of an object that answer to each other, both ways.

    They do when both are written the same, are as much required, and no other property is like them.
    """
    removed = [name for name in old.properties if name not in new.properties]
    added = [name for name in new.properties if name not in old.properties]
    if not removed or not added or len(removed) > _MOST or len(added) > _MOST:
        return {}
    alike = [
        (name, other)
        for name in removed
        for other in added
        if (name in old.required) is (other in new.required) and same(old.properties[name], new.properties[other])
    ]
    found: dict[str, str] = {}
    for name, other in alike:
        if sum(name == one or other == two for one, two in alike) == 1:
            found[name], found[other] = other, name
    return found
