"""Rules about enumerations."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import ENUM, EXTENSIBLE_ENUM, SEMVER_MINOR
from treaty.model.roles import Role, Standing

RULES: tuple[Rule, ...] = (
    Rule(
        id="enum-value-removed",
        effect=Effect.NARROWS,
        summary="Values were taken out of an enumeration.",
        message="{subject} may no longer be {before}",
        why=(
            "Callers who send the value are refused, and it is spelled out in their code and in their database. "
            "Readers of answers keep a branch that is never taken again."
        ),
        before="enum: [won, lost, void]",
        after="enum: [won, lost]",
        safe=(
            "Go on reading the value and treat it as its successor. Stop naming it in the documentation, and refuse "
            "it in the next major."
        ),
        source=ENUM,
        reverse="enum-value-added",
    ),
    Rule(
        id="enum-value-added",
        effect=Effect.WIDENS,
        summary="Values were added to an enumeration.",
        message="{subject} may now also be {after}",
        why=(
            "Where you write it, clients with a closed enumeration (a Java `enum`, a Swift `CaseIterable`, an "
            "exhaustive `switch`) throw on the value they have never seen, or worse, take a default branch. Where you "
            "read it, old clients never send it."
        ),
        before="enum: [won, lost]",
        after="enum: [won, lost, void]",
        safe=(
            "Agree from the first version on that readers map unknown values to `unknown`, and write "
            "`x-extensible-enum` where more will come. Without that agreement, send the new value only to clients "
            "that ask for it."
        ),
        source=f"{ENUM}; {SEMVER_MINOR}",
        reverse="enum-value-removed",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.RISKY,
                "A reader of a field falls back to `unknown` for values it does not know; the policy may raise this.",
                effect=Effect.WIDENS,
                standing=Standing.FIELD,
            ),
        ),
    ),
    Rule(
        id="enum-replaced",
        effect=Effect.REPLACES,
        summary="No value of the enumeration is left; others took their place.",
        message="{subject} was one of {before} and is now one of {after}",
        why=(
            "Not one of the old values is left, so every request with one is refused and every answer is a surprise. "
            "Renaming `won` to `WON` is such a change, however small it looks."
        ),
        before="enum: [won, lost]",
        after="enum: [WON, LOST]",
        safe=(
            "Accept old and new values alike and keep sending the old ones. The new spelling belongs to a new "
            "property or a major."
        ),
        source=ENUM,
        reverse="enum-replaced",
    ),
    Rule(
        id="enum-introduced",
        effect=Effect.NARROWS,
        summary="A free value became an enumeration.",
        message="{subject} may now only be {after}",
        why=(
            "Callers who send anything that is not on the list are refused, and a free field has seen everything, "
            "trailing blanks included. Readers of answers learn something and lose nothing."
        ),
        before="type: string",
        after="type: string\nenum: [web, app]",
        safe=(
            "List what was really sent, from the log, before you close the field. Map the rest to `other` instead of "
            "refusing it."
        ),
        source=ENUM,
        reverse="enum-dropped",
    ),
    Rule(
        id="enum-dropped",
        effect=Effect.WIDENS,
        summary="An enumeration became a free value.",
        message="{subject} may now be anything, not only {before}",
        why=(
            "Where you write it, readers were promised one of a few values and have code for those. Now anything may "
            "come, and their parser has no branch for it. Where you read it, callers are merely freer."
        ),
        before="type: string\nenum: [web, app]",
        after="type: string",
        safe=(
            "Keep the enumeration and add values one by one, or announce the open list as `x-extensible-enum` with a "
            "major."
        ),
        source=ENUM,
        reverse="enum-introduced",
    ),
    Rule(
        id="extensible-enum-value-removed",
        effect=Effect.NARROWS,
        summary="Values were taken out of an `x-extensible-enum`.",
        message="{subject} may no longer be {before}",
        why=(
            "Callers who send the value are no longer understood, though no validator refuses it, since the list was "
            "open. The request is accepted and the value ignored or misread."
        ),
        before="type: string\nx-extensible-enum: [won, lost, void]",
        after="type: string\nx-extensible-enum: [won, lost]",
        safe="Go on understanding the value for as long as it is sent.",
        source=EXTENSIBLE_ENUM,
        reverse="extensible-enum-value-added",
    ),
    Rule(
        id="extensible-enum-value-added",
        effect=Effect.NONE,
        summary="Values were added to an enumeration that announces more to come.",
        message="{subject} may now also be {after}, as announced",
        why=(
            "Readers were told that more values would come and to have an answer for them. Those who took the list "
            "for a closed one find out now."
        ),
        before="type: string\nx-extensible-enum: [won, lost]",
        after="type: string\nx-extensible-enum: [won, lost, void]",
        safe="Name the new value in the changelog and say which of the known ones it is most like.",
        source=EXTENSIBLE_ENUM,
        reverse="extensible-enum-value-removed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Readers were told to expect other values."),),
    ),
)
