"""Rules about credentials."""

from __future__ import annotations

from treaty.changes.catalogue import Rule
from treaty.changes.change import Effect
from treaty.changes.rules.sources import (
    GRANTS,
    OAUTH_FLOWS,
    SCOPES,
    SECURITY_REQUIREMENT,
    SECURITY_SCHEME,
    UNAUTHENTICATED,
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="security-added",
        effect=Effect.NARROWS,
        summary="Credentials are now asked for where none were.",
        message="credentials are now required: {after}",
        why=(
            "Callers who never needed credentials get 401 on every request, and cannot fix it by themselves. They "
            "first have to be registered, be given a key, and ship a new version that sends it."
        ),
        before="security: []\nresponses: {'200': {description: The bets}}",
        after="security: [{key: []}]\nresponses: {'200': {description: The bets}}",
        safe=(
            "Hand out credentials first and list `{}` beside the new requirement, which makes it optional. Take `{}` "
            "out in the next major, when no anonymous calls come in any more."
        ),
        source=f"{SECURITY_REQUIREMENT}; {UNAUTHENTICATED}",
        reverse="security-removed",
    ),
    Rule(
        id="security-removed",
        effect=Effect.WIDENS,
        summary="Credentials are no longer asked for.",
        message="no credentials are required any more",
        why=(
            "Nobody is shut out. Check that it was meant: a requirement that slips away in a refactoring opens data "
            "to everybody, and no client will complain."
        ),
        before="security: [{key: []}]\nresponses: {'200': {description: The bets}}",
        after="security: []\nresponses: {'200': {description: The bets}}",
        safe="Let somebody who owns the data approve it.",
        source=SECURITY_REQUIREMENT,
        reverse="security-added",
    ),
    Rule(
        id="security-alternative-removed",
        effect=Effect.NARROWS,
        summary="A set of credentials that let callers in no longer does.",
        message="{before} no longer lets callers in",
        why=(
            "Callers who came in this way get 401, although their credentials are as valid as yesterday. They must "
            "learn another way, which often means a new library, a new secret and a release."
        ),
        before="security: [{key: []}, {oauth: [bets]}]\nresponses: {'200': {description: The bets}}",
        after="security: [{oauth: [bets]}]\nresponses: {'200': {description: The bets}}",
        safe=(
            "Count the calls by scheme, write to those who still use this one, and remove it when the count has been "
            "zero for a month."
        ),
        source=f"{SECURITY_REQUIREMENT}; {UNAUTHENTICATED}",
        reverse="security-alternative-added",
    ),
    Rule(
        id="security-alternative-added",
        effect=Effect.WIDENS,
        summary="Another set of credentials lets callers in.",
        message="{after} now lets callers in",
        why=(
            "Nobody breaks: whoever came in still does. Every further way in is one more to guard, to audit and to "
            "rotate."
        ),
        before="security: [{key: []}]\nresponses: {'200': {description: The bets}}",
        after="security: [{key: []}, {oauth: [bets]}]\nresponses: {'200': {description: The bets}}",
        safe="Put the way you prefer first; generated clients take the first one they can.",
        source=SECURITY_REQUIREMENT,
        reverse="security-alternative-removed",
    ),
    Rule(
        id="security-scope-added",
        effect=Effect.NARROWS,
        summary="Callers need more than before.",
        message="callers needed {before} and now need {after}",
        why=(
            "Tokens that were issued before lack what is now asked for, so calls with them get 403. A user may even "
            "have to be asked for consent again, which no nightly job can do."
        ),
        before="security: [{oauth: [bets]}]\nresponses: {'200': {description: The bets}}",
        after="security: [{oauth: [bets, limits]}]\nresponses: {'200': {description: The bets}}",
        safe=(
            "Grant the scope to all existing clients first, wait until the longest-lived token has been renewed, then "
            "ask for it."
        ),
        source=f"{SECURITY_REQUIREMENT}; {SCOPES}",
        reverse="security-scope-removed",
    ),
    Rule(
        id="security-scope-removed",
        effect=Effect.WIDENS,
        summary="Callers need less than before.",
        message="callers needed {before} and now need {after}",
        why=(
            "Nobody is shut out, and tokens with fewer rights now get through. Check that nothing behind the "
            "operation relied on the scope to be asked for."
        ),
        before="security: [{oauth: [bets, limits]}]\nresponses: {'200': {description: The bets}}",
        after="security: [{oauth: [bets]}]\nresponses: {'200': {description: The bets}}",
        safe="Let clients ask for fewer scopes from their next release on; least privilege is the gain of this change.",
        source=f"{SECURITY_REQUIREMENT}; {SCOPES}",
        reverse="security-scope-added",
    ),
    Rule(
        id="security-scheme-changed",
        effect=Effect.REPLACES,
        summary="A security scheme has another type, name or place.",
        message="the scheme was {before} and is now {after}",
        why=(
            "Clients send the right secret in the wrong way: another header, another place, another kind of token. "
            "The server sees a request without credentials and answers 401 to every operation that uses the scheme."
        ),
        before=(
            "components:\n"
            "  securitySchemes: {key: {type: apiKey, in: query, name: api_key}}\n"
            "security: [{key: []}]\n"
            "paths: {}"
        ),
        after=(
            "components:\n"
            "  securitySchemes: {key: {type: apiKey, in: header, name: X-Api-Key}}\n"
            "security: [{key: []}]\n"
            "paths: {}"
        ),
        safe=(
            "Define the new scheme under a new name, list both as alternatives, and retire the old one when nobody "
            "uses it."
        ),
        source=SECURITY_SCHEME,
        reverse="security-scheme-changed",
    ),
    Rule(
        id="security-flow-removed",
        effect=Effect.NARROWS,
        summary="An OAuth flow was removed.",
        message="the flows were {before} and are now {after}",
        why=(
            "Clients that get their tokens by this grant cannot get new ones. Calls work until the last token has "
            "expired, an hour or a day after the deployment, and then all fail together."
        ),
        before=(
            "components:\n"
            "  securitySchemes:\n"
            "    oauth:\n"
            "      type: oauth2\n"
            "      flows:\n"
            "        password: {tokenUrl: 'https://id.example.com/token', scopes: {}}\n"
            "        clientCredentials: {tokenUrl: 'https://id.example.com/token', scopes: {}}\n"
            "security: [{oauth: []}]\n"
            "paths: {}"
        ),
        after=(
            "components:\n"
            "  securitySchemes:\n"
            "    oauth:\n"
            "      type: oauth2\n"
            "      flows:\n"
            "        clientCredentials: {tokenUrl: 'https://id.example.com/token', scopes: {}}\n"
            "security: [{oauth: []}]\n"
            "paths: {}"
        ),
        safe=(
            "Move every client to a remaining grant while both work. The authorisation server knows who still uses "
            "the old one."
        ),
        source=f"{OAUTH_FLOWS}; {GRANTS}",
        reverse="security-flow-added",
    ),
    Rule(
        id="security-flow-added",
        effect=Effect.WIDENS,
        summary="An OAuth flow was added.",
        message="the flows were {before} and are now {after}",
        why="Nobody breaks; there is one more way to get a token.",
        before=(
            "components:\n"
            "  securitySchemes:\n"
            "    oauth:\n"
            "      type: oauth2\n"
            "      flows:\n"
            "        clientCredentials: {tokenUrl: 'https://id.example.com/token', scopes: {}}\n"
            "security: [{oauth: []}]\n"
            "paths: {}"
        ),
        after=(
            "components:\n"
            "  securitySchemes:\n"
            "    oauth:\n"
            "      type: oauth2\n"
            "      flows:\n"
            "        clientCredentials: {tokenUrl: 'https://id.example.com/token', scopes: {}}\n"
            "        authorizationCode:\n"
            "          authorizationUrl: https://id.example.com/authorize\n"
            "          tokenUrl: https://id.example.com/token\n"
            "          scopes: {}\n"
            "security: [{oauth: []}]\n"
            "paths: {}"
        ),
        safe="Nothing to do for clients. Ask yourself whether every scope should be obtainable by the new grant.",
        source=f"{OAUTH_FLOWS}; {GRANTS}",
        reverse="security-flow-removed",
    ),
)
