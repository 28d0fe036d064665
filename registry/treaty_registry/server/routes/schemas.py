"""``/schemas``: schemas by id, by GUID, and all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.location import JsonValue
from treaty_registry import queries
from treaty_registry.access.roles import Role
from treaty_registry.errors import RegistryError
from treaty_registry.model.schemas import MAX_ID, SCHEMA_TYPES
from treaty_registry.server.answers import Answer, Keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty_registry.model.schemas import SchemaKey
    from treaty_registry.names import SubjectName
    from treaty_registry.queries import Found
    from treaty_registry.server.call import Call
    from treaty_registry.state import State


async def by_id(call: Call) -> Answer:
    """``GET /schemas/ids/{id}``."""
    found, text = await _found(call)
    max_id = queries.max_id(call.node.state, found.schema.key.context) if call.flag("fetchMaxId") else None
    value = call.profile.by_id(found, call.wanted_subject(), text, max_id)
    return Answer(value, Keep.CHECK if max_id is not None else Keep.ID, tag=_tag(call))


async def text_by_id(call: Call) -> Answer:
    """``GET /schemas/ids/{id}/schema``."""
    found, text = await _found(call)
    return Answer(found.schema.text if text is None else text, Keep.ID, tag=_tag(call), raw=True)


async def subjects_by_id(call: Call) -> Answer:
    """``GET /schemas/ids/{id}/subjects``."""
    holders = await _holders(call)
    names = sorted({name.qualified for name, _ in holders})
    return Answer(call.page(list[JsonValue](names)), Keep.CHECK, tag=_tag(call))


async def versions_by_id(call: Call) -> Answer:
    """``GET /schemas/ids/{id}/versions``."""
    holders = await _holders(call)
    shown: list[JsonValue] = [{"subject": name.qualified, "version": number} for name, number in holders]
    return Answer(call.page(shown), Keep.CHECK, tag=_tag(call))


async def by_guid(call: Call) -> Answer:
    """``GET /schemas/guids/{guid}``."""
    guid = call.part("guid")
    found, text = await _formatted(call, lambda state: queries.by_guid(state, guid))
    return Answer(call.profile.by_id(found, None, text, None), Keep.ID)


async def ids_by_guid(call: Call) -> Answer:
    """``GET /schemas/guids/{guid}/ids``."""
    guid = call.part("guid")
    keys = await call.read(lambda state: queries.ids_of_guid(state, guid))
    return Answer([{"context": key.context, "id": key.id} for key in keys if _readable(call, key)], Keep.CHECK)


async def types(call: Call) -> Answer:
    """``GET /schemas/types``."""
    del call  # alike for everybody
    return Answer(list(SCHEMA_TYPES), Keep.CHECK)


async def listed(call: Call) -> Answer:
    """``GET /schemas``."""
    prefix, shown = call.prefix(), call.shown
    latest_only, rule_type = call.flag("latestOnly"), call.text("ruleType") or None

    def query(state: State) -> list[JsonValue]:
        found = queries.all_versions(state, prefix, shown, latest_only=latest_only, rule_type=rule_type)
        aliases = queries.aliases(state, prefix) if call.flag("aliases") else {}
        for name in aliases:
            if not any(version.subject == name for version in found):
                exact = queries.all_versions(state, name.qualified, shown, latest_only=latest_only, rule_type=rule_type)
                found += [version for version in exact if version.subject == name]
        found.sort(key=lambda version: (version.subject.qualified, version.version.number))
        values: list[JsonValue] = []
        for version in found:
            if call.readable(version.subject):
                value = call.profile.version(version)
                if version.subject in aliases:
                    value["aliases"] = list[JsonValue](aliases[version.subject])
                values.append(value)
        return values

    found = await call.read(query)
    return Answer(call.page(found), Keep.CHECK)


def _number(call: Call) -> int:
    text = call.part("id")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_ID):
        raise RegistryError(404, "HTTP 404 Not Found", advice=f"an id is a number from 0 to {MAX_ID}")
    return int(text)


def _tag(call: Call) -> int | None:
    """The id, where every reader gets the same answer."""
    return _number(call) if call.principal.may_everywhere(Role.READER) else None


async def _found(call: Call) -> tuple[Found, str | None]:
    number, subject = _number(call), call.wanted_subject()
    return await _formatted(call, lambda state: queries.by_id(state, number, subject))


async def _formatted(call: Call, query: Callable[[State], Found]) -> tuple[Found, str | None]:
    """What is found, and its text in the form asked for where one is. What the caller may not read is not found."""
    form = call.text("format") or None

    def readable(state: State) -> tuple[Found, str | None]:
        found = query(state)
        if not _readable(call, found.schema.key):
            raise RegistryError(403, f"{call.principal.name} may not read this schema")
        text = None if form is None else call.node.judge.formatted(state, found.schema, form)
        return found, text

    return await call.read(readable)


async def _holders(call: Call) -> list[tuple[SubjectName, int]]:
    number, subject, deleted = _number(call), call.wanted_subject(), call.flag("deleted")
    holders = await call.read(lambda state: queries.holders_of_id(state, number, subject, deleted=deleted))
    return [(name, version.number) for name, version in holders if call.readable(name)]


def _readable(call: Call, key: SchemaKey) -> bool:
    """A schema may be read by whoever may read one of the subjects that hold it."""
    if call.principal.may_everywhere(Role.READER):
        return True
    return any(call.readable(name) for name, _ in call.node.state.holders(key, deleted=True))
