"""Rules about the properties of objects."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import (
    ADDITIONAL_PROPERTIES,
    DEPENDENT_REQUIRED,
    PROPERTIES,
    READ_ONLY,
    REQUIRED,
    SEMVER_MINOR,
)
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="property-added",
        effect=Effect.NONE,
        summary="An optional property was added to an open object.",
        message="{subject} was added as an optional property",
        why=(
            "Nobody breaks: writers send what is declared and readers of an open object skip what they do not know. "
            "Under the strict content model the answer is another one, since an open object may already carry "
            "something of that name and another type."
        ),
        before="type: object\nproperties: {id: {type: string}}",
        after="type: object\nproperties: {id: {type: string}, note: {type: string}}",
        safe="Nothing to do. Choose a name that nobody has sent on their own account so far.",
        source=f"{PROPERTIES}; {SEMVER_MINOR}",
        reverse="property-removed",
        deviations=(
            Deviation(
                Role.BOTH,
                Level.ADDITIVE,
                "Writers send declared properties only, and readers of an open object ignore what they do not know.",
            ),
        ),
    ),
    Rule(
        id="property-removed",
        effect=Effect.WIDENS,
        summary="An optional property was removed from an open object.",
        message="the optional property {subject} was removed",
        why=(
            "Where you write it, a reader who uses the property finds nothing, shows an empty field or takes a "
            "default, and gets no error. Where you read it, callers still send it and believe that it counts."
        ),
        before="type: object\nproperties: {id: {type: string}, note: {type: string}}",
        after="type: object\nproperties: {id: {type: string}}",
        safe=(
            "Mark the property `deprecated`, with `x-lifecycle` saying until when, and stop filling it only after "
            "that day."
        ),
        source=PROPERTIES,
        reverse="property-added",
        deviations=(
            Deviation(
                Role.READS,
                Level.RISKY,
                "The server ignores what it does not know; the client is not told that its value has no effect.",
                effect=Effect.WIDENS,
            ),
            Deviation(
                Role.WRITES,
                Level.RISKY,
                "A reader of an optional property is prepared for its absence, but may depend on it.",
                effect=Effect.WIDENS,
            ),
        ),
    ),
    Rule(
        id="required-property-added",
        effect=Effect.NARROWS,
        summary="A property was added and is required.",
        message="the new property {subject} is required",
        why=(
            "Callers do not send what they have never heard of, so all their requests are refused until they have "
            "released a new version. Readers of answers are told more and lose nothing."
        ),
        before="type: object\nproperties: {id: {type: string}}",
        after="type: object\nrequired: [region]\nproperties: {id: {type: string}, region: {type: string}}",
        safe=(
            "Add it as optional with a documented default. Require it with the next major, once you have seen that "
            "everybody sends it."
        ),
        source=REQUIRED,
        reverse="required-property-removed",
    ),
    Rule(
        id="required-property-removed",
        effect=Effect.WIDENS,
        summary="A required property was removed.",
        message="the required property {subject} was removed",
        why=(
            "Where you write it, readers were told that it is always there. Typed clients refuse the whole answer, "
            "the others fail on `undefined` a few lines later. Where you read it, what callers send is ignored."
        ),
        before="type: object\nrequired: [id, region]\nproperties: {id: {type: string}, region: {type: string}}",
        after="type: object\nrequired: [id]\nproperties: {id: {type: string}}",
        safe=(
            "Keep filling it until the next major, with the last true value or a neutral one, and mark it "
            "`deprecated` until then."
        ),
        source=REQUIRED,
        reverse="required-property-added",
        deviations=(
            Deviation(
                Role.READS,
                Level.RISKY,
                "The server ignores what it does not know; the client is not told that its value has no effect.",
                effect=Effect.WIDENS,
            ),
        ),
    ),
    Rule(
        id="property-became-required",
        effect=Effect.NARROWS,
        summary="A property must now be present.",
        message="{subject} became required",
        why=(
            "Callers who leave it out, as they were allowed to, are refused. A `default` in the schema does not save "
            "them, since validators refuse the request before anybody fills anything in."
        ),
        before="type: object\nproperties: {region: {type: string}}",
        after="type: object\nrequired: [region]\nproperties: {region: {type: string}}",
        safe=(
            "Keep it optional and fill in the default on the server. If yours does so before it validates, waive the "
            "finding and say so."
        ),
        source=REQUIRED,
        reverse="property-became-optional",
    ),
    Rule(
        id="property-became-optional",
        effect=Effect.WIDENS,
        summary="A property may now be absent.",
        message="{subject} became optional",
        why=(
            "Where you write it, readers use it without asking whether it is there; typed clients do not even have a "
            "way to ask. The first answer without it fails, perhaps months from now. Where you read it, callers are "
            "freer than before."
        ),
        before="type: object\nrequired: [region]\nproperties: {region: {type: string}}",
        after="type: object\nproperties: {region: {type: string}}",
        safe="Go on sending it always. Accept requests without it by giving requests a schema of their own.",
        source=REQUIRED,
        reverse="property-became-required",
    ),
    Rule(
        id="property-forbidden",
        effect=Effect.NARROWS,
        summary="A property was removed from a closed object, which now refuses it.",
        message="{subject} was removed and is now refused",
        why=(
            "Callers who still send it are refused, because the object accepts nothing it does not declare. They sent "
            "it yesterday because you asked them to."
        ),
        before="type: object\nadditionalProperties: false\nproperties: {id: {type: string}, note: {type: string}}",
        after="type: object\nadditionalProperties: false\nproperties: {id: {type: string}}",
        safe="Leave the property declared, mark it `deprecated` and ignore its value until the next major.",
        source=ADDITIONAL_PROPERTIES,
        reverse="property-allowed",
    ),
    Rule(
        id="property-allowed",
        effect=Effect.WIDENS,
        summary="A property was added to a closed object, which refused it before.",
        message="{subject} is now allowed; readers were promised that nothing else would come",
        why=(
            'Where you write it, readers hold you to "nothing else comes": they validate against a closed schema or '
            "decode strictly, and refuse the answer. Where you read it, one more property is welcome."
        ),
        before="type: object\nadditionalProperties: false\nproperties: {id: {type: string}}",
        after="type: object\nadditionalProperties: false\nproperties: {id: {type: string}, note: {type: string}}",
        safe=(
            "Open the answer with a major, and close requests only. Until then send the new property from a new "
            "operation."
        ),
        source=ADDITIONAL_PROPERTIES,
        reverse="property-forbidden",
    ),
    Rule(
        id="additional-properties-closed",
        effect=Effect.NARROWS,
        summary="Undeclared properties are now refused.",
        message="{subject} now refuses properties it does not declare",
        why=(
            "Callers who send anything beyond the declared properties are refused: a field of theirs, a leftover of "
            "an older version, a typo that never mattered. You will not find them in your own tests."
        ),
        before="type: object\nproperties: {id: {type: string}}",
        after="type: object\nproperties: {id: {type: string}}\nadditionalProperties: false",
        safe="Log unknown properties for a while, tell who sends them, and close the object in the next major.",
        source=ADDITIONAL_PROPERTIES,
        reverse="additional-properties-opened",
    ),
    Rule(
        id="additional-properties-opened",
        effect=Effect.WIDENS,
        summary="Undeclared properties are no longer refused.",
        message="{subject} may now carry properties it does not declare",
        why=(
            "Where you write it, readers were promised that only declared properties come. Clients generated from the "
            "closed schema refuse the first unknown one. Where you read it, you accept more than before."
        ),
        before="type: object\nproperties: {id: {type: string}}\nadditionalProperties: false",
        after="type: object\nproperties: {id: {type: string}}",
        safe="Open the schema of requests and leave that of answers closed; two schemas, one for each direction.",
        source=ADDITIONAL_PROPERTIES,
        reverse="additional-properties-closed",
    ),
    Rule(
        id="additional-properties-restricted",
        effect=Effect.NARROWS,
        summary="Undeclared properties must now match a schema.",
        message="undeclared properties of {subject} must now match a schema",
        why=(
            "Callers who use the free part of the object, for labels or metadata, are refused when their values are "
            "not of the new kind: numbers and nested objects where only text is taken now."
        ),
        before="type: object\nadditionalProperties: true",
        after="type: object\nadditionalProperties: {type: string}",
        safe="Convert the other values to text on your side, or restrict only new objects.",
        source=ADDITIONAL_PROPERTIES,
        reverse="additional-properties-freed",
    ),
    Rule(
        id="additional-properties-freed",
        effect=Effect.WIDENS,
        summary="Undeclared properties may now have any value.",
        message="undeclared properties of {subject} may now have any value",
        why=(
            "Where you write it, readers keep the entries in a map of one type, `Map<String, String>`, and fail on "
            "the first value that is something else."
        ),
        before="type: object\nadditionalProperties: {type: string}",
        after="type: object\nadditionalProperties: true",
        safe="Keep the map of text and put the richer values into a property of their own.",
        source=ADDITIONAL_PROPERTIES,
        reverse="additional-properties-restricted",
    ),
    Rule(
        id="dependent-required-added",
        effect=Effect.NARROWS,
        summary="A property now demands others beside it.",
        message="{subject} now needs {after} beside it",
        why=(
            "Callers who send the one property without the other, as most of them do today, are refused. Callers who "
            "send neither go on as before."
        ),
        before="type: object\nproperties: {card: {type: string}, holder: {type: string}}",
        after=(
            "type: object\n"
            "properties: {card: {type: string}, holder: {type: string}}\n"
            "dependentRequired: {card: [holder]}"
        ),
        safe=(
            "Take the one without the other and fill in what is missing, or answer with a hint and count how often "
            "that happens."
        ),
        source=DEPENDENT_REQUIRED,
        reverse="dependent-required-removed",
    ),
    Rule(
        id="dependent-required-removed",
        effect=Effect.WIDENS,
        summary="A property no longer demands others beside it.",
        message="{subject} no longer needs {before} beside it",
        why="Where you write it, readers who see the one property read the other without looking, and find nothing.",
        before=(
            "type: object\n"
            "properties: {card: {type: string}, holder: {type: string}}\n"
            "dependentRequired: {card: [holder]}"
        ),
        after="type: object\nproperties: {card: {type: string}, holder: {type: string}}",
        safe="Go on sending both together.",
        source=DEPENDENT_REQUIRED,
        reverse="dependent-required-added",
    ),
    Rule(
        id="property-became-read-only",
        effect=Effect.NONE,
        summary="A property became read only.",
        message="{subject} became read only: it is no longer read",
        why=(
            "Callers who set it are no longer heard. The server ignores the value or answers 400, and a form that let "
            "people edit the field seems to save it and does not."
        ),
        before="type: object\nproperties: {status: {type: string}}",
        after="type: object\nproperties: {status: {type: string, readOnly: true}}",
        safe=(
            "Say in the changelog how the value is changed from now on, and ignore what is sent rather than refuse it."
        ),
        source=READ_ONLY,
        reverse="property-no-longer-read-only",
        deviations=(
            Deviation(
                Role.READS,
                Level.RISKY,
                "What the other side may send or will get changes; values that travel do not become invalid.",
            ),
        ),
    ),
    Rule(
        id="property-no-longer-read-only",
        effect=Effect.NONE,
        summary="A property is no longer read only.",
        message="{subject} is no longer read only",
        why=(
            "Nobody breaks; callers may now set what they could only see. A client that sends back the whole object "
            "it has read now writes this property too, so check that stale values do no harm."
        ),
        before="type: object\nproperties: {status: {type: string, readOnly: true}}",
        after="type: object\nproperties: {status: {type: string}}",
        safe="Treat a value that has not changed as if it had not been sent.",
        source=READ_ONLY,
        reverse="property-became-read-only",
        deviations=(
            Deviation(
                Role.BOTH,
                Level.ADDITIVE,
                "What the other side may send or will get changes; values that travel do not become invalid.",
            ),
        ),
    ),
    Rule(
        id="property-became-write-only",
        effect=Effect.NONE,
        summary="A property became write only.",
        message="{subject} became write only: it is no longer sent",
        why=(
            "Readers who show or use the property do not get it any more. It is right for a password and a surprise "
            "for anything else, such as a limit or a callback URL that people want to check."
        ),
        before="type: object\nproperties: {secret: {type: string}}",
        after="type: object\nproperties: {secret: {type: string, writeOnly: true}}",
        safe="Send a masked or shortened form in another property, so that people still see that it is set.",
        source=READ_ONLY,
        reverse="property-no-longer-write-only",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.RISKY,
                "What the other side may send or will get changes; values that travel do not become invalid.",
            ),
        ),
    ),
    Rule(
        id="property-no-longer-write-only",
        effect=Effect.NONE,
        summary="A property is no longer write only.",
        message="{subject} is no longer write only",
        why=(
            "Nobody breaks, and something that was never shown now is: in answers, in logs, in caches on the way. "
            "Check that it was hidden for no good reason."
        ),
        before="type: object\nproperties: {secret: {type: string, writeOnly: true}}",
        after="type: object\nproperties: {secret: {type: string}}",
        safe="Let somebody who knows why it was hidden approve it.",
        source=READ_ONLY,
        reverse="property-became-write-only",
        deviations=(
            Deviation(
                Role.BOTH,
                Level.ADDITIVE,
                "What the other side may send or will get changes; values that travel do not become invalid.",
            ),
        ),
    ),
)
