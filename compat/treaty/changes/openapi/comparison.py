"""Two OpenAPI documents, operation by operation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.changes.change import Effect
from treaty.changes.openapi.bodies import compare_request_body, compare_responses
from treaty.changes.openapi.parameters import compare_parameters
from treaty.changes.openapi.scope import CALLED, Exchange, Scope
from treaty.changes.openapi.security import compare_security
from treaty.changes.openapi.servers import compare_servers
from treaty.model.lifecycle import Lifecycle, lifecycle_of
from treaty.model.openapi.contract import OpenApiContract, Operation, member, template_key
from treaty.model.roles import Standing
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.library import Node

_TEXTS = ("summary", "description", "tags", "externalDocs")
_VERSION_PREFIX = re.compile(r"/v\d+(?=/)")
_STABILITY = {"draft": 0, "alpha": 1, "beta": 2, "stable": 3}


def compare_contracts(scope: Scope) -> None:
    """Record everything that changed, except below the pairs of schemas, which the walk has yet to finish."""
    _documents(scope)
    compare_servers(scope, "", scope.old.root, scope.new.root)
    ambient = compare_security(scope)
    versions = _versions(scope.old), _versions(scope.new)
    moved = len(versions[0]) == len(versions[1]) == 1 and versions[0] != versions[1]
    if moved:
        paths = Origin(scope.old.root, "paths"), Origin(scope.new.root, "paths")
        scope.fact("document", Standing.REQUEST, "path-version-changed", Effect.REPLACES, *paths, *map(min, versions))
    old, new = _by_template(scope.old, unversioned=moved), _by_template(scope.new, unversioned=moved)
    for key in old | new:
        before, after = old.get(key), new.get(key)
        if before is not None and after is not None:
            if ambient and scope.sameness.same(before[1], after[1]):
                continue
            _path_items(scope, before, after, CALLED)
        elif before is not None:
            for operation in scope.old.operations(*before).values():
                _removed(scope, operation, CALLED)
        elif after is not None:
            for operation in scope.new.operations(*after).values():
                _added(scope, operation, CALLED)
    _webhooks(scope)


def _versions(contract: OpenApiContract) -> set[str]:
    """The version segments its paths begin with: ``/v1``."""
    return {found[0] for path in contract.paths() if (found := _VERSION_PREFIX.match(path))}


def _by_template(contract: OpenApiContract, *, unversioned: bool) -> dict[str, tuple[str, Node]]:
    """Path items by template without parameter names; of two that collide the second keeps its own spelling.

    ``unversioned`` leaves out the version the path begins with, so that two majors can be compared.
    """
    found: dict[str, tuple[str, Node]] = {}
    for path, node in contract.paths().items():
        key = template_key(_VERSION_PREFIX.sub("", path) if unversioned else path)
        found[path if key in found else key] = (path, node)
    return found


def _documents(scope: Scope) -> None:
    old, new = scope.old.root, scope.new.root
    for name in ("info", "tags", "externalDocs"):
        before, after = member(old, name), member(new, name)
        if name == "info" and isinstance(before, dict) and isinstance(after, dict):
            before = {key: value for key, value in before.items() if key != "version"}
            after = {key: value for key, value in after.items() if key != "version"}
        if before != after:
            scope.fact(
                "document", Standing.REQUEST, "documentation-changed", Effect.NONE, Origin(old, name), Origin(new,
                name), after=[name],
            )  # fmt: skip


def _path_items(
    scope: Scope, old: tuple[str, Node], new: tuple[str, Node], exchange: Exchange, prefix: str = ""
) -> None:
    before, after = scope.old.operations(*old), scope.new.operations(*new)
    for method in before | after:
        one, other = before.get(method), after.get(method)
        if one is not None and other is not None:
            _operations(scope, one, other, exchange, prefix)
        elif one is not None:
            _removed(scope, one, exchange, prefix)
        elif other is not None:
            _added(scope, other, exchange, prefix)


def _operations(scope: Scope, old: Operation, new: Operation, exchange: Exchange, prefix: str) -> None:
    site = prefix + new.label
    _stability(scope, site, old, new, exchange)
    if member(old.node, "x-stability-level") in scope.settings.unstable:
        return
    compare_servers(scope, site, old.item, new.item)
    compare_servers(scope, site, old.node, new.node)
    if not prefix:
        compare_security(scope, site, old, new)
    _marks(scope, site, old, new, exchange)
    compare_parameters(scope, site, old, new, exchange)
    compare_request_body(scope, site, old, new, exchange)
    compare_responses(scope, site, old, new, exchange)
    _callbacks(scope, site, old, new, exchange)


def _marks(scope: Scope, site: str, old: Operation, new: Operation, exchange: Exchange) -> None:
    before, after = old.node, new.node
    changed = [name for name in _TEXTS if member(before, name) != member(after, name)]
    if changed:
        scope.fact(
            site, exchange.asked, "documentation-changed", Effect.NONE, Origin(before, changed[0]), Origin(after,
            changed[0]), after=list(changed),
        )  # fmt: skip
    one, other = member(before, "operationId"), member(after, "operationId")
    if one != other and one is not None:
        scope.fact(
            site, exchange.asked, "operation-id-changed", Effect.NONE, Origin(before, "operationId"),
            Origin(after, "operationId"), one, other,
        )  # fmt: skip
    was, now = lifecycle_of(before.value), lifecycle_of(after.value)
    if was.deprecated != now.deprecated:
        rule = "element-deprecated" if now.deprecated else "element-no-longer-deprecated"
        scope.fact(site, exchange.asked, rule, Effect.NONE, before, after)
    if now.unreadable and now.unreadable != was.unreadable:
        scope.fact(
            site, exchange.asked, "lifecycle-unreadable", Effect.REPLACES, before, after, None, list(now.unreadable)
        )


def _stability(scope: Scope, site: str, old: Operation, new: Operation, exchange: Exchange) -> None:
    before, after = member(old.node, "x-stability-level"), member(new.node, "x-stability-level")
    if before == after:
        return
    places = Origin(old.node, "x-stability-level"), Origin(new.node, "x-stability-level")
    if after is not None and after not in _STABILITY:
        scope.fact(site, exchange.asked, "stability-unreadable", Effect.REPLACES, *places, before, after)
    elif _rank(after) < _rank(before):
        scope.fact(site, exchange.asked, "stability-decreased", Effect.REPLACES, *places, before, after)
    elif _rank(after) > _rank(before):
        scope.fact(site, exchange.asked, "stability-increased", Effect.NONE, *places, before, after)


def _rank(level: object) -> int:
    # Nothing said is stable: people build on what is published without a warning.
    return _STABILITY.get(level, 3) if isinstance(level, str) else 3


def _removed(scope: Scope, operation: Operation, exchange: Exchange, prefix: str = "") -> None:
    if member(operation.node, "x-stability-level") in scope.settings.unstable:
        return
    announced = removal_announced(lifecycle_of(operation.node.value), scope)
    rule = "deprecated-operation-removed" if announced else "operation-removed"
    place = Origin(scope.new.root, _home(exchange))
    scope.fact(prefix + operation.label, exchange.asked, rule, Effect.NARROWS, operation.node, place)


def _added(scope: Scope, operation: Operation, exchange: Exchange, prefix: str = "") -> None:
    place = Origin(scope.old.root, _home(exchange))
    scope.fact(prefix + operation.label, exchange.asked, "operation-added", Effect.WIDENS, place, operation.node)


def _home(exchange: Exchange) -> str:
    return "paths" if exchange is CALLED else "webhooks"


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


def _callbacks(scope: Scope, site: str, old: Operation, new: Operation, exchange: Exchange) -> None:
    before = dict(_expressions(scope.old, old))
    after = dict(_expressions(scope.new, new))
    _called_back(scope, f"{site} callback ", before, after, exchange.flipped())


def _expressions(contract: OpenApiContract, operation: Operation) -> Iterator[tuple[str, tuple[str, Node]]]:
    for name, items in contract.callbacks(operation).items():
        for expression, item in items.items():
            yield f"{name} {expression}", (name, item)


def _webhooks(scope: Scope) -> None:
    before = {name: (name, node) for name, node in scope.old.webhooks().items()}
    after = {name: (name, node) for name, node in scope.new.webhooks().items()}
    _called_back(scope, "webhook ", before, after, CALLED.flipped())


def _called_back(
    scope: Scope, prefix: str, old: dict[str, tuple[str, Node]], new: dict[str, tuple[str, Node]], exchange: Exchange
) -> None:
    for key in old | new:
        before, after = old.get(key), new.get(key)
        if before is not None and after is not None:
            if not scope.sameness.same(before[1], after[1]):
                _path_items(scope, before, after, exchange, prefix)
        elif before is not None:
            for operation in scope.old.operations(*before).values():
                _removed(scope, operation, exchange, prefix)
        elif after is not None:
            for operation in scope.new.operations(*after).values():
                _added(scope, operation, exchange, prefix)
