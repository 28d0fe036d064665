"""The places of an AsyncAPI document of either major: channels, operations, messages and their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.node import Node
from treaty.govern.places.avro import avro_places
from treaty.govern.places.place import Kind, Place
from treaty.govern.places.walk import TreeWalk, contract_place
from treaty.model.asyncapi import AsyncApiContract
from treaty.model.asyncapi.schema_formats import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.comparison import Side
    from treaty.model.asyncapi.nodes import Message, Operation, Payload


def asyncapi_places(side: Side) -> Iterator[Place]:
    """The contract, named schemas, then operation by operation with the channel and messages of each.

    Raises InvalidContract for a document that is not built as its specification asks.
    """
    root = Node(side.document, (), side.document.tree)
    yield contract_place(root)
    walk = TreeWalk(side.library)
    components = root.value.get("components") if isinstance(root.value, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    if isinstance(components, dict):
        walk.name_schemas(root.child("components"))
    for name, raw in schemas.items() if isinstance(schemas, dict) else ():
        if isinstance(raw, dict) and "schemaFormat" not in raw:
            yield from walk.schema(name, name, root.child("components", "schemas", name))
    told: set[object] = set()
    for operation in AsyncApiContract(side.library, root).operations:
        yield from _operation(operation, walk, told)


def _operation(operation: Operation, walk: TreeWalk, told: set[object]) -> Iterator[Place]:
    channel = operation.channel
    if _once(told, channel.node):
        owner = Place(kind=Kind.CHANNEL, name=f"channel {channel.label}", key=channel.id, node=channel.node)
        yield owner
        for name, node in channel.parameters.items():
            yield Place(kind=Kind.PARAMETER, name=f"{owner.name} parameter {name}", key=name, node=node, owner=owner)
    place = Place(
        kind=Kind.OPERATION,
        name=operation.label,
        key=operation.id or operation.label,
        node=operation.node,
        alias=operation.id,
    )
    yield place
    for message in operation.messages:
        yield from _message(message, place, "", walk, told)
    for message in operation.reply.messages if operation.reply is not None else ():
        yield from _message(message, place, "reply ", walk, told)


def _message(message: Message, owner: Place, before: str, walk: TreeWalk, told: set[object]) -> Iterator[Place]:
    if not _once(told, message.node):
        return
    name = f"{owner.name} {before}message {message.label}"
    place = Place(kind=Kind.MESSAGE, name=name, key=message.label, node=message.node, owner=owner)
    yield place
    for part, payload in (("headers", message.headers), ("payload", message.payload)):
        yield from _schema(payload, f"{name} {part}", part, place, walk)


def _schema(payload: Payload, name: str, key: str, owner: Place, walk: TreeWalk) -> Iterator[Place]:
    if payload.node is None:
        return
    if payload.format.language is Language.JSON_SCHEMA:
        yield from walk.schema(f"{name} $", key, payload.node, owner)
    elif payload.format.language is Language.AVRO and payload.node.pointer:
        # A schema in a file of its own is a contract of its own.
        yield from avro_places(payload.node, f"{name} ")


def _once(told: set[object], node: Node) -> bool:
    key = (node.document.path, node.pointer)
    if key in told:
        return False
    told.add(key)
    return True
