"""Comparing two AsyncAPI documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.asyncapi.comparison import compare_contracts
from treaty.changes.asyncapi.scope import Scope
from treaty.documents.node import Node
from treaty.model.asyncapi import AsyncApiContract

if TYPE_CHECKING:
    from treaty.changes.change import Change
    from treaty.changes.comparison import Settings, Side


def compare_asyncapi(old: Side, new: Side, settings: Settings) -> tuple[Change, ...]:
    """Every change between two AsyncAPI documents of any version from 2.0 to 3.1.

    Raises InvalidContract for a document that is not built as its specification asks, UnresolvedReference, and what
    reading schemas in Avro or Protobuf raises.
    """
    scope = Scope(_contract(old), _contract(new), settings)
    compare_contracts(scope)
    changes = scope.changes()
    if scope.foreign or scope.arrived:
        from treaty.changes.asyncapi.languages import compare_foreign

        changes.extend(compare_foreign(scope))
    return tuple(sorted(changes, key=_order))


def _contract(side: Side) -> AsyncApiContract:
    return AsyncApiContract(side.library, Node(side.document, (), side.document.tree))


def _order(change: Change) -> tuple[int, str, str, str]:
    return (-change.level.severity, change.element, change.rule, change.fingerprint)
