"""Deleting versions, subjects and contexts: first hidden, then for good, never from under a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_registry.decisions.outcome import Outcome
from treaty_registry.errors import RegistryError
from treaty_registry.facts import (
    ConfigSet,
    ContextRemoved,
    Fact,
    ModeSet,
    SchemaRemoved,
    VersionsHidden,
    VersionsRemoved,
)
from treaty_registry.model.schemas import LATEST, SchemaKey
from treaty_registry.names import DEFAULT_CONTEXT, SubjectName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treaty_registry.model.schemas import Subject
    from treaty_registry.state import State


def delete_version(state: State, name: SubjectName, number: int, *, permanent: bool) -> Outcome[int]:
    """Hide version ``number`` (-1: the latest) of a subject or, with ``permanent``, remove a hidden one; the result is
    its number.

    Raises RegistryError 40401, 40402, 40406 (hidden already), 40407 (not hidden first), 42205 (mode), 42206 (referred
    to).
    """
    subject = state.subjects.get(name)
    if subject is None:
        raise RegistryError(40401, f"Subject '{name.qualified}' not found.")
    version = subject.latest() if number == LATEST else subject.version(number, deleted=True)
    if version is None:
        raise RegistryError(40402, f"Version {number} not found.")
    place = f"Subject '{name.qualified}' Version {version.number}"
    if version.deleted and not permanent:
        raise RegistryError(40406, f"{place} was soft deleted. Set permanent=true to delete permanently")
    _check_writable(state, name)
    _check_unreferenced(state, name, [version.number], permanent=permanent)
    if not permanent:
        return Outcome(version.number, (VersionsHidden(name, (version.number,)),))
    if not version.deleted:
        raise RegistryError(40407, f"{place} was not deleted first before being permanently deleted")
    return Outcome(version.number, removal(state, subject, [version.number]))


def delete_subject(state: State, name: SubjectName, *, permanent: bool) -> Outcome[list[int]]:
    """Hide every version of a subject or, with ``permanent``, remove a hidden subject; the result are the version
    numbers.

    Raises RegistryError 40401, 40404 (hidden already), 40405 (not hidden first), 42205 (mode), 42206 (referred to).
    """
    subject = state.subjects.get(name)
    if subject is None:
        raise RegistryError(40401, f"Subject '{name.qualified}' not found.")
    live = [version.number for version in subject.live]
    if not live and not permanent:
        raise RegistryError(
            40404, f"Subject '{name.qualified}' was soft deleted. Set permanent=true to delete permanently"
        )
    _check_writable(state, name)
    numbers = [version.number for version in subject.versions] if permanent else live
    _check_unreferenced(state, name, numbers, permanent=permanent)
    if not permanent:
        return Outcome(numbers, (VersionsHidden(name, tuple(numbers)),))
    if live:
        raise RegistryError(40405, f"Subject '{name.qualified}' was not deleted first before being permanently deleted")
    return Outcome(numbers, removal(state, subject, numbers))


def delete_context(state: State, context: str) -> Outcome[None]:
    """Forget a context that holds no subject, together with its settings. Raises RegistryError 404 and 42211."""
    if context == DEFAULT_CONTEXT or not state.has_context(context):
        raise RegistryError(
            404, f"Context '{context}' not found" if context != DEFAULT_CONTEXT else "The default context stays"
        )
    scope = SubjectName(context, "")
    if state.subjects_of(scope):
        raise RegistryError(42211, f"Context '{context}' is not empty", advice="delete its subjects permanently first")
    settings: list[Fact] = [ConfigSet(name, None) for name, _ in state.configs.items() if name.context == context]
    settings += [ModeSet(name, None) for name, _ in state.modes.items() if name.context == context]
    return Outcome(None, (*settings, ContextRemoved(context)))


def removal(state: State, subject: Subject, numbers: Iterable[int]) -> tuple[Fact, ...]:
    """What it takes to remove versions for good: schemas nobody holds go too, with the last version the settings."""
    name = subject.name
    gone = set(numbers)
    facts: list[Fact] = [VersionsRemoved(name, tuple(sorted(gone)))]
    removed = {version.id for version in subject.versions if version.number in gone}
    for number in sorted(removed):
        key = SchemaKey(name.context, number)
        kept = any(
            not (holder == name and version.number in gone) for holder, version in state.holders(key, deleted=True)
        )
        if not kept:
            facts.append(SchemaRemoved(key))
    if all(version.number in gone for version in subject.versions):
        if state.configs.get(name) is not None:
            facts.append(ConfigSet(name, None))
        if state.modes.get(name) is not None:
            facts.append(ModeSet(name, None))
    return tuple(facts)


def _check_writable(state: State, name: SubjectName) -> None:
    if state.mode_for(name).read_only:
        raise RegistryError(42205, f"Subject {name.qualified} in context {name.context} is in read-only mode")


def _check_unreferenced(state: State, name: SubjectName, numbers: Iterable[int], *, permanent: bool) -> None:
    """A version may be hidden once only hidden ones refer to it, and removed once nothing does."""
    for number in numbers:
        referrers = state.referrers(name, number, deleted=permanent)
        if referrers:
            ids = ", ".join(str(key.id) for key in referrers[:10])
            raise RegistryError(
                42206,
                f"One or more references exist to version {number} of subject '{name.qualified}': schema ids {ids}",
            )
