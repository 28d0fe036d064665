"""Setting and clearing configs and modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_registry.decisions.deleting import removal
from treaty_registry.decisions.outcome import Outcome
from treaty_registry.errors import RegistryError
from treaty_registry.facts import ConfigSet, Fact, ModeSet
from treaty_registry.model.settings import Config, Mode
from treaty_registry.names import GLOBAL, SubjectName

if TYPE_CHECKING:
    from treaty_registry.model.members import Members
    from treaty_registry.state import State


def set_config(state: State, scope: SubjectName, update: Members) -> Outcome[Config]:
    """The config of ``scope`` with ``update`` on top. Raises RegistryError 42203, 42205 (mode) and 42210."""
    _check_writable(state, scope)
    config = (state.configs.get(scope) or Config()).updated(update)
    return Outcome(config, (ConfigSet(scope, config),))


def clear_config(state: State, scope: SubjectName, default: Config) -> Outcome[Config]:
    """Take the config of ``scope`` away; the result is what it was. Raises RegistryError 40401 and 42205 (mode)."""
    config = state.configs.get(scope)
    if config is None and scope != GLOBAL:
        raise RegistryError(40401, f"Subject '{scope.qualified}' not found.", advice="it has no config of its own")
    _check_writable(state, scope)
    return Outcome((config or Config()).over(default), (ConfigSet(scope, None),) if config is not None else ())


def set_mode(state: State, scope: SubjectName, mode: Mode, *, force: bool) -> Outcome[Mode]:
    """Set the mode of ``scope``.

    IMPORT wants a scope without live versions, and clears the hidden ones away; ``force`` skips both. Raises
    RegistryError 42205 and
    42206.
    """
    facts: list[Fact] = []
    if mode is Mode.IMPORT and state.mode_for(scope) is not Mode.IMPORT and not force:
        facts = _emptied(state, scope)
    return Outcome(mode, (*facts, ModeSet(scope, mode)))


def clear_mode(state: State, scope: SubjectName, *, recursive: bool) -> Outcome[Mode]:
    """Take the mode of ``scope`` away, with ``recursive`` those of everything in it too; the result is what it was.

    Raises RegistryError 40401 when it has none.
    """
    mode = state.modes.get(scope)
    within = [
        name
        for name, _ in state.modes.items()
        if recursive and not scope.name and name != scope and scope in (GLOBAL, name.scope)
    ]
    if mode is None and not within and scope != GLOBAL:
        raise RegistryError(40401, f"Subject '{scope.qualified}' not found.", advice="it has no mode of its own")
    facts: list[Fact] = [ModeSet(name, None) for name in sorted(within)]
    if mode is not None:
        facts.append(ModeSet(scope, None))
    return Outcome(mode or Mode.READWRITE, tuple(facts))


def _emptied(state: State, scope: SubjectName) -> list[Fact]:
    facts: list[Fact] = []
    subjects = sorted(state.subjects_of(scope), key=lambda subject: subject.name)
    for subject in subjects:
        if subject.live:
            raise RegistryError(
                42205,
                f"Cannot import since found existing subjects: '{subject.name.qualified}'",
                advice="delete them first, or add force=true to import beside them",
            )
    draft = state.draft()
    cleared = {subject.name for subject in subjects}
    for subject in subjects:
        for version in subject.versions:
            for key in state.referrers(subject.name, version.number, deleted=True):
                # What is cleared away itself holds nothing back.
                if any(holder not in cleared for holder, _ in state.holders(key, deleted=True)):
                    place = f"version {version.number} of subject '{subject.name.qualified}'"
                    raise RegistryError(42206, f"One or more references exist to {place}")
        removed = removal(draft, subject, [version.number for version in subject.versions])
        draft.apply(removed)
        facts.extend(removed)
    return facts


def _check_writable(state: State, scope: SubjectName) -> None:
    if state.mode_for(scope).read_only:
        raise RegistryError(42205, f"Subject {scope.qualified} in context {scope.context} is in read-only mode")
