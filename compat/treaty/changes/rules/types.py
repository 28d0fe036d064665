"""Rules about JSON types."""

from __future__ import annotations

from treaty.changes.catalogue import Rule
from treaty.changes.change import Effect
from treaty.changes.rules.sources import BOOLEAN_SCHEMAS, NULLABLE, TYPE

RULES: tuple[Rule, ...] = (
    Rule(
        id="type-narrowed",
        effect=Effect.NARROWS,
        summary="Fewer JSON types are accepted.",
        message="{subject} was {before} and is now only {after}",
        why=(
            "Where you read it, callers who send one of the types that are gone are refused. A number that must now "
            "be an integer is the usual case: 12.5 was fine yesterday. Where you write it, readers merely see less "
            "than they were ready for."
        ),
        before="type: number",
        after="type: integer",
        safe=(
            "Go on reading the wider type and convert it, rounding or refusing by a rule you document. Narrow it in "
            "the next major."
        ),
        source=TYPE,
        reverse="type-widened",
    ),
    Rule(
        id="type-widened",
        effect=Effect.WIDENS,
        summary="More JSON types are accepted.",
        message="{subject} was {before} and may now be {after}",
        why=(
            "Where you write it, generated clients have a field of the old type and throw on the first value of the "
            "new one; an integer field cannot hold 12.5. Where you read it, nobody is asked to change anything."
        ),
        before="type: integer",
        after="type: number",
        safe=(
            "Leave the old property as it is and add a second one with the wider type. Fill both until the next major."
        ),
        source=TYPE,
        reverse="type-narrowed",
    ),
    Rule(
        id="type-changed",
        effect=Effect.REPLACES,
        summary="The JSON type is another one.",
        message="{subject} was {before} and is now {after}",
        why=(
            "Nothing that was valid is valid now. Old requests are refused, and old clients cannot parse the new "
            'answers, `"12"` where they expect `12`. Both sides would have to be deployed in the same second.'
        ),
        before="type: integer",
        after="type: string",
        safe=(
            "Add a property of another name with the new type, fill and read both, deprecate the old one, and remove "
            "it with a major."
        ),
        source=TYPE,
        reverse="type-changed",
    ),
    Rule(
        id="null-refused",
        effect=Effect.NARROWS,
        summary="Null is no longer accepted.",
        message="{subject} may no longer be null",
        why=(
            'Callers who send `null` to say "nothing", as many serialisers do with every empty field, are refused. '
            "Readers of answers only lose a case."
        ),
        before="type: [string, 'null']",
        after="type: string",
        safe="Go on accepting `null` and treat it as if the property were absent.",
        source=f"{TYPE}; {NULLABLE}",
        reverse="null-allowed",
    ),
    Rule(
        id="null-allowed",
        effect=Effect.WIDENS,
        summary="Null is accepted too.",
        message="{subject} may now be null",
        why=(
            "Where you write it, code that was told the value is always there dereferences it. The first `null` is a "
            "crash in Java, a TypeError in JavaScript and a failed decode in Go or Swift, often weeks after the "
            "release."
        ),
        before="type: string",
        after="type: [string, 'null']",
        safe=(
            "Send an empty or neutral value that the old type allows, or leave the property out where it is optional "
            "already."
        ),
        source=f"{TYPE}; {NULLABLE}",
        reverse="null-refused",
    ),
    Rule(
        id="value-forbidden",
        effect=Effect.NARROWS,
        summary="No value is accepted any more.",
        message="{subject} may no longer have any value",
        why=(
            "Whatever is sent is refused, because `false`, or demands that contradict each other, accept nothing. It "
            "is more often a slip in an `allOf` than a plan. Readers of answers will not see the value again."
        ),
        before="type: string",
        after="allOf: [{type: string}, {type: integer}]",
        safe=(
            "If it is to go, remove the property and let the object stay open, so that old requests are still taken. "
            "If it was a slip, look for two parts of an `allOf` that name different types."
        ),
        source=BOOLEAN_SCHEMAS,
        reverse="value-allowed",
    ),
    Rule(
        id="value-allowed",
        effect=Effect.WIDENS,
        summary="A value is accepted where none was.",
        message="{subject} may now have a value",
        why=(
            "Where you write it, readers were promised that there is never anything here, and strict ones fail on "
            "what now comes. Where you read it, callers may send what was refused before."
        ),
        before="allOf: [{type: string}, {type: integer}]",
        after="type: string",
        safe="Send the value under a new name.",
        source=BOOLEAN_SCHEMAS,
        reverse="value-forbidden",
    ),
)
