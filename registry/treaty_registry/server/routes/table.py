"""Every route of the API: path, method, function."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from treaty_registry.server.routes import compatibility, schemas, server, settings, subjects

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from treaty_registry.server.answers import Answer
    from treaty_registry.server.call import Call

Endpoint: TypeAlias = "Callable[[Call], Awaitable[Answer]]"

ROUTES: Mapping[str, Mapping[str, Endpoint]] = {
    "/": {"GET": server.root, "POST": server.root},
    "/schemas": {"GET": schemas.listed},
    "/schemas/types": {"GET": schemas.types},
    "/schemas/ids/{id}": {"GET": schemas.by_id},
    "/schemas/ids/{id}/schema": {"GET": schemas.text_by_id},
    "/schemas/ids/{id}/subjects": {"GET": schemas.subjects_by_id},
    "/schemas/ids/{id}/versions": {"GET": schemas.versions_by_id},
    "/schemas/guids/{guid}": {"GET": schemas.by_guid},
    "/schemas/guids/{guid}/ids": {"GET": schemas.ids_by_guid},
    "/subjects": {"GET": subjects.listed},
    "/subjects/{subject}": {"POST": subjects.look_up, "DELETE": subjects.delete},
    "/subjects/{subject}/metadata": {"GET": subjects.metadata},
    "/subjects/{subject}/versions": {"GET": subjects.versions, "POST": subjects.register},
    "/subjects/{subject}/versions/{version}": {"GET": subjects.version, "DELETE": subjects.delete_one},
    "/subjects/{subject}/versions/{version}/schema": {"GET": subjects.version_text},
    "/subjects/{subject}/versions/{version}/referencedby": {"GET": subjects.referenced_by},
    "/compatibility/subjects/{subject}/versions": {"POST": compatibility.with_history},
    "/compatibility/subjects/{subject}/versions/{version}": {"POST": compatibility.with_version},
    "/config": {"GET": settings.config, "PUT": settings.put_config, "DELETE": settings.delete_config},
    "/config/{subject}": {"GET": settings.config, "PUT": settings.put_config, "DELETE": settings.delete_config},
    "/mode": {"GET": settings.mode, "PUT": settings.put_mode, "DELETE": settings.delete_mode},
    "/mode/{subject}": {"GET": settings.mode, "PUT": settings.put_mode, "DELETE": settings.delete_mode},
    "/contexts": {"GET": settings.contexts},
    "/contexts/{context}": {"DELETE": settings.remove_context},
    "/v1/metadata/id": {"GET": server.cluster},
    "/v1/metadata/version": {"GET": server.version},
    "/metrics": {"GET": server.metrics},
}

OPEN_ROUTES: Mapping[str, Mapping[str, Endpoint]] = {
    "/-/health": {"GET": server.health},
    "/-/ready": {"GET": server.ready},
}
"""For probes, which hold no credentials."""

EPHEMERAL_ROUTES: Mapping[str, Mapping[str, Endpoint]] = {"/-/reset": {"POST": server.reset}}
