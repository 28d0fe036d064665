"""Servers: matched by where they are, so that a new name for the same place is no change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.asyncapi.bindings import compare_bindings
from treaty.changes.asyncapi.marks import compare_texts
from treaty.changes.asyncapi.security import compare_security
from treaty.changes.change import Effect
from treaty.model.roles import Standing
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.changes.asyncapi.scope import Scope
    from treaty.documents.location import JsonValue
    from treaty.documents.node import Node
    from treaty.model.asyncapi.nodes import Server
    from treaty.model.asyncapi.traits import Members

_TEXTS = ("title", "summary", "description", "tags", "externalDocs")
_VARIABLE = re.compile(r"\{[^{}]*\}")


class MatchedServers(NamedTuple):
    """Which servers answer to each other, by name, and those that answer to none."""

    pairs: tuple[tuple[Server, Server], ...]
    removed: tuple[Server, ...]
    added: tuple[Server, ...]

    @property
    def kept(self) -> dict[str, str]:
        """Old name to new name."""
        return {old.name: new.name for old, new in self.pairs}


def matched_servers(old: Sequence[Server], new: Sequence[Server]) -> MatchedServers:
    """Match servers: the same place under the same name, the same place, then the same name."""
    removed, added = list(old), list(new)
    pairs: list[tuple[Server, Server]] = []
    for test in (
        lambda one, other: _place(one) == _place(other) and one.name == other.name,
        lambda one, other: _place(one) == _place(other),
        lambda one, other: one.name == other.name,
    ):
        for one in list(removed):
            other = next((each for each in added if test(one, each)), None)
            if other is not None:
                removed.remove(one)
                added.remove(other)
                pairs.append((one, other))
    return MatchedServers(tuple(pairs), tuple(removed), tuple(added))


def _place(server: Server) -> tuple[str, str]:
    return server.protocol, _VARIABLE.sub("{}", server.address)


def compare_servers(scope: Scope, servers: MatchedServers) -> None:
    """Record servers that came, went, or are somewhere else, and what it takes to connect."""
    gone, come = Origin(scope.old.root, "servers"), Origin(scope.new.root, "servers")
    for server in servers.removed:
        scope.fact(_site(server), Standing.REQUEST, "event-server-removed", Effect.REPLACES, server.node, come)
    for server in servers.added:
        scope.fact(_site(server), Standing.REQUEST, "event-server-added", Effect.NONE, gone, server.node)
    for old, new in servers.pairs:
        _compare(scope, _site(new), old, new)


def _site(server: Server) -> str:
    return f"server {server.name}"


def _compare(scope: Scope, site: str, old: Server, new: Server) -> None:
    if _place(old) != _place(new):
        was, now = f"{old.protocol}://{old.address}", f"{new.protocol}://{new.address}"
        scope.fact(site, Standing.REQUEST, "event-server-changed", Effect.REPLACES, old.node, new.node, was, now)
    _variables(scope, site, old, new)
    before, after = _members(old.node), _members(new.node)
    was_version, now_version = _version(before), _version(after)
    if was_version != now_version:
        places = Origin(old.node, "protocolVersion"), Origin(new.node, "protocolVersion")
        scope.fact(
            site,
            Standing.REQUEST,
            "event-server-protocol-version-changed",
            Effect.NONE,
            *places,
            was_version,
            now_version,
        )
    texts = _TEXTS if scope.old.major == scope.new.major else ("description",)
    compare_texts(scope, site, Standing.REQUEST, (old.node, before), (new.node, after), texts)
    compare_security(scope, site, old.security, new.security, (old.node, new.node))
    bindings = (before.get("bindings"), old.node), (after.get("bindings"), new.node)
    compare_bindings(scope, site, Standing.REQUEST, *bindings)


def _version(members: Members) -> JsonValue:
    node = members.get("protocolVersion")
    return str(node.value) if node is not None else None


def _variables(scope: Scope, site: str, old: Server, new: Server) -> None:
    """Values of a variable are servers of their own: each can be connected to, or not."""
    if len(old.variables) != len(new.variables):
        return  # told as another address
    places = Origin(old.node, "variables"), Origin(new.node, "variables")
    for (_, before), (name, after) in zip(old.variables.items(), new.variables.items(), strict=True):
        if before is None and after is not None:
            listed: list[JsonValue] = [*sorted(after)]
            scope.fact(
                f"{site} {name}", Standing.REQUEST, "event-server-removed", Effect.REPLACES, *places, None, listed
            )
        elif after is None and before is not None:
            scope.fact(f"{site} {name}", Standing.REQUEST, "event-server-added", Effect.NONE, *places)
        elif before is not None and after is not None:
            for value in sorted(before - after):
                scope.fact(
                    f"{site} {name}={value}", Standing.REQUEST, "event-server-removed", Effect.REPLACES, *places, value
                )
            for value in sorted(after - before):
                scope.fact(
                    f"{site} {name}={value}", Standing.REQUEST, "event-server-added", Effect.NONE, *places, None, value
                )


def _members(node: Node) -> Members:
    return {name: node.child(name) for name in node.value} if isinstance(node.value, dict) else {}
