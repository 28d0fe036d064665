"""Rules about operations and servers."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.sources import (
    EXTENSIONS,
    GONE,
    OPERATION,
    PATHS,
    SEMVER_BREAKING,
    SEMVER_MINOR,
    SERVER,
    SUNSET,
)
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="operation-removed",
        effect=Effect.NARROWS,
        summary="An operation was removed.",
        message="the operation was removed",
        why=(
            "Every client that still calls it gets 404 or 405, whatever it sends: there is nothing it can change to "
            "get through. Apps on people's phones, nightly jobs of partners and the service of the team next door "
            "keep calling long after your own code has stopped. A removed webhook or callback fails without a sound: "
            "receivers wait for a call that never comes."
        ),
        before=(
            "get:\n"
            "  responses: {'200': {description: The bets}}\n"
            "delete:\n"
            "  responses: {'204': {description: All bets withdrawn}}"
        ),
        after="get:\n  responses: {'200': {description: The bets}}",
        safe=(
            "Mark the operation `deprecated` with `x-lifecycle` (since when, until when, what instead), answer with "
            "`Deprecation` and `Sunset` headers, watch who still calls, and remove it with the next major when the "
            "day has passed."
        ),
        source=f"{GONE}; {SEMVER_BREAKING}",
        reverse="operation-added",
        deviations=(
            Deviation(Role.WRITES, Level.BREAKING, "Receivers of a webhook wait for a call that never comes."),
        ),
    ),
    Rule(
        id="deprecated-operation-removed",
        effect=Effect.NARROWS,
        summary="A deprecated operation was removed after its time.",
        message="the deprecated operation was removed",
        why=(
            "Callers who have not moved fail as with any removal. The difference is that they were told, and that the "
            "version and the day they were told of have come. The contract cannot see who did not listen; your access "
            "log can."
        ),
        before=(
            "get:\n"
            "  responses: {'200': {description: The bets}}\n"
            "delete:\n"
            "  deprecated: true\n"
            "  responses: {'204': {description: All bets withdrawn}}"
        ),
        after="get:\n  responses: {'200': {description: The bets}}",
        safe=(
            "Look at the calls of the last weeks before the release. Answer 410 Gone with a link to the successor for "
            "a while, so that the last caller learns what happened instead of searching for a typo."
        ),
        source=f"{GONE}; {SUNSET}",
        reverse="operation-added",
        deviations=(Deviation(Role.BOTH, Level.RISKY, "It was announced; whoever still calls it was told."),),
    ),
    Rule(
        id="operation-added",
        effect=Effect.WIDENS,
        summary="An operation was added.",
        message="the operation was added",
        why=(
            "Nobody breaks; nobody calls it yet. Once it is released it is a promise, so this is the moment to look "
            "at its names, its statuses and its errors. Receivers of a new webhook or callback answer 404 until they "
            "have been built."
        ),
        before="get:\n  responses: {'200': {description: The bets}}",
        after=(
            "get:\n  responses: {'200': {description: The bets}}\npost:\n  responses: {'201': {description: Placed}}"
        ),
        safe=(
            "Release it with a minor version. Where the design may still move, say so with `x-stability-level: draft` "
            "or `alpha`, under which changes are not held against you. Deliver a new webhook only to those who have "
            "subscribed to it."
        ),
        source=f"{PATHS}; {SEMVER_MINOR}",
        reverse="operation-removed",
        deviations=(Deviation(Role.WRITES, Level.ADDITIVE, "A webhook is delivered to those who subscribe to it."),),
    ),
    Rule(
        id="path-version-changed",
        effect=Effect.REPLACES,
        summary="Every path moved to another version prefix.",
        message="the paths begin with {after} where they began with {before}",
        why=(
            "Every client calls the old prefix, so every call of every client gets 404 on the day the old paths stop. "
            "What else changed between the two versions hardly matters: nobody gets far enough to notice."
        ),
        before="/v1/bets:\n  get:\n    responses: {'200': {description: The bets}}",
        after="/v2/bets:\n  get:\n    responses: {'200': {description: The bets}}",
        safe=(
            "Serve the new prefix beside the old one from a contract file of its own, mark the old one deprecated "
            "with its sunset, and let each client move when it is ready."
        ),
        source=f"{PATHS}; {SEMVER_BREAKING}",
        reverse="path-version-changed",
    ),
    Rule(
        id="operation-id-changed",
        effect=Effect.NONE,
        summary="The `operationId` changed.",
        message="the operation id was {before} and is now {after}",
        why=(
            "Requests and answers stay as they are. Generated SDKs name their methods after `operationId`, so whoever "
            "regenerates finds a method gone and a new one in its place, and has to edit every call. Links and "
            "gateway rules that name the operation lose their target."
        ),
        before="operationId: bets.settle\nresponses: {'200': {description: Settled}}",
        after="operationId: settleBet\nresponses: {'200': {description: Settled}}",
        safe=(
            "Keep the old id. If it must change, tell SDK users the old and the new method name in the changelog, and "
            "leave the old method in the SDK as a deprecated alias for one release."
        ),
        source=OPERATION,
        reverse="operation-id-changed",
        deviations=(Deviation(Role.BOTH, Level.RISKY, "Generated SDKs name their methods by it."),),
    ),
    Rule(
        id="stability-decreased",
        effect=Effect.REPLACES,
        summary="The stability level went down.",
        message="the stability was {before} and is now {after}",
        why=(
            "Clients built on the operation because it was promised to stay. Taking the promise back makes every "
            'later break "allowed" on paper and just as painful in production. Saying nothing counts as stable, so a '
            "first mark below that is a step down too."
        ),
        before="x-stability-level: stable\nresponses: {'200': {description: The bets}}",
        after="x-stability-level: beta\nresponses: {'200': {description: The bets}}",
        safe=(
            "Keep the level. Put what is not yet certain beside it, as a new operation with a lower level, and "
            "deprecate the old one when the new one has settled."
        ),
        source=f"{EXTENSIONS}; {SEMVER_BREAKING}",
        reverse="stability-increased",
    ),
    Rule(
        id="stability-increased",
        effect=Effect.NONE,
        summary="The stability level went up.",
        message="the stability was {before} and is now {after}",
        why=(
            "Nobody breaks. From now on changes of this operation are held against you as they were not before, and "
            "clients may start to depend on it, so the news belongs into a minor."
        ),
        before="x-stability-level: beta\nresponses: {'200': {description: The bets}}",
        after="x-stability-level: stable\nresponses: {'200': {description: The bets}}",
        safe="Look once more at names, enumerations and error answers before you promise them.",
        source=f"{EXTENSIONS}; {SEMVER_MINOR}",
        reverse="stability-decreased",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "More is promised than before, and people have to see it."),),
    ),
    Rule(
        id="stability-unreadable",
        effect=Effect.REPLACES,
        summary="The stability level is none of draft, alpha, beta, stable.",
        message="the stability level {after} is none of draft, alpha, beta, stable",
        why=(
            "Whoever plans by the level, people and this check alike, cannot tell what is promised. Until it is "
            "readable Treaty takes the operation for stable, so that a typo never lets a break through."
        ),
        before="x-stability-level: stable\nresponses: {'200': {description: The bets}}",
        after="x-stability-level: stabel\nresponses: {'200': {description: The bets}}",
        safe="Write one of `draft`, `alpha`, `beta` and `stable`, or remove the line, which means stable.",
        source=EXTENSIONS,
    ),
    Rule(
        id="server-removed",
        effect=Effect.NONE,
        summary="A server was removed or its URL changed.",
        message="the server is no longer listed",
        why=(
            "Clients that took their address from the contract, SDKs with a built-in base URL first of all, go on "
            "calling the old one. Whether it still answers is not in the contract; if it does not, they fail before "
            "any operation is reached."
        ),
        before="servers:\n  - url: https://api.example.com\n  - url: https://eu.api.example.com",
        after="servers:\n  - url: https://api.example.com",
        safe=(
            "Keep the old address answering, by a redirect with 308 at least, until the last client has been released "
            "with the new one. Then take it out of the contract, not before."
        ),
        source=SERVER,
        reverse="server-added",
        deviations=(
            Deviation(
                Role.BOTH,
                Level.RISKY,
                "Clients that took their address from the contract must learn the new one; the server may still answer.",
            ),
        ),
    ),
    Rule(
        id="server-added",
        effect=Effect.NONE,
        summary="A server was added.",
        message="the server is now listed",
        why=(
            "Nobody has to use it. SDKs that take the first server of the list are the exception, so its place in the "
            "list matters."
        ),
        before="servers:\n  - url: https://api.example.com",
        after="servers:\n  - url: https://api.example.com\n  - url: https://eu.api.example.com",
        safe="Add it at the end of the list.",
        source=SERVER,
        reverse="server-removed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Nobody has to use it."),),
    ),
)
