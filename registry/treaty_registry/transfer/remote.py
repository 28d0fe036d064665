"""Reading another registry over Confluent's API: every version with its id, every config and mode."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from treaty.errors import ServiceError
from treaty_registry.decisions.registering import Registration, register
from treaty_registry.errors import RegistryError
from treaty_registry.facts import ConfigSet, ContextAdded, Fact, ModeSet, VersionsHidden
from treaty_registry.model.governance import Metadata, RuleSet
from treaty_registry.model.members import Members
from treaty_registry.model.schemas import Reference
from treaty_registry.model.settings import Config, Mode
from treaty_registry.names import DEFAULT_CONTEXT, GLOBAL, SubjectName, parse_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treaty.documents.location import JsonValue
    from treaty_registry.comparing import Judge
    from treaty_registry.state import State


@dataclass(frozen=True, slots=True)
class RemoteVersion:
    """A version as another registry tells it."""

    subject: SubjectName
    request: Registration
    deleted: bool
    at: int

    @property
    def label(self) -> str:
        return f"{self.subject.qualified} version {self.request.version} (id {self.request.id})"


@dataclass(frozen=True, slots=True)
class Unread:
    """A version that could not be taken over, and why."""

    version: RemoteVersion
    reason: RegistryError


@dataclass(frozen=True, slots=True)
class Remote:
    """Everything another registry told."""

    versions: tuple[RemoteVersion, ...]
    settings: tuple[Fact, ...]


def read_remote(get: Callable[[str], JsonValue]) -> Remote:
    """Ask for everything. ``get`` answers a path with JSON and raises RegistryError for refusals, ServiceError for
    failures.
    """
    names = [parse_subject(text) for text in _texts(get(f"/subjects?{urlencode({'deleted': 'true'})}"))]
    contexts = {name.context for name in names} | {DEFAULT_CONTEXT}
    try:
        contexts |= set(_texts(get("/contexts")))
    except RegistryError as error:
        if error.status != 404:  # registries without contexts
            raise
    versions = [version for name in names for version in _versions(get, name)]
    scopes = [*(SubjectName(context, "") for context in sorted(contexts)), *names]
    return Remote(tuple(versions), tuple(_settings(get, scopes)))


def taken_over(state: State, remote: Remote, judge: Judge) -> tuple[list[Fact], list[Unread]]:
    """The facts that bring what ``remote`` holds into ``state``, ids kept, and what could not be read.

    Versions are taken in an order in which references come first. What ``state`` has already, under the same id, is
    left alone.
    """
    draft = state.draft()
    # Schemas are taken as they are: what settings would change in them, or refuse, was the other registry's business.
    draft.apply([ConfigSet(scope, None) for scope, _ in state.configs.items()])
    draft.apply([ModeSet(scope, None) for scope, _ in state.modes.items()])
    draft.apply([ModeSet(GLOBAL, Mode.IMPORT)])
    facts: list[Fact] = []
    waiting = sorted(remote.versions, key=lambda version: (version.request.id or 0, version.subject))
    postponed: list[Unread] = []
    while waiting:
        postponed = []
        for version in waiting:
            try:
                new = _facts(draft, version, judge)
            except RegistryError as error:
                postponed.append(Unread(version, error))
                continue
            draft.apply(new)
            facts += new
        if len(postponed) == len(waiting):
            break
        waiting = [unread.version for unread in postponed]
    settings = (fact for fact in remote.settings if not _is_in_force(state, fact))
    return [*facts, *settings], postponed


def _facts(draft: State, version: RemoteVersion, judge: Judge) -> list[Fact]:
    """What is missing in ``draft`` of ``version``. Raises RegistryError where it cannot be taken over."""
    name, number = version.subject, version.request.version
    outcome = judge.settled(partial(register, draft, name, version.request, judge, Config(), version.at))
    subject = draft.subjects.get(name)
    held = subject.version(number, deleted=True) if subject is not None else None
    facts: list[Fact] = []
    if held is None or held.id != version.request.id or (held.deleted and not version.deleted):
        facts += outcome.facts
        held = None
    if version.deleted and (held is None or not held.deleted):
        facts.append(VersionsHidden(name, (number,)))
    return facts


def _is_in_force(state: State, setting: Fact) -> bool:
    match setting:
        case ConfigSet(scope, config):
            return state.configs.get(scope) == config
        case ModeSet(scope, mode):
            return state.modes.get(scope) == mode
        case ContextAdded(context):
            return state.has_context(context)
    return False


def _versions(get: Callable[[str], JsonValue], name: SubjectName) -> Iterable[RemoteVersion]:
    path = f"/subjects/{quote(name.qualified, safe='')}/versions"
    everything = _numbers(get(f"{path}?deleted=true"))
    try:
        live = set(_numbers(get(path)))
    except RegistryError as error:
        if error.status != 404:
            raise
        live = set()
    for number in everything:
        members = Members.of(get(f"{path}/{number}?deleted=true"))
        at = members.values.get("ts")
        request = Registration(
            text=members.text("schema"),
            type=members.text("schemaType") or "AVRO",
            references=tuple(Reference.read(reference) for reference in members.objects("references") or ()),
            metadata=Metadata.read(members.object("metadata")),
            rules=RuleSet.read(members.object("ruleSet")),
            id=members.integer("id"),
            version=number,
        )
        yield RemoteVersion(name, request, number not in live, at if isinstance(at, int) else 0)


def _settings(get: Callable[[str], JsonValue], scopes: Iterable[SubjectName]) -> Iterable[Fact]:
    for scope in scopes:
        path = "" if scope == GLOBAL else f"/{quote(scope.qualified, safe='')}"
        if not scope.name and scope != GLOBAL:
            yield ContextAdded(scope.context)
        config = _found(get, f"/config{path}")
        if config is not None:
            read = Config().updated(Members.of(config), "compatibilityLevel")
            if read != Config():
                yield ConfigSet(scope, read)
        mode = _found(get, f"/mode{path}")
        if mode is not None:
            known = Mode.read(Members.of(mode).text("mode"))
            if scope != GLOBAL or known is not Mode.READWRITE:
                yield ModeSet(scope, known)


def _found(get: Callable[[str], JsonValue], path: str) -> JsonValue:
    try:
        return get(path)
    except RegistryError as error:
        if error.status != 404:
            raise
        return None


def _texts(answer: JsonValue) -> list[str]:
    if not isinstance(answer, list) or not all(isinstance(item, str) for item in answer):
        raise ServiceError("the other registry answered with something else than a list of names")
    return [item for item in answer if isinstance(item, str)]


def _numbers(answer: JsonValue) -> list[int]:
    if not isinstance(answer, list) or not all(isinstance(item, int) for item in answer):
        raise ServiceError("the other registry answered with something else than a list of numbers")
    return [item for item in answer if isinstance(item, int)]
