"""Rules about Protobuf: files, messages, fields, types, oneofs, enums, services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.rules.protobuf import enums, fields, files, messages, oneofs, services, types

if TYPE_CHECKING:
    from treaty.changes.protobuf.surfaces import SurfaceRule

RULES: tuple[SurfaceRule, ...] = (
    *files.RULES,
    *messages.RULES,
    *fields.RULES,
    *types.RULES,
    *oneofs.RULES,
    *enums.RULES,
    *services.RULES,
)
