"""Rules about what an application does, and at which address."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.asyncapi.sources import CHANNELS, OPERATIONS, PARAMETERS
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="operation-action-changed",
        effect=Effect.REPLACES,
        summary="The application sends where it received, or the reverse.",
        message="the application could be expected to {before} here and now can to {after}",
        why="Everybody at the address has to change sides: those who sent find nobody listening, those who listened hear "
        "nothing. Documents that mixed up `publish` and `subscribe` show this when they are put right.",
        before="operations:\n  betSettled:\n    action: send\n    channel: {$ref: '#/channels/bets'}",
        after="operations:\n  betSettled:\n    action: receive\n    channel: {$ref: '#/channels/bets'}",
        safe="Add the other action as an operation of its own and keep the first until nobody uses it. If only the document "
        "was wrong, waive the finding and say so.",
        source=OPERATIONS,
        reverse="operation-action-changed",
    ),
    Rule(
        id="address-changed",
        effect=Effect.REPLACES,
        summary="An operation takes place at another address.",
        message="the address was {before} and is now {after}",
        why="Peers keep listening or sending at the old address. Nothing fails at once: messages only stop arriving.",
        before="channels:\n  bets: {address: bet.settled}",
        after="channels:\n  bets: {address: bets.settled}",
        safe="Offer the new address beside the old one, send to both, and remove the old one after its notice period.",
        source=CHANNELS,
        reverse="address-changed",
    ),
    Rule(
        id="address-set",
        effect=Effect.NONE,
        summary="A channel whose address was not known before run time has one now.",
        message="the address is now {after}",
        why="Nobody could rely on an address before.",
        before="channels:\n  replies: {address: null}",
        after="channels:\n  replies: {address: bet.replies}",
        safe="Nothing to do.",
        source=CHANNELS,
        reverse="address-unset",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "A promise is added where there was none."),),
    ),
    Rule(
        id="address-unset",
        effect=Effect.REPLACES,
        summary="The address of a channel is no longer promised.",
        message="the address was {before} and is no longer known before run time",
        why="Peers that were written against the fixed address do not learn where messages go now.",
        before="channels:\n  replies: {address: bet.replies}",
        after="channels:\n  replies: {address: null}",
        safe="Keep the fixed address and add a channel for those who can learn theirs at run time.",
        source=CHANNELS,
        reverse="address-set",
    ),
    Rule(
        id="address-parameter-added",
        effect=Effect.REPLACES,
        summary="The address has a parameter more.",
        message="the address was {before} and is now {after}, with another parameter to fill in",
        why="Every concrete address is another one: a peer that filled in the old parameters is at an address where nothing "
        "happens any more.",
        before="channels:\n  bets: {address: 'bets/{brand}'}",
        after="channels:\n  bets: {address: 'bets/{brand}/{region}'}",
        safe="Add a channel with the finer address beside the old one and send to both for a while.",
        source=PARAMETERS,
        reverse="address-parameter-removed",
    ),
    Rule(
        id="address-parameter-removed",
        effect=Effect.REPLACES,
        summary="The address has a parameter less.",
        message="the address was {before} and is now {after}, without one of its parameters",
        why="Every concrete address is another one: a peer that filled in the old parameters is at an address where nothing "
        "happens any more.",
        before="channels:\n  bets: {address: 'bets/{brand}/{region}'}",
        after="channels:\n  bets: {address: 'bets/{brand}'}",
        safe="Add a channel with the coarser address beside the old one and send to both for a while.",
        source=PARAMETERS,
        reverse="address-parameter-added",
    ),
    Rule(
        id="address-parameter-location-changed",
        effect=Effect.NONE,
        summary="The value of an address parameter is taken from another part of the message.",
        message="the value was found at {before} and is now found at {after}",
        why="A peer that computes the address from the message looks into the wrong field, and sends or listens at another "
        "address than meant. One that knows the address by other means notices nothing.",
        before="parameters:\n  brand: {location: $message.payload#/brand}",
        after="parameters:\n  brand: {location: $message.header#/brand_id}",
        safe="Keep the value in both places as long as somebody reads the old one.",
        source=PARAMETERS,
        reverse="address-parameter-location-changed",
        deviations=(Deviation(Role.BOTH, Level.RISKY, "It hurts only those who compute addresses from messages."),),
    ),
)
