"""Bindings: what a protocol is told about servers, channels, operations and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from treaty.changes.change import Effect
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from collections.abc import Collection

    from treaty.changes.asyncapi.scope import Scope
    from treaty.documents.node import Node
    from treaty.model.asyncapi.contract import AsyncApiContract
    from treaty.model.roles import Standing

Bound: TypeAlias = "tuple[Node | None, Node]"
"""The `bindings` of an object, None where it has none, and the object."""

_VERSION = "bindingVersion"


def compare_bindings(
    scope: Scope, site: str, standing: Standing, old: Bound, new: Bound, *, apart: Collection[tuple[str, str]] = ()
) -> None:
    """Record the members that changed, protocol by protocol; those ``apart`` (protocol, member) are told elsewhere."""
    before, after = protocols(scope.old, old[0]), protocols(scope.new, new[0])
    for protocol in dict.fromkeys((*before, *after)):
        one, other = before.get(protocol), after.get(protocol)
        was, now = _settings(one), _settings(other)
        changed = [
            name
            for name in dict.fromkeys((*was, *now))
            if (protocol, name) not in apart
            and not (name in was and name in now and scope.sameness.same(was[name], now[name]))
        ]
        if changed:
            scope.fact(
                f"{site} {protocol} binding",
                standing,
                "binding-changed",
                Effect.NONE,
                one or Origin(old[1], "bindings"),
                other or Origin(new[1], "bindings"),
                {name: was[name].value for name in changed if name in was},
                {name: now[name].value for name in changed if name in now},
            )


def protocols(contract: AsyncApiContract, bindings: Node | None) -> dict[str, Node]:
    """The binding of each protocol."""
    if bindings is None:
        return {}
    objects = contract.objects
    node = objects.object(bindings, "`bindings`")
    assert isinstance(node.value, dict)
    return {
        name: objects.object(node.child(name), f"the {name} binding")
        for name, value in node.value.items()
        if not name.startswith("x-") and value is not None
    }


def _settings(binding: Node | None) -> dict[str, Node]:
    if binding is None or not isinstance(binding.value, dict):
        return {}
    # The version of the binding's own specification is no promise about the wire.
    return {name: binding.child(name) for name in binding.value if name != _VERSION and not name.startswith("x-")}
