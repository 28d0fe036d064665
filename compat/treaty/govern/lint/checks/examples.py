"""Examples, defaults and listed values: what a contract shows has to be what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.formats import Family
from treaty.errors import LimitExceeded
from treaty.govern.lint.rule import Violation
from treaty.govern.places import Kind
from treaty.model.openapi.contract import children, member
from treaty.model.openapi.media_types import media_type
from treaty.model.roles import Role
from treaty.model.schema.shape import Conjunction, Part
from treaty.model.schema.standalone import Standalone
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.node import Node
    from treaty.govern.lint.document import LintDocument

_LARGEST = 20_000
_SHOWN = 160
_READ = (Kind.PARAMETER, Kind.REQUEST_BODY)


class Shown(NamedTuple):
    """A value somebody shows, and the schema it has to match, in the role it has there."""

    element: str
    node: Node
    schema: Conjunction
    role: Role = Role.NONE


def examples(document: LintDocument) -> Iterator[Violation]:
    """Examples that their own schema refuses."""
    for shown in _shown(document):
        yield from _refused(document, shown, "the example is refused by its schema")


def defaults(document: LintDocument) -> Iterator[Violation]:
    """Defaults that their own schema refuses."""
    for place in document.of_kind(Kind.SCHEMA, Kind.PROPERTY):
        if place.node is not None and isinstance(place.node.value, dict) and "default" in place.node.value:
            shown = Shown(place.name, place.node.child("default"), (Part(place.node),))
            yield from _refused(document, shown, "the default is refused by its schema")


def enum_values(document: LintDocument) -> Iterator[Violation]:
    """Listed values that the rest of the schema refuses, so that they are never valid, and values listed twice."""
    for place in document.of_kind(Kind.SCHEMA, Kind.PROPERTY):
        raw = place.node.value if place.node is not None else None
        if place.node is None or not isinstance(raw, dict) or not isinstance(raw.get("enum"), list):
            continue
        values = raw["enum"]
        assert isinstance(values, list)
        rest = (Part(place.node, frozenset({"enum"})),)
        for index, value in enumerate(values):
            node = place.node.child("enum", index)
            if any(value == other and type(value) is type(other) for other in values[:index]):
                yield Violation(place.name, document.locate(node), "the value is listed twice", str(value))
            if value is None and raw.get("nullable") is True:
                continue
            shown = Shown(place.name, node, rest)
            yield from _refused(document, shown, "the listed value is never valid")


def _refused(document: LintDocument, shown: Shown, problem: str) -> Iterator[Violation]:
    import jsonschema_rs

    space = document.space
    try:
        schema = Standalone(space, shown.role, limit=_LARGEST).schema(shown.schema)
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=document.context.policy.assert_formats)
    except (LimitExceeded, ValueError):  # too large to be one schema, or none: told by the validity of the document
        return
    for error in validator.iter_errors(shown.node.value):
        path = tuple(error.instance_path)
        message = error.message if len(error.message) <= _SHOWN else f"{error.message[:_SHOWN]}…"
        at = "".join(f".{token}" if isinstance(token, str) else f"[{token}]" for token in path)
        where = document.locate(shown.node, *path)
        yield Violation(shown.element, where, f"{problem}{f' at {at}' if at else ''}: {message}", message)
        return


def _shown(document: LintDocument) -> Iterator[Shown]:
    if document.family is Family.ASYNCAPI:
        yield from _messages(document)
    for place in document.places:
        node = place.node
        if node is None or not isinstance(node.value, dict):
            continue
        if place.kind in (Kind.SCHEMA, Kind.PROPERTY):
            yield from _of_schema(place.name, node)
        elif document.family is not Family.OPENAPI:
            continue
        elif place.kind in (Kind.PARAMETER, Kind.HEADER):
            role = Role.READS if place.kind is Kind.PARAMETER else Role.WRITES
            yield from _beside(document, place.name, node, role)
        elif place.kind is Kind.MEDIA_TYPE and media_type(place.key).wire is not Wire.MARKUP:
            kind = place.owner.kind if place.owner is not None else Kind.RESPONSE
            yield from _beside(document, place.name, node, Role.READS if kind in _READ else Role.WRITES)


def _of_schema(element: str, node: Node) -> Iterator[Shown]:
    """The examples in a schema itself."""
    raw = node.value
    assert isinstance(raw, dict)
    if "example" in raw:
        yield Shown(element, node.child("example"), (Part(node),))
    listed = raw.get("examples")
    for index in range(len(listed) if isinstance(listed, list) else 0):
        yield Shown(element, node.child("examples", index), (Part(node),))


def _beside(document: LintDocument, element: str, node: Node, role: Role) -> Iterator[Shown]:
    """The examples beside a schema: of a parameter, a header or a body."""
    raw = node.value
    assert isinstance(raw, dict)
    if not isinstance(raw.get("schema"), dict):
        return
    schema = (Part(node.child("schema")),)
    if "example" in raw:
        yield Shown(element, node.child("example"), schema, role)
    for name, written in children(node, "examples"):
        example = document.side.library.follow(written)
        for key in ("value", "dataValue"):
            if isinstance(example.value, dict) and key in example.value:
                yield Shown(f"{element} example {name}", example.child(key), schema, role)


def _messages(document: LintDocument) -> Iterator[Shown]:
    """The examples of AsyncAPI messages, headers and payload apart."""
    from treaty.model.asyncapi import AsyncApiContract
    from treaty.model.asyncapi.schema_formats import Language

    for operation in AsyncApiContract(document.side.library, document.root).operations:
        for message in operation.messages:
            listed = member(message.node, "examples")
            for index, raw in enumerate(listed if isinstance(listed, list) else ()):
                for part, payload in (("headers", message.headers), ("payload", message.payload)):
                    known = payload.node is not None and payload.format.language is Language.JSON_SCHEMA
                    if known and isinstance(raw, dict) and part in raw and payload.node is not None:
                        element = f"{operation.label} message {message.label} example"
                        yield Shown(element, message.node.child("examples", index, part), (Part(payload.node),))


def has_example(document: LintDocument, media: Node) -> bool:
    """Whether a body shows an example: beside its schema, or in it."""
    raw = media.value
    if not isinstance(raw, dict):
        return False
    if "example" in raw or raw.get("examples"):
        return True
    schema = raw.get("schema")
    if not isinstance(schema, dict):
        return False
    target = document.side.library.follow(media.child("schema")).value
    return isinstance(target, dict) and ("example" in target or bool(target.get("examples")))


__all__ = ["defaults", "enum_values", "examples", "has_example"]
