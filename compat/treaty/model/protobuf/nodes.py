"""The declarations of Protobuf files as frozen values, features resolved and names full."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.model.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from treaty.documents.location import JsonValue, Location
    from treaty.model.protobuf.positions import Path, Positions


class Kind(enum.StrEnum):
    """The type of a field as it is encoded; a GROUP is a message between start and end tags (`DELIMITED`)."""

    DOUBLE = "double"
    FLOAT = "float"
    INT64 = "int64"
    UINT64 = "uint64"
    INT32 = "int32"
    FIXED64 = "fixed64"
    FIXED32 = "fixed32"
    BOOL = "bool"
    STRING = "string"
    GROUP = "group"
    MESSAGE = "message"
    BYTES = "bytes"
    UINT32 = "uint32"
    ENUM = "enum"
    SFIXED32 = "sfixed32"
    SFIXED64 = "sfixed64"
    SINT32 = "sint32"
    SINT64 = "sint64"

    @property
    def is_message(self) -> bool:
        return self in (Kind.MESSAGE, Kind.GROUP)

    @property
    def packable(self) -> bool:
        """Whether a repeated field of this type may be one length-delimited block."""
        return self not in (Kind.STRING, Kind.BYTES, Kind.MESSAGE, Kind.GROUP)


class Cardinality(enum.StrEnum):
    """How often a field occurs, and whether a reader can tell its default from its absence."""

    IMPLICIT = "optional without presence"
    EXPLICIT = "optional"
    REQUIRED = "required"
    REPEATED = "repeated"
    MAP = "map"

    @property
    def singular(self) -> bool:
        return self not in (Cardinality.REPEATED, Cardinality.MAP)


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one declaration, inherited and resolved; proto2 and proto3 are editions with fixed ones."""

    field_presence: str
    enum_type: str
    repeated_field_encoding: str
    utf8_validation: str
    message_encoding: str
    json_format: str
    cpp_string_type: str
    java_utf8_validation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What every declaration has.

    ``options`` maps the option's name, ``(full.name)`` for a custom one, to its value; only written options are there.
    """

    name: str
    full_name: str
    path: Path = field(repr=False)
    positions: Positions = field(repr=False, compare=False)
    features: Features = field(repr=False)
    options: Mapping[str, JsonValue] = field(default_factory=lambda: MappingProxyType({}))
    lifecycle: Lifecycle = field(default_factory=Lifecycle)

    @property
    def doc(self) -> str:
        """The comment that belongs to the declaration, as written between the comment signs."""
        return self.positions.comment(self.path)

    def location(self, *suffixes: Path) -> Location:
        """Where the first of ``suffixes`` (below this declaration) is written, else where the declaration is."""
        return self.positions.locate(*(self.path + suffix for suffix in suffixes), self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Declaration):
    """A field or extension. ``type_name`` is the full name of its message or enum, empty for a scalar.

    ``oneof`` is None outside a oneof, also for a proto3 `optional`. ``default`` is what a reader gives for an absent
    scalar, None for messages and repeated fields. ``extendee`` is the full name of the extended message, empty for a
    field.
    """

    number: int
    kind: Kind
    type_name: str
    cardinality: Cardinality
    json_name: str
    packed: bool
    default: JsonValue
    oneof: str | None = None
    extendee: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oneof(Declaration):
    """A oneof and the numbers of its fields."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumValue(Declaration):
    """One name of one number."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum(Declaration):
    """An enum. ``values`` are in the order written, aliases included; ranges are inclusive."""

    values: tuple[EnumValue, ...]
    closed: bool
    allow_alias: bool
    reserved_ranges: tuple[tuple[int, int], ...]
    reserved_names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Declaration):
    """A message. ``fields`` maps numbers to fields in the order written; ranges are inclusive.

    ``map_entry`` marks the entry that protoc makes for a map field.
    """

    fields: Mapping[int, Field]
    oneofs: tuple[Oneof, ...]
    messages: tuple[Message, ...]
    enums: tuple[Enum, ...]
    extensions: tuple[Field, ...]
    reserved_ranges: tuple[tuple[int, int], ...]
    reserved_names: frozenset[str]
    extension_ranges: tuple[tuple[int, int], ...]
    map_entry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Method(Declaration):
    """An RPC; the types are full names."""

    request: str
    response: str
    client_streaming: bool
    server_streaming: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Declaration):
    """A service and its methods by name."""

    methods: Mapping[str, Method]


@dataclass(frozen=True, slots=True)
class Import:
    """An import; ``kind`` is empty, ``public``, ``weak`` or ``option``."""

    path: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Declaration):
    """One .proto file: ``name`` is its import path, ``syntax`` is ``proto2``, ``proto3`` or an edition (``2023``)."""

    package: str
    syntax: str
    imports: tuple[Import, ...]
    messages: tuple[Message, ...]
    enums: tuple[Enum, ...]
    services: tuple[Service, ...]
    extensions: tuple[Field, ...]


@dataclass(frozen=True, eq=False)
class Schema:
    """A compilation: the files asked for, the files they import, and every named declaration of them all.

    ``roots`` are the import paths asked for and ``given`` those the caller supplied a text for. ``descriptor_set`` is
    the FileDescriptorSet as protoc wrote it, imports first, for whoever builds message classes from it.
    """

    roots: tuple[str, ...]
    given: frozenset[str]
    files: Mapping[str, File]
    descriptor_set: bytes = field(repr=False)
    messages: Mapping[str, Message] = field(repr=False)
    enums: Mapping[str, Enum] = field(repr=False)
    services: Mapping[str, Service] = field(repr=False)
    extensions: Mapping[str, Field] = field(repr=False)
    file_of: Mapping[str, str] = field(repr=False)

    @property
    def root_files(self) -> tuple[File, ...]:
        return tuple(self.files[path] for path in self.roots)


def nested_messages(messages: tuple[Message, ...]) -> Iterator[Message]:
    """``messages`` and all messages inside them, outermost first."""
    for message in messages:
        yield message
        yield from nested_messages(message.messages)
