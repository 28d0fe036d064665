"""Payloads, headers and keys: which comparison answers for the language they are described in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.asyncapi.scope import ForeignPair, ForeignSchema, Scope
from treaty.changes.change import Effect
from treaty.model.asyncapi.schema_formats import Language
from treaty.model.schema.shape import Origin
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from treaty.documents.node import Node
    from treaty.model.asyncapi.nodes import Action, Payload


def compare_payloads(
    scope: Scope,
    site: str,
    action: Action,
    old: Payload,
    new: Payload,
    owners: tuple[Node, Node],
    *,
    wire: Wire = Wire.JSON,
) -> None:
    """Compare two schemas that messages of ``action`` are described by at ``site``.

    Another language is one fact and nothing more: values of the two have nothing in common that could be compared.
    """
    if old.node is None and new.node is None:
        return
    language = (new if new.node is not None else old).format.language
    if old.node is not None and new.node is not None and old.format.family != new.format.family:
        _format_changed(scope, site, action, old, new, owners, Effect.REPLACES)
    elif language is Language.JSON_SCHEMA:
        dialects = old.format.dialect, new.format.dialect
        scope.schemas(site, scope.standings(action), old.node, new.node, dialects=dialects, wire=wire)
    elif old.node is None or new.node is None:
        effect = Effect.NARROWS if old.node is None else Effect.WIDENS
        _format_changed(scope, site, action, old, new, owners, effect)
    elif language is Language.OTHER:
        if not scope.sameness.same(old.node, new.node):
            for standing in scope.standings(action):
                scope.fact(
                    site, standing, "schema-undecided", Effect.REPLACES, old.node, new.node, None, new.format.written
                )
    else:
        scope.foreign.append(ForeignPair(site, scope.roles(action), language, old.node, new.node))


def check_payload(scope: Scope, payload: Payload) -> None:
    """Have the schema of a message that came read, or noted to be read: none that nobody can read gets in.

    Raises InvalidContract for a JSON Schema its dialect does not allow.
    """
    if payload.node is None or payload.format.language is Language.OTHER:
        return
    if payload.format.language is Language.JSON_SCHEMA:
        scope.check(payload.node, payload.format.dialect)
    else:
        scope.arrived.append(ForeignSchema(payload.format.language, payload.node))


def _format_changed(
    scope: Scope,
    site: str,
    action: Action,
    old: Payload,
    new: Payload,
    owners: tuple[Node, Node],
    effect: Effect,
) -> None:
    before = old.format.family if old.node is not None else None
    after = new.format.family if new.node is not None else None
    places = old.node or Origin(owners[0], "payload"), new.node or Origin(owners[1], "payload")
    scope.fact(site, action.standing, "schema-format-changed", effect, *places, before, after)
