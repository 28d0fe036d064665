"""``/subjects``: subjects, their versions, registration and deletion."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from treaty.documents.location import JsonValue
from treaty_registry import queries
from treaty_registry.access.roles import Role
from treaty_registry.decisions.deleting import delete_subject, delete_version
from treaty_registry.decisions.registering import register as decide
from treaty_registry.errors import RegistryError
from treaty_registry.model.schemas import LATEST
from treaty_registry.server.answers import ANY_SUBJECT, Answer, Keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty_registry.decisions.registering import Registered, Registration
    from treaty_registry.names import SubjectName
    from treaty_registry.server.call import Call
    from treaty_registry.state import State


async def listed(call: Call) -> Answer:
    """``GET /subjects``."""
    prefix, shown = call.prefix(), call.shown
    names = await call.read(lambda state: queries.subjects(state, prefix, shown))
    readable: list[JsonValue] = [name.qualified for name in names if call.readable(name)]
    return Answer(call.page(readable), Keep.CHECK, tag=ANY_SUBJECT)


async def look_up(call: Call) -> Answer:
    """``POST /subjects/{subject}``."""
    name = call.subject()
    call.demand(Role.READER, name)
    request, deleted, node = call.registration(), call.flag("deleted"), call.node
    defaults = call.settings.defaults
    found, text = await _formatted(
        call, lambda state: queries.lookup(state, name, request, node.judge, defaults, deleted=deleted), request
    )
    return Answer(call.profile.version(found, text), tag=_tag(name, request))


async def delete(call: Call) -> Answer:
    """``DELETE /subjects/{subject}``."""
    name, permanent = call.subject(), call.flag("permanent")
    call.demand(Role.ADMIN if permanent else Role.WRITER, name)
    numbers = await call.write(lambda state: delete_subject(state, name, permanent=permanent))
    return Answer(list[JsonValue](numbers))


async def versions(call: Call) -> Answer:
    """``GET /subjects/{subject}/versions``."""
    name = call.subject()
    call.demand(Role.READER, name)
    shown, as_negative = call.shown, call.flag("deletedAsNegative")
    numbers = await call.read(lambda state: queries.version_numbers(state, name, shown, as_negative=as_negative))
    return Answer(call.page(list[JsonValue](numbers)), Keep.CHECK, tag=name.name)


async def register(call: Call) -> Answer:
    """``POST /subjects/{subject}/versions``."""
    name = call.writable_subject()
    call.demand(Role.WRITER, name)
    request, defaults, judge = call.registration(), call.settings.defaults, call.node.judge
    at = int(time.time() * 1000)
    try:
        registered = await call.write(lambda state: decide(state, name, request, judge, defaults, at))
    except RegistryError as error:
        if error.code == 409:
            raise RegistryError(call.settings.incompatible_code, error.problem, advice=error.advice) from error
        raise
    again = _tag(name, request) if request.version == 0 and request.id is None else None
    _, text = await _formatted(call, lambda _: registered, request)
    return Answer(call.profile.registered(registered, text), tag=again)


async def version(call: Call) -> Answer:
    """``GET /subjects/{subject}/versions/{version}``."""
    name, number = _version(call)
    found, text = await _formatted(call, _one(call, name, number))
    return Answer(call.profile.version(found, text), _keep(number), tag=name.name)


async def version_text(call: Call) -> Answer:
    """``GET /subjects/{subject}/versions/{version}/schema``."""
    name, number = _version(call)
    found, text = await _formatted(call, _one(call, name, number))
    return Answer(found.schema.text if text is None else text, _keep(number), tag=name.name, raw=True)


async def referenced_by(call: Call) -> Answer:
    """``GET /subjects/{subject}/versions/{version}/referencedby``."""
    name, number = _version(call)
    deleted = call.flag("deleted")
    ids = await call.read(lambda state: queries.referenced_by(state, name, number, deleted=deleted))
    return Answer(call.page(list[JsonValue](ids)), Keep.CHECK)


async def delete_one(call: Call) -> Answer:
    """``DELETE /subjects/{subject}/versions/{version}``."""
    name, permanent = call.subject(), call.flag("permanent")
    call.demand(Role.ADMIN if permanent else Role.WRITER, name)
    number = queries.parse_version(call.part("version"))
    deleted = await call.write(lambda state: delete_version(state, name, number, permanent=permanent))
    return Answer(deleted)


async def metadata(call: Call) -> Answer:
    """``GET /subjects/{subject}/metadata``."""
    name = call.subject()
    call.demand(Role.READER, name)
    keys, values, deleted = call.texts("key"), call.texts("value"), call.flag("deleted")
    if len(keys) != len(values):
        raise RegistryError(400, f"There are {len(keys)} parameters key but {len(values)} parameters value")
    properties = dict(zip(keys, values, strict=True))
    found, text = await _formatted(call, lambda state: queries.with_metadata(state, name, properties, deleted=deleted))
    return Answer(call.profile.version(found, text), Keep.CHECK, tag=name.name)


def _version(call: Call) -> tuple[SubjectName, int]:
    name = call.subject()
    call.demand(Role.READER, name)
    return name, queries.parse_version(call.part("version"))


def _one(call: Call, name: SubjectName, number: int) -> Callable[[State], Registered]:
    deleted = call.flag("deleted")
    return lambda state: queries.version(state, name, number, deleted=deleted)


def _keep(number: int) -> Keep:
    return Keep.CHECK if number == LATEST else Keep.VERSION


def _tag(name: SubjectName, request: Registration) -> str | None:
    """The subject's name, unless the answer depends on another subject's latest version."""
    return None if any(reference.version == LATEST for reference in request.references) else name.name


async def _formatted(
    call: Call, query: Callable[[State], Registered], request: Registration | None = None
) -> tuple[Registered, str | None]:
    """What is found, and its text in the form asked for or, where none is, in the one the client wrote it in."""

    def found(state: State) -> tuple[Registered, str | None]:
        registered = query(state)
        form = call.text("format") or None
        if form is None and request is not None and request.text:
            form = call.node.judge.written_as(request.type, request.text)
        return registered, None if form is None else call.node.judge.formatted(state, registered.schema, form)

    registered, text = await call.read(found)
    # An unqualified name may have led to another context.
    call.demand(Role.READER, registered.subject)
    return registered, text
