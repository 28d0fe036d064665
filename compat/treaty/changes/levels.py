"""From effect and role to level: one table, and each rule's own deviations from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Effect, Level
from treaty.model.roles import Role, Standing

if TYPE_CHECKING:
    from treaty.changes.catalogue import Rule

_TABLE = {
    (Effect.NARROWS, Role.READS): Level.BREAKING,
    (Effect.NARROWS, Role.WRITES): Level.ADDITIVE,
    (Effect.WIDENS, Role.READS): Level.ADDITIVE,
    (Effect.WIDENS, Role.WRITES): Level.BREAKING,
    (Effect.REPLACES, Role.READS): Level.BREAKING,
    (Effect.REPLACES, Role.WRITES): Level.BREAKING,
    (Effect.NONE, Role.READS): Level.DOCS,
    (Effect.NONE, Role.WRITES): Level.DOCS,
}


def level_of(
    rule: Rule,
    effect: Effect,
    role: Role,
    *,
    standing: Standing = Standing.ANY,
    strict: bool = False,
    around: bool = False,
) -> Level:
    """The level of ``rule`` where values are read or written (``role`` is READS or WRITES, not BOTH).

    ``standing`` narrows the role down where the place is known. Under the ``strict`` content model the answer about
    values is the subset relation itself, so no deviation applies; the contract ``around`` schemas has no content model.
    """
    for deviation in rule.deviations:
        if strict and (deviation.tolerant_only or not around):
            continue
        applies = role in deviation.role and standing & deviation.standing
        if applies and (deviation.effect is None or deviation.effect is effect):
            return deviation.level
    return _TABLE[effect, role]
