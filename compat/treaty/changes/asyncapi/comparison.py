"""Two AsyncAPI documents, endpoint by endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.asyncapi.bindings import compare_bindings
from treaty.changes.asyncapi.channels import compare_address, compare_channels
from treaty.changes.asyncapi.endpoints import Endpoint, endpoints, moved, operations_paired
from treaty.changes.asyncapi.marks import compare_lifecycle, compare_stability, compare_texts, removal_announced
from treaty.changes.asyncapi.messages import check_messages, compare_messages
from treaty.changes.asyncapi.replies import compare_replies
from treaty.changes.asyncapi.security import compare_security
from treaty.changes.asyncapi.servers import compare_servers, matched_servers
from treaty.changes.change import Effect
from treaty.model.roles import Standing
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from treaty.changes.asyncapi.scope import Scope
    from treaty.changes.asyncapi.servers import MatchedServers
    from treaty.model.asyncapi.nodes import Operation

_TEXTS = ("title", "summary", "description", "tags", "externalDocs")


def compare_contracts(scope: Scope) -> None:
    """Record everything that changed, except below the pairs of schemas, which the walk has yet to finish."""
    _documents(scope)
    servers = matched_servers(scope.old.servers, scope.new.servers)
    compare_servers(scope, servers)
    old, new = endpoints(scope.old.operations), endpoints(scope.new.operations)
    for key in old:
        if key in new:
            _compare(scope, servers, old[key], new[key])
    gone = [endpoint for key, endpoint in old.items() if key not in new]
    come = [endpoint for key, endpoint in new.items() if key not in old]
    for one, other in moved(gone, come):
        if one.action is not other.action:
            _flipped(scope, one, other)
        else:
            compare_address(scope, one, other)
            _compare(scope, servers, one, other)
    for endpoint in gone:
        for operation in endpoint.operations:
            _removed(scope, operation)
    for endpoint in come:
        check_messages(scope, endpoint.messages)
        for operation in endpoint.operations:
            _added(scope, operation)


def _documents(scope: Scope) -> None:
    old, new = scope.old.root, scope.new.root
    assert isinstance(old.value, dict)
    assert isinstance(new.value, dict)
    for name in ("info", "tags", "externalDocs"):
        before, after = old.value.get(name), new.value.get(name)
        if name == "info" and isinstance(before, dict) and isinstance(after, dict):
            before = {key: value for key, value in before.items() if key != "version"}
            after = {key: value for key, value in after.items() if key != "version"}
        if before != after:
            places = Origin(old, name), Origin(new, name)
            scope.fact("document", Standing.REQUEST, "documentation-changed", Effect.NONE, *places, after=[name])


def _compare(scope: Scope, servers: MatchedServers, old: Endpoint, new: Endpoint) -> None:
    if old.operations[0].stability in scope.settings.unstable:
        compare_stability(scope, new.label, old.operations[0], new.operations[0])
        return
    site = new.label
    for one, other in operations_paired(old, new):
        if one is not None and other is not None:
            _operations(scope, site, one, other)
        elif one is not None:
            _absorbed(scope, site, one, new)
        elif other is not None:
            _added(scope, other)
    compare_channels(scope, servers, site, old, new)
    compare_messages(
        scope, site, old.action, old.messages, new.messages, old.operations[0].node, new.operations[0].node
    )


def _operations(scope: Scope, site: str, old: Operation, new: Operation) -> None:
    standing = old.action.standing
    compare_stability(scope, site, old, new)
    if old.id != new.id and old.id is not None:
        scope.fact(site, standing, "operation-id-changed", Effect.NONE, old.node, new.node, old.id, new.id)
    compare_texts(scope, site, standing, (old.node, old.members), (new.node, new.members), _TEXTS)
    compare_lifecycle(scope, site, standing, (old.node, old.lifecycle), (new.node, new.lifecycle))
    compare_security(scope, site, old.security, new.security, (old.node, new.node))
    places = (old.members.get("bindings"), old.node), (new.members.get("bindings"), new.node)
    compare_bindings(scope, f"{site} operation", standing, *places)
    compare_replies(scope, site, old, new)


def _absorbed(scope: Scope, site: str, old: Operation, new: Endpoint) -> None:
    """Another operation at the same place took over: what it does is still done, under another name."""
    heir = new.operations[0]
    scope.fact(site, old.action.standing, "operation-id-changed", Effect.NONE, old.node, heir.node, old.id, heir.id)


def _flipped(scope: Scope, old: Endpoint, new: Endpoint) -> None:
    places = Origin(old.operations[0].node, "action"), Origin(new.operations[0].node, "action")
    scope.fact(
        old.label, old.action.standing, "operation-action-changed", Effect.REPLACES, *places, old.action, new.action
    )


def _removed(scope: Scope, operation: Operation) -> None:
    if operation.stability in scope.settings.unstable:
        return
    announced = removal_announced(operation.lifecycle, scope)
    rule = "deprecated-operation-removed" if announced else "operation-removed"
    place = Origin(scope.new.root, "operations" if scope.new.major == 3 else "channels")
    scope.fact(operation.label, operation.action.standing, rule, Effect.REPLACES, operation.node, place)


def _added(scope: Scope, operation: Operation) -> None:
    place = Origin(scope.old.root, "operations" if scope.old.major == 3 else "channels")
    if operation.reply is not None:
        check_messages(scope, operation.reply.messages)
    # Peers do not have to know it, whether it sends or receives.
    scope.fact(operation.label, Standing.REQUEST, "operation-added", Effect.WIDENS, place, operation.node)
