"""From protoc's FileDescriptorSet to the model."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    ServiceDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool

from treaty.model.protobuf.features import defaults_of, overridden
from treaty.model.protobuf.nodes import (
    Cardinality,
    Declaration,
    Enum,
    EnumValue,
    Features,
    Field,
    File,
    Import,
    Kind,
    Message,
    Method,
    Oneof,
    Schema,
    Service,
    nested_messages,
)
from treaty.model.protobuf.options import OptionReader, lifecycle_from
from treaty.model.protobuf.positions import Path, Positions, positions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from google.protobuf.message import Message as ProtoMessage

    from treaty.documents.location import JsonValue
    from treaty.model.protobuf.sources import Sources

# Field numbers in descriptor.proto, the steps of a path.
_FILE_MESSAGES, _FILE_ENUMS, _FILE_SERVICES, _FILE_EXTENSIONS = 4, 5, 6, 7
_FIELDS, _NESTED, _MESSAGE_ENUMS, _MESSAGE_EXTENSIONS, _ONEOFS = 2, 3, 4, 6, 8
_VALUES, _METHODS = 2, 2

_OPTIONS_FILE = "google/protobuf/descriptor.proto"
_KINDS: Mapping[int, Kind] = {FieldDescriptorProto.Type.Value(f"TYPE_{kind.name}"): kind for kind in Kind}
_ZERO: Mapping[Kind, JsonValue] = {Kind.STRING: "", Kind.BYTES: "", Kind.BOOL: False, Kind.FLOAT: 0.0, Kind.DOUBLE: 0.0}


def schema_from(descriptor_set: bytes, sources: Sources) -> Schema:
    """The model of everything in ``descriptor_set``, as protoc made it from ``sources``."""
    protos = FileDescriptorSet.FromString(descriptor_set).file
    pool = option_pool(protos)
    names = _Names({name: enum for proto in protos for name, enum in _enums(proto)}, OptionReader(pool))
    files = {}
    for proto in protos:
        positions = positions_of(proto, sources.names.get(proto.name, proto.name), sources.texts.get(proto.name, ""))
        files[proto.name] = _file(proto, _Scope(names, positions, "", (), defaults_of(_syntax(proto))))
    return index(files, sources.roots, sources.given, descriptor_set)


def option_pool(protos: Sequence[FileDescriptorProto]) -> DescriptorPool:
    """The pool that custom options are read with, empty when no file can have any.

    The runtime refuses some files that protoc accepts: with JSON names that collide, or a message of more than a few
    thousand fields. Their own custom options are then left out.
    """
    pool = DescriptorPool()
    if all(proto.name != _OPTIONS_FILE for proto in protos):
        return pool
    for proto in protos:
        for attempt in (proto, _without_json_names(proto)):
            with contextlib.suppress(TypeError):
                pool.Add(attempt)
                break
    return pool


def _without_json_names(proto: FileDescriptorProto) -> FileDescriptorProto:
    plain = FileDescriptorProto()
    plain.CopyFrom(proto)
    waiting = list(plain.message_type)
    while waiting:
        message = waiting.pop()
        for field in (*message.field, *message.extension):
            field.ClearField("json_name")
        waiting.extend(message.nested_type)
    return plain


@dataclass(frozen=True, slots=True)
class _Names:
    """What the whole compilation shares: its enums by full name, and how options are read."""

    enums: Mapping[str, EnumDescriptorProto]
    options: OptionReader


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where declarations are read: their file, the prefix of full names, the path so far and the features inherited."""

    names: _Names
    positions: Positions
    prefix: str
    path: Path
    features: Features

    def within(self, declaration: Declaration) -> _Scope:
        return replace(self, prefix=f"{declaration.full_name}.", path=declaration.path, features=declaration.features)

    def head(self, name: str, options: ProtoMessage, *step: int) -> dict[str, Any]:
        """The fields that every declaration has, as keyword arguments of different types."""
        read = self.names.options.read(options)
        return {
            "name": name,
            "full_name": self.prefix + name,
            "path": self.path + step,
            "positions": self.positions,
            "features": overridden(self.features, read.get("features")),
            "options": read,
            "lifecycle": lifecycle_from(read),
        }


def _syntax(proto: FileDescriptorProto) -> str:
    if proto.syntax == "editions":
        return Edition.Name(proto.edition).removeprefix("EDITION_")
    return proto.syntax or "proto2"


def _enums(proto: FileDescriptorProto) -> Iterator[tuple[str, EnumDescriptorProto]]:
    """Every enum of a file by its full name."""
    prefix = f"{proto.package}." if proto.package else ""
    yield from ((prefix + enum.name, enum) for enum in proto.enum_type)
    waiting = [(prefix, message) for message in proto.message_type]
    while waiting:
        scope, message = waiting.pop()
        inside = f"{scope}{message.name}."
        yield from ((inside + enum.name, enum) for enum in message.enum_type)
        waiting.extend((inside, nested) for nested in message.nested_type)


def _file(proto: FileDescriptorProto, scope: _Scope) -> File:
    head = scope.head(proto.name, proto.options)
    inside = replace(
        scope, prefix=f"{proto.package}." if proto.package else "", features=_java(head["features"], head["options"])
    )
    kinds = dict.fromkeys(proto.public_dependency, "public") | dict.fromkeys(proto.weak_dependency, "weak")
    imports = [Import(path, kinds.get(number, "")) for number, path in enumerate(proto.dependency)]
    return File(
        **head,
        package=proto.package,
        syntax=_syntax(proto),
        imports=(*imports, *(Import(path, "option") for path in proto.option_dependency)),
        messages=tuple(_message(one, inside, _FILE_MESSAGES, at) for at, one in enumerate(proto.message_type)),
        enums=tuple(_enum(one, inside, _FILE_ENUMS, at) for at, one in enumerate(proto.enum_type)),
        services=tuple(_service(one, inside, _FILE_SERVICES, at) for at, one in enumerate(proto.service)),
        extensions=tuple(_field(one, inside, _FILE_EXTENSIONS, at) for at, one in enumerate(proto.extension)),
    )


def _java(features: Features, options: Mapping[str, JsonValue]) -> Features:
    """`java_string_check_utf8` is how the feature was written before editions."""
    return replace(features, java_utf8_validation="VERIFY") if options.get("java_string_check_utf8") else features


def _message(proto: DescriptorProto, scope: _Scope, *step: int) -> Message:
    head = scope.head(proto.name, proto.options, *step)
    bare = Declaration(**head)
    inside = scope.within(bare)
    oneofs = [inside.head(one.name, one.options, _ONEOFS, at) for at, one in enumerate(proto.oneof_decl)]
    entries = {f".{bare.full_name}.{one.name}" for one in proto.nested_type if one.options.map_entry}
    fields: dict[int, Field] = {}
    numbers: dict[int, list[int]] = {}
    for at, one in enumerate(proto.field):
        outer = inside
        oneof = None
        if one.HasField("oneof_index"):
            outer = replace(inside, features=oneofs[one.oneof_index]["features"])
            if not one.proto3_optional:
                oneof = proto.oneof_decl[one.oneof_index].name
                numbers.setdefault(one.oneof_index, []).append(one.number)
        fields[one.number] = _field(one, outer, _FIELDS, at, oneof=oneof, mapped=one.type_name in entries)
    return Message(
        **head,
        fields=MappingProxyType(fields),
        oneofs=tuple(Oneof(**oneofs[at], numbers=tuple(listed)) for at, listed in sorted(numbers.items())),
        messages=tuple(_message(one, inside, _NESTED, at) for at, one in enumerate(proto.nested_type)),
        enums=tuple(_enum(one, inside, _MESSAGE_ENUMS, at) for at, one in enumerate(proto.enum_type)),
        extensions=tuple(_field(one, inside, _MESSAGE_EXTENSIONS, at) for at, one in enumerate(proto.extension)),
        reserved_ranges=tuple((one.start, one.end - 1) for one in proto.reserved_range),
        reserved_names=frozenset(proto.reserved_name),
        extension_ranges=tuple((one.start, one.end - 1) for one in proto.extension_range),
        map_entry=proto.options.map_entry,
    )


def _field(
    proto: FieldDescriptorProto, scope: _Scope, *step: int, oneof: str | None = None, mapped: bool = False
) -> Field:
    head = scope.head(proto.name, proto.options, *step)
    features: Features = head["features"]
    if proto.options.HasField("ctype"):
        features = replace(features, cpp_string_type=_ctype(proto))
    head["features"] = features
    kind = _KINDS[proto.type]
    if kind is Kind.MESSAGE and features.message_encoding == "DELIMITED" and not mapped:
        kind = Kind.GROUP
    cardinality = _cardinality(proto, kind, features, mapped)
    packed = proto.options.packed if proto.options.HasField("packed") else features.repeated_field_encoding == "PACKED"
    type_name = proto.type_name.removeprefix(".")
    return Field(
        **head,
        number=proto.number,
        kind=kind,
        type_name=type_name,
        cardinality=cardinality,
        json_name=proto.json_name,
        packed=packed and kind.packable and cardinality is Cardinality.REPEATED,
        default=_default(proto, kind, scope.names.enums.get(type_name)) if cardinality.singular else None,
        oneof=oneof,
        extendee=proto.extendee.removeprefix("."),
    )


def _ctype(proto: FieldDescriptorProto) -> str:
    return type(proto.options).CType.Name(proto.options.ctype)


def _cardinality(proto: FieldDescriptorProto, kind: Kind, features: Features, mapped: bool) -> Cardinality:
    if proto.label == FieldDescriptorProto.LABEL_REPEATED:
        return Cardinality.MAP if mapped else Cardinality.REPEATED
    if proto.label == FieldDescriptorProto.LABEL_REQUIRED or features.field_presence == "LEGACY_REQUIRED":
        return Cardinality.REQUIRED
    if proto.HasField("oneof_index") or proto.extendee or kind.is_message or features.field_presence == "EXPLICIT":
        return Cardinality.EXPLICIT
    return Cardinality.IMPLICIT


def _default(proto: FieldDescriptorProto, kind: Kind, enum: EnumDescriptorProto | None) -> JsonValue:
    """What a reader gives for the absent field: an enum value's name, escaped text for bytes."""
    if kind.is_message:
        return None
    written = proto.default_value
    if kind is Kind.ENUM:
        return written or (enum.value[0].name if enum is not None else "")
    if not proto.HasField("default_value"):
        return _ZERO.get(kind, 0)
    if kind in (Kind.STRING, Kind.BYTES):
        return written
    if kind is Kind.BOOL:
        return written == "true"
    if kind in (Kind.FLOAT, Kind.DOUBLE):
        return written if written in ("inf", "-inf", "nan") else float(written)
    return int(written)


def _enum(proto: EnumDescriptorProto, scope: _Scope, *step: int) -> Enum:
    head = scope.head(proto.name, proto.options, *step)
    features: Features = head["features"]
    # Values are siblings of their enum, not members of it (language specification, "Enum definition").
    inside = replace(scope, path=scope.path + step, features=features)
    return Enum(
        **head,
        values=tuple(
            EnumValue(**inside.head(one.name, one.options, _VALUES, at), number=one.number)
            for at, one in enumerate(proto.value)
        ),
        closed=features.enum_type == "CLOSED",
        allow_alias=proto.options.allow_alias,
        reserved_ranges=tuple((one.start, one.end) for one in proto.reserved_range),
        reserved_names=frozenset(proto.reserved_name),
    )


def _service(proto: ServiceDescriptorProto, scope: _Scope, *step: int) -> Service:
    head = scope.head(proto.name, proto.options, *step)
    inside = scope.within(Declaration(**head))
    return Service(
        **head,
        methods=MappingProxyType(
            {
                one.name: Method(
                    **inside.head(one.name, one.options, _METHODS, at),
                    request=one.input_type.removeprefix("."),
                    response=one.output_type.removeprefix("."),
                    client_streaming=one.client_streaming,
                    server_streaming=one.server_streaming,
                )
                for at, one in enumerate(proto.method)
            }
        ),
    )


def index(files: Mapping[str, File], roots: Sequence[str], given: frozenset[str], descriptor_set: bytes) -> Schema:
    """A Schema of ``files`` that finds every declaration by its full name."""
    messages: dict[str, Message] = {}
    enums: dict[str, Enum] = {}
    extensions: dict[str, Field] = {}
    services: dict[str, Service] = {}
    file_of: dict[str, str] = {}
    for path, file in files.items():
        services |= {one.full_name: one for one in file.services}
        of_file = list(nested_messages(file.messages))
        messages |= {one.full_name: one for one in of_file}
        holders: list[File | Message] = [file, *of_file]
        enums |= {one.full_name: one for holder in holders for one in holder.enums}
        extensions |= {one.full_name: one for holder in holders for one in holder.extensions}
        file_of |= {one.full_name: path for one in (*file.services, *of_file)}
        file_of |= {one.full_name: path for holder in holders for one in (*holder.enums, *holder.extensions)}
    return Schema(
        roots=tuple(roots),
        given=given,
        files=MappingProxyType(dict(files)),
        descriptor_set=descriptor_set,
        messages=MappingProxyType(messages),
        enums=MappingProxyType(enums),
        services=MappingProxyType(services),
        extensions=MappingProxyType(extensions),
        file_of=MappingProxyType(file_of),
    )
