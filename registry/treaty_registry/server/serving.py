"""Running a server: one process, or several over the same store."""

from __future__ import annotations

import logging
import os
import signal
import socket
import ssl
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import orjson
import uvicorn

from treaty.errors import UsageError
from treaty_registry.server.app import RegistryApp
from treaty_registry.server.configuration import load_configuration
from treaty_registry.server.logs import set_up_logging
from treaty_registry.stores.store import MEMORY_URL, open_store

if TYPE_CHECKING:
    import asyncio

    from treaty_registry.server.configuration import Configuration, Tls
    from treaty_registry.server.front import Doorkeeper

log = logging.getLogger("treaty.registry")

GRACE_SECONDS = 30
"""How long requests in flight may take to end once the server was told to stop."""

KEEP_ALIVE_SECONDS = 75

_WORKER = "TREATY_REGISTRY_WORKER"
"""How the main process tells its workers which file and store to use."""


def serve(configuration: Configuration, path: Path | None) -> None:
    """Serve until told to stop. ``path`` is the file the configuration was read from, which further workers read again.

    Raises UsageError where certificates or addresses cannot be used, RegistryError where the store cannot.
    """
    set_up_logging(configuration.log_format, configuration.log_level)
    _check_address(configuration)
    if configuration.store == MEMORY_URL:
        configuration = replace(configuration, settings=replace(configuration.settings, ephemeral=True))
        if configuration.listen.workers > 1:
            raise UsageError("--ephemeral holds its state in one process", advice="leave --workers out")
    else:
        # Migrate once, and say what is wrong with the store before anything listens.
        open_store(configuration.store).close()
    log.info("serving", extra={"address": _address(configuration), "store": _shown(configuration.store)})
    if configuration.listen.workers == 1:
        _run(application_of(configuration), configuration)
        return
    os.environ[_WORKER] = orjson.dumps({"path": str(path) if path else None, "store": configuration.store}).decode()
    with tempfile.TemporaryDirectory(prefix="treaty-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _run("treaty_registry.server.serving:worker_application", configuration)


def worker_application() -> RegistryApp:
    """The application of one of several workers; what to do stands in the environment."""
    told = orjson.loads(os.environ[_WORKER])
    configuration = load_configuration(Path(told["path"]) if told["path"] else None)
    set_up_logging(configuration.log_format, configuration.log_level)
    return application_of(replace(configuration, store=told["store"]))


def application_of(configuration: Configuration) -> RegistryApp:
    """The ASGI application that ``configuration`` asks for."""
    door: Doorkeeper | None = None
    if configuration.access is not None:
        from treaty_registry.access.door import Door

        door = Door(configuration.access)
    return RegistryApp(configuration.store, configuration.settings, door)


def _run(application: RegistryApp | str, configuration: Configuration) -> None:
    listen, tls = configuration.listen, configuration.listen.tls
    if tls is not None:
        _check_files(tls)
    # uvicorn ends its work first and then hands the signal on: told to stop, and stopped, is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        uvicorn.run(
            application,
            factory=isinstance(application, str),
            host=listen.host,
            port=listen.port,
            workers=listen.workers,
            lifespan="on",
            http=_protocol(tls),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(listen.proxies),
            forwarded_allow_ips=list(listen.proxies),
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=tls.certificate if tls is not None else None,
            ssl_keyfile=tls.key if tls is not None else None,
            ssl_ca_certs=str(tls.client_authority) if tls is not None and tls.client_authority is not None else None,
            ssl_cert_reqs=_requirement(tls),
        )
    except ssl.SSLError as error:
        raise UsageError(f"the TLS files cannot be used: {error.reason or error}") from error


def _check_address(configuration: Configuration) -> None:
    """Nothing listens yet: bound and let go, so that nobody is turned away in between."""
    host, port = configuration.listen.host, configuration.listen.port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            if os.name == "posix":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        raise UsageError(
            f"cannot listen on {_address(configuration)}: {error.strerror}",
            advice="name another address with --port and --host, or in `listen`",
        ) from error


def _check_files(tls: Tls) -> None:
    for file in (tls.certificate, tls.key, tls.client_authority):
        if file is not None and not file.is_file():
            raise UsageError(f"there is no file {file}", advice="name the PEM files under listen.tls")


def _requirement(tls: Tls | None) -> ssl.VerifyMode:
    if tls is None or tls.client_authority is None:
        return ssl.CERT_NONE
    return ssl.CERT_REQUIRED if tls.client_required else ssl.CERT_OPTIONAL


def _protocol(tls: Tls | None) -> type[asyncio.Protocol] | Literal["auto"]:
    if tls is None or tls.client_authority is None:
        return "auto"
    from treaty_registry.server.protocol import CertificateProtocol

    return CertificateProtocol


def _address(configuration: Configuration) -> str:
    listen = configuration.listen
    host = f"[{listen.host}]" if ":" in listen.host else listen.host
    return f"{'https' if listen.tls is not None else 'http'}://{host}:{listen.port}"


def _shown(store: str) -> str:
    """The store's URL without a password."""
    if store == MEMORY_URL:
        return store
    from sqlalchemy import make_url

    return make_url(store).render_as_string(hide_password=True)
