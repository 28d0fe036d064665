"""Rules about parameters."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import CONTENT_TYPE, PARAMETER, RESERVED, STYLES
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="required-parameter-added",
        effect=Effect.NARROWS,
        summary="A required parameter was added.",
        message="the new parameter is required",
        why=(
            "Every request written before today lacks the parameter, so every caller gets 400 from the day the server "
            "asks for it. There is no grace period: the first request after the deployment fails."
        ),
        before="parameters: []",
        after="parameters:\n  - {name: region, in: query, required: true, schema: {type: string}}",
        safe=(
            "Add it as optional and let the server choose what callers meant so far when it is missing. Require it "
            "only in the next major, or in a new operation."
        ),
        source=PARAMETER,
        reverse="parameter-removed",
    ),
    Rule(
        id="parameter-added",
        effect=Effect.WIDENS,
        summary="An optional parameter was added.",
        message="an optional parameter was added",
        why=(
            "Nobody breaks: requests without it mean what they meant before. Servers that used to reject unknown "
            "query parameters now accept one more."
        ),
        before="parameters: []",
        after="parameters:\n  - {name: limit, in: query, schema: {type: integer}}",
        safe="Say in its description what happens when it is left out, and make that what happened until now.",
        source=PARAMETER,
        reverse="parameter-removed",
    ),
    Rule(
        id="parameter-removed",
        effect=Effect.NONE,
        summary="A parameter was removed.",
        message="the parameter was removed",
        why=(
            "Requests that carry it are still accepted, and its value does nothing. A client that filters by it now "
            "gets everything, a client that pages by it gets the first page for ever, and neither sees an error."
        ),
        before="parameters:\n  - {name: currency, in: query, schema: {type: string}}",
        after="parameters: []",
        safe=(
            "Mark it `deprecated` with a sunset first and look in the log for who still sends it. Where ignoring it "
            "would mislead, answer 400 and name the parameter instead."
        ),
        source=PARAMETER,
        reverse="parameter-added",
        deviations=(
            Deviation(Role.BOTH, Level.RISKY, "The server ignores it; the client is not told that it has no effect."),
        ),
    ),
    Rule(
        id="parameter-became-required",
        effect=Effect.NARROWS,
        summary="A parameter must now be sent.",
        message="the parameter became required",
        why=(
            "Callers who left it out, which the contract told them they may, get 400. Those who always sent it notice "
            "nothing, so your own tests are likely to pass."
        ),
        before="name: region\nin: query\nschema: {type: string}",
        after="name: region\nin: query\nrequired: true\nschema: {type: string}",
        safe=(
            "Keep it optional, with a documented default. To find out whether anybody leaves it out, count such "
            "requests first."
        ),
        source=PARAMETER,
        reverse="parameter-became-optional",
    ),
    Rule(
        id="parameter-became-optional",
        effect=Effect.WIDENS,
        summary="A parameter may now be left out.",
        message="the parameter became optional",
        why=(
            "Nobody breaks: requests that carry it mean the same. The server now needs an answer to what a request "
            "without it means."
        ),
        before="name: region\nin: query\nrequired: true\nschema: {type: string}",
        after="name: region\nin: query\nschema: {type: string}",
        safe=(
            "Document the default that applies when it is missing, and keep to it: changing it later changes what old "
            "requests mean."
        ),
        source=PARAMETER,
        reverse="parameter-became-required",
    ),
    Rule(
        id="parameter-moved",
        effect=Effect.REPLACES,
        summary="A parameter is sent in another place.",
        message="the parameter moved from {before} to {after}",
        why=(
            "Clients go on sending it where it was. The server looks in the new place, finds nothing, and answers 400 "
            "or acts as if it had been left out, which is worse."
        ),
        before="name: Region\nin: header\nschema: {type: string}",
        after="name: Region\nin: query\nschema: {type: string}",
        safe=(
            "Read it in both places, the new one first, and mark the old place `deprecated`. Drop the old one in the "
            "next major."
        ),
        source=PARAMETER,
        reverse="parameter-moved",
    ),
    Rule(
        id="parameter-encoding-changed",
        effect=Effect.REPLACES,
        summary="A parameter is encoded in another way (`schema` or `content`, or another media type).",
        message="the parameter was encoded by {before} and is now by {after}",
        why=(
            "The same value is written in another syntax: `filter=won` becomes `filter=%22won%22` as soon as JSON is "
            "asked for. The server parses what old clients send by the new syntax and refuses it, or reads something "
            "else."
        ),
        before="name: filter\nin: query\nschema: {type: string}",
        after="name: filter\nin: query\ncontent: {application/json: {schema: {type: string}}}",
        safe="Give the new syntax a new parameter name and accept both until the next major.",
        source=f"{PARAMETER}; {CONTENT_TYPE}",
        reverse="parameter-encoding-changed",
    ),
    Rule(
        id="parameter-style-changed",
        effect=Effect.REPLACES,
        summary="The `style` of a parameter changed.",
        message="the style was {before} and is now {after}",
        why=(
            "Lists and objects are joined in another way, for example `1|2` where it was `1,2`. A server that splits "
            "by the new separator takes what an old client sends for one long value, and often accepts it."
        ),
        before="name: ids\nin: query\nexplode: false\nschema: {type: array, items: {type: integer}}",
        after=(
            "name: ids\nin: query\nstyle: pipeDelimited\nexplode: false\nschema: {type: array, items: {type: integer}}"
        ),
        safe=(
            "Keep the style, or add a second parameter that has the new one. A server can tell the two apart only by "
            "the name."
        ),
        source=STYLES,
        reverse="parameter-style-changed",
    ),
    Rule(
        id="parameter-explode-changed",
        effect=Effect.REPLACES,
        summary="The `explode` of a parameter changed.",
        message="explode was {before} and is now {after}",
        why=(
            "`ids=1,2` and `ids=1&ids=2` are both a list of two, but to a server that expects the other one the first "
            "is a single odd value, and of the second it may read only the last. Clients generated before today send "
            "the wrong one."
        ),
        before="name: ids\nin: query\nschema: {type: array, items: {type: integer}}",
        after="name: ids\nin: query\nexplode: false\nschema: {type: array, items: {type: integer}}",
        safe=(
            "Let the server understand both forms for as long as old clients live, and leave the contract at the old "
            "one until then."
        ),
        source=STYLES,
        reverse="parameter-explode-changed",
    ),
    Rule(
        id="parameter-empty-value-refused",
        effect=Effect.NARROWS,
        summary="A parameter may no longer be sent without a value.",
        message="the parameter may no longer be empty",
        why=(
            "Callers who use it as a switch, `?live` or `?live=`, are refused from now on. People who type URLs by "
            "hand, and scripts that leave a variable empty, do this more often than one would think."
        ),
        before="name: live\nin: query\nallowEmptyValue: true\nschema: {type: boolean}",
        after="name: live\nin: query\nschema: {type: boolean}",
        safe=(
            "Go on taking the empty value for what it meant, and mark only the documentation as discouraged; refuse "
            "it in the next major."
        ),
        source=PARAMETER,
        reverse="parameter-empty-value-allowed",
    ),
    Rule(
        id="parameter-empty-value-allowed",
        effect=Effect.WIDENS,
        summary="A parameter may now be sent without a value.",
        message="the parameter may now be empty",
        why="Nobody breaks. The server must now tell three cases apart: with a value, empty, and not sent at all.",
        before="name: live\nin: query\nschema: {type: boolean}",
        after="name: live\nin: query\nallowEmptyValue: true\nschema: {type: boolean}",
        safe=(
            "Describe what the empty value means. OpenAPI advises against `allowEmptyValue`; a default value often "
            "says the same."
        ),
        source=PARAMETER,
        reverse="parameter-empty-value-refused",
    ),
    Rule(
        id="parameter-reserved-changed",
        effect=Effect.NONE,
        summary="Whether reserved characters of a parameter are percent-encoded changed.",
        message="allowReserved was {before} and is now {after}",
        why=(
            "Characters such as `/`, `&` and `+` travel bare or percent-encoded. Most servers decode both alike; "
            "gateways, signatures over the URL and hand-written parsers do not, and then `a+b` arrives as `a b`."
        ),
        before="name: path\nin: query\nschema: {type: string}",
        after="name: path\nin: query\nallowReserved: true\nschema: {type: string}",
        safe="Test the server, and the gateway before it, with both forms of a value that holds reserved characters.",
        source=f"{PARAMETER}; {RESERVED}",
        reverse="parameter-reserved-changed",
        deviations=(
            Deviation(Role.BOTH, Level.RISKY, "Values with reserved characters are read differently by some servers."),
        ),
    ),
)
