"""Events: what every one of them carries, whatever its topic, its format and its channel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.formats import Family
from treaty.govern.lint.checks.house import json_schema
from treaty.govern.lint.checks.openapi import operations
from treaty.govern.lint.rule import Violation
from treaty.model.avro.files import AvroFiles
from treaty.model.avro.types import Record
from treaty.model.schema.shape import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.location import Location
    from treaty.documents.node import Node
    from treaty.govern.lint.document import LintDocument

ENVELOPE = (
    "event_id",
    "event_type",
    "schema_version",
    "occurred_at",
    "tenant_id",
    "region",
    "player_id",
    "trace_id",
    "idempotency_key",
    "payload",
)
_NOT_VERSIONS = ("1", "latest", "v1.2.3", "")


class Event(NamedTuple):
    """One event: its name, where it stands, and the fields a reader can rely on."""

    element: str
    location: Location
    required: frozenset[str]
    version_patterns: frozenset[str] | None


def envelopes(document: LintDocument) -> Iterator[Violation]:
    """Events without a part of the envelope."""
    for event in _events(document):
        missing = [name for name in ENVELOPE if name not in event.required]
        if missing:
            listed = ", ".join(missing)
            yield Violation(event.element, event.location, f"the event does not always carry {listed}", listed)


def schema_versions(document: LintDocument) -> Iterator[Violation]:
    """Events whose `schema_version` may be any text."""
    for event in _events(document):
        patterns = event.version_patterns
        if patterns is None or "schema_version" not in event.required:
            continue
        if not any(not any(re.search(pattern, text) for text in _NOT_VERSIONS) for pattern in patterns):
            yield Violation(event.element, event.location, "schema_version may be any text, not a SemVer version")


def _events(document: LintDocument) -> Iterator[Event]:
    if document.family is Family.OPENAPI:
        for operation in operations(document, "webhooks"):
            body = document.openapi.request_body(operation)
            schema = json_schema(document, body) if body is not None else None
            if schema is not None:
                yield _of_schema(document, f"webhook {operation.label}", schema)
    elif document.family is Family.JSON_SCHEMA:
        objects = document.space.shape((Part(document.root),)).objects
        if {"payload", "event_type"} & objects.properties.keys():
            yield _of_schema(document, "schema $", document.root)
    elif document.family is Family.AVRO:
        found = _of_avro(document, document.root, "contract")
        if found is not None:
            yield found
    elif document.family is Family.ASYNCAPI:
        yield from _messages(document)


def _messages(document: LintDocument) -> Iterator[Event]:
    from treaty.model.asyncapi import AsyncApiContract
    from treaty.model.asyncapi.schema_formats import Language

    for operation in AsyncApiContract(document.side.library, document.root).operations:
        for message in operation.messages:
            node, label = message.payload.node, f"{operation.label} message {message.label}"
            if node is None:
                yield Event(label, message.node.location, frozenset(), None)
            elif message.payload.format.language is Language.JSON_SCHEMA:
                yield _of_schema(document, label, node)
            elif message.payload.format.language is Language.AVRO:
                found = _of_avro(document, node, label)
                yield found or Event(label, node.location, frozenset(), None)


def _of_schema(document: LintDocument, element: str, schema: Node) -> Event:
    objects = document.space.shape((Part(schema),)).objects
    version = objects.properties.get("schema_version")
    patterns = document.space.shape(version).strings.patterns if version is not None else frozenset[str]()
    return Event(element, schema.location, frozenset(objects.required), patterns)


def _of_avro(document: LintDocument, node: Node, element: str) -> Event | None:
    """An Avro event is a record with an `envelope` and a `payload`; any other record is a part of one."""
    library = document.side.library
    root = AvroFiles(library).read(library.follow(node)).root
    if not isinstance(root, Record):
        return None
    fields = {field.name: field.type for field in root.fields}
    envelope = fields.get("envelope")
    if not isinstance(envelope, Record):
        return None
    carried = {field.name for field in envelope.fields} | fields.keys()
    return Event(root.name if element == "contract" else element, root.place.location(), frozenset(carried), None)
