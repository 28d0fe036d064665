"""Operations of AsyncAPI 2.x: `publish` and `subscribe` of each channel, named from the outside.

What others publish the application receives, and what they subscribe to it sends (AsyncAPI 2.6, "Channel Item Object").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.asyncapi.messages import MessageReader
from treaty.model.asyncapi.nodes import Action, Channel, Message, Operation
from treaty.model.asyncapi.security import required_in_2
from treaty.model.asyncapi.traits import Members, merged

if TYPE_CHECKING:
    from treaty.documents.node import Node
    from treaty.model.asyncapi.contract import AsyncApiContract

__all__ = ["read_operations"]

_ACTIONS = {"publish": Action.RECEIVE, "subscribe": Action.SEND}


def read_operations(contract: AsyncApiContract) -> tuple[Operation, ...]:
    """Every operation of ``contract``. Raises InvalidContract and UnresolvedReference."""
    objects = contract.objects
    reader = MessageReader(objects, contract.default_content_type, trait_wins=True, multi_format=False)
    found: list[Operation] = []
    for address, item in objects.entries(contract.root, "channels", "`channels`"):
        node = objects.object(item, f"the channel {address!r}")
        servers = objects.items(node, "servers", "`servers` of a channel")
        channel = Channel(
            id=address,
            address=address,
            node=node,
            servers=frozenset(str(server.value) for server in servers) if servers else None,
            parameters={
                name: objects.object(parameter, f"the parameter {name!r}")
                for name, parameter in objects.entries(node, "parameters", "`parameters`")
            },
        )
        for keyword, action in _ACTIONS.items():
            operation = objects.member(node, keyword, f"`{keyword}`")
            if operation is not None:
                found.append(_operation(contract, reader, channel, action, operation))
    return tuple(found)


def _operation(
    contract: AsyncApiContract, reader: MessageReader, channel: Channel, action: Action, node: Node
) -> Operation:
    objects = contract.objects
    members = merged(objects, node, "an operation", trait_wins=True)
    identifier = members.get("operationId")
    return Operation(
        id=objects.written(identifier, "`operationId`") if identifier is not None else None,
        action=action,
        node=node,
        channel=channel,
        members=members,
        messages=tuple(_messages(contract, reader, members)),
        security=required_in_2(objects, members.get("security"), contract.security_schemes),
    )


def _messages(contract: AsyncApiContract, reader: MessageReader, members: Members) -> list[Message]:
    written = members.get("message")
    if written is None:
        return []
    node = contract.objects.object(written, "`message`")
    assert isinstance(node.value, dict)
    if "oneOf" in node.value:
        return [reader.read(each, _key(contract, each)) for each in contract.objects.items(node, "oneOf", "`oneOf`")]
    return [reader.read(written, _key(contract, written))]


def _key(contract: AsyncApiContract, written: Node) -> str | None:
    """What the document calls a message: its `messageId`, else the name of the component it refers to."""
    message = contract.objects.object(written, "a message")
    identifier = contract.objects.text(message, "messageId", "`messageId`")
    if identifier is not None:
        return identifier
    reference = written.value.get("$ref") if isinstance(written.value, dict) else None
    return reference.rpartition("/")[2] if isinstance(reference, str) and "/" in reference else None
