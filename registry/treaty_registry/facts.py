"""What can happen to a registry, as values: the state is what the facts add up to, on every node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from treaty_registry.model.governance import Metadata, RuleSet
from treaty_registry.model.schemas import Reference, Schema, SchemaKey, Version
from treaty_registry.model.settings import Config, Mode
from treaty_registry.names import SubjectName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from treaty.documents.location import JsonValue
    from treaty_registry.model.members import Members


@dataclass(frozen=True, slots=True)
class ContextAdded:
    """``next_id`` is above 1 only where ids were given out and taken back, for ids are never given twice."""

    context: str
    next_id: int = 1


@dataclass(frozen=True, slots=True)
class ContextRemoved:
    context: str


@dataclass(frozen=True, slots=True)
class SchemaAdded:
    schema: Schema


@dataclass(frozen=True, slots=True)
class SchemaRemoved:
    """No version holds the schema any more."""

    key: SchemaKey


@dataclass(frozen=True, slots=True)
class VersionAdded:
    subject: SubjectName
    version: Version


@dataclass(frozen=True, slots=True)
class VersionsHidden:
    """Soft-deleted."""

    subject: SubjectName
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VersionsRemoved:
    """Deleted for good."""

    subject: SubjectName
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConfigSet:
    """The config of a scope, or None when it was taken away."""

    scope: SubjectName
    config: Config | None


@dataclass(frozen=True, slots=True)
class ModeSet:
    """The mode of a scope, or None when it was taken away."""

    scope: SubjectName
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class Emptied:
    """Everything is gone; happens to registries in memory only."""


Fact: TypeAlias = (
    ContextAdded
    | ContextRemoved
    | SchemaAdded
    | SchemaRemoved
    | VersionAdded
    | VersionsHidden
    | VersionsRemoved
    | ConfigSet
    | ModeSet
    | Emptied
)


@dataclass(frozen=True, slots=True)
class Change:
    """The facts one request brought about, who sent it and when (milliseconds since 1970)."""

    facts: tuple[Fact, ...]
    actor: str
    at: int


def schema_json(schema: Schema) -> dict[str, JsonValue]:
    """Everything of a schema but its key and digest."""
    members: dict[str, JsonValue] = {"type": schema.type, "schema": schema.text}
    if schema.references:
        members["references"] = [reference.json() for reference in schema.references]
    if schema.metadata is not None:
        members["metadata"] = schema.metadata.json()
    if schema.rules is not None:
        members["ruleSet"] = schema.rules.json()
    return members


def fact_json(fact: Fact) -> dict[str, JsonValue]:
    """The JSON form of a fact, as exports and the change log keep it."""
    match fact:
        case ContextAdded(context, next_id):
            return {"fact": "context-added", "context": context, "nextId": next_id}
        case ContextRemoved(context):
            return {"fact": "context-removed", "context": context}
        case SchemaAdded(schema):
            return {
                "fact": "schema-added",
                "context": schema.key.context,
                "id": schema.key.id,
                "digest": schema.digest.hex(),
                **schema_json(schema),
            }
        case SchemaRemoved(key):
            return {"fact": "schema-removed", "context": key.context, "id": key.id}
        case VersionAdded(subject, version):
            return {
                "fact": "version-added",
                **_scope_json(subject),
                "version": version.number,
                "id": version.id,
                "at": version.at,
                "deleted": version.deleted,
            }
        case VersionsHidden(subject, numbers):
            return {"fact": "versions-hidden", **_scope_json(subject), "versions": list(numbers)}
        case VersionsRemoved(subject, numbers):
            return {"fact": "versions-removed", **_scope_json(subject), "versions": list(numbers)}
        case ConfigSet(scope, config):
            return {"fact": "config-set", **_scope_json(scope), "config": None if config is None else config.json()}
        case ModeSet(scope, mode):
            return {"fact": "mode-set", **_scope_json(scope), "mode": None if mode is None else mode.value}
        case Emptied():
            return {"fact": "emptied"}


def read_fact(members: Members) -> Fact:
    """The fact whose JSON form ``members`` are. Raises RegistryError 400 when they are none."""
    kind = _required_text(members, "fact")
    reader = _READERS.get(kind)
    if reader is None:
        raise members.refusal("fact", f"one of {', '.join(_READERS)}")
    return reader(members)


def _read_schema_added(members: Members) -> SchemaAdded:
    digest = _required_text(members, "digest")
    if len(digest) != 32 or not all(c in "0123456789abcdef" for c in digest):
        raise members.refusal("digest", "32 hexadecimal digits")
    schema = Schema(
        key=_key(members),
        type=_required_text(members, "type"),
        text=_required_text(members, "schema"),
        digest=bytes.fromhex(digest),
        references=tuple(Reference.read(reference) for reference in members.objects("references") or ()),
        metadata=Metadata.read(members.object("metadata")),
        rules=RuleSet.read(members.object("ruleSet")),
    )
    return SchemaAdded(schema)


def _read_config_set(members: Members) -> ConfigSet:
    config = members.object("config")
    return ConfigSet(_scope(members), None if config is None else Config().updated(config, "compatibilityLevel"))


def _read_mode_set(members: Members) -> ModeSet:
    mode = members.text("mode")
    return ModeSet(_scope(members), None if mode is None else Mode.read(mode))


def _read_version_added(members: Members) -> VersionAdded:
    at = members.values.get("at")
    if not isinstance(at, int):
        raise members.refusal("at", "milliseconds since 1970")
    version = Version(
        _required_integer(members, "version"), _required_integer(members, "id"), at, bool(members.flag("deleted"))
    )
    return VersionAdded(_scope(members), version)


_READERS: Mapping[str, Callable[[Members], Fact]] = {
    "context-added": lambda m: ContextAdded(_required_text(m, "context"), _required_integer(m, "nextId")),
    "context-removed": lambda m: ContextRemoved(_required_text(m, "context")),
    "schema-added": _read_schema_added,
    "schema-removed": lambda m: SchemaRemoved(_key(m)),
    "version-added": _read_version_added,
    "versions-hidden": lambda m: VersionsHidden(_scope(m), _numbers(m)),
    "versions-removed": lambda m: VersionsRemoved(_scope(m), _numbers(m)),
    "config-set": _read_config_set,
    "mode-set": _read_mode_set,
    "emptied": lambda _: Emptied(),
}


def _scope_json(scope: SubjectName) -> dict[str, JsonValue]:
    return {"context": scope.context, "subject": scope.name}


def _scope(members: Members) -> SubjectName:
    return SubjectName(_required_text(members, "context"), _required_text(members, "subject"))


def _key(members: Members) -> SchemaKey:
    return SchemaKey(_required_text(members, "context"), _required_integer(members, "id"))


def _numbers(members: Members) -> tuple[int, ...]:
    numbers = members.values.get("versions")
    if isinstance(numbers, list):
        integers = tuple(number for number in numbers if isinstance(number, int))
        if len(integers) == len(numbers):
            return integers
    raise members.refusal("versions", "an array of integers")


def _required_text(members: Members, name: str) -> str:
    text = members.text(name)
    if text is None:
        raise members.refusal(name, "a string")
    return text


def _required_integer(members: Members, name: str) -> int:
    number = members.integer(name)
    if number is None:
        raise members.refusal(name, "an integer")
    return number
