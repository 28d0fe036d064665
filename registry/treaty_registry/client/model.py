"""What a registry answers, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.errors import ServiceError
from treaty_registry.model.members import Members
from treaty_registry.model.schemas import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import JsonValue

_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SchemaEntry:
    """A schema as the registry holds it; ``metadata`` and ``rule_set`` are as in the API."""

    type: str
    text: str
    references: tuple[Reference, ...] = ()
    metadata: Mapping[str, JsonValue] = field(default_factory=lambda: _NOTHING)
    rule_set: Mapping[str, JsonValue] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A version of a subject and its schema."""

    subject: str
    version: int
    id: int
    schema: SchemaEntry


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a schema may follow, and if not, why not."""

    compatible: bool
    messages: tuple[str, ...] = ()


def read_schema(answer: JsonValue) -> SchemaEntry:
    """The schema in an answer. Raises ServiceError when it holds none."""
    members = Members.of(answer)
    text = members.text("schema")
    if text is None:
        raise ServiceError("the registry answered without a schema")
    return SchemaEntry(
        type=members.text("schemaType") or "AVRO",
        text=text,
        references=tuple(Reference.read(reference) for reference in members.objects("references") or ()),
        metadata=_values(members, "metadata"),
        rule_set=_values(members, "ruleSet"),
    )


def read_version(answer: JsonValue) -> VersionEntry:
    """The version in an answer. Raises ServiceError when it holds none."""
    members = Members.of(answer)
    subject, version, number = members.text("subject"), members.integer("version"), members.integer("id")
    if subject is None or version is None or number is None:
        raise ServiceError("the registry answered without subject, version and id")
    return VersionEntry(subject, version, number, read_schema(answer))


def _values(members: Members, name: str) -> Mapping[str, JsonValue]:
    inner = members.object(name)
    return _NOTHING if inner is None else MappingProxyType(dict(inner.values))
