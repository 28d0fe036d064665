"""``treaty registry serve``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click


@click.command()
@click.option("--host", help="Address to listen on. Default: 127.0.0.1, this machine only.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on. Default: 8081.")
@click.option("--store", metavar="URL", help="sqlite:///FILE or postgresql://… Default: treaty-registry.db, here.")
@click.option("--ephemeral", is_flag=True, help="Keep everything in memory, and offer POST /-/reset.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that share the port. Default: 1.")
@click.option(
    "--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="YAML file with everything else."
)
def serve(
    host: str | None, port: int | None, store: str | None, ephemeral: bool, workers: int | None, config: Path | None
) -> None:
    """Serve the schema registry that Confluent clients expect.

    Options win over the file, the file over the environment variable TREATY_REGISTRY_STORE. The tables are created, and
    brought up to date, at the start.
    """
    from treaty.errors import UsageError
    from treaty_registry.server.configuration import load_configuration
    from treaty_registry.server.serving import serve as run
    from treaty_registry.stores.store import MEMORY_URL

    if ephemeral and store is not None:
        raise UsageError("--ephemeral keeps nothing, so there is no --store", advice="leave one of the two out")
    configuration = load_configuration(config)
    listen = configuration.listen
    run(
        replace(
            configuration,
            store=MEMORY_URL if ephemeral else store or configuration.store,
            listen=replace(
                listen,
                host=host or listen.host,
                port=listen.port if port is None else port,
                workers=workers or listen.workers,
            ),
        ),
        config,
    )
