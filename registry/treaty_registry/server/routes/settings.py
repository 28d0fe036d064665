"""``/config``, ``/mode`` and ``/contexts``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.location import JsonValue
from treaty_registry import queries
from treaty_registry.access.roles import Role
from treaty_registry.decisions.configuring import clear_config, clear_mode, set_config, set_mode
from treaty_registry.decisions.deleting import delete_context
from treaty_registry.model.settings import Mode
from treaty_registry.names import DEFAULT_CONTEXT, SubjectName, parse_context
from treaty_registry.server.answers import Answer, Keep

if TYPE_CHECKING:
    from treaty_registry.server.call import Call


async def config(call: Call) -> Answer:
    """``GET /config`` and ``/config/{subject}``."""
    scope, in_scope, defaults = call.scope(), call.flag("defaultToGlobal"), call.settings.defaults
    if scope.name:
        call.demand(Role.READER, scope)
    found = await call.read(lambda state: queries.config_of(state, scope, defaults, in_scope=in_scope))
    return Answer(found.json(), Keep.CHECK, tag=scope.name)


async def put_config(call: Call) -> Answer:
    """``PUT /config`` and ``/config/{subject}``."""
    scope, update = call.writable_scope(), call.members()
    call.demand(Role.ADMIN, scope)
    changed = await call.write(lambda state: set_config(state, scope, update))
    return Answer(changed.json("compatibility"))


async def delete_config(call: Call) -> Answer:
    """``DELETE /config`` and ``/config/{subject}``."""
    scope, defaults = call.scope(), call.settings.defaults
    call.demand(Role.ADMIN, scope)
    return Answer((await call.write(lambda state: clear_config(state, scope, defaults))).json())


async def mode(call: Call) -> Answer:
    """``GET /mode`` and ``/mode/{subject}``."""
    scope, in_scope = call.scope(), call.flag("defaultToGlobal")
    if scope.name:
        call.demand(Role.READER, scope)
    found = await call.read(lambda state: queries.mode_of(state, scope, in_scope=in_scope))
    return Answer({"mode": found.value}, Keep.CHECK, tag=scope.name)


async def put_mode(call: Call) -> Answer:
    """``PUT /mode`` and ``/mode/{subject}``."""
    scope, wanted, force = call.writable_scope(), Mode.read(call.members().text("mode")), call.flag("force")
    call.demand(Role.ADMIN, scope)
    changed = await call.write(lambda state: set_mode(state, scope, wanted, force=force))
    return Answer({"mode": changed.value})


async def delete_mode(call: Call) -> Answer:
    """``DELETE /mode`` and ``/mode/{subject}``."""
    scope, recursive = call.scope(), call.flag("recursive")
    call.demand(Role.ADMIN, scope)
    cleared = await call.write(lambda state: clear_mode(state, scope, recursive=recursive))
    return Answer({"mode": cleared.value})


async def contexts(call: Call) -> Answer:
    """``GET /contexts``."""
    names = await call.read(lambda state: state.contexts())
    readable = [
        name for name in names if name == DEFAULT_CONTEXT or any(grant.reads(name) for grant in call.principal.grants)
    ]
    return Answer(call.page(list[JsonValue](readable)), Keep.CHECK)


async def remove_context(call: Call) -> Answer:
    """``DELETE /contexts/{context}``."""
    context = parse_context(call.part("context"))
    call.demand(Role.ADMIN, SubjectName(context, ""))
    await call.write(lambda state: delete_context(state, context))
    return Answer(None, status=204)
