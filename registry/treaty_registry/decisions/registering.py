"""Registering a schema under a subject: found again, refused, or a new version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from treaty_registry.decisions.lookups import Wanted, equal_version, exact_version, schema_of
from treaty_registry.decisions.outcome import Outcome
from treaty_registry.decisions.references import closure, pinned
from treaty_registry.errors import RegistryError
from treaty_registry.facts import ContextAdded, Fact, SchemaAdded, VersionAdded, VersionsRemoved
from treaty_registry.model.governance import VERSION_PROPERTY, Metadata, RuleSet, merged_metadata, merged_rules
from treaty_registry.model.schemas import LATEST, MAX_ID, Reference, Schema, SchemaKey, Subject, Version

if TYPE_CHECKING:
    from treaty_registry.comparing import Judge
    from treaty_registry.model.settings import Config, Mode
    from treaty_registry.names import SubjectName
    from treaty_registry.state import State


@dataclass(frozen=True, slots=True)
class Registration:
    """What a client asks for. ``version`` 0 is the next one, -1 the latest if equal, else exactly the next number."""

    text: str | None
    type: str
    references: tuple[Reference, ...] = ()
    metadata: Metadata | None = None
    rules: RuleSet | None = None
    id: int | None = None
    version: int = 0
    normalize: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """A version of a subject together with its schema."""

    subject: SubjectName
    version: Version
    schema: Schema


def register(
    state: State, name: SubjectName, request: Registration, judge: Judge, defaults: Config, at: int
) -> Outcome[Registered]:
    """The version of ``name`` that holds the schema asked for, and the facts that make it so where it is new.

    Raises RegistryError 42201 (schema, reference or version number), 42205 (mode), 42207 (another id), 409
    (incompatible), and Unanswered while the judge has not read or compared something yet.
    """
    mode = state.mode_for(name)
    config = state.config_for(name, defaults)
    _check_mode(name, mode, request.id)
    if config.normalize:
        request = replace(request, normalize=True)
    if request.rules is not None and config.validate_rules is not False:
        request.rules.check()
    subject = state.subjects.get(name) or Subject(name)
    live = subject.live
    if request.text and request.version in (0, LATEST) and not config.has_governance:
        found = _found(state, subject, as_wanted(state, name, request, config, judge), request, judge)
        if found is not None:
            return found
    if not mode.with_ids:
        request = _filled_in(state, subject, request, config)
    wanted = as_wanted(state, name, request, config, judge)
    if request.version == 0:
        found = _found(state, subject, wanted, request, judge)
        if found is not None:
            return found
    if not mode.with_ids:
        wanted = replace(wanted, references=pinned(state, name.context, wanted.references, live=True))
        judge.check(state, name, wanted, live, config)
        if request.version > 0 and request.version != subject.next_number:
            raise RegistryError(
                42201,
                f"Version {request.version} is not one more than the previous version of subject '{name.qualified}'",
            )
    return _new_version(state, subject, wanted, request, at)


def _check_mode(name: SubjectName, mode: Mode, given_id: int | None) -> None:
    place = f"Subject {name.qualified} in context {name.context}"
    if mode.read_only:
        raise RegistryError(42205, f"{place} is in read-only mode")
    if given_id is not None and not mode.with_ids:
        raise RegistryError(42205, f"{place} is not in import mode", advice="an id is given only in import mode")
    if given_id is None and mode.with_ids:
        raise RegistryError(
            42205, f"{place} is not in read-write mode", advice="in import mode every schema needs its id"
        )


def _filled_in(state: State, subject: Subject, request: Registration, config: Config) -> Registration:
    """The request with what it leaves out: the latest schema, its metadata and rules, and what the config adds."""
    latest = subject.latest()
    previous = schema_of(state, subject.name, latest) if latest is not None else None
    if not (request.text or "").strip():
        if previous is None:
            raise RegistryError(42201, "Empty schema")
        request = replace(request, text=previous.text, type=previous.type, references=previous.references)
    metadata, rules = request.metadata, request.rules
    if previous is not None:
        metadata = previous.metadata if metadata is None else metadata
        rules = previous.rules if rules is None else rules
    metadata = merged_metadata(config.default_metadata, metadata, config.override_metadata)
    numbered = metadata is not None and metadata.property_named(VERSION_PROPERTY) is not None
    if request.version != 0 or numbered:
        metadata = (metadata or Metadata()).with_property(VERSION_PROPERTY, str(subject.next_number))
    return replace(request, metadata=metadata, rules=merged_rules(config.default_rules, rules, config.override_rules))


def as_wanted(state: State, name: SubjectName, request: Registration, config: Config, judge: Judge) -> Wanted:
    """The schema a client sent, as it would be stored.

    Raises RegistryError 42201 where it cannot be read, and Unanswered while the judge has not read it yet.
    """
    if not (request.text or "").strip():
        raise RegistryError(42201, "Empty schema")
    references = pinned(state, name.context, request.references)
    if request.normalize:
        references = tuple(sorted(set(references)))
    texts = closure(state, name.context, references)
    strict = config.validate_new_schemas is not False and request.id is None
    reading = judge.reading(request.type, request.text or "", texts, normalize=request.normalize, strict=strict)
    return Wanted(
        type=request.type,
        text=reading.text,
        identity=reading.identity or reading.text,
        references=references,
        texts=texts,
        metadata=request.metadata,
        rules=request.rules,
        fields=reading.fields,
    )


def _found(
    state: State, subject: Subject, wanted: Wanted, request: Registration, judge: Judge
) -> Outcome[Registered] | None:
    if request.version == LATEST:
        latest = subject.latest()
        versions: tuple[Version, ...] = (latest,) if latest is not None else ()
    else:
        versions = subject.live
    version = exact_version(state, subject.name, wanted, versions)
    if version is None:
        version = equal_version(state, subject.name, wanted, versions, judge)
    if version is None or (request.id is not None and request.id != version.id):
        return None
    return Outcome(Registered(subject.name, version, schema_of(state, subject.name, version)))


def _new_version(state: State, subject: Subject, wanted: Wanted, request: Registration, at: int) -> Outcome[Registered]:
    name = subject.name
    facts: list[Fact] = []
    if not state.has_context(name.context):
        facts.append(ContextAdded(name.context))
    digest = wanted.digest
    standing = state.ids_of(name.context, wanted.type, digest)
    number = request.id
    if number is None:
        number = standing[0] if standing else state.next_id(name.context)
    if number > MAX_ID:
        raise RegistryError(42205, f"Context {name.context} has no ids left: the last one, {MAX_ID}, is in use")
    schema = Schema(
        key=SchemaKey(name.context, number),
        type=wanted.type,
        text=wanted.text,
        digest=digest,
        references=wanted.references,
        metadata=wanted.metadata,
        rules=wanted.rules,
    )
    _check_other_id(subject, schema, standing)
    held = state.schemas.get(schema.key)
    if held is None:
        facts.append(SchemaAdded(schema))
    elif (held.type, held.digest) != (schema.type, schema.digest):
        raise RegistryError(42205, f"Overwrite new schema with id {number} in context {name.context} is not permitted.")
    version = Version(request.version if request.version > 0 else subject.next_number, number, at)
    replaced = subject.version(version.number, deleted=True)
    if replaced is not None:
        if not replaced.deleted and replaced.id != number:
            raise RegistryError(
                42205, f"Version {version.number} of subject '{name.qualified}' has the id {replaced.id} already"
            )
        facts.append(VersionsRemoved(name, (version.number,)))
    facts.append(VersionAdded(name, version))
    return Outcome(Registered(name, version, schema), tuple(facts))


def _check_other_id(subject: Subject, schema: Schema, standing: tuple[int, ...]) -> None:
    """An imported schema may stand under a second id, but not twice in one subject: which id would a client get?"""
    for version in subject.live:
        if version.id in standing and version.id != schema.key.id:
            raise RegistryError(
                42207,
                f"The schema has the id {version.id} in subject '{subject.name.qualified}', not {schema.key.id}",
            )
