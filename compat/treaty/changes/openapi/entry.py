"""Comparing two OpenAPI documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.openapi.comparison import compare_contracts
from treaty.changes.openapi.scope import Scope
from treaty.changes.schemas.engine import Engine
from treaty.documents.library import Node
from treaty.model.openapi.contract import OpenApiContract

if TYPE_CHECKING:
    from treaty.changes.change import Change
    from treaty.changes.comparison import Settings, Side


def compare_openapi(old: Side, new: Side, settings: Settings) -> tuple[Change, ...]:
    """Every change between two OpenAPI documents of any version from 3.0 to 3.2."""
    before, after = _contract(old), _contract(new)
    engine = Engine.of(before.space, after.space, settings, strict=settings.strict is True)
    scope = Scope(before, after, engine.walk, engine.sameness, settings)
    compare_contracts(scope)
    return engine.changes(scope.found)


def _contract(side: Side) -> OpenApiContract:
    return OpenApiContract(side.library, Node(side.document, (), side.document.tree))
