"""The whole registry in memory, as the facts so far add up, and drafts of what it would be."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from treaty_registry.facts import (
    ConfigSet,
    ContextAdded,
    ContextRemoved,
    Emptied,
    Fact,
    ModeSet,
    SchemaAdded,
    SchemaRemoved,
    VersionAdded,
    VersionsHidden,
    VersionsRemoved,
)
from treaty_registry.model.schemas import SCHEMA_TYPES, Schema, SchemaKey, Subject, Version
from treaty_registry.model.settings import Config, Mode
from treaty_registry.names import DEFAULT_CONTEXT, GLOBAL, SubjectName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

K = TypeVar("K")
V = TypeVar("V")


class _Context(NamedTuple):
    """``present`` is False once a context was deleted; its counter stays, so that its ids keep their meaning."""

    next_id: int
    present: bool


class Table(Generic[K, V]):
    """A mapping that may lie on top of another one, which it hides without touching it."""

    __slots__ = ("_own", "_under")

    def __init__(self, under: Table[K, V] | None = None) -> None:
        self._own: dict[K, V | None] = {}
        self._under = under

    def get(self, key: K) -> V | None:
        value = self._own.get(key)
        if value is None and self._under is not None and key not in self._own:
            return self._under.get(key)
        return value

    def put(self, key: K, value: V) -> None:
        self._own[key] = value

    def drop(self, key: K) -> None:
        if self._under is None:
            self._own.pop(key, None)
        else:
            self._own[key] = None

    def items(self) -> Iterator[tuple[K, V]]:
        """The items in no particular order; putting and dropping meanwhile is safe."""
        for key, value in list(self._own.items()):
            if value is not None:
                yield key, value
        if self._under is not None:
            for key, under in self._under.items():
                if key not in self._own:
                    yield key, under

    def clear(self) -> None:
        for key in [key for key, _ in self.items()]:
            self.drop(key)


class State:
    """Contexts, schemas, subjects and settings, with the indexes that answer every request.

    :meth:`apply` is the only way to change it. A :meth:`draft` sees this state under its own changes and leaves it
    alone.
    """

    __slots__ = ("_contexts", "_holders", "_ids", "_referrers", "configs", "modes", "schemas", "subjects")

    _contexts: Table[str, _Context]
    schemas: Table[SchemaKey, Schema]
    subjects: Table[SubjectName, Subject]
    configs: Table[SubjectName, Config]
    modes: Table[SubjectName, Mode]
    _ids: Table[tuple[str, str, bytes], tuple[int, ...]]
    _holders: Table[SchemaKey, tuple[tuple[SubjectName, int], ...]]
    _referrers: Table[tuple[SubjectName, int], tuple[SchemaKey, ...]]

    def __init__(self, under: State | None = None) -> None:
        self._contexts = Table(under._contexts if under else None)
        self.schemas = Table(under.schemas if under else None)
        self.subjects = Table(under.subjects if under else None)
        self.configs = Table(under.configs if under else None)
        self.modes = Table(under.modes if under else None)
        self._ids = Table(under._ids if under else None)
        self._holders = Table(under._holders if under else None)
        self._referrers = Table(under._referrers if under else None)

    def draft(self) -> State:
        """A state that starts as this one."""
        return State(self)

    # What there is

    def contexts(self) -> list[str]:
        """The contexts, the default one first and always there, the others sorted."""
        named = sorted(name for name, entry in self._contexts.items() if entry.present and name != DEFAULT_CONTEXT)
        return [DEFAULT_CONTEXT, *named]

    def has_context(self, context: str) -> bool:
        entry = self._contexts.get(context)
        return context == DEFAULT_CONTEXT or (entry is not None and entry.present)

    def next_id(self, context: str) -> int:
        """The id the next new schema of ``context`` gets; ids start at 1 and are never given twice."""
        entry = self._contexts.get(context)
        return 1 if entry is None else entry.next_id

    def ids_of(self, context: str, schema_type: str, digest: bytes) -> tuple[int, ...]:
        """The ids of a schema's identity in ``context``, lowest first: one, more only where imports brought more."""
        return self._ids.get((context, schema_type, digest)) or ()

    def keys_of(self, digest: bytes) -> list[SchemaKey]:
        """The lowest id of a digest in every context that has it, the default context first."""
        return [
            SchemaKey(context, ids[0])
            for context in self.contexts()
            for schema_type in SCHEMA_TYPES
            if (ids := self.ids_of(context, schema_type, digest))
        ]

    def holders(self, key: SchemaKey, *, deleted: bool = False) -> list[tuple[SubjectName, Version]]:
        """The subject versions that hold a schema, sorted; soft-deleted ones only with ``deleted``."""
        found = []
        for name, number in self._holders.get(key) or ():
            subject = self.subjects.get(name)
            version = subject.version(number, deleted=deleted) if subject is not None else None
            if version is not None:
                found.append((name, version))
        return sorted(found)

    def is_held(self, key: SchemaKey) -> bool:
        """Whether any version, soft-deleted or not, holds the schema."""
        return bool(self._holders.get(key))

    def referrers(self, subject: SubjectName, number: int, *, deleted: bool = False) -> list[SchemaKey]:
        """The schemas that refer to a version; those held by soft-deleted versions alone only with ``deleted``."""
        keys = self._referrers.get((subject, number)) or ()
        return sorted(key for key in keys if deleted or self.holders(key))

    def subjects_of(self, scope: SubjectName) -> list[Subject]:
        """The subjects a scope covers, in no order: itself, those of a context, all for the global scope."""
        if scope.name:
            subject = self.subjects.get(scope)
            return [subject] if subject is not None else []
        return [subject for name, subject in self.subjects.items() if scope == GLOBAL or name.context == scope.context]

    def facts(self) -> Iterator[Fact]:
        """The facts that build this state from nothing, sorted."""
        for context, entry in sorted(self._contexts.items()):
            yield ContextAdded(context, entry.next_id)
            if not entry.present:
                yield ContextRemoved(context)
        for _, schema in sorted(self.schemas.items(), key=itemgetter(0)):
            yield SchemaAdded(schema)
        for name, subject in sorted(self.subjects.items(), key=itemgetter(0)):
            for version in subject.versions:
                yield VersionAdded(name, version)
        for scope, config in sorted(self.configs.items(), key=itemgetter(0)):
            yield ConfigSet(scope, config)
        for scope, mode in sorted(self.modes.items()):
            yield ModeSet(scope, mode)

    # Settings in scope

    def config_for(self, scope: SubjectName, default: Config) -> Config:
        """What holds for ``scope``: its own config, over its context's, over the global one, over ``default``."""
        effective = default
        for wider in _widest_first(scope):
            config = self.configs.get(wider)
            if config is not None:
                effective = config.over(effective)
        return effective

    def mode_for(self, scope: SubjectName) -> Mode:
        """The mode that holds for ``scope``; a global READONLY_OVERRIDE wins over everything narrower."""
        everywhere = self.modes.get(GLOBAL)
        if everywhere is Mode.READONLY_OVERRIDE:
            return everywhere
        effective = Mode.READWRITE
        for wider in _widest_first(scope):
            effective = self.modes.get(wider) or effective
        return effective

    # What happens

    def apply(self, facts: Iterable[Fact]) -> None:
        """Let ``facts`` happen, in order."""
        for fact in facts:
            match fact:
                case VersionAdded(name, version):
                    self._add_version(name, version)
                case SchemaAdded(schema):
                    self._add_schema(schema)
                case VersionsHidden(name, numbers):
                    self._hide_versions(name, frozenset(numbers))
                case VersionsRemoved(name, numbers):
                    self._remove_versions(name, frozenset(numbers))
                case SchemaRemoved(key):
                    self._remove_schema(key)
                case ConfigSet(scope, config):
                    self.configs.drop(scope) if config is None else self.configs.put(scope, config)
                case ModeSet(scope, mode):
                    self.modes.drop(scope) if mode is None else self.modes.put(scope, mode)
                case ContextAdded(context, next_id):
                    self._contexts.put(context, _Context(max(next_id, self.next_id(context)), True))
                case ContextRemoved(context):
                    self._contexts.put(context, _Context(self.next_id(context), False))
                case Emptied():
                    for table in (self._contexts, self.schemas, self.subjects, self.configs, self.modes):
                        table.clear()
                    for index in (self._ids, self._holders, self._referrers):
                        index.clear()

    def _add_schema(self, schema: Schema) -> None:
        key = schema.key
        self.schemas.put(key, schema)
        identity = (key.context, schema.type, schema.digest)
        ids = self._ids.get(identity)
        self._ids.put(identity, (key.id,) if ids is None else tuple(sorted({*ids, key.id})))
        self._contexts.put(key.context, _Context(max(self.next_id(key.context), key.id + 1), True))
        for reference in schema.references:
            target = (reference.target(key.context), reference.version)
            self._referrers.put(target, (*(self._referrers.get(target) or ()), key))

    def _remove_schema(self, key: SchemaKey) -> None:
        # A node that follows late never saw the schema, but must know that its id is used up.
        self._contexts.put(key.context, _Context(max(self.next_id(key.context), key.id + 1), True))
        schema = self.schemas.get(key)
        if schema is None:
            return
        self.schemas.drop(key)
        identity = (key.context, schema.type, schema.digest)
        others = tuple(number for number in self._ids.get(identity) or () if number != key.id)
        if others:
            self._ids.put(identity, others)
        else:
            self._ids.drop(identity)
        for reference in schema.references:
            target = (reference.target(key.context), reference.version)
            self._referrers.put(target, tuple(other for other in self._referrers.get(target) or () if other != key))

    def _add_version(self, name: SubjectName, version: Version) -> None:
        subject = self.subjects.get(name)
        versions = subject.versions if subject is not None else ()
        if versions and versions[-1].number >= version.number:
            # Imports may bring versions in any order.
            others = (other for other in versions if other.number != version.number)
            versions = tuple(sorted((*others, version)))
        else:
            versions = (*versions, version)
        self.subjects.put(name, Subject(name, versions))
        key = SchemaKey(name.context, version.id)
        self._holders.put(key, (*(self._holders.get(key) or ()), (name, version.number)))

    def _hide_versions(self, name: SubjectName, numbers: frozenset[int]) -> None:
        subject = self.subjects.get(name)
        if subject is not None:
            hidden = (v._replace(deleted=True) if v.number in numbers else v for v in subject.versions)
            self.subjects.put(name, Subject(name, tuple(hidden)))

    def _remove_versions(self, name: SubjectName, numbers: frozenset[int]) -> None:
        subject = self.subjects.get(name)
        if subject is None:
            return
        kept = tuple(version for version in subject.versions if version.number not in numbers)
        for version in subject.versions:
            if version.number in numbers:
                key = SchemaKey(name.context, version.id)
                holder = (name, version.number)
                self._holders.put(key, tuple(other for other in self._holders.get(key) or () if other != holder))
        if kept:
            self.subjects.put(name, Subject(name, kept))
        else:
            self.subjects.drop(name)


def _widest_first(scope: SubjectName) -> Iterator[SubjectName]:
    yield GLOBAL
    if not scope.is_default:
        yield scope.scope
    if scope.name:
        yield scope
