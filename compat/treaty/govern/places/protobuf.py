"""The places of a Protobuf file: messages, fields, enum values, services and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.govern.places.place import Kind, Place
from treaty.model.protobuf.files import read_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.changes.comparison import Side
    from treaty.model.protobuf.nodes import Declaration, Enum, Message


def protobuf_places(side: Side) -> Iterator[Place]:
    """The declarations of one file, by full name, owners first. Raises what parsing the file raises."""
    schema = read_files(side.library, [side.document.path])
    file = schema.root_files[0]
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
