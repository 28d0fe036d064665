"""What both majors of AsyncAPI are read into."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from treaty.model.lifecycle import Lifecycle, lifecycle_of
from treaty.model.roles import Role, Standing

if TYPE_CHECKING:
    from treaty.documents.node import Node
    from treaty.model.asyncapi.schema_formats import SchemaFormat
    from treaty.model.asyncapi.traits import Members

__all__ = ["Action", "Alternative", "Channel", "Message", "Operation", "Payload", "Reply", "Scheme", "Server"]


class Action(enum.StrEnum):
    """What the application this document describes does. 2.x says `subscribe` for send and `publish` for receive."""

    SEND = "send"
    RECEIVE = "receive"

    @property
    def role(self) -> Role:
        return Role.WRITES if self is Action.SEND else Role.READS

    @property
    def standing(self) -> Standing:
        """How a message stands towards the other side: nobody acknowledges an event, so it is read like an answer."""
        return Standing.ANSWER if self is Action.SEND else Standing.REQUEST

    def flipped(self) -> Action:
        """The action of a reply: a requester receives it, a responder sends it."""
        return Action.RECEIVE if self is Action.SEND else Action.SEND


class Scheme(NamedTuple):
    """A security scheme as somebody connects with it; ``meaning`` is the same for schemes that ask for the same."""

    name: str
    meaning: str
    node: Node


class Alternative(NamedTuple):
    """One way to be let in: schemes, each with the scopes it needs, all of them together."""

    schemes: tuple[tuple[Scheme, frozenset[str]], ...]
    node: Node

    @property
    def meaning(self) -> frozenset[tuple[str, frozenset[str]]]:
        return frozenset((scheme.meaning, scopes) for scheme, scopes in self.schemes)


@dataclass(frozen=True, slots=True, eq=False)
class Server:
    """Where messages travel; ``address`` is host and path without scheme, ``protocol`` in lower case.

    ``variables`` are the values that fill the braces of the address, None for a variable that may be anything.
    """

    name: str
    node: Node
    protocol: str
    address: str
    variables: dict[str, frozenset[str] | None]
    security: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """Where messages of operations go; ``address`` is None where it is not known before run time.

    ``servers`` are the names of the servers it is on, None for all of them. ``parameters`` fill the braces of the
    address.
    """

    id: str
    address: str | None
    node: Node
    servers: frozenset[str] | None
    parameters: dict[str, Node]

    @property
    def label(self) -> str:
        """What people call it: the address, and the id where there is none."""
        return self.address if self.address is not None else self.id


class Payload(NamedTuple):
    """The schema of what a message carries, None where nothing is said of it, and the language it is written in."""

    node: Node | None
    format: SchemaFormat


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """One message, references followed and traits applied.

    ``key`` is what the document itself calls it: the key in its channel (3.x), `messageId` or the name of the component
    (2.x). ``content_type`` is the one in force, `defaultContentType` included.
    """

    node: Node
    key: str | None
    members: Members
    payload: Payload
    headers: Payload
    content_type: str | None

    @property
    def name(self) -> str | None:
        """The machine-friendly `name`."""
        return self.text("name")

    @property
    def label(self) -> str:
        return self.name or self.key or ""

    def text(self, name: str) -> str | None:
        node = self.members.get(name)
        return node.value if node is not None and isinstance(node.value, str) else None


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """Where and what is replied; ``address`` is the expression that gives the address at run time."""

    node: Node
    address: str | None
    channel: Channel | None
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """What the application does at one channel, traits applied. ``id`` is None for a 2.x operation without one."""

    id: str | None
    action: Action
    node: Node
    channel: Channel
    members: Members
    messages: tuple[Message, ...]
    security: tuple[Alternative, ...]
    reply: Reply | None = None

    @property
    def lifecycle(self) -> Lifecycle:
        return lifecycle_of({name: node.value for name, node in self.members.items()})

    @property
    def stability(self) -> str | None:
        """The `x-stability-level`, as written; None where nothing is said."""
        node = self.members.get("x-stability-level")
        return str(node.value) if node is not None else None

    @property
    def label(self) -> str:
        """``send bet.settled``: what people call it."""
        return f"{self.action} {self.channel.label}"
