"""A FileDescriptorProto printed as the .proto text that compiles to it again.

Names of types are written in full with a leading dot, so that they mean the same without their surroundings. Nested
messages keep their order, also around groups and map fields: Confluent's serializers address messages by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from google.protobuf import text_format
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    MethodDescriptorProto,
    ServiceDescriptorProto,
    SymbolVisibility,
)
from google.protobuf.message import Message

from treaty.model.protobuf.options import OptionReader

if TYPE_CHECKING:
    from google.protobuf.descriptor import FieldDescriptor
    from google.protobuf.descriptor_pool import DescriptorPool

    from treaty.model.protobuf.positions import Path

_MAX_NUMBERS = frozenset({536_870_911, 2_147_483_646, 2_147_483_647})
_LABELS = {
    FieldDescriptorProto.LABEL_OPTIONAL: "optional ",
    FieldDescriptorProto.LABEL_REQUIRED: "required ",
    FieldDescriptorProto.LABEL_REPEATED: "repeated ",
}
_VISIBILITY = {SymbolVisibility.VISIBILITY_EXPORT: "export ", SymbolVisibility.VISIBILITY_LOCAL: "local "}


def print_file(
    proto: FileDescriptorProto, pool: DescriptorPool, *, comments: bool = False, ordered: bool = False
) -> str:
    """The text of ``proto``, whose custom options ``pool`` knows.

    ``comments`` writes the comments of declarations where ``proto`` has source info. ``ordered`` sorts what has no
    order in meaning: imports, options, fields, enum values and reserved ranges.
    """
    return _Printer(proto, OptionReader(pool), comments=comments, ordered=ordered).text()


class _Printer:
    def __init__(self, proto: FileDescriptorProto, options: OptionReader, *, comments: bool, ordered: bool) -> None:
        self._proto = proto
        self._options = options
        self._ordered = ordered
        self._lines: list[str] = []
        self._depth = 0
        self._comments = {
            tuple(one.path): one.leading_comments or one.trailing_comments
            for one in (proto.source_code_info.location if comments else ())
        }

    def text(self) -> str:
        proto = self._proto
        if proto.syntax == "editions":
            self._line(f'edition = "{Edition.Name(proto.edition).removeprefix("EDITION_")}";')
        else:
            self._line(f'syntax = "{proto.syntax or "proto2"}";')
        if proto.package:
            self._line(f"package {proto.package};")
        self._gap(self._imports())
        self._gap(f"option {option};" for option in self._option_texts(proto.options))
        for at, message in enumerate(proto.message_type):
            self._gap(())
            self._message(message, (4, at))
        for at, enum in enumerate(proto.enum_type):
            self._gap(())
            self._enum(enum, (5, at))
        self._extensions(proto.extension, (7,), proto.message_type)
        for at, service in enumerate(proto.service):
            self._gap(())
            self._service(service, (6, at))
        return "\n".join(self._lines) + "\n"

    def _line(self, text: str) -> None:
        self._lines.append("  " * self._depth + text if text else "")

    def _gap(self, lines: Sequence[str] | Iterator[str]) -> None:
        """A blank line and ``lines``; only the blank line when there are none to come."""
        listed = list(lines)
        if listed or lines == ():
            self._line("")
        for line in listed:
            self._line(line)

    def _comment(self, path: Path) -> None:
        comment = self._comments.get(path, "")
        for line in comment.removesuffix("\n").split("\n") if comment else ():
            self._line(f"//{line}".rstrip())

    def _imports(self) -> Iterator[str]:
        proto = self._proto
        kinds = dict.fromkeys(proto.public_dependency, "public ") | dict.fromkeys(proto.weak_dependency, "weak ")
        found = [(path, kinds.get(at, "")) for at, path in enumerate(proto.dependency)]
        found += [(path, "option ") for path in proto.option_dependency]
        for path, kind in sorted(set(found)) if self._ordered else found:
            yield f"import {kind}{_quoted(path)};"

    # Options

    def _option_texts(self, options: Message) -> list[str]:
        found = [text for field, value in self._options.typed(options) for text in self._option(field, value, "")]
        return sorted(found) if self._ordered else found

    def _option(self, field: FieldDescriptor, value: object, prefix: str) -> Iterator[str]:
        name = f"{prefix}(.{field.full_name})" if field.is_extension else f"{prefix}{field.name}"
        if isinstance(value, Message) and (field.full_name.endswith("Options.features") or prefix):
            for inner, one in value.ListFields():
                yield from self._option(inner, one, f"{name}.")
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
            for one in value:
                yield f"{name} = {_option_value(field, one)}"
        else:
            yield f"{name} = {_option_value(field, value)}"

    def _bracketed(self, options: Sequence[str]) -> str:
        return f" [{', '.join(options)}]" if options else ""

    def _block(self, opening: str, options: Message) -> None:
        self._line(f"{opening} {{")
        self._depth += 1
        for option in self._option_texts(options):
            self._line(f"option {option};")

    def _close(self) -> None:
        self._depth -= 1
        self._line("}")

    # Declarations

    def _message(self, proto: DescriptorProto, path: Path, opening: str | None = None, options: str = "") -> None:
        if opening is None:
            self._comment(path)
            opening = f"{_VISIBILITY.get(proto.visibility, '')}message {proto.name}"
        self._block(opening + options, proto.options)
        _Body(self, proto, path).print()
        self._close()

    def _field(
        self, proto: FieldDescriptorProto, path: Path, group: tuple[DescriptorProto, Path] | None = None
    ) -> None:
        self._comment(path)
        options = self._bracketed(self._field_options(proto))
        if group is not None:
            self._message(
                *group, opening=f"{self._label(proto)}group {group[0].name} = {proto.number}", options=options
            )
        else:
            self._line(f"{self._label(proto)}{_type(proto)} {proto.name} = {proto.number}{options};")

    def _map(self, proto: FieldDescriptorProto, entry: DescriptorProto, path: Path) -> None:
        self._comment(path)
        key, value = sorted(entry.field, key=lambda field: field.number)
        options = self._bracketed(self._field_options(proto))
        self._line(f"map<{_type(key)}, {_type(value)}> {proto.name} = {proto.number}{options};")

    def _label(self, proto: FieldDescriptorProto) -> str:
        plain = proto.label == FieldDescriptorProto.LABEL_OPTIONAL
        if plain and proto.HasField("oneof_index") and not proto.proto3_optional:
            return ""
        if plain and self._proto.syntax in ("proto3", "editions") and not proto.proto3_optional:
            return ""
        return _LABELS[proto.label]

    def _field_options(self, proto: FieldDescriptorProto) -> list[str]:
        found = []
        if proto.HasField("default_value"):
            found.append(f"default = {_default(proto)}")
        if proto.json_name and not proto.extendee and proto.json_name != _json_name(proto.name):
            found.append(f"json_name = {_quoted(proto.json_name)}")
        return found + self._option_texts(proto.options)

    def _extensions(
        self, extensions: Sequence[FieldDescriptorProto], path: Path, nested: Sequence[DescriptorProto]
    ) -> None:
        at = 0
        while at < len(extensions):
            extendee = extensions[at].extendee
            self._gap(())
            self._line(f"extend {extendee} {{")
            self._depth += 1
            while at < len(extensions) and extensions[at].extendee == extendee:
                one = extensions[at]
                group = _group_of(one, nested) if self._proto.syntax != "editions" else None
                self._field(one, (*path, at), group and (group, (*path, at)))
                at += 1
            self._close()

    def _reserved(self, ranges: list[tuple[int, int]], names: Sequence[str]) -> None:
        if ranges:
            listed = sorted(ranges) if self._ordered else ranges
            self._line(f"reserved {', '.join(_range(first, last) for first, last in listed)};")
        if names:
            written = sorted(names) if self._ordered else list(names)
            quoted = written if self._proto.syntax == "editions" else [_quoted(name) for name in written]
            self._line(f"reserved {', '.join(quoted)};")

    def _enum(self, proto: EnumDescriptorProto, path: Path) -> None:
        self._comment(path)
        self._block(f"{_VISIBILITY.get(proto.visibility, '')}enum {proto.name}", proto.options)
        values = list(enumerate(proto.value))
        if self._ordered:  # the first value is the default, and stays where it is
            values[1:] = sorted(values[1:], key=lambda one: (one[1].number, one[1].name))
        for at, value in values:
            self._comment((*path, 2, at))
            options = self._bracketed(self._option_texts(value.options))
            self._line(f"{value.name} = {value.number}{options};")
        self._reserved([(one.start, one.end) for one in proto.reserved_range], proto.reserved_name)
        self._close()

    def _service(self, proto: ServiceDescriptorProto, path: Path) -> None:
        self._comment(path)
        self._block(f"service {proto.name}", proto.options)
        for at, method in enumerate(proto.method):
            self._method(method, (*path, 2, at))
        self._close()

    def _method(self, proto: MethodDescriptorProto, path: Path) -> None:
        self._comment(path)
        request = f"{'stream ' if proto.client_streaming else ''}{proto.input_type}"
        response = f"{'stream ' if proto.server_streaming else ''}{proto.output_type}"
        signature = f"rpc {proto.name}({request}) returns ({response})"
        if self._option_texts(proto.options):
            self._block(signature, proto.options)
            self._close()
        else:
            self._line(f"{signature};")


class _Body:
    """Prints what is inside a message, nested types between the fields where their order asks for it."""

    def __init__(self, printer: _Printer, proto: DescriptorProto, path: Path) -> None:
        self._printer = printer
        self._proto = proto
        self._path = path
        self._nested = 0

    def print(self) -> None:
        printer, proto = self._printer, self._proto
        entries = {f".{one.name}": at for at, one in enumerate(proto.nested_type) if one.options.map_entry}
        fields = list(enumerate(proto.field))
        if printer._ordered:
            fields.sort(key=lambda one: self._rank(one[1]))
        at = 0
        while at < len(fields):
            index, field = fields[at]
            own = (*self._path, 2, index)
            if field.HasField("oneof_index") and not field.proto3_optional:
                at = self._oneof(fields, at)
                continue
            at += 1
            entry = next((number for name, number in entries.items() if _is_entry(field, name)), None)
            if entry is not None:
                self._nested_before(entry)
                printer._map(field, proto.nested_type[entry], own)
                self._nested = max(self._nested, entry + 1)
            else:
                self._single(field, own)
        for one in proto.extension_range:
            options = printer._bracketed(printer._option_texts(one.options))
            printer._line(f"extensions {_range(one.start, one.end - 1)}{options};")
        printer._reserved([(one.start, one.end - 1) for one in proto.reserved_range], proto.reserved_name)
        printer._extensions(proto.extension, (*self._path, 6), ())
        self._nested_before(len(proto.nested_type))
        for at, enum in enumerate(proto.enum_type):
            printer._enum(enum, (*self._path, 4, at))

    def _rank(self, field: FieldDescriptorProto) -> tuple[int, int]:
        """By number, the fields of a oneof together at its lowest."""
        if field.HasField("oneof_index") and not field.proto3_optional:
            same = [one.number for one in self._proto.field if _same_oneof(one, field)]
            return min(same), field.number
        return field.number, field.number

    def _single(self, field: FieldDescriptorProto, own: Path) -> None:
        group = _group_of(field, self._proto.nested_type) if self._printer._proto.syntax != "editions" else None
        if group is None:
            self._printer._field(field, own)
            return
        at = next(at for at, one in enumerate(self._proto.nested_type) if one is group or one.name == group.name)
        self._nested_before(at)
        self._printer._field(field, own, (group, (*self._path, 3, at)))
        self._nested = max(self._nested, at + 1)

    def _oneof(self, fields: list[tuple[int, FieldDescriptorProto]], at: int) -> int:
        printer, proto = self._printer, self._proto
        number = fields[at][1].oneof_index
        members: list[tuple[int, FieldDescriptorProto]] = []
        while at < len(fields) and _same_oneof(fields[at][1], members[0][1] if members else fields[at][1]):
            members.append(fields[at])
            at += 1
        groups = [group for _, field in members if (group := _group_of(field, proto.nested_type)) is not None]
        if groups:
            first = min(index for index, one in enumerate(proto.nested_type) if one.name in {g.name for g in groups})
            self._nested_before(first)
        printer._comment((*self._path, 8, number))
        printer._block(f"oneof {proto.oneof_decl[number].name}", proto.oneof_decl[number].options)
        for index, field in members:
            self._single(field, (*self._path, 2, index))
        printer._close()
        return at

    def _nested_before(self, end: int) -> None:
        """Print the nested messages up to ``end`` that are not there yet; entries and groups print with their field."""
        inline = {field.type_name.rsplit(".", 1)[-1] for field in self._proto.field if _inline(field)}
        while self._nested < end:
            one = self._proto.nested_type[self._nested]
            if not one.options.map_entry and one.name not in inline:
                self._printer._message(one, (*self._path, 3, self._nested))
            self._nested += 1


def _inline(field: FieldDescriptorProto) -> bool:
    return field.type == FieldDescriptorProto.TYPE_GROUP


def _group_of(field: FieldDescriptorProto, nested: Sequence[DescriptorProto]) -> DescriptorProto | None:
    if not _inline(field):
        return None
    name = field.type_name.rsplit(".", 1)[-1]
    return next((one for one in nested if one.name == name), None)


def _is_entry(field: FieldDescriptorProto, suffix: str) -> bool:
    repeated = field.label == FieldDescriptorProto.LABEL_REPEATED and field.type == FieldDescriptorProto.TYPE_MESSAGE
    return repeated and field.type_name.endswith(suffix)


def _same_oneof(one: FieldDescriptorProto, other: FieldDescriptorProto) -> bool:
    inside = one.HasField("oneof_index") and not one.proto3_optional
    return inside and one.oneof_index == other.oneof_index


def _type(proto: FieldDescriptorProto) -> str:
    return proto.type_name or FieldDescriptorProto.Type.Name(proto.type).removeprefix("TYPE_").lower()


def _range(first: int, last: int) -> str:
    if first == last:
        return str(first)
    return f"{first} to {'max' if last in _MAX_NUMBERS else last}"


def _json_name(name: str) -> str:
    """The JSON name that protoc gives a field without `json_name`."""
    return re.sub("_+(.?)", lambda match: match[1].upper(), name)


def _default(proto: FieldDescriptorProto) -> str:
    if proto.type == FieldDescriptorProto.TYPE_STRING:
        return _quoted(proto.default_value)
    if proto.type == FieldDescriptorProto.TYPE_BYTES:
        return f'"{proto.default_value}"'  # kept escaped in the descriptor
    return proto.default_value


def _option_value(field: FieldDescriptor, value: object) -> str:
    if isinstance(value, Message):
        return f"{{ {text_format.MessageToString(value, as_one_line=True, as_utf8=True)} }}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return '"' + "".join(f"\\{byte:03o}" for byte in value) + '"'
    if isinstance(value, str):
        return _quoted(value)
    if field.enum_type is not None and isinstance(value, int):
        return field.enum_type.values_by_number[value].name
    return repr(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\{ord(match[0]):03o}", escaped) + '"'
