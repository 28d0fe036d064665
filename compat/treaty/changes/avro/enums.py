"""Differences of two enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.avro.findings import at_visit
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.avro.findings import Finding
    from treaty.changes.avro.walk import Visit
    from treaty.model.avro.types import EnumType

__all__ = ["enum_findings"]


def enum_findings(visit: Visit, old: EnumType, new: EnumType) -> Iterator[Finding]:
    """Symbols and defaults. A symbol the reader does not have is read as its default, and refused when it has none."""
    yield from _default(visit, old, new)
    if old.symbols == new.symbols:
        return
    base, revision = old.place.location("symbols"), new.place.location("symbols")
    before, after = frozenset(old.symbols), frozenset(new.symbols)
    removed = [symbol for symbol in old.symbols if symbol not in after]
    added = [symbol for symbol in new.symbols if symbol not in before]
    if removed:
        caught = new.usable_default
        yield from at_visit(
            visit,
            "avro-enum-symbol-removed",
            fails=Role.NONE if caught else Role.READS,
            alters=Role.READS if caught else Role.NONE,
            before=[*removed],
            base=base,
            revision=revision,
            refused=removed[0],
            altered=removed[0],
        )
    if added:
        caught = old.usable_default
        yield from at_visit(
            visit,
            "avro-enum-symbol-added",
            fails=Role.NONE if caught else Role.WRITES,
            alters=Role.WRITES if caught else Role.NONE,
            after=[*added],
            base=base,
            revision=revision,
            refused=added[0],
            altered=added[0],
        )
    if [each for each in old.symbols if each in after] != [each for each in new.symbols if each in before]:
        yield from at_visit(
            visit,
            "avro-enum-symbols-reordered",
            before=[*old.symbols],
            after=[*new.symbols],
            base=base,
            revision=revision,
        )


def _default(visit: Visit, old: EnumType, new: EnumType) -> Iterator[Finding]:
    before, after = old.default, new.default
    # An invalid default, come or gone, is a finding of its own.
    if before == after or (before and before.problem) or (after and after.problem):
        return
    rule = "avro-enum-default-changed"
    if before is None or after is None:
        rule = "avro-enum-default-added" if before is None else "avro-enum-default-removed"
    yield from at_visit(
        visit,
        rule,
        before=before.value if before else None,
        after=after.value if after else None,
        base=old.place.location("default"),
        revision=new.place.location("default"),
    )
