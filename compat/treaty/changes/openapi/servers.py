"""Servers: where the contract says it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Effect
from treaty.model.openapi.contract import member
from treaty.model.roles import Standing
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from treaty.changes.openapi.scope import Scope
    from treaty.documents.library import Node


def compare_servers(scope: Scope, site: str, old: Node, new: Node) -> None:
    """Record servers that came or went at one level (document, path or operation)."""
    before, after = _urls(old), _urls(new)
    for url in before:
        if url not in after:
            place = f"{site} server {url}".strip()
            scope.fact(place, Standing.REQUEST, "server-removed", Effect.NONE, before[url], Origin(new, "servers"))
    for url in after:
        if url not in before:
            place = f"{site} server {url}".strip()
            scope.fact(place, Standing.REQUEST, "server-added", Effect.NONE, Origin(old, "servers"), after[url])


def _urls(owner: Node) -> dict[str, Node]:
    servers = member(owner, "servers")
    if not isinstance(servers, list):
        return {}
    nodes = [owner.child("servers", index) for index in range(len(servers))]
    return {str(member(node, "url")).rstrip("/"): node for node in nodes if isinstance(node.value, dict)}
