"""From a written message to the one that travels: reference followed, traits applied, formats named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.asyncapi.nodes import Message, Payload
from treaty.model.asyncapi.schema_formats import DEFAULT, schema_format
from treaty.model.asyncapi.traits import merged

if TYPE_CHECKING:
    from treaty.documents.location import Pointer
    from treaty.documents.node import Node
    from treaty.model.asyncapi.objects import Objects
    from treaty.model.asyncapi.traits import Members

__all__ = ["MessageReader"]


class MessageReader:
    """Reads the messages of one document, each once.

    ``trait_wins`` is the rule of 2.x; ``multi_format`` says that a schema may be wrapped with its own `schemaFormat`
    (3.x), where 2.x puts it beside the payload.
    """

    def __init__(
        self, objects: Objects, default_content_type: str | None, *, trait_wins: bool, multi_format: bool
    ) -> None:
        self._objects = objects
        self._default_content_type = default_content_type
        self._trait_wins = trait_wins
        self._multi_format = multi_format
        self._known: dict[tuple[str, Pointer, str | None], Message] = {}

    def read(self, node: Node, key: str | None) -> Message:
        """The message at ``node``, which the document calls ``key``."""
        found = self._objects.object(node, "a message")
        place = (found.document.path, found.pointer, key)
        known = self._known.get(place)
        if known is None:
            known = self._known[place] = self._read(found, key)
        return known

    def _read(self, node: Node, key: str | None) -> Message:
        members = merged(self._objects, node, "a message", trait_wins=self._trait_wins)
        for name in ("name", "contentType", "schemaFormat"):
            if name in members and not isinstance(members[name].value, str):
                self._objects.refuse(members[name], f"`{name}` of a message is text")
        declared = _text(members, "contentType")
        return Message(
            node=node,
            key=key,
            members=members,
            payload=self._payload(members),
            headers=self._headers(members),
            content_type=declared if declared is not None else self._default_content_type,
        )

    def _payload(self, members: Members) -> Payload:
        node = members.get("payload")
        if self._multi_format:
            return self._unwrapped(node)
        return Payload(node, schema_format(_text(members, "schemaFormat")))

    def _headers(self, members: Members) -> Payload:
        node = members.get("headers")
        return self._unwrapped(node) if self._multi_format else Payload(node, DEFAULT)

    def _unwrapped(self, node: Node | None) -> Payload:
        """The schema inside a Multi Format Schema Object, which a reference may lead to."""
        if node is None or not isinstance(node.value, dict):
            return Payload(node, DEFAULT)
        reference = node.value.get("$ref")
        if isinstance(reference, str) and reference.partition("#")[0].endswith(".proto"):
            return Payload(node, DEFAULT)  # a file no JSON or YAML reader can follow; the format decides
        found = self._objects.follow(node)
        if isinstance(found.value, dict) and "schemaFormat" in found.value:
            written = self._objects.text(found, "schemaFormat", "`schemaFormat`")
            if "schema" not in found.value:
                self._objects.refuse(found, "a schema with a `schemaFormat` needs its `schema`")
            return Payload(found.child("schema"), schema_format(written))
        return Payload(node, DEFAULT)


def _text(members: Members, name: str) -> str | None:
    node = members.get(name)
    return node.value if node is not None and isinstance(node.value, str) else None
