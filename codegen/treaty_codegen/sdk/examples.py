"""Examples of a contract: what the generated tests send and the stub server answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.openapi.contract import member

if TYPE_CHECKING:
    from treaty.documents.library import Node
    from treaty.documents.location import JsonValue
    from treaty.model.openapi.contract import OpenApiContract

__all__ = ["example_of"]


def example_of(contract: OpenApiContract, holder: Node, schema: Node | None) -> JsonValue:
    """The first example of a media type or parameter, or of its schema; None where the contract gives none."""
    direct = member(holder, "example")
    if direct is not None:
        return direct
    named = member(holder, "examples")
    if isinstance(named, dict):
        for each in named:
            found = member(contract.follow(holder.child("examples", each)), "value")
            if found is not None:
                return found
    if schema is None:
        return None
    schema = contract.follow(schema)
    written = member(schema, "example")
    if written is not None:
        return written
    listed = member(schema, "examples")
    return listed[0] if isinstance(listed, list) and listed else None
