"""The ASGI application: a front over a node, started and stopped with the server."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from treaty_registry.comparing import Judge
from treaty_registry.node import Node
from treaty_registry.server.front import Front, OpenDoor
from treaty_registry.server.metrics import Metrics
from treaty_registry.server.settings import Settings
from treaty_registry.stores.store import open_store

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from treaty_registry.server.front import Doorkeeper

log = logging.getLogger("treaty.registry")

SETTLE_SECONDS = 1.0


class RegistryApp:
    """ASGI: lifespan and HTTP. The store at ``store_url`` is opened when the lifespan starts."""

    def __init__(self, store_url: str, settings: Settings | None = None, door: Doorkeeper | None = None) -> None:
        self._store_url = store_url
        self._metrics = Metrics()
        self.front = Front(settings or Settings(), door or OpenDoor(), self._metrics)
        self.node: Node | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.front(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def start(self) -> None:
        """Open the store and load the state. Raises RegistryError and UsageError where that fails."""
        loop = asyncio.get_running_loop()
        store = await loop.run_in_executor(None, open_store, self._store_url)
        node = Node(store, Judge())
        await node.start()
        node.watch(self.front.hot.changed)
        self.node = self.front.node = node
        log.info("ready", extra={"head": node.head})

    async def stop(self) -> None:
        """Finish what is being written and let go of the store."""
        if self.node is not None:
            await self.node.stop()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.start()
        except Exception as error:  # uvicorn logs the message and ends
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        settling = asyncio.create_task(self._settle())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        settling.cancel()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _settle(self) -> None:
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            if self.node is not None:
                self._metrics.settle(self.node)
