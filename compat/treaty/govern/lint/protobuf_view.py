"""The declarations of a Protobuf file as plain values, for rules that select and assert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.protobuf.files import read_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treaty.documents.location import JsonValue
    from treaty.govern.lint.document import LintDocument
    from treaty.model.protobuf.nodes import Declaration, Enum, Field, File, Message, Method


def declarations(document: LintDocument) -> JsonValue:
    """``{package, syntax, options, messages, enums, services}``; each declaration has `name`, `full_name`, `doc`."""
    file = file_of(document)
    return {
        "package": file.package,
        "syntax": file.syntax,
        "options": dict(file.options),
        "messages": _messages(file.messages),
        "enums": [_enum(each) for each in file.enums],
        "services": [
            {**_common(service), "methods": [_method(each) for each in service.methods.values()]}
            for service in file.services
        ],
    }


def file_of(document: LintDocument) -> File:
    """The model of the file under lint."""
    return read_files(document.side.library, [document.side.document.path]).root_files[0]


def declared_value(document: LintDocument, name: str) -> JsonValue:
    """The value of the declaration that places call ``name``, None where there is none."""
    waiting: list[JsonValue] = [document.view.tree]
    while waiting:
        at = waiting.pop()
        if isinstance(at, list):
            waiting.extend(at)
        elif isinstance(at, dict):
            if at.get("full_name") == name:
                return at
            waiting.extend(at.values())
    return None


def _messages(messages: Iterable[Message]) -> JsonValue:
    return [
        {
            **_common(message),
            "fields": [_field(each, message) for each in message.fields.values()],
            "enums": [_enum(each, message.full_name) for each in message.enums],
            "messages": _messages(message.messages),
        }
        for message in messages
        if not message.map_entry
    ]


def _field(field: Field, owner: Message) -> JsonValue:
    return {
        **_common(field),
        "full_name": f"{owner.full_name}.{field.name}",
        "number": field.number,
        "type": field.type_name or field.kind.value,
        "cardinality": field.cardinality.value,
        "json_name": field.json_name,
    }


def _enum(enum: Enum, owner: str = "") -> JsonValue:
    return {
        **_common(enum),
        "values": [
            {**_common(value), "full_name": f"{enum.full_name}.{value.name}", "number": value.number}
            for value in enum.values
        ],
        "owner": owner,
    }


def _method(method: Method) -> JsonValue:
    return {
        **_common(method),
        "request": method.request,
        "response": method.response,
        "client_streaming": method.client_streaming,
        "server_streaming": method.server_streaming,
    }


def _common(declaration: Declaration) -> dict[str, JsonValue]:
    return {
        "name": declaration.name,
        "full_name": declaration.full_name,
        "doc": declaration.doc.strip(),
        "options": dict(declaration.options),
    }
