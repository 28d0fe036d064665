"""Rules about differences only a proof can judge."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import APPLICATORS
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="schema-narrowed",
        effect=Effect.NARROWS,
        summary="Values are refused that were accepted, by keywords no other rule speaks of.",
        message="{subject} now refuses values it accepted: its keywords were {before} and are now {after}",
        why=(
            "Callers who send values like the witness below the finding are refused. No rule has a name for what "
            "changed, a `not`, an `if`, a `contains`, so the proof has to speak for itself, and it has been checked "
            "by an independent validator."
        ),
        before="type: string",
        after="type: string\nnot: {const: test}",
        safe=(
            "Read the witness as a message from a partner and decide whether anybody sends it. If so, accept it on "
            "your side and narrow the schema in the next major."
        ),
        source=APPLICATORS,
        reverse="schema-widened",
    ),
    Rule(
        id="schema-widened",
        effect=Effect.WIDENS,
        summary="Values are accepted that were refused, by keywords no other rule speaks of.",
        message="{subject} now accepts values it refused: its keywords were {before} and are now {after}",
        why=(
            "Where you write it, readers may now get values like the witness, which the old schema refused and their "
            "validator or parser still does. Where you read it, you merely accept more."
        ),
        before="type: string\nnot: {const: test}",
        after="type: string",
        safe="Keep the restriction on what you send, even where you accept more.",
        source=APPLICATORS,
        reverse="schema-narrowed",
    ),
    Rule(
        id="schema-replaced",
        effect=Effect.REPLACES,
        summary="Some values are refused that were accepted, and others the reverse, by keywords no other rule speaks of.",
        message="{subject} refuses values it accepted and accepts others: its keywords were {before} and are now {after}",
        why=(
            "Values that were accepted are refused and others the reverse, by keywords that no rule takes apart. "
            "Callers fail with the ones, readers with the others."
        ),
        before="type: string\nnot: {const: test}",
        after="type: string\nnot: {const: demo}",
        safe="Accept what either schema accepts. To send by the new one, use a new property or a major.",
        source=APPLICATORS,
        reverse="schema-replaced",
    ),
    Rule(
        id="schema-undecided",
        effect=Effect.REPLACES,
        summary="Whether values were taken away could not be decided.",
        message="cannot decide whether {subject} still accepts the same values (before: {before}; now: {after})",
        why=(
            "Perhaps nobody breaks, and perhaps somebody does: the change lies in keywords that no procedure can "
            "decide in general, or the schema is too large for the time a check may take. Treaty counts it as "
            "breaking until a person has looked, since a pass nobody has proven is the one that hurts."
        ),
        before="type: object\n$dynamicRef: '#note'",
        after="type: object\n$dynamicRef: '#remark'",
        safe=(
            "Think of a value the old schema took and the new one refuses. If there is one, treat this as breaking; "
            "if you are sure that there is none, waive it and write down why. Simpler keywords can often be proven."
        ),
        source=APPLICATORS,
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
