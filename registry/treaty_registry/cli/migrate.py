"""``treaty registry migrate``."""

from __future__ import annotations

import click


@click.command()
@click.option("--store", metavar="URL", help="sqlite:///FILE or postgresql://… Default: treaty-registry.db, here.")
def migrate(store: str | None) -> None:
    """Create the tables of a store, or bring them up to date, without serving."""
    from treaty_registry.server.configuration import load_configuration
    from treaty_registry.stores.schema import HEAD
    from treaty_registry.stores.store import open_store

    opened = open_store(store or load_configuration(None).store)
    try:
        click.echo(f"revision {HEAD}, change {opened.newest()}")
    finally:
        opened.close()
