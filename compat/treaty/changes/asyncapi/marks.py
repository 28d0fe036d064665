"""What is said about operations, channels and messages: texts, deprecation, stability."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Effect
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.changes.asyncapi.scope import Scope
    from treaty.documents.node import Node
    from treaty.model.asyncapi.nodes import Operation
    from treaty.model.asyncapi.traits import Members
    from treaty.model.lifecycle import Lifecycle
    from treaty.model.roles import Standing

_STABILITY = {"draft": 0, "alpha": 1, "beta": 2, "stable": 3}


def compare_texts(
    scope: Scope,
    site: str,
    standing: Standing,
    old: tuple[Node, Members],
    new: tuple[Node, Members],
    names: Sequence[str],
) -> None:
    """Record that members which only people read are other ones; references in them are followed."""
    changed = [name for name in names if _read(scope, old[1], name) != _read(scope, new[1], name)]
    if changed:
        places = _place(*old, changed[0]), _place(*new, changed[0])
        scope.fact(site, standing, "documentation-changed", Effect.NONE, *places, after=list(changed))


def _read(scope: Scope, members: Members, name: str) -> object:
    node = members.get(name)
    if node is None:
        return None
    value = scope.new.objects.follow(node).value
    if not isinstance(value, list):
        return value
    return [scope.new.objects.follow(node.child(index)).value for index in range(len(value))]


def _place(node: Node, members: Members, name: str) -> Node | Origin:
    return members[name] if name in members else Origin(node, name)


def compare_lifecycle(
    scope: Scope, site: str, standing: Standing, old: tuple[Node, Lifecycle], new: tuple[Node, Lifecycle]
) -> None:
    """Record that something was deprecated, or is no longer, or that its marks cannot be read."""
    was, now = old[1], new[1]
    if was.deprecated != now.deprecated:
        rule = "element-deprecated" if now.deprecated else "element-no-longer-deprecated"
        scope.fact(site, standing, rule, Effect.NONE, old[0], new[0])
    if now.unreadable and now.unreadable != was.unreadable:
        unreadable = list(now.unreadable)
        scope.fact(site, standing, "lifecycle-unreadable", Effect.REPLACES, old[0], new[0], None, [*unreadable])


def compare_stability(scope: Scope, site: str, old: Operation, new: Operation) -> None:
    """Record that an operation promises less than it did (`x-stability-level`)."""
    before, after = old.stability, new.stability
    if before == after:
        return
    places = old.members.get("x-stability-level", old.node), new.members.get("x-stability-level", new.node)
    if after is not None and after not in _STABILITY:
        scope.fact(site, old.action.standing, "stability-unreadable", Effect.REPLACES, *places, before, after)
    elif _rank(after) < _rank(before):
        scope.fact(site, old.action.standing, "stability-decreased", Effect.REPLACES, *places, before, after)


def _rank(level: str | None) -> int:
    # Nothing said is stable: people build on what is published without a warning.
    return _STABILITY.get(level, 3) if level is not None else 3


def removal_announced(lifecycle: Lifecycle, scope: Scope) -> bool:
    """Whether an element may go now: it was deprecated, its sunset has passed and its `removed_in` is reached."""
    if not lifecycle.deprecated or "sunset" in lifecycle.unreadable:
        return False
    if lifecycle.sunset is None and scope.settings.sunset_required:
        return False
    if lifecycle.sunset is not None and lifecycle.sunset > scope.settings.today:
        return False
    return lifecycle.removed_in is None or _reached(lifecycle.removed_in, scope.new.version)


def _reached(removed_in: str, version: str | None) -> bool:
    return version is not None and _numbers(version) >= _numbers(removed_in)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("-")[0].split(".") if part.isdigit())
