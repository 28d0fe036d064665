"""``treaty registry migrate``."""

from __future__ import annotations

import click

from treaty_registry.cli.options import store_option


@click.command()
@store_option
def migrate(store: str | None) -> None:
    """Create the tables of a store, or bring them up to date, without serving."""
    from treaty_registry.cli.options import store_url
    from treaty_registry.stores.schema import HEAD
    from treaty_registry.stores.store import open_store

    opened = open_store(store_url(store))
    try:
        click.echo(f"revision {HEAD}, change {opened.newest()}")
    finally:
        opened.close()
