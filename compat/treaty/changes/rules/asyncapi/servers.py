"""Rules about the servers messages travel through."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.asyncapi.sources import CHANNEL_SERVERS, SERVERS
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="event-server-removed",
        effect=Effect.REPLACES,
        summary="A server messages travelled through is gone, or one value of its variables.",
        message="the server is no longer there",
        why="Peers are connected to it. Unlike a web server it cannot send them elsewhere: they lose their connection.",
        before="servers:\n  production: {host: 'events.example:9093', protocol: kafka-secure}\n"
        "  legacy: {host: 'old.example:9093', protocol: kafka-secure}",
        after="servers:\n  production: {host: 'events.example:9093', protocol: kafka-secure}",
        safe="Mirror its channels on another server, announce the day, and remove it when nobody is connected.",
        source=SERVERS,
        reverse="event-server-added",
    ),
    Rule(
        id="event-server-added",
        effect=Effect.NONE,
        summary="Another server carries messages, or another value of a variable leads to one.",
        message="the server was added",
        why="Nobody has to connect to it.",
        before="servers:\n  production: {host: 'events.example:9093', protocol: kafka-secure}",
        after="servers:\n  production: {host: 'events.example:9093', protocol: kafka-secure}\n"
        "  sandbox: {host: 'events.sandbox.example:9093', protocol: kafka-secure}",
        safe="Nothing to do. Say which channels are on which server when not all are on all.",
        source=SERVERS,
        reverse="event-server-removed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Nobody has to connect to it."),),
    ),
    Rule(
        id="event-server-changed",
        effect=Effect.REPLACES,
        summary="A server has another host, path or protocol.",
        message="the server was {before} and is now {after}",
        why="Peers connect to the old place, or speak the old protocol, and are not connected.",
        before="servers:\n  production: {host: 'events.example:9092', protocol: kafka}",
        after="servers:\n  production: {host: 'events.example:9093', protocol: kafka-secure}",
        safe="Add the new server under a name of its own and keep the old one until nobody is connected.",
        source=SERVERS,
        reverse="event-server-changed",
    ),
    Rule(
        id="event-server-protocol-version-changed",
        effect=Effect.NONE,
        summary="A server speaks another version of its protocol.",
        message="the version of the protocol was {before} and is now {after}",
        why="Most protocols agree on a version when they connect; old client libraries may not.",
        before="servers:\n  production: {host: 'events.example:9093', protocol: kafka-secure, protocolVersion: '2.8'}",
        after="servers:\n  production: {host: 'events.example:9093', protocol: kafka-secure, protocolVersion: '3.7'}",
        safe="Say which versions of client libraries still connect.",
        source=SERVERS,
        reverse="event-server-protocol-version-changed",
        deviations=(Deviation(Role.BOTH, Level.RISKY, "Whether old clients still connect depends on the protocol."),),
    ),
    Rule(
        id="channel-server-removed",
        effect=Effect.REPLACES,
        summary="A channel is no longer on one of the servers.",
        message="the channel is no longer on the server {before}",
        why="Peers that are connected to that server neither send nor receive anything here any more.",
        before="channels:\n  bets:\n    address: bet.settled\n    servers: [{$ref: '#/servers/eu'}, {$ref: '#/servers/us'}]",
        after="channels:\n  bets:\n    address: bet.settled\n    servers: [{$ref: '#/servers/eu'}]",
        safe="Mirror the channel until nobody uses it on that server.",
        source=CHANNEL_SERVERS,
        reverse="channel-server-added",
    ),
    Rule(
        id="channel-server-added",
        effect=Effect.NONE,
        summary="A channel is on another of the servers too.",
        message="the channel is now on the server {after} too",
        why="Nobody has to use it there.",
        before="channels:\n  bets:\n    address: bet.settled\n    servers: [{$ref: '#/servers/eu'}]",
        after="channels:\n  bets:\n    address: bet.settled\n    servers: [{$ref: '#/servers/eu'}, {$ref: '#/servers/us'}]",
        safe="Nothing to do.",
        source=CHANNEL_SERVERS,
        reverse="channel-server-removed",
        deviations=(Deviation(Role.BOTH, Level.ADDITIVE, "Nobody has to use it there."),),
    ),
)
