"""``treaty registry export``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from treaty_registry.cli.options import store_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@store_option
def export(file: Path, store: str | None) -> None:
    """Write everything a store holds to FILE (`-` for standard output): schemas, versions, ids, configs, modes,
    deletions.

    The store may be in use: what is written is its state at one moment.
    """
    from treaty.errors import UsageError
    from treaty_registry.cli.options import store_url
    from treaty_registry.stores.store import open_store
    from treaty_registry.transfer.files import load_state, write_export

    opened = open_store(store_url(store))
    try:
        head, state = load_state(opened)
    finally:
        opened.close()
    if str(file) == "-":
        count = write_export(state, sys.stdout.buffer)
    else:
        try:
            with file.open("wb") as stream:
                count = write_export(state, stream)
        except OSError as error:
            raise UsageError(f"cannot write {file}: {error.strerror}") from error
    click.echo(f"{count} versions as of change {head}", err=True)
