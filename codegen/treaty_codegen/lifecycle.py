"""What a lifecycle block says to somebody who uses the element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_codegen.quoting import one_line

if TYPE_CHECKING:
    from treaty.model.lifecycle import Lifecycle

__all__ = ["deprecation_text"]


def deprecation_text(name: str, lifecycle: Lifecycle, *, migration: bool = True) -> str:
    """One sentence or two: since when ``name`` is deprecated, until when it works, and what to use instead.

    With ``migration`` also how to get there.
    """
    parts = [f"{name} is deprecated"]
    if lifecycle.deprecated_since:
        parts[0] += f" since {lifecycle.deprecated_since}"
    if lifecycle.removed_in:
        parts.append(f"removed in {lifecycle.removed_in}")
    if lifecycle.sunset:
        parts.append(f"sunset on {lifecycle.sunset.isoformat()}")
    text = ", ".join(parts)
    if lifecycle.replaced_by:
        text += f"; use {lifecycle.replaced_by}"
    text += "."
    if migration and lifecycle.migration:
        text += f" {lifecycle.migration}"
    return one_line(text)
