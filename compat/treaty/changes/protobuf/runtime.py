"""Message classes of both sides from Google's runtime, and what it reads back from what it wrote."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import google.protobuf
from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.internal import api_implementation
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from treaty.changes.protobuf.meaning import misreading

if TYPE_CHECKING:
    from treaty.model.protobuf.nodes import Schema

_LIMIT = threading.Lock()
_FRAMES = 20_000
"""Frames of Python, which take no C stack since 3.11: enough for a chain of nearly ten thousand types."""


def runtime_name() -> str:
    """The validator that confirms, with its version."""
    return f"protobuf {google.protobuf.__version__} ({api_implementation.Type()})"


class Runtime:
    """The message classes of one contract."""

    def __init__(self, schema: Schema) -> None:
        from google.protobuf.descriptor_pb2 import FileDescriptorSet

        self.pool = DescriptorPool()
        for proto in FileDescriptorSet.FromString(schema.descriptor_set).file:
            proto.ClearField("source_code_info")
            self.pool.Add(proto)

    def message_class(self, full_name: str) -> type[Message]:
        """Raises KeyError when the contract has no such message."""
        descriptor = self.pool.FindMessageTypeByName(full_name)
        # The runtime makes the classes of all types the message leads to, each inside the making of the one before.
        with _LIMIT:
            before = sys.getrecursionlimit()
            sys.setrecursionlimit(max(before, _FRAMES))
            try:
                return GetMessageClass(descriptor)
            finally:
                sys.setrecursionlimit(before)


def read_bytes(written: Message | None, data: bytes, reader: type[Message], *, names: bool = False) -> str | None:
    """Why ``reader`` refuses ``data`` or reads something else than ``written``; None when it reads the same.

    ``names`` compares enum values by name as well as by number.
    """
    read = reader()
    try:
        read.ParseFromString(data)
    except DecodeError as error:
        return f"refused: {error}"
    if not read.IsInitialized():
        return "refused: a required field is missing"
    return misreading(written, read, names=names) if written is not None else None


def read_json(written: Message, text: str, reader: type[Message], *, strict: bool, pool: DescriptorPool) -> str | None:
    """Why ``reader`` refuses the JSON ``text`` of ``written`` or reads something else; None when it reads the same.

    ``strict`` refuses members and enum names that it does not know, as ProtoJSON parsers do unless told otherwise.
    """
    read = reader()
    try:
        json_format.Parse(text, read, ignore_unknown_fields=not strict, descriptor_pool=pool)
    except (json_format.ParseError, DecodeError) as error:
        return f"refused: {str(error).splitlines()[0]}"
    return misreading(written, read)
