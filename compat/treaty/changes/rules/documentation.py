"""Rules about texts and defaults."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="documentation-changed",
        effect=Effect.NONE,
        summary="Texts or examples changed.",
        message="{after} of {subject} changed",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="documentation-changed",
    ),
    Rule(
        id="default-changed",
        effect=Effect.NONE,
        summary="The default of a value changed.",
        message="the default of {subject} was {before} and is now {after}",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="default-changed",
        deviations=(Deviation(Role.READS, Level.RISKY, "Requests that leave the value out now mean something else."),),
    ),
    Rule(
        id="parameter-default-changed",
        effect=Effect.REPLACES,
        summary="The default of a parameter or form field changed.",
        message="the default of {subject} was {before} and is now {after}",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="parameter-default-changed",
    ),
)
