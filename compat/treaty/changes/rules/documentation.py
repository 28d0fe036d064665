"""Rules about texts, defaults and lifecycle marks."""

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
        id="element-deprecated",
        effect=Effect.NONE,
        summary="Something is now deprecated.",
        message="{subject} is now deprecated",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="element-no-longer-deprecated",
    ),
    Rule(
        id="element-no-longer-deprecated",
        effect=Effect.NONE,
        summary="Something is no longer deprecated.",
        message="{subject} is no longer deprecated",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="element-deprecated",
    ),
    Rule(
        id="lifecycle-unreadable",
        effect=Effect.REPLACES,
        summary="A lifecycle mark cannot be read, so nothing can be planned by it.",
        message="the lifecycle value {after} cannot be read",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="lifecycle-unreadable",
    ),
)
