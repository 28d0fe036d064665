"""Rules about differences only a proof can judge."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="schema-narrowed",
        effect=Effect.NARROWS,
        summary="Values are refused that were accepted, by keywords no other rule speaks of.",
        message="{subject} now refuses values it accepted: {after}",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="schema-widened",
    ),
    Rule(
        id="schema-widened",
        effect=Effect.WIDENS,
        summary="Values are accepted that were refused, by keywords no other rule speaks of.",
        message="{subject} now accepts values it refused: {after}",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="schema-narrowed",
    ),
    Rule(
        id="schema-replaced",
        effect=Effect.REPLACES,
        summary="Some values are refused that were accepted, and others the reverse, by keywords no other rule speaks of.",
        message="{subject} accepts other values than before: {after}",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="schema-replaced",
    ),
    Rule(
        id="schema-undecided",
        effect=Effect.REPLACES,
        summary="Whether values were taken away could not be decided.",
        message="cannot decide whether {subject} still accepts the same values: {after}",
        why="",
        before="",
        after="",
        safe="",
        source="",
        reverse="schema-undecided",
        deviations=(
            Deviation(
                Role.READS, Level.UNKNOWN, "No proof either way was found; a person must look.", effect=Effect.NARROWS
            ),
            Deviation(
                Role.WRITES, Level.UNKNOWN, "No proof either way was found; a person must look.", effect=Effect.WIDENS
            ),
            Deviation(
                Role.BOTH, Level.UNKNOWN, "No proof either way was found; a person must look.", effect=Effect.REPLACES
            ),
        ),
    ),
)
