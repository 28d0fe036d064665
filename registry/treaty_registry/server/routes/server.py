"""What the server says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_registry.access.roles import Role
from treaty_registry.decisions.outcome import Outcome
from treaty_registry.facts import Emptied
from treaty_registry.names import GLOBAL
from treaty_registry.server.answers import Answer, Keep
from treaty_registry.server.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from treaty_registry.server.call import Call


async def root(call: Call) -> Answer:
    """``GET`` and ``POST /``."""
    del call  # alike for everybody
    return Answer({})


async def cluster(call: Call) -> Answer:
    """``GET /v1/metadata/id``."""
    clusters = {"kafka-cluster": "", "schema-registry-cluster": call.settings.cluster}
    return Answer({"scope": {"path": [], "clusters": {**clusters}}}, Keep.CHECK)


async def version(call: Call) -> Answer:
    """``GET /v1/metadata/version``."""
    from treaty import __version__

    del call  # alike for everybody
    return Answer({"version": __version__, "commitId": __version__}, Keep.CHECK)


async def health(call: Call) -> Answer:
    """``GET /-/health``: the process answers."""
    del call  # alike for everybody
    return Answer({"status": "ok"})


async def ready(call: Call) -> Answer:
    """``GET /-/ready``: reads are served from memory; what the store is like is said beside it."""
    failure = call.node.failure
    store: dict[str, str | float] = {"status": "ok"}
    if failure is not None:
        store = {"status": "failing", "code": failure.code, "silent_seconds": round(call.node.silent_for, 1)}
    return Answer({"status": "ready", "head": call.node.head, "store": {**store}})


async def metrics(call: Call) -> Answer:
    """``GET /metrics``, for Prometheus and whoever else may come in."""
    return Answer(call.metrics.exposition(call.node), raw=True, content_type=CONTENT_TYPE)


async def reset(call: Call) -> Answer:
    """``POST /-/reset``: forget everything; only a registry in memory has this route."""
    call.demand(Role.ADMIN, GLOBAL)
    await call.write(lambda _: Outcome(None, (Emptied(),)))
    return Answer(None, status=204)
