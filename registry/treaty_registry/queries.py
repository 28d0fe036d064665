"""What clients may ask of a state: pure functions that find, list and look up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from treaty_registry.decisions.lookups import Wanted, as_latest, equal_version, exact_version, schema_of
from treaty_registry.decisions.references import closure, pinned
from treaty_registry.decisions.registering import Registered, Registration
from treaty_registry.errors import RegistryError
from treaty_registry.model.schemas import LATEST, MAX_VERSION, Schema, SchemaKey, Subject, Version
from treaty_registry.names import ANY_CONTEXT, GLOBAL, SubjectName, parse_subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from treaty_registry.comparing import Judge
    from treaty_registry.model.settings import Config, Mode
    from treaty_registry.state import State


class Found(NamedTuple):
    """A schema, and a subject version that holds it where there is one."""

    schema: Schema
    subject: SubjectName | None
    version: Version | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which versions a list shows."""

    deleted: bool = False
    deleted_only: bool = False

    def admits(self, *, deleted: bool) -> bool:
        return deleted if self.deleted_only else self.deleted or not deleted


def parse_version(text: str) -> int:
    """``latest`` and -1 are :data:`LATEST`; raises RegistryError 42202 for anything but those and 1 to 2^31-1."""
    if text == "latest":
        return LATEST
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 10:
        number = int(text)
        if number == LATEST or 1 <= number <= MAX_VERSION:
            return number
    raise RegistryError(
        42202,
        f"The specified version '{text}' is not a valid version id. "
        'Allowed values are between [1, 2^31-1] and the string "latest"',
    )


def aliased(state: State, name: SubjectName) -> SubjectName:
    """The subject that stands for ``name``: its alias where its config has one, else itself."""
    config = state.configs.get(name) if name.name else None
    return name if config is None or config.alias is None else parse_subject(config.alias, name.context)


# Schemas by id and GUID


def by_id(state: State, number: int, subject: SubjectName | None) -> Found:
    """The schema with an id: in the context of ``subject`` or, unqualified, wherever it is found first.

    With a subject's name the version of that subject is found, and only in a qualified subject no other. Raises
    RegistryError 40403.
    """
    named = subject is not None and bool(subject.name)
    contexts = state.contexts() if subject is None or subject.is_default else [subject.context]
    if subject is not None and named:
        for context in contexts:
            found = _held_by(state, SchemaKey(context, number), subject._replace(context=context))
            if found is not None:
                return found
    if not named or (subject is not None and subject.is_default):
        for context in contexts:
            key = SchemaKey(context, number)
            schema = state.schemas.get(key)
            if schema is not None:
                return Found(schema, *_first_holder(state, key))
    raise RegistryError(40403, f"Schema {number} not found")


def by_guid(state: State, guid: str) -> Found:
    """The schema with a GUID, from the default context if it is there. Raises RegistryError 40403."""
    keys = _keys_of_guid(state, guid)
    schema = state.schemas.get(keys[0]) if keys else None
    if schema is None:
        raise RegistryError(40403, f"Schema {guid} not found")
    return Found(schema, *_first_holder(state, schema.key))


def ids_of_guid(state: State, guid: str) -> list[SchemaKey]:
    """Every context and id a GUID stands for. Raises RegistryError 40403 where there is none."""
    keys = _keys_of_guid(state, guid)
    if not keys:
        raise RegistryError(40403, f"Schema {guid} not found")
    return keys


def holders_of_id(
    state: State, number: int, subject: SubjectName | None, *, deleted: bool
) -> list[tuple[SubjectName, Version]]:
    """The subject versions that hold the schema :func:`by_id` finds."""
    return state.holders(by_id(state, number, subject).schema.key, deleted=deleted)


def max_id(state: State, context: str) -> int:
    """The highest id given out in a context so far; 0 where there is none."""
    return state.next_id(context) - 1


# Subjects and versions


def subjects(state: State, prefix: str, shown: Filter) -> list[SubjectName]:
    """The subjects whose qualified name starts with ``prefix``, sorted by it; ``:*:`` stands for every context."""
    names = [subject.name for subject in _with_prefix(state, prefix) if shown.admits(deleted=not subject.live)]
    return sorted(names, key=lambda name: name.qualified)


def version(state: State, name: SubjectName, number: int, *, deleted: bool) -> Registered:
    """A version of a subject; unqualified it may stand in another context. Raises RegistryError 40401 and 40402."""
    contexts = state.contexts() if name.is_default else [name.context]
    for context in contexts:
        subject = state.subjects.get(name._replace(context=context))
        found = None
        if subject is not None:
            found = subject.latest() if number == LATEST else subject.version(number, deleted=deleted)
        if subject is not None and found is not None:
            return Registered(subject.name, found, schema_of(state, subject.name, found))
    _existing(state, name, deleted=deleted)
    raise RegistryError(40402, f"Version {number} not found.")


def version_numbers(state: State, name: SubjectName, shown: Filter, *, as_negative: bool) -> list[int]:
    """The version numbers of a subject; with ``as_negative`` all of them, soft-deleted below zero. Raises 40401."""
    subject = _existing(state, name, deleted=shown.deleted or shown.deleted_only or as_negative)
    if as_negative:
        return [-found.number if found.deleted else found.number for found in subject.versions]
    return [found.number for found in subject.versions if shown.admits(deleted=found.deleted)]


def referenced_by(state: State, name: SubjectName, number: int, *, deleted: bool) -> list[int]:
    """The ids of the schemas that refer to a version. Raises RegistryError 40401 and 40402."""
    found = version(state, name, number, deleted=True)
    keys = state.referrers(found.subject, found.version.number, deleted=deleted)
    return sorted({key.id for key in keys})


def with_metadata(state: State, name: SubjectName, properties: Mapping[str, str], *, deleted: bool) -> Registered:
    """The latest version whose metadata has all these properties. Raises RegistryError 40401 and 40403."""
    subject = _existing(state, name, deleted=deleted)
    for found in reversed(subject.versions):
        if deleted or not found.deleted:
            schema = schema_of(state, name, found)
            if schema.metadata is not None and properties.items() <= dict(schema.metadata.properties).items():
                return Registered(name, found, schema)
    raise RegistryError(40403, "Schema not found")


def all_versions(
    state: State, prefix: str, shown: Filter, *, latest_only: bool, rule_type: str | None
) -> list[Registered]:
    """The versions of all subjects that start with ``prefix``, by subject and number."""
    listed = []
    for subject in sorted(_with_prefix(state, prefix), key=lambda subject: subject.name.qualified):
        admitted = [found for found in subject.versions if shown.admits(deleted=found.deleted)]
        for found in admitted[-1:] if latest_only else admitted:
            schema = schema_of(state, subject.name, found)
            if rule_type is None or (schema.rules is not None and schema.rules.has_type(rule_type)):
                listed.append(Registered(subject.name, found, schema))
    return listed


def aliases(state: State, prefix: str) -> dict[SubjectName, list[str]]:
    """The aliases, by the subject they stand for, of configs that start with ``prefix``."""
    context, start = _prefix(prefix)
    found: dict[SubjectName, list[str]] = {}
    for scope, config in state.configs.items():
        matches = bool(scope.name) and scope.name.startswith(start) and context in (None, scope.context)
        if config.alias is not None and matches:
            found.setdefault(parse_subject(config.alias, scope.context), []).append(scope.qualified)
    return {name: sorted(names) for name, names in found.items()}


# Looking up


def lookup(
    state: State, name: SubjectName, request: Registration, judge: Judge, defaults: Config, *, deleted: bool
) -> Registered:
    """The version of a subject that holds this schema; unqualified it may stand in another context.

    Raises RegistryError 40401, 40403 and 42201, and Unanswered while the judge has not read something yet.
    """
    contexts = state.contexts() if name.is_default else [name.context]
    for context in contexts:
        place = name._replace(context=context)
        if context != name.context and state.subjects.get(place) is None:
            continue
        found = _lookup_within(state, place, request, judge, defaults, deleted=deleted)
        if found is not None:
            return found
    _existing(state, name, deleted=deleted)
    raise RegistryError(40403, "Schema not found")


def _lookup_within(
    state: State, name: SubjectName, request: Registration, judge: Judge, defaults: Config, *, deleted: bool
) -> Registered | None:
    normalize = request.normalize or bool(state.config_for(name, defaults).normalize)
    references = pinned(state, name.context, request.references)
    if normalize:
        references = tuple(sorted(set(references)))
    texts = closure(state, name.context, references)
    reading = judge.reading(request.type, request.text or "", texts, normalize=normalize, strict=False)
    identity = reading.identity or reading.text
    wanted = Wanted(request.type, reading.text, identity, references, texts, request.metadata, request.rules)
    subject = state.subjects.get(name)
    if subject is None:
        return None
    versions = subject.versions if deleted else subject.live
    found = exact_version(state, name, wanted, versions) or equal_version(state, name, wanted, versions, judge)
    if found is None and (latest := subject.latest()) is not None:
        filled_in = as_latest(state, name, wanted, latest)
        if filled_in != wanted:
            found = exact_version(state, name, filled_in, versions)
            found = found or equal_version(state, name, filled_in, versions, judge)
    return None if found is None else Registered(name, found, schema_of(state, name, found))


# Settings


def config_of(state: State, scope: SubjectName, defaults: Config, *, in_scope: bool) -> Config:
    """The config of a scope, with ``in_scope`` what wider scopes decide too. Raises RegistryError 40408 where there is
    none.
    """
    if in_scope or scope == GLOBAL:
        return state.config_for(scope, defaults)
    config = state.configs.get(scope)
    if config is None:
        raise RegistryError(40408, f"Subject '{scope.qualified}' does not have subject-level compatibility configured")
    return config


def mode_of(state: State, scope: SubjectName, *, in_scope: bool) -> Mode:
    """The mode of a scope, with ``in_scope`` the one that holds for it. Raises RegistryError 40409."""
    if in_scope or scope == GLOBAL:
        return state.mode_for(scope)
    mode = state.modes.get(scope)
    if mode is None:
        raise RegistryError(40409, f"Subject '{scope.qualified}' does not have subject-level mode configured")
    return mode


def _existing(state: State, name: SubjectName, *, deleted: bool) -> Subject:
    subject = state.subjects.get(name)
    if subject is None or not (deleted or subject.live):
        raise RegistryError(40401, f"Subject '{name.qualified}' not found.")
    return subject


def _with_prefix(state: State, prefix: str) -> Iterator[Subject]:
    context, start = _prefix(prefix)
    for name, subject in state.subjects.items():
        if name.name.startswith(start) and context in (None, name.context):
            yield subject


def _prefix(prefix: str) -> tuple[str | None, str]:
    """The context a prefix means, None for any, and how the names start."""
    if prefix.startswith(ANY_CONTEXT):
        return None, prefix.removeprefix(ANY_CONTEXT)
    wanted = parse_subject(prefix)
    return wanted.context, wanted.name


def _held_by(state: State, key: SchemaKey, name: SubjectName) -> Found | None:
    schema = state.schemas.get(key)
    if schema is None:
        return None
    held = [found for holder, found in state.holders(key, deleted=True) if holder == name]
    return Found(schema, name, _shown_first(held)) if held else None


def _first_holder(state: State, key: SchemaKey) -> tuple[SubjectName | None, Version | None]:
    held = state.holders(key) or state.holders(key, deleted=True)
    return held[0] if held else (None, None)


def _shown_first(versions: Sequence[Version]) -> Version:
    return next((found for found in reversed(versions) if not found.deleted), versions[-1])


def _keys_of_guid(state: State, guid: str) -> list[SchemaKey]:
    digits = guid.replace("-", "")
    if len(digits) != 32 or not all(c in "0123456789abcdefABCDEF" for c in digits):
        return []
    return state.keys_of(bytes.fromhex(digits))
