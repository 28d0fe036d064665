"""Facts about files and the declarations in them: gone, new, moved, renamed; packages, syntax, file options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.protobuf.descriptions import describe
from treaty.changes.protobuf.extensions import compare_extensions
from treaty.changes.protobuf.facts import Carrier, Fact
from treaty.changes.protobuf.services import compare_services
from treaty.documents.location import Location
from treaty.model.protobuf.nodes import nested_messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from treaty.changes.protobuf.comparison import Comparison
    from treaty.documents.location import JsonValue
    from treaty.model.protobuf.nodes import Declaration, File, Message, Schema

FILE_OPTIONS: Mapping[str, JsonValue] = {
    "cc_enable_arenas": True,
    "cc_generic_services": False,
    "csharp_namespace": "",
    "go_package": "",
    "java_generic_services": False,
    "java_multiple_files": False,
    "java_outer_classname": "",
    "java_package": "",
    "java_string_check_utf8": False,
    "objc_class_prefix": "",
    "optimize_for": "SPEED",
    "php_class_prefix": "",
    "php_metadata_namespace": "",
    "php_namespace": "",
    "py_generic_services": False,
    "ruby_package": "",
    "swift_prefix": "",
}
"""The options of a file that shape generated code, with their defaults (descriptor.proto, FileOptions)."""

_OPTIONS_FIELD, _PACKAGE_FIELD, _SYNTAX_FIELD, _EDITION_FIELD = 8, 2, 12, 14
_OPTION_NUMBERS = {
    "java_package": 1,
    "java_outer_classname": 8,
    "optimize_for": 9,
    "java_multiple_files": 10,
    "go_package": 11,
    "cc_generic_services": 16,
    "java_generic_services": 17,
    "py_generic_services": 18,
    "java_string_check_utf8": 27,
    "cc_enable_arenas": 31,
    "objc_class_prefix": 36,
    "csharp_namespace": 37,
    "swift_prefix": 39,
    "php_class_prefix": 40,
    "php_namespace": 41,
    "php_metadata_namespace": 44,
    "ruby_package": 45,
}


def compare_declarations(comparison: Comparison) -> None:
    """Compare the files and which declarations they hold; what is inside messages and enums is left to others."""
    matching = comparison.matching
    for path in comparison.old.roots:
        if path in matching.files:
            _file(comparison, comparison.old.files[path], comparison.new.files[matching.files[path]])
        else:
            before = comparison.old.files[path]
            comparison.add(Fact("proto-file-removed", path, f"the file {path}", path, None, before.location()))
    _messages(comparison)
    _enums(comparison)
    compare_extensions(comparison)
    compare_services(comparison)


def _file(comparison: Comparison, old: File, new: File) -> None:
    subject = f"the file {new.name}"
    if old.package != new.package:
        comparison.add(
            Fact(
                "proto-package-changed",
                old.name,
                subject,
                old.package or "none",
                new.package or "none",
                old.location((_PACKAGE_FIELD,)),
                new.location((_PACKAGE_FIELD,)),
            )
        )
    if old.syntax != new.syntax:
        comparison.add(
            Fact(
                "proto-syntax-changed",
                old.name,
                f"the syntax of {subject}",
                old.syntax,
                new.syntax,
                old.location((_SYNTAX_FIELD,), (_EDITION_FIELD,)),
                new.location((_SYNTAX_FIELD,), (_EDITION_FIELD,)),
            )
        )
    for option, default in FILE_OPTIONS.items():
        before, after = old.options.get(option, default), new.options.get(option, default)
        if before != after and (option != "java_string_check_utf8" or old.syntax == new.syntax):
            place = (_OPTIONS_FIELD, _OPTION_NUMBERS[option])
            comparison.add(
                Fact(
                    "proto-file-option-changed",
                    f"{old.name} {option}",
                    subject,
                    f"{option} = {before}",
                    f"{option} = {after}",
                    old.location(place),
                    new.location(place),
                )
            )
    for fact in describe(old, new, subject):
        comparison.add(fact)


def _messages(comparison: Comparison) -> None:
    old, new, matching = comparison.old, comparison.new, comparison.matching
    used = used_types(old)
    for file in old.root_files:
        for message in nested_messages(file.messages):
            if message.map_entry:
                continue
            name = message.full_name
            other = matching.messages.get(name)
            if other is not None:
                _met(comparison, message, new.messages[other], f"message `{name}`", "proto-message-renamed")
                continue
            if comparison.question.may_go(message.lifecycle):
                rule = "proto-deprecated-declaration-removed"
            elif "." not in name.removeprefix(f"{file.package}." if file.package else "") and name not in used:
                rule = "proto-record-removed"
            else:
                rule = "proto-message-removed"
            comparison.add(
                Fact(
                    rule,
                    name,
                    f"message `{name}`",
                    message.lifecycle.deprecated_since,
                    base=message.location(),
                    revision=parent_location(comparison, file, name),
                    carrier=Carrier(name, ""),
                )
            )
    known = set(matching.messages.values())
    for file in new.root_files:
        for message in nested_messages(file.messages):
            parent = message.full_name.rpartition(".")[0]
            added_with_parent = parent in new.messages and parent not in known
            if not message.map_entry and message.full_name not in known and not added_with_parent:
                comparison.add(_added(message, "message"))


def _enums(comparison: Comparison) -> None:
    old, new, matching = comparison.old, comparison.new, comparison.matching
    for file in old.root_files:
        for enum in _in_file(file):
            name = enum.full_name
            other = matching.enums.get(name)
            if other is not None:
                _met(comparison, enum, new.enums[other], f"enum `{name}`", "proto-enum-renamed")
                continue
            announced = comparison.question.may_go(enum.lifecycle)
            comparison.add(
                Fact(
                    "proto-deprecated-declaration-removed" if announced else "proto-enum-removed",
                    name,
                    f"enum `{name}`",
                    enum.lifecycle.deprecated_since,
                    base=enum.location(),
                    revision=parent_location(comparison, file, name),
                )
            )
    known = set(matching.enums.values())
    known_messages = set(matching.messages.values())
    for file in new.root_files:
        for enum in _in_file(file):
            parent = enum.full_name.rpartition(".")[0]
            if enum.full_name not in known and not (parent in new.messages and parent not in known_messages):
                comparison.add(_added(enum, "enum"))


def _met(comparison: Comparison, old: Declaration, new: Declaration, subject: str, renamed: str) -> None:
    """A declaration that is there on both sides: perhaps under another name, perhaps in another file."""
    name = old.full_name
    if name in comparison.matching.renamed:
        comparison.add(
            Fact(
                renamed,
                name,
                subject,
                subject,
                f"`{new.full_name}`",
                old.location(),
                new.location(),
                Carrier(name, new.full_name),
            )
        )
    moved(comparison, old, new, subject)


def moved(comparison: Comparison, old: Declaration, new: Declaration, subject: str) -> None:
    """Tell that a declaration is in another file now, unless the file was renamed as a whole."""
    before, after = comparison.old.file_of[old.full_name], comparison.new.file_of[new.full_name]
    if comparison.matching.files.get(before, before if before not in comparison.old.roots else None) != after:
        where = old.location(), new.location()
        comparison.add(Fact("proto-declaration-moved", old.full_name, subject, before, after, *where))


def _added(declaration: Declaration, word: str) -> Fact:
    name = declaration.full_name
    return Fact("proto-declaration-added", name, f"{word} `{name}`", revision=declaration.location())


def _in_file(file: File) -> Iterable[Declaration]:
    yield from file.enums
    for message in nested_messages(file.messages):
        yield from message.enums


def parent_location(comparison: Comparison, file: File, full_name: str) -> Location | None:
    """Where something that is gone would be now: the message around it, else its file, None when that is gone too."""
    parent = full_name.rpartition(".")[0]
    while parent:
        survivor = comparison.matching.messages.get(parent)
        if survivor is not None:
            return comparison.new.messages[survivor].location()
        parent = parent.rpartition(".")[0]
    path = comparison.matching.files.get(file.name)
    return Location(comparison.new.files[path].positions.name) if path is not None else None


def used_types(schema: Schema) -> set[str]:
    """The full names of all messages that a field of another message, or an RPC, holds."""
    used: set[str] = set()
    for message in schema.messages.values():
        holder: Message = message
        used |= {one.type_name for one in holder.fields.values() if one.type_name and one.type_name != holder.full_name}
    for extension in schema.extensions.values():
        used.add(extension.type_name)
    for service in schema.services.values():
        for method in service.methods.values():
            used |= {method.request, method.response}
    return used
