"""When two JSON values say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

__all__ = ["same_value"]


def same_value(one: JsonValue, other: JsonValue) -> bool:
    """Equality as JSON has it: ``1`` is ``1.0``, and neither is ``true``, which Python takes for one."""
    if one != other:
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same_value(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return all(same_value(*pair) for pair in zip(one, other, strict=True))
    return isinstance(one, bool) == isinstance(other, bool)
