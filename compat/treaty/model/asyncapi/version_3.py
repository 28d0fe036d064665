"""Operations of AsyncAPI 3.x: their own objects, which refer to a channel and to messages of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from treaty.model.asyncapi.messages import MessageReader
from treaty.model.asyncapi.nodes import Action, Channel, Message, Operation, Reply
from treaty.model.asyncapi.security import required_in_3
from treaty.model.asyncapi.traits import merged

if TYPE_CHECKING:
    from treaty.documents.location import Pointer
    from treaty.documents.node import Node
    from treaty.model.asyncapi.contract import AsyncApiContract

__all__ = ["read_operations"]

_Place: TypeAlias = "tuple[str, Pointer]"


def read_operations(contract: AsyncApiContract) -> tuple[Operation, ...]:
    """Every operation of ``contract``. Raises InvalidContract and UnresolvedReference."""
    return _Reader(contract).operations()


class _Reader:
    def __init__(self, contract: AsyncApiContract) -> None:
        self._objects = contract.objects
        self._root = contract.root
        self._messages = MessageReader(
            self._objects, contract.default_content_type, trait_wins=False, multi_format=True
        )
        self._servers = self._named("servers")
        self._offered = self._named("channels")
        self._channels: dict[tuple[_Place, str], Channel] = {}

    def _named(self, keyword: str) -> dict[str, _Place]:
        """The places of the objects in one map of the document, by name."""
        return {
            name: _place(self._objects.object(node, f"{name!r} of `{keyword}`"))
            for name, node in self._objects.entries(self._root, keyword, f"`{keyword}`")
        }

    def operations(self) -> tuple[Operation, ...]:
        return tuple(
            self._operation(name, self._objects.object(node, f"the operation {name!r}"))
            for name, node in self._objects.entries(self._root, "operations", "`operations`")
        )

    def _operation(self, name: str, node: Node) -> Operation:
        members = merged(self._objects, node, "an operation", trait_wins=False)
        action = members["action"].value if "action" in members else None
        if action not in ("send", "receive"):
            place = members.get("action", node)
            self._objects.refuse(place, f"the operation {name!r} needs an `action`", "write `send` or `receive`")
        if "channel" not in members:
            self._objects.refuse(node, f"the operation {name!r} needs a `channel`", "refer to one of `channels`")
        channel = self._channel_at(members["channel"])
        reply = members.get("reply")
        return Operation(
            id=name,
            action=Action(str(action)),
            node=node,
            channel=channel,
            members=members,
            messages=self._of(members.get("messages"), channel),
            security=required_in_3(self._objects, members.get("security")),
            reply=self._reply(reply) if reply is not None else None,
        )

    def _reply(self, written: Node) -> Reply:
        node = self._objects.object(written, "`reply`")
        address = self._objects.member(node, "address", "the address of a reply")
        channel = self._objects.member(node, "channel", "the channel of a reply")
        found = self._channel_at(channel) if channel is not None else None
        assert isinstance(node.value, dict)
        listed = node.child("messages") if node.value.get("messages") is not None else None
        return Reply(
            node=node,
            address=self._objects.text(address, "location", "the location of a reply") if address else None,
            channel=found,
            messages=self._of(listed, found),
        )

    def _channel_at(self, written: Node) -> Channel:
        node = self._objects.object(written, "a channel")
        # A channel kept among the components and not offered is known by the name it has there.
        name = _called(written, _place(node), self._offered) or str(node.pointer[-1] if node.pointer else "")
        known = self._channels.get((_place(node), name))
        if known is None:
            known = self._channels[_place(node), name] = self._channel(name, node)
        return known

    def _channel(self, name: str, node: Node) -> Channel:
        objects = self._objects
        servers = objects.items(node, "servers", "`servers` of a channel")
        return Channel(
            id=name,
            address=objects.text(node, "address", "the address of a channel"),
            node=node,
            servers=frozenset(self._server(server) for server in servers) if servers else None,
            parameters={
                key: objects.object(parameter, f"the parameter {key!r}")
                for key, parameter in objects.entries(node, "parameters", "`parameters`")
            },
        )

    def _server(self, written: Node) -> str:
        name = _called(written, _place(self._objects.object(written, "a server")), self._servers)
        if name is None:
            self._objects.refuse(written, "this is none of the servers of the document", "refer to one of `servers`")
        return name

    def _of(self, listed: Node | None, channel: Channel | None) -> tuple[Message, ...]:
        """The listed messages, by the keys they have in the channel; all of the channel's where none are listed."""
        offered = dict(self._objects.entries(channel.node, "messages", "`messages`")) if channel is not None else {}
        if listed is None:
            return tuple(self._messages.read(node, key) for key, node in offered.items())
        places = {key: _place(self._objects.object(node, "a message")) for key, node in offered.items()}
        found: list[Message] = []
        for written in self._objects.list(listed, "`messages`"):
            place = _place(self._objects.object(written, "a message"))
            found.append(self._messages.read(written, _called(written, place, places) or _last(written)))
        return tuple(found)


def _called(written: Node, place: _Place, offered: dict[str, _Place]) -> str | None:
    """The name under which ``offered`` holds what ``written`` leads to: the one it is referred to by, if that fits."""
    name = _last(written)
    if name is not None and offered.get(name) == place:
        return name
    return next((name for name, other in offered.items() if other == place), None)


def _place(node: Node) -> _Place:
    return node.document.path, node.pointer


def _last(written: Node) -> str | None:
    reference = written.value.get("$ref") if isinstance(written.value, dict) else None
    return reference.rpartition("/")[2] if isinstance(reference, str) else None
