"""Channels: their address, what fills its braces, and the servers they are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.asyncapi.bindings import compare_bindings
from treaty.changes.asyncapi.endpoints import Endpoint, parameter_names
from treaty.changes.asyncapi.marks import compare_lifecycle, compare_texts
from treaty.changes.change import Effect
from treaty.documents.node import Node
from treaty.model.lifecycle import lifecycle_of
from treaty.model.roles import Standing
from treaty.model.schema.shape import Origin
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from treaty.changes.asyncapi.scope import Scope
    from treaty.changes.asyncapi.servers import MatchedServers
    from treaty.documents.location import JsonValue
    from treaty.model.asyncapi.nodes import Channel
    from treaty.model.asyncapi.traits import Members

_TEXTS = ("title", "summary", "description", "tags", "externalDocs")
# What a parameter of 3.x without values is, and one of 2.x without a schema: any text.
_ANY_TEXT: dict[str, JsonValue] = {"type": "string"}


def compare_address(scope: Scope, old: Endpoint, new: Endpoint) -> None:
    """Record where an endpoint went whose address is another one."""
    one, other = old.operations[0].channel, new.operations[0].channel
    places = Origin(one.node, "address"), Origin(other.node, "address")
    before, after = one.address, other.address
    if before is None or after is None:
        rule, effect = ("address-set", Effect.NONE) if before is None else ("address-unset", Effect.REPLACES)
    else:
        had, has = len(parameter_names(before)), len(parameter_names(after))
        effect = Effect.REPLACES
        rule = (
            "address-changed" if had == has else "address-parameter-added" if has > had else "address-parameter-removed"
        )
    scope.fact(old.label, old.action.standing, rule, effect, *places, before, after)


def compare_channels(scope: Scope, servers: MatchedServers, site: str, old: Endpoint, new: Endpoint) -> None:
    """Record what changed in the channels of two endpoints that are one, each pair once."""
    one, other = old.operations[0].channel, new.operations[0].channel
    standing = old.action.standing
    before, after = _members(one.node), _members(other.node)
    compare_texts(scope, site, standing, (one.node, before), (other.node, after), _channel_texts(scope))
    marks = (one.node, lifecycle_of(one.node.value)), (other.node, lifecycle_of(other.node.value))
    compare_lifecycle(scope, site, standing, *marks)
    bindings = (before.get("bindings"), one.node), (after.get("bindings"), other.node)
    compare_bindings(scope, f"{site} channel", standing, *bindings)
    _servers(scope, servers, site, one, other)
    _parameters(scope, site, one, other)


def _channel_texts(scope: Scope) -> tuple[str, ...]:
    # A channel of 2.x has nothing but a description, so the other texts of one of 3.x are new by necessity.
    return _TEXTS if scope.old.major == scope.new.major else ("description",)


def _members(node: Node) -> Members:
    return {name: node.child(name) for name in node.value} if isinstance(node.value, dict) else {}


def _servers(scope: Scope, servers: MatchedServers, site: str, old: Channel, new: Channel) -> None:
    if old.servers is None and new.servers is None:
        return
    everywhere = servers.kept.values()
    before = {servers.kept[name] for name in old.servers or servers.kept if name in servers.kept}
    after = {name for name in new.servers or everywhere if name in everywhere}
    places = Origin(old.node, "servers"), Origin(new.node, "servers")
    for name in sorted(before - after):
        scope.fact(site, Standing.REQUEST, "channel-server-removed", Effect.REPLACES, *places, name)
    for name in sorted(after - before):
        scope.fact(site, Standing.REQUEST, "channel-server-added", Effect.NONE, *places, None, name)


def _parameters(scope: Scope, site: str, old: Channel, new: Channel) -> None:
    for name, other in _answering(old, new):
        one, two = old.parameters.get(name), new.parameters.get(other)
        if one is None and two is None:
            continue
        place = f"{site} parameter {other}"
        # Whoever is on the other side picks the value, also of an address the application sends to.
        schemas = _values(scope, one, old.node), _values(scope, two, new.node)
        scope.schemas(place, (Standing.REQUEST,), *schemas, wire=Wire.TEXT)
        was, now = _located(one), _located(two)
        if was != now and one is not None and two is not None:
            places = Origin(one, "location"), Origin(two, "location")
            scope.fact(place, Standing.REQUEST, "address-parameter-location-changed", Effect.NONE, *places, was, now)


def _answering(old: Channel, new: Channel) -> list[tuple[str, str]]:
    """Parameters that fill the same braces, whatever they are called; by name where the address does not tell."""
    before = parameter_names(old.address) if old.address is not None else list(old.parameters)
    after = parameter_names(new.address) if new.address is not None else list(new.parameters)
    if len(before) == len(after) and old.address is not None and new.address is not None:
        return list(zip(before, after, strict=True))
    return [(name, name) for name in before if name in after]


def _located(parameter: Node | None) -> JsonValue:
    return parameter.value.get("location") if parameter is not None and isinstance(parameter.value, dict) else None


def _values(scope: Scope, parameter: Node | None, channel: Node) -> Node:
    """The schema of what fills the braces: written out in 2.x, a list of values in 3.x."""
    if parameter is None or not isinstance(parameter.value, dict):
        return Node(channel.document, channel.pointer, _ANY_TEXT)
    if isinstance(parameter.value.get("schema"), dict | bool):
        return parameter.child("schema")
    listed = parameter.value.get("enum")
    schema: dict[str, JsonValue] = dict(_ANY_TEXT)
    if isinstance(listed, list) and listed:
        schema["enum"] = listed
    return scope.kept(Node(parameter.document, parameter.pointer, schema))
