"""Registry servers for tests: one inside the test process, and ones of their own that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Self

import httpx2
import uvicorn
from tests.integration.registry.postgres_cluster import free_port

from treaty_registry.server.app import RegistryApp
from treaty_registry.server.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from treaty.documents.location import JsonValue
    from treaty_registry.server.front import Doorkeeper

V1 = "application/vnd.schemaregistry.v1+json"


class Api:
    """Speaks to a registry as a client would, and hands back status and JSON."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx2.Client(base_url=url, timeout=30, headers={"Content-Type": V1})

    def __call__(self, method: str, path: str, body: JsonValue = None, **headers: str) -> tuple[int, JsonValue]:
        answer = self.send(method, path, body, **headers)
        return answer.status_code, answer.json() if answer.content else None

    def send(self, method: str, path: str, body: JsonValue = None, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is None:
            return self.http.request(method, path, headers=named)
        return self.http.request(method, path, json=body, headers={"Content-Type": V1, **named})

    def register(self, subject: str, schema: str, schema_type: str = "AVRO", **more: JsonValue) -> JsonValue:
        """The id of a schema that can be registered."""
        body: JsonValue = {"schema": schema, "schemaType": schema_type, **more}
        status, answer = self("POST", f"/subjects/{subject}/versions", body)
        assert status == 200, answer
        assert isinstance(answer, dict)
        return answer["id"]

    def close(self) -> None:
        self.http.close()


class InProcess:
    """A server on a free port in a thread of the test process."""

    def __init__(
        self,
        store: str = "memory:",
        settings: Settings | None = None,
        door: Doorkeeper | None = None,
        **uvicorn_settings: object,
    ) -> None:
        settings = settings or Settings(ephemeral=store == "memory:")
        self.app = RegistryApp(store, settings, door)
        self.port = free_port()
        config = uvicorn.Config(
            self.app,
            port=self.port,
            log_config=None,
            access_log=False,
            loop="uvloop",
            http="httptools",
            lifespan="on",
            **uvicorn_settings,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.url = f"http://127.0.0.1:{self.port}"
        self.api = Api(self.url)

    def _run(self) -> None:
        asyncio.run(self._server.serve())

    def start(self) -> Self:
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        self.api.close()
        self._server.should_exit = True
        self._thread.join(timeout=40)
        assert not self._thread.is_alive()


class OwnProcess:
    """A server started as `treaty registry serve` would be, in a process that can be killed."""

    def __init__(self, store: str, *arguments: str, folder: Path | None = None, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api = Api(self.url)
        command = [
            sys.executable,
            "-m",
            "treaty_registry",
            "serve",
            "--port",
            str(self.port),
            "--store",
            store,
            *arguments,
        ]
        # A pipe nobody reads would fill up and stop the server.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by stop()
        self._process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=self._errors
        )

    def start(self, seconds: float = 30) -> Self:
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.api("GET", "/-/ready")[0] == 200:
                    return self
            except httpx2.TransportError:
                pass
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {self.errors()}")
            time.sleep(0.02)

    @property
    def pid(self) -> int:
        return self._process.pid

    def errors(self) -> str:
        """Ends the server, and gives what it wrote to standard error."""
        self.kill()
        self._errors.seek(0)
        return self._errors.read().decode()

    def kill(self) -> None:
        """End it without a word, together with its workers."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end; the exit code."""
        self.api.close()
        self._end(signal.SIGTERM)
        self._errors.close()
        return self._process.returncode

    def _end(self, how: signal.Signals) -> None:
        if self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=40)
