"""Bodies, responses and headers: content by media type, each schema in the role it has there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Effect
from treaty.changes.openapi.parameters import carrier_of, compare_marks
from treaty.changes.openapi.scope import Exchange, Scope, schema_at
from treaty.model.openapi.contract import Operation, Parameter, children, member
from treaty.model.openapi.media_types import match, media_type
from treaty.model.roles import Role, Standing
from treaty.model.schema.shape import Origin
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from treaty.documents.library import Node


def compare_request_body(scope: Scope, site: str, old: Operation, new: Operation, exchange: Exchange) -> None:
    """Record what changed in what the caller sends as a body."""
    before, after = scope.old.request_body(old), scope.new.request_body(new)
    site = f"{site} request"
    if before is None and after is None:
        return
    if before is None:
        assert after is not None
        required = member(after, "required") is True
        rule = "required-request-body-added" if required else "request-body-added"
        effect = Effect.NARROWS if required else Effect.WIDENS
        scope.fact(site, exchange.asked, rule, effect, old.node, after)
        return
    if after is None:
        scope.fact(site, exchange.asked, "request-body-removed", Effect.NARROWS, before, new.node)
        return
    was, now = member(before, "required") is True, member(after, "required") is True
    if was != now:
        rule, effect = (
            ("request-body-became-required", Effect.NARROWS) if now else ("request-body-became-optional", Effect.WIDENS)
        )
        scope.fact(site, exchange.asked, rule, effect, Origin(before, "required"), Origin(after, "required"))
    _texts(scope, site, exchange.asked, before, after)
    _content(scope, site, exchange.asked, before, after)


def compare_responses(scope: Scope, site: str, old: Operation, new: Operation, exchange: Exchange) -> None:
    """Record what changed in what comes back, status by status."""
    before, after = scope.old.responses(old), scope.new.responses(new)
    for status in before | after:
        one, other = before.get(status), after.get(status)
        place = f"{site} response {status}"
        success = status.startswith("2")
        if one is not None and other is not None:
            _response(scope, place, one, other, exchange.answered)
        elif one is not None:
            rule = "success-response-removed" if success else "response-removed"
            scope.fact(place, exchange.answered, rule, Effect.NARROWS, one, Origin(new.node, "responses"))
        elif other is not None:
            rule = "success-response-added" if success else "response-added"
            scope.fact(place, exchange.answered, rule, Effect.WIDENS, Origin(old.node, "responses"), other)


def _response(scope: Scope, site: str, old: Node, new: Node, standing: Standing) -> None:
    if scope.sameness.same(old, new):
        return
    _texts(scope, site, standing, old, new)
    _headers(scope, site, old, new, standing)
    _links(scope, site, old, new, standing)
    _content(scope, site, standing, old, new)


def _texts(scope: Scope, site: str, standing: Standing, old: Node, new: Node) -> None:
    if member(old, "description") != member(new, "description"):
        places = Origin(old, "description"), Origin(new, "description")
        scope.fact(site, standing, "documentation-changed", Effect.NONE, *places, after=["description"])


def _content(scope: Scope, site: str, standing: Standing, old: Node, new: Node) -> None:
    before, after = scope.old.content(old), scope.new.content(new)
    pairs = match(list(before), list(after))
    kept, taken = {one for one, _ in pairs}, {other for _, other in pairs}
    for name, node in before.items():
        if name not in kept:
            scope.fact(f"{site} {name}", standing, "media-type-removed", Effect.NARROWS, node, Origin(new, "content"))
    for name, node in after.items():
        if name not in taken:
            scope.fact(f"{site} {name}", standing, "media-type-added", Effect.WIDENS, Origin(old, "content"), node)
    for name, other in pairs:
        one, two = media_type(name), media_type(other)
        if one.essence != two.essence and not two.contains(one):
            scope.fact(
                f"{site} {name}", standing, "media-type-renamed", Effect.NONE, before[name], after[other], name, other
            )
        _media(
            scope,
            f"{site} {name}",
            standing,
            before[name],
            after[other],
            wire=one.wire if one.wire is two.wire else Wire.JSON,
        )


def _media(scope: Scope, site: str, standing: Standing, old: Node, new: Node, *, wire: Wire) -> None:
    if scope.sameness.same(old, new):
        return
    changed = [name for name in ("example", "examples") if member(old, name) != member(new, name)]
    if changed:
        places = Origin(old, changed[0]), Origin(new, changed[0])
        scope.fact(site, standing, "documentation-changed", Effect.NONE, *places, after=list(changed))
    scope.schemas(site, standing, schema_at(old), schema_at(new), wire=wire)
    scope.schemas(f"{site} item", standing, schema_at(old, "itemSchema"), schema_at(new, "itemSchema"), wire=wire)
    _encodings(scope, site, old, new, standing)


def _encodings(scope: Scope, site: str, old: Node, new: Node, standing: Standing) -> None:
    before, after = dict(children(old, "encoding")), dict(children(new, "encoding"))
    for name in before | after:
        one, other = before.get(name), after.get(name)
        place = f"{site} part {name}"
        for keyword in ("contentType", "style", "explode", "allowReserved"):
            was, now = (member(node, keyword) if node is not None else None for node in (one, other))
            if was == now:
                continue
            rule, effect = "encoding-changed", Effect.REPLACES
            if keyword == "contentType" and isinstance(was, str) and isinstance(now, str):
                types, others = _types(was), _types(now)
                if types == others:
                    continue
                if types < others:
                    rule, effect = "encoding-widened", Effect.WIDENS
                elif others < types:
                    rule, effect = "encoding-narrowed", Effect.NARROWS
            places = Origin(one or old, keyword), Origin(other or new, keyword)
            scope.fact(place, standing, rule, effect, *places, was, now)
        if one is not None and other is not None:
            _headers(scope, place, one, other, standing)


def _types(listed: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in listed.split(","))


def _headers(scope: Scope, site: str, old: Node, new: Node, standing: Standing) -> None:
    before, after = scope.old.headers(old), scope.new.headers(new)
    for key in before | after:
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None:
            if not scope.sameness.same(one[1], other[1]):
                _header(scope, f"{site} header {other[0]}", other[0], one[1], other[1], standing)
        elif one is not None:
            required = member(one[1], "required") is True
            rule = "required-header-removed" if required else "header-removed"
            effect = Effect.WIDENS if required else Effect.NONE
            scope.fact(f"{site} header {one[0]}", standing, rule, effect, one[1], Origin(new, "headers"))
        elif other is not None:
            required = member(other[1], "required") is True
            rule = "required-header-added" if required else "header-added"
            effect = Effect.NARROWS if required else Effect.NONE
            scope.fact(f"{site} header {other[0]}", standing, rule, effect, Origin(old, "headers"), other[1])


def _header(scope: Scope, site: str, name: str, old: Node, new: Node, standing: Standing) -> None:
    was, now = member(old, "required") is True, member(new, "required") is True
    if was != now:
        rule, effect = ("header-became-required", Effect.NARROWS) if now else ("header-became-optional", Effect.WIDENS)
        scope.fact(site, standing, rule, effect, Origin(old, "required"), Origin(new, "required"))
    compare_marks(scope, site, standing, Parameter(old, "", "header"), Parameter(new, "", "header"))
    before, after = scope.old.content(old), scope.new.content(new)
    if before or after:
        _content(scope, site, standing, old, new)
    else:
        carrier = carrier_of(Parameter(old, name, "header"))
        scope.schemas(site, standing, schema_at(old), schema_at(new), wire=Wire.TEXT, carrier=carrier)


def _links(scope: Scope, site: str, old: Node, new: Node, standing: Standing) -> None:
    if Role.WRITES not in standing.role:
        return
    before, after = dict(children(old, "links")), dict(children(new, "links"))
    for name in before | after:
        one, other = before.get(name), after.get(name)
        if one is not None and other is None:
            scope.fact(f"{site} link {name}", standing, "link-removed", Effect.NONE, one, Origin(new, "links"))
        elif one is None and other is not None:
            scope.fact(f"{site} link {name}", standing, "link-added", Effect.NONE, Origin(old, "links"), other)
        elif one is not None and other is not None and not scope.sameness.same(one, other):
            scope.fact(f"{site} link {name}", standing, "link-changed", Effect.NONE, one, other)
