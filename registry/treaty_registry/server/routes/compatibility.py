"""``/compatibility``: may this schema follow?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from treaty.documents.location import JsonValue
from treaty_registry import queries
from treaty_registry.access.roles import Role
from treaty_registry.decisions.registering import as_wanted
from treaty_registry.errors import RegistryError
from treaty_registry.model.schemas import LATEST
from treaty_registry.server.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty_registry.model.schemas import Version
    from treaty_registry.names import SubjectName
    from treaty_registry.server.call import Call
    from treaty_registry.state import State


async def with_version(call: Call) -> Answer:
    """``POST /compatibility/subjects/{subject}/versions/{version}``: that version only."""
    name = call.subject()
    number = queries.parse_version(call.part("version"))

    def older(state: State) -> tuple[Version, ...]:
        subject = state.subjects.get(name)
        found = None
        if subject is not None:
            found = subject.latest() if number == LATEST else subject.version(number)
        if found is None and number != LATEST:
            raise RegistryError(40402, f"Version {number} not found.")
        return () if found is None else (found,)

    return await _asked(call, name, older)


async def with_history(call: Call) -> Answer:
    """``POST /compatibility/subjects/{subject}/versions``: what registration would ask about."""
    name = call.subject()

    def older(state: State) -> tuple[Version, ...]:
        subject = state.subjects.get(name)
        return () if subject is None else subject.live

    return await _asked(call, name, older)


async def _asked(call: Call, name: SubjectName, older: Callable[[State], tuple[Version, ...]]) -> Answer:
    call.demand(Role.READER, name)
    request, verbose, defaults, judge = (
        call.registration(),
        call.flag("verbose"),
        call.settings.defaults,
        call.node.judge,
    )

    def messages(state: State) -> list[str]:
        versions = older(state)
        config = state.config_for(name, defaults)
        try:
            wanted = as_wanted(state, name, replace(request, id=None), config, judge)
            return judge.incompatibilities(state, name, wanted, versions, config)
        except RegistryError as error:
            if verbose and error.code == 42201:
                return [error.message]
            raise

    found = await call.read(messages)
    answer: dict[str, JsonValue] = {"is_compatible": not found}
    if verbose and found:
        answer["messages"] = list[JsonValue](found)
    latest = any(reference.version == LATEST for reference in request.references)
    return Answer(answer, tag=None if latest else name.name)
