"""Rules about replies."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.asyncapi.sources import REPLIES
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="reply-added",
        effect=Effect.NONE,
        summary="An operation now has a reply.",
        message="a reply is now part of the operation",
        why="Where the application receives, it begins to answer: callers that did not listen get messages they do not "
        "expect. Where it sends, answers are welcome, and those who give none are no worse off.",
        before="operations:\n  authorizeBet: {action: receive, channel: {$ref: '#/channels/bets'}}",
        after="operations:\n  authorizeBet:\n    action: receive\n    channel: {$ref: '#/channels/bets'}\n"
        "    reply: {channel: {$ref: '#/channels/replies'}}",
        safe="Reply only to messages that name an address to reply to.",
        source=REPLIES,
        reverse="reply-removed",
        deviations=(
            Deviation(Role.WRITES, Level.ADDITIVE, "Nobody has to reply."),
            Deviation(Role.READS, Level.RISKY, "Callers get messages that they did not ask for."),
        ),
    ),
    Rule(
        id="reply-removed",
        effect=Effect.REPLACES,
        summary="An operation no longer has a reply.",
        message="the operation has no reply any more",
        why="Where the application receives, callers wait for an answer until they give up. Where it sends, replies are "
        "still sent and nobody reads them.",
        before="operations:\n  authorizeBet:\n    action: receive\n    channel: {$ref: '#/channels/bets'}\n"
        "    reply: {channel: {$ref: '#/channels/replies'}}",
        after="operations:\n  authorizeBet: {action: receive, channel: {$ref: '#/channels/bets'}}",
        safe="Deprecate the operation and offer one without a reply beside it.",
        source=REPLIES,
        reverse="reply-added",
        deviations=(Deviation(Role.WRITES, Level.RISKY, "Those who reply are not refused, only no longer heard."),),
    ),
    Rule(
        id="reply-address-changed",
        effect=Effect.REPLACES,
        summary="Replies go to another address.",
        message="replies went to {before} and now go to {after}",
        why="One side sends replies where the other does not listen.",
        before="reply: {address: {location: $message.header#/reply_to}}",
        after="reply: {address: {location: $message.payload#/reply_to}}",
        safe="Accept the address in both places, the new one first, until every caller gives it there.",
        source=REPLIES,
        reverse="reply-address-changed",
    ),
)
