"""Rules about `oneOf`, `anyOf` and discriminators."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import DISCRIMINATOR, LOGIC, ONE_OF
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="union-branch-removed",
        effect=Effect.NARROWS,
        summary="A branch of `oneOf` or `anyOf` was removed.",
        message="{subject} may no longer be {before}",
        why=(
            "Callers who send that kind of value are refused, although they built it by your own description. Readers "
            "of answers keep a case that never comes."
        ),
        before=(
            "oneOf:\n"
            "  - {type: object, required: [card], properties: {card: {type: string}}}\n"
            "  - {type: object, required: [iban], properties: {iban: {type: string}}}\n"
            "  - {type: object, required: [cash], properties: {cash: {type: string}}}"
        ),
        after=(
            "oneOf:\n"
            "  - {type: object, required: [card], properties: {card: {type: string}}}\n"
            "  - {type: object, required: [iban], properties: {iban: {type: string}}}"
        ),
        safe=(
            "Keep reading the kind and translate it into another. Leave it out of the documentation first, out of the "
            "schema later."
        ),
        source=LOGIC,
        reverse="union-branch-added",
    ),
    Rule(
        id="union-branch-added",
        effect=Effect.WIDENS,
        summary="A branch of `oneOf` or `anyOf` was added.",
        message="{subject} may now also be {after}",
        why=(
            "Where you write it, readers decide between the kinds they know, and the new one is none of them. "
            "Generated unions throw when no member fits. Where you read it, there is one more thing callers may send."
        ),
        before=(
            "oneOf:\n"
            "  - {type: object, required: [card], properties: {card: {type: string}}}\n"
            "  - {type: object, required: [iban], properties: {iban: {type: string}}}"
        ),
        after=(
            "oneOf:\n"
            "  - {type: object, required: [card], properties: {card: {type: string}}}\n"
            "  - {type: object, required: [iban], properties: {iban: {type: string}}}\n"
            "  - {type: object, required: [cash], properties: {cash: {type: string}}}"
        ),
        safe=(
            "Send the new kind only to clients that ask for it, by a parameter or a new operation, until the next "
            "major."
        ),
        source=LOGIC,
        reverse="union-branch-removed",
    ),
    Rule(
        id="union-branches-overlap",
        effect=Effect.NARROWS,
        summary="Two branches of `oneOf` accept the same value, so it is refused.",
        message="two branches of {subject} now accept the same value, and `oneOf` refuses it",
        why=(
            "`oneOf` demands exactly one match. Values that now fit two branches are refused, so callers get an error "
            "for something each branch by itself would have taken, with a message hardly anybody understands."
        ),
        before="anyOf:\n  - {type: integer, maximum: 5}\n  - {type: integer, minimum: 1}",
        after="oneOf:\n  - {type: integer, maximum: 5}\n  - {type: integer, minimum: 1}",
        safe=(
            "Keep `anyOf`, which takes a value that fits more than one branch, or tell the branches apart by a "
            "constant they require."
        ),
        source=ONE_OF,
        reverse="union-branches-separated",
    ),
    Rule(
        id="union-branches-separated",
        effect=Effect.WIDENS,
        summary="Two branches of `oneOf` no longer accept the same value, so it is no longer refused.",
        message="two branches of {subject} no longer accept the same value",
        why=(
            "Where you write it, values may come that the old schema refused because they fitted two branches at "
            "once. Where you read it, callers may send them."
        ),
        before="oneOf:\n  - {type: integer, maximum: 5}\n  - {type: integer, minimum: 1}",
        after="anyOf:\n  - {type: integer, maximum: 5}\n  - {type: integer, minimum: 1}",
        safe="Keep values out of the old overlap in what you send, until readers have the new schema.",
        source=ONE_OF,
        reverse="union-branches-overlap",
    ),
    Rule(
        id="discriminator-property-changed",
        effect=Effect.REPLACES,
        summary="Another property tells the branches apart.",
        message="the branches of {subject} were told apart by `{before}` and are now by `{after}`",
        why=(
            "Generated clients choose the class to decode by the named property. They look at the old one, find "
            "nothing or the wrong thing, and fail or build the wrong object; what they send lacks the new one."
        ),
        before=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator: {propertyName: kind}"
        ),
        after=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator: {propertyName: type}"
        ),
        safe="Send both properties and name the old one until the next major.",
        source=DISCRIMINATOR,
        reverse="discriminator-property-changed",
    ),
    Rule(
        id="discriminator-value-remapped",
        effect=Effect.REPLACES,
        summary="A discriminator value stands for another schema.",
        message="the discriminator value {after} of {subject} now stands for another schema",
        why=(
            "The same value now announces another schema. Readers decode with the class they were told and get empty "
            "fields or an error; validators see nothing, since each object is valid as what it is."
        ),
        before=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator:\n"
            "  propertyName: kind\n"
            "  mapping: {new: Card, old: Iban}"
        ),
        after=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator:\n"
            "  propertyName: kind\n"
            "  mapping: {new: Iban, old: Iban}"
        ),
        safe="Give the other schema a value of its own and leave the old value with the old schema.",
        source=DISCRIMINATOR,
        reverse="discriminator-value-remapped",
    ),
    Rule(
        id="discriminator-value-removed",
        effect=Effect.NARROWS,
        summary="Discriminator values were removed.",
        message="{subject} no longer knows the discriminator value {before}",
        why=(
            "Callers who mark their objects with the value are no longer understood: the server cannot tell which "
            "schema they mean."
        ),
        before=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator:\n"
            "  propertyName: kind\n"
            "  mapping: {credit: Card, debit: Card, iban: Iban}"
        ),
        after=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator:\n"
            "  propertyName: kind\n"
            "  mapping: {credit: Card, iban: Iban}"
        ),
        safe="Leave the value mapped for as long as it is sent; a mapping may name one schema twice.",
        source=DISCRIMINATOR,
        reverse="discriminator-value-added",
    ),
    Rule(
        id="discriminator-value-added",
        effect=Effect.WIDENS,
        summary="Discriminator values were added.",
        message="{subject} may now carry the discriminator value {after}",
        why=(
            "Readers who choose by the value meet one they have no class for. Generators differ in what happens then, "
            "from the base class to an exception."
        ),
        before=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator:\n"
            "  propertyName: kind\n"
            "  mapping: {credit: Card, iban: Iban}"
        ),
        after=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator:\n"
            "  propertyName: kind\n"
            "  mapping: {credit: Card, debit: Card, iban: Iban}"
        ),
        safe="Read the new value for one release before the first one is sent.",
        source=DISCRIMINATOR,
        reverse="discriminator-value-removed",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.RISKY,
                "Like a new enumeration value: a reader falls back where it does not know the value.",
                effect=Effect.WIDENS,
            ),
        ),
    ),
    Rule(
        id="discriminator-added",
        effect=Effect.NONE,
        summary="A discriminator was added.",
        message="{subject} is now told apart by `{after}`",
        why=(
            "No value is refused because of it. Regenerated clients get a class hierarchy where they had a plain "
            "union, and their users have code to adapt."
        ),
        before="oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]",
        after=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator: {propertyName: kind}"
        ),
        safe="See that every branch requires the property, or clients cannot rely on it.",
        source=DISCRIMINATOR,
        reverse="discriminator-removed",
        deviations=(
            Deviation(Role.BOTH, Level.ADDITIVE, "The discriminator helps readers and refuses nothing by itself."),
        ),
    ),
    Rule(
        id="discriminator-removed",
        effect=Effect.NONE,
        summary="A discriminator was removed.",
        message="{subject} is no longer told apart by `{before}`",
        why=(
            "Values stay valid, and readers lose the way to tell them apart. Regenerated clients try one branch after "
            "the other and take the first that fits, which need not be the right one."
        ),
        before=(
            "oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]\n"
            "discriminator: {propertyName: kind}"
        ),
        after="oneOf: [{$ref: '#/components/schemas/Card'}, {$ref: '#/components/schemas/Iban'}]",
        safe="Keep it. Where it is wrong, correct the mapping instead.",
        source=DISCRIMINATOR,
        reverse="discriminator-added",
        deviations=(Deviation(Role.BOTH, Level.RISKY, "Readers and generated code choose the branch by it."),),
    ),
)
