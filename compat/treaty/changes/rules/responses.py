"""Rules about responses, headers and links."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import FIELDS, HEADER, LINK, RESPONSES, STATUS_CODES
from treaty.model.roles import Role, Standing

RULES: tuple[Rule, ...] = (
    Rule(
        id="success-response-removed",
        effect=Effect.NARROWS,
        summary="A success status is no longer answered.",
        message="the response was removed",
        why=(
            "Clients wait for exactly this status to go on. A client that checks `status == 201` takes the 200 it now "
            "gets for a failure, retries, and creates the thing twice."
        ),
        before="responses:\n  '200': {description: Already there}\n  '201': {description: Created}",
        after="responses:\n  '200': {description: Already there}",
        safe="Keep answering the status, or bring the new behaviour with a new operation.",
        source=f"{RESPONSES}; {STATUS_CODES}",
        reverse="success-response-added",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.BREAKING,
                "Clients wait for the answer they were promised.",
                effect=Effect.NARROWS,
                standing=Standing.ANSWER,
            ),
        ),
    ),
    Rule(
        id="success-response-added",
        effect=Effect.WIDENS,
        summary="A success status may now be answered.",
        message="the response was added",
        why=(
            "A client that knows only the old success statuses may treat the new one as an error, or look for a body "
            "that a 202 or 204 does not have. Clients that go by the class of the status do not notice."
        ),
        before="responses:\n  '200': {description: Done}",
        after="responses:\n  '200': {description: Done}\n  '202': {description: Will be done}",
        safe=(
            "Answer it only to clients that ask for it, by a `Prefer` header or a parameter, until the others have "
            "been told."
        ),
        source=f"{RESPONSES}; {STATUS_CODES}",
        reverse="success-response-removed",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.RISKY,
                "A client that knows only the old success statuses may treat it as a failure.",
                effect=Effect.WIDENS,
                standing=Standing.ANSWER,
            ),
        ),
    ),
    Rule(
        id="response-removed",
        effect=Effect.NARROWS,
        summary="A status is no longer answered.",
        message="the response was removed",
        why=(
            'Nobody is sent anything new. A client that acts on the status, for example by showing "try again later" '
            "on 429, now meets the situation in another dress or not at all."
        ),
        before="responses:\n  '200': {description: Done}\n  '429': {description: Too many requests}",
        after="responses:\n  '200': {description: Done}",
        safe="Say in the changelog which status comes in its place. If it still happens, leave it in the contract.",
        source=f"{RESPONSES}; {STATUS_CODES}",
        reverse="response-added",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.RISKY,
                "Clients may act on it, but get along without it.",
                effect=Effect.NARROWS,
                standing=Standing.ANSWER,
            ),
        ),
    ),
    Rule(
        id="response-added",
        effect=Effect.WIDENS,
        summary="A status may now be answered.",
        message="the response was added",
        why=(
            "Clients that handle errors by their class get along. Those with a branch for each status fall into their "
            "last one, so the new body should look like the other errors."
        ),
        before="responses:\n  '200': {description: Done}",
        after="responses:\n  '200': {description: Done}\n  '409': {description: Already settled}",
        safe="Use the error model of the other statuses, and say whether a retry makes sense.",
        source=f"{RESPONSES}; {STATUS_CODES}",
        reverse="response-removed",
        deviations=(
            Deviation(
                Role.WRITES,
                Level.ADDITIVE,
                "Clients handle statuses by their class (RFC 9110, section 15).",
                effect=Effect.WIDENS,
                standing=Standing.ANSWER,
            ),
        ),
    ),
    Rule(
        id="required-header-removed",
        effect=Effect.WIDENS,
        summary="A header that was always sent was removed.",
        message="the required header was removed",
        why=(
            "Clients were promised that it always comes and read it without looking: the `Location` of what they "
            "created, the cursor of the next page, the identifier for support. Now they read nothing and fail on "
            "that."
        ),
        before=(
            "responses:\n"
            "  '201':\n"
            "    description: Created\n"
            "    headers: {Location: {required: true, schema: {type: string}}}"
        ),
        after="responses:\n  '201': {description: Created}",
        safe="Go on sending it. If the value moved into the body, send both until the next major.",
        source=HEADER,
        reverse="required-header-added",
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
        id="header-removed",
        effect=Effect.NONE,
        summary="An optional header was removed.",
        message="the header was removed",
        why=(
            "Nobody was promised it, and nobody's parser fails. Whoever logs it, caches by it or shows it to support "
            "loses it without a warning."
        ),
        before="responses:\n  '200':\n    description: Done\n    headers: {X-Trace-Id: {schema: {type: string}}}",
        after="responses:\n  '200': {description: Done}",
        safe="Mark the header `deprecated` for a release, then remove it.",
        source=HEADER,
        reverse="header-added",
        deviations=(
            Deviation(Role.BOTH, Level.RISKY, "Whoever read it is prepared for its absence, but may depend on it."),
        ),
    ),
    Rule(
        id="required-header-added",
        effect=Effect.NARROWS,
        summary="A header that is always sent was added.",
        message="a required header was added",
        why=(
            "Clients ignore header fields they do not know, so nobody who receives it notices. In a webhook's answer "
            "or in a part of a form it is the other side who has to send it, and does not yet."
        ),
        before="responses:\n  '200': {description: Done}",
        after=(
            "responses:\n"
            "  '200':\n"
            "    description: Done\n"
            "    headers: {X-Trace-Id: {required: true, schema: {type: string}}}"
        ),
        safe=(
            "Where others must send it, ask for it as optional first. Make sure that error answers of gateways carry "
            "it too."
        ),
        source=f"{HEADER}; {FIELDS}",
        reverse="required-header-removed",
    ),
    Rule(
        id="header-added",
        effect=Effect.NONE,
        summary="An optional header was added.",
        message="the header was added",
        why=(
            "Nobody breaks; header fields that nobody knows are ignored. Browsers hide it from scripts until it "
            "stands in `Access-Control-Expose-Headers`."
        ),
        before="responses:\n  '200': {description: Done}",
        after="responses:\n  '200':\n    description: Done\n    headers: {X-Trace-Id: {schema: {type: string}}}",
        safe="Nothing to do.",
        source=f"{HEADER}; {FIELDS}",
        reverse="header-removed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Headers nobody knows are ignored."),),
    ),
    Rule(
        id="header-became-required",
        effect=Effect.NARROWS,
        summary="A header is now always sent.",
        message="the header became required",
        why=(
            "Those who receive the header are promised more than before. Those who must send it, in a webhook's "
            "answer or a part of a form, are refused without it."
        ),
        before="responses:\n  '200':\n    description: Done\n    headers: {X-Trace-Id: {schema: {type: string}}}",
        after=(
            "responses:\n"
            "  '200':\n"
            "    description: Done\n"
            "    headers: {X-Trace-Id: {required: true, schema: {type: string}}}"
        ),
        safe="Before you promise it, see that caches and proxies in front of the server do not strip it.",
        source=HEADER,
        reverse="header-became-optional",
    ),
    Rule(
        id="header-became-optional",
        effect=Effect.WIDENS,
        summary="A header may now be absent.",
        message="the header became optional",
        why=(
            "Clients built on the promise that it is always there. On the first answer without it they fail, and that "
            "answer comes from the rare path nobody tests."
        ),
        before=(
            "responses:\n"
            "  '200':\n"
            "    description: Done\n"
            "    headers: {X-Trace-Id: {required: true, schema: {type: string}}}"
        ),
        after="responses:\n  '200':\n    description: Done\n    headers: {X-Trace-Id: {schema: {type: string}}}",
        safe=(
            "Keep the promise. An empty or fixed value on the paths that cannot know better is cheaper than a broken "
            "client."
        ),
        source=HEADER,
        reverse="header-became-required",
    ),
    Rule(
        id="link-removed",
        effect=Effect.NONE,
        summary="A link was removed.",
        message="the link was removed",
        why=(
            "Clients that navigate by links find one less and cannot go on from here. Those that build their URLs "
            "themselves do not notice."
        ),
        before="responses:\n  '200':\n    description: Placed\n    links: {settle: {operationId: bets.settle}}",
        after="responses:\n  '200': {description: Placed}",
        safe="Keep the link as long as its operation exists.",
        source=LINK,
        reverse="link-added",
        deviations=(Deviation(Role.BOTH, Level.RISKY, "Clients that follow links lose one."),),
    ),
    Rule(
        id="link-added",
        effect=Effect.NONE,
        summary="A link was added.",
        message="the link was added",
        why="Nobody has to follow it.",
        before="responses:\n  '200': {description: Placed}",
        after="responses:\n  '200':\n    description: Placed\n    links: {settle: {operationId: bets.settle}}",
        safe="Nothing to do. Try once whether the operation it names accepts the values it carries.",
        source=LINK,
        reverse="link-removed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Nobody has to follow it."),),
    ),
    Rule(
        id="link-changed",
        effect=Effect.NONE,
        summary="A link leads elsewhere or carries other values.",
        message="the link changed",
        why=(
            "A client that follows it calls another operation than before, or the same one with other values, and "
            "does not know."
        ),
        before="responses:\n  '200':\n    description: Placed\n    links: {next: {operationId: bets.settle}}",
        after="responses:\n  '200':\n    description: Placed\n    links: {next: {operationId: bets.rollback}}",
        safe="Add a link under a new name and keep the old one pointing where it did.",
        source=LINK,
        reverse="link-changed",
        deviations=(Deviation(Role.BOTH, Level.RISKY, "Clients that follow links go elsewhere."),),
    ),
)
