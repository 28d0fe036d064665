"""From a rule about Protobuf to its levels: surface by surface, role by role."""

from __future__ import annotations

from treaty.changes.change import Level
from treaty.changes.levels import level_of
from treaty.changes.protobuf.surfaces import MESSAGES, Surface, SurfaceDeviation, SurfaceRule
from treaty.model.roles import Role


def level_on(rule: SurfaceRule, surface: Surface, role: Role, *, strict: bool) -> Level:
    """The level of ``rule`` on one surface in one role; the content model matters to JSON alone."""
    if surface not in MESSAGES:
        return Level.BREAKING
    effect = rule.effect_on(surface)
    if not (strict and surface is Surface.TEXT):
        for deviation in rule.deviations:
            here = surface in deviation.surface if isinstance(deviation, SurfaceDeviation) else True
            if here and role in deviation.role and deviation.effect in (None, effect):
                return deviation.level
    return level_of(rule, effect, role, strict=True)


def worst_level(rule: SurfaceRule, surfaces: Surface, role: Role, *, strict: bool = False) -> Level:
    """The level of ``rule`` where all of ``surfaces`` matter."""
    felt = [level_on(rule, surface, role, strict=strict) for surface in rule.surfaces & surfaces]
    return max([rule.floor, *felt], key=lambda level: level.severity)


def broken_on(rule: SurfaceRule, roles: Role, *, strict: bool) -> Surface:
    """Every surface that the rule breaks for one of ``roles``, asked about or not."""
    broken = Surface.NONE
    for surface in rule.surfaces:
        asked = [role for role in (Role.READS, Role.WRITES) if role in roles]
        if any(level_on(rule, surface, role, strict=strict) is Level.BREAKING for role in asked):
            broken |= surface
    return broken
