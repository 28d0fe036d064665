"""The places of a Protobuf file: messages, fields, enum values, services and methods."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from treaty.errors import DocumentNotFound
from treaty.govern.places.place import Kind, Place
from treaty.model.protobuf.import_statements import import_statements
from treaty.model.protobuf.parsing import parse_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.changes.comparison import Side
    from treaty.documents.source import Source
    from treaty.model.protobuf.nodes import Declaration, Enum, File, Message


def protobuf_places(side: Side) -> Iterator[Place]:
    """The declarations of one file, by full name, owners first. Raises what parsing the file raises."""
    file = parsed(side.library.source, side.document.path)
    yield Place(
        kind=Kind.CONTRACT,
        name="contract",
        key=file.package,
        declared=file.lifecycle,
        written_at=file.location(),
    )
    yield from _messages(file.messages, None)
    yield from _enums(file.enums, None)
    for service in file.services:
        owner = _place(Kind.SERVICE, service, None)
        yield owner
        for method in service.methods.values():
            yield _place(Kind.METHOD, method, owner)


def parsed(source: Source, path: str) -> File:
    """The model of the .proto file ``path`` with everything it imports.

    An import path is relative to some folder above the file: the nearest that holds it is taken.
    """
    text = source.read(path).decode("utf-8", "replace")
    schema = parse_files({path: text}, dict(_imported(source, path, text)))
    return schema.files[path]


def _imported(source: Source, path: str, text: str) -> Iterator[tuple[str, str]]:
    waiting = [(path, text)]
    seen: set[str] = set()
    while waiting:
        at, written = waiting.pop()
        for statement in import_statements(written):
            if statement.path in seen:
                continue
            seen.add(statement.path)
            found = _found(source, at, statement.path)
            if found is not None:
                yield statement.path, found[1]
                waiting.append(found)


def _found(source: Source, path: str, target: str) -> tuple[str, str] | None:
    folder = path
    while folder:
        folder = posixpath.dirname(folder)
        candidate = posixpath.normpath(posixpath.join(folder, target))
        if candidate.startswith(".."):
            continue
        try:
            return candidate, source.read(candidate).decode("utf-8", "replace")
        except DocumentNotFound:
            continue
    return None


def _messages(messages: Iterable[Message], owner: Place | None) -> Iterator[Place]:
    for message in messages:
        if message.map_entry:
            continue
        place = _place(Kind.MESSAGE, message, owner)
        yield place
        for field in message.fields.values():
            yield _place(Kind.FIELD, field, place)
        yield from _messages(message.messages, place)
        yield from _enums(message.enums, place)


def _enums(enums: Iterable[Enum], owner: Place | None) -> Iterator[Place]:
    for each in enums:
        place = _place(Kind.ENUM, each, owner)
        yield place
        for value in each.values:
            yield _place(Kind.ENUM_VALUE, value, place)


def _place(kind: Kind, declaration: Declaration, owner: Place | None) -> Place:
    # A field's full name has its message in front; that of an enum value, by the language, only the package.
    name = declaration.full_name
    if kind is Kind.ENUM_VALUE and owner is not None:
        name = f"{owner.name}.{declaration.name}"
    return Place(
        kind=kind,
        name=name,
        key=declaration.name,
        owner=owner,
        declared=declaration.lifecycle,
        written_at=declaration.location(),
    )
