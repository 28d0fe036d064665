"""Facts to rows and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import orjson

from treaty_registry.facts import (
    ConfigSet,
    ContextAdded,
    ContextRemoved,
    Fact,
    ModeSet,
    SchemaAdded,
    VersionAdded,
    fact_json,
    read_fact,
)
from treaty_registry.model.governance import Metadata, RuleSet
from treaty_registry.model.members import Members
from treaty_registry.model.schemas import Reference, Schema, SchemaKey, Version
from treaty_registry.model.settings import Config, Mode
from treaty_registry.names import SubjectName

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.location import JsonValue


class SchemaValues(TypedDict):
    """The columns of one row of ``schemas``."""

    context: str
    id: int
    type: str
    schema: str
    digest: bytes
    schema_references: str | None
    metadata: str | None
    rule_set: str | None


class VersionValues(TypedDict):
    """The columns of one row of ``versions``."""

    context: str
    subject: str
    version: int
    id: int
    at: int
    deleted: bool


def json_text(value: JsonValue) -> str:
    return orjson.dumps(value).decode()


def schema_values(schema: Schema) -> SchemaValues:
    return {
        "context": schema.key.context,
        "id": schema.key.id,
        "type": schema.type,
        "schema": schema.text,
        "digest": schema.digest,
        "schema_references": json_text([reference.json() for reference in schema.references])
        if schema.references
        else None,
        "metadata": json_text(schema.metadata.json()) if schema.metadata is not None else None,
        "rule_set": json_text(schema.rules.json()) if schema.rules is not None else None,
    }


def version_values(subject: SubjectName, version: Version) -> VersionValues:
    return {
        "context": subject.context,
        "subject": subject.name,
        "version": version.number,
        "id": version.id,
        "at": version.at,
        "deleted": version.deleted,
    }


def schema_of_row(
    context: str,
    number: int,
    schema_type: str,
    text: str,
    digest: bytes,
    references: str | None,
    metadata: str | None,
    rules: str | None,
) -> Schema:
    return Schema(
        key=SchemaKey(context, number),
        type=schema_type,
        text=text,
        digest=bytes(digest),
        references=_references(references) if references is not None else (),
        metadata=Metadata.read(_members(metadata)) if metadata is not None else None,
        rules=RuleSet.read(_members(rules)) if rules is not None else None,
    )


def version_of_row(context: str, subject: str, number: int, schema_id: int, at: int, deleted: bool) -> VersionAdded:
    return VersionAdded(SubjectName(context, subject), Version(number, schema_id, at, bool(deleted)))


def context_of_row(context: str, next_id: int, present: bool) -> tuple[Fact, ...]:
    added = ContextAdded(context, next_id)
    return (added,) if present else (added, ContextRemoved(context))


def config_of_row(context: str, subject: str, config: str) -> ConfigSet:
    return ConfigSet(SubjectName(context, subject), Config().updated(_members(config), "compatibilityLevel"))


def mode_of_row(context: str, subject: str, mode: str) -> ModeSet:
    return ModeSet(SubjectName(context, subject), Mode.read(mode))


def logged(facts: tuple[Fact, ...]) -> str:
    """The facts of one change for the log; the text of a schema stands in ``schemas`` only."""
    entries = [fact_json(fact) for fact in facts]
    for entry in entries:
        if entry["fact"] == "schema-added":
            entry["schema"] = ""
    return orjson.dumps(entries).decode()


def read_logged(text: str, schema_of: Callable[[SchemaKey], Schema | None]) -> tuple[Fact, ...]:
    """The facts of a logged change; a schema that is gone since is left out, for a later change takes its versions away
    too.
    """
    facts: list[Fact] = []
    for entry in orjson.loads(text):
        fact = read_fact(Members.of(entry))
        if isinstance(fact, SchemaAdded):
            schema = schema_of(fact.schema.key)
            if schema is None:
                continue
            fact = SchemaAdded(schema)
        facts.append(fact)
    return tuple(facts)


def _members(text: str) -> Members:
    return Members.of(orjson.loads(text))


def _references(text: str) -> tuple[Reference, ...]:
    return tuple(Reference.read(Members.of(item)) for item in orjson.loads(text))
