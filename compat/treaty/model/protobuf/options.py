"""Options as plain values: standard ones by name, custom ones by ``(full.name)``, declared in what a file imports."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet

from treaty.errors import UnresolvedReference
from treaty.model.lifecycle import Lifecycle, lifecycle_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.descriptor import FieldDescriptor
    from google.protobuf.descriptor_pool import DescriptorPool
    from google.protobuf.message import Message

    from treaty.documents.location import JsonValue

_NONE: Mapping[str, JsonValue] = MappingProxyType({})
_LIFECYCLE = "lifecycle"


class OptionReader:
    """Reads the options of the declarations of one compilation.

    protoc leaves custom options as unknown fields of the runtime's own option messages, so they are read again with
    the descriptor.proto of the compilation, which knows the extensions.
    """

    def __init__(self, pool: DescriptorPool) -> None:
        self._pool = pool
        self._classes: dict[str, type[Message]] = {}

    def read(self, options: Message) -> Mapping[str, JsonValue]:
        """The options that are written, in the order of their numbers."""
        if not options.ByteSize():
            return _NONE
        known = self._class_of(options)
        if known is not None:
            options = known.FromString(options.SerializeToString())
        values: dict[str, JsonValue] = json_format.MessageToDict(
            options, preserving_proto_field_name=True, descriptor_pool=self._pool
        )
        return MappingProxyType(
            {f"({name[1:-1]})" if name.startswith("[") else name: value for name, value in values.items()}
        )

    def typed(self, options: Message) -> list[tuple[FieldDescriptor, object]]:
        """The options that are written, each with the descriptor that says what its value is.

        Raises UnresolvedReference for a custom option that no import declares.
        """
        if not options.ByteSize():
            return []
        known = self._class_of(options)
        if known is not None:
            options = known.FromString(options.SerializeToString())
        fields = UnknownFieldSet(options)
        unknown = [fields[at].field_number for at in range(len(fields))]
        if unknown:
            raise UnresolvedReference(
                f"the custom option {unknown[0]} of {options.DESCRIPTOR.full_name} is declared by no import",
                advice="give the file that extends it among the references",
            )
        return list(options.ListFields())

    def _class_of(self, options: Message) -> type[Message] | None:
        name = options.DESCRIPTOR.full_name
        if name not in self._classes:
            try:
                descriptor = self._pool.FindMessageTypeByName(name)
            except KeyError:  # the compilation does not import descriptor.proto, so there are no custom options
                return None
            self._classes[name] = GetMessageClass(descriptor)
        return self._classes[name]


def lifecycle_from(options: Mapping[str, JsonValue]) -> Lifecycle:
    """The lifecycle marks among ``options``: `deprecated`, and custom options by their last name.

    A custom option that is called ``lifecycle`` or ends in ``_lifecycle`` holds the block (`treaty/lifecycle.proto`
    has one for each kind of declaration); ``deprecated_since``, ``removed_in``, ``sunset`` and ``replaced_by`` are
    read too.
    """
    raw: dict[str, JsonValue] = {}
    for name, value in options.items():
        short = name.strip("()").rsplit(".", 1)[-1]
        raw[_LIFECYCLE if short == _LIFECYCLE or short.endswith("_lifecycle") else short] = value
    return lifecycle_of(raw) if raw else Lifecycle()
