"""Finding a version that holds a given schema: exactly, or equal in meaning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from treaty_registry.decisions.references import closure
from treaty_registry.errors import RegistryError
from treaty_registry.model.governance import VERSION_PROPERTY, Metadata, RuleSet
from treaty_registry.model.schemas import Reference, Schema, SchemaKey, Version, digest_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty_registry.comparing import Judge
    from treaty_registry.names import SubjectName
    from treaty_registry.state import State


@dataclass(frozen=True, slots=True)
class Wanted:
    """A schema as it would be stored: canonical text, pinned references and the texts they draw in.

    ``identity`` is what it is identified by, nearly always the text itself.
    """

    type: str
    text: str
    identity: str
    references: tuple[Reference, ...]
    texts: tuple[tuple[str, str], ...]
    metadata: Metadata | None = None
    rules: RuleSet | None = None
    fields: frozenset[str] = frozenset()

    @property
    def digest(self) -> bytes:
        return digest_of(self.identity, self.references, self.metadata, self.rules)


def schema_of(state: State, name: SubjectName, version: Version) -> Schema:
    """The schema that ``version`` of subject ``name`` holds."""
    schema = state.schemas.get(SchemaKey(name.context, version.id))
    if schema is None:
        raise RegistryError(
            50001, f"The schema with id {version.id} of context {name.context} is missing from the store"
        )
    return schema


def exact_version(state: State, name: SubjectName, wanted: Wanted, versions: Sequence[Version]) -> Version | None:
    """The latest of ``versions`` whose schema has the identity wanted."""
    ids = state.ids_of(name.context, wanted.type, wanted.digest)
    return next((version for version in reversed(versions) if version.id in ids), None) if ids else None


def equal_version(
    state: State, name: SubjectName, wanted: Wanted, versions: Sequence[Version], judge: Judge
) -> Version | None:
    """The latest of ``versions`` equal to what is wanted: apart from the number in its metadata, or with references
    resolved.

    The second is how a client that inlines what others refer to finds their version. Raises Unanswered while the judge
    has not read something yet.
    """
    for version in reversed(versions):
        schema = schema_of(state, name, version)
        if schema.type != wanted.type or schema.rules != wanted.rules or not _same(schema.metadata, wanted.metadata):
            continue
        if schema.references == wanted.references:
            if schema.text == wanted.text or _identity(state, schema, judge) == wanted.identity:
                return version
        elif not wanted.references:
            texts = closure(state, name.context, schema.references)
            if judge.resolved(schema.type, schema.text, texts) == judge.resolved(wanted.type, wanted.text, ()):
                return version
    return None


def as_latest(state: State, name: SubjectName, wanted: Wanted, latest: Version) -> Wanted:
    """What is wanted with the metadata and rules of ``latest`` where it has none, as registration fills them in."""
    schema = schema_of(state, name, latest)
    return replace(
        wanted,
        metadata=wanted.metadata if wanted.metadata is not None else schema.metadata,
        rules=wanted.rules if wanted.rules is not None else schema.rules,
    )


def _same(one: Metadata | None, other: Metadata | None) -> bool:
    return one == other or _unnumbered(one) == _unnumbered(other)


def _unnumbered(metadata: Metadata | None) -> Metadata | None:
    if metadata is None or metadata.property_named(VERSION_PROPERTY) is None:
        return metadata
    bare = metadata.with_property(VERSION_PROPERTY, None)
    return bare if bare != Metadata() else None


def _identity(state: State, schema: Schema, judge: Judge) -> str:
    """What a stored schema is identified by; only Protobuf texts hold more than that: comments."""
    if schema.type != "PROTOBUF":
        return schema.text
    texts = closure(state, schema.key.context, schema.references)
    reading = judge.reading(schema.type, schema.text, texts, normalize=False, strict=False)
    return reading.identity or reading.text
