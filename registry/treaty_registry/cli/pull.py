"""``treaty registry pull``."""

from __future__ import annotations

from pathlib import Path

import click

from treaty_registry.cli.options import registry_option


@click.command()
@click.argument("subjects", nargs=-1, metavar="[SUBJECT[@VERSION]]…")
@registry_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("schemas"), help="Where the files go."
)
@click.option("--check", is_flag=True, help="Write nothing; end with 1 when a file is missing or says something else.")
def pull(subjects: tuple[str, ...], registry: str | None, out: Path, check: bool) -> int:
    """Write schemas of a registry to files: the latest version of each SUBJECT, or of all, and what they refer to.

    Files are called after their subject, and stand where others refer to them by a path. A file that says the same
    already is not touched.
    """
    from treaty.cli.surroundings import policy_if_any
    from treaty_registry.cli.options import client_options, registry_url
    from treaty_registry.client.registry import RegistryClient
    from treaty_registry.publishing.pulling import pulled

    with RegistryClient(registry_url(registry, policy_if_any()), client_options()) as client:
        files = pulled(client, subjects)
    stale = 0
    for file in files:
        path = out / file.path
        if _said(path) == file.text:
            continue
        stale += 1
        if not check:
            _write(path, file.text)
        click.echo(f"{'stale' if check else 'wrote'}  {path}  version {file.version.version}")
    click.echo(f"{len(files)} schemas, {len(files) - stale} of them here already")
    return 1 if check and stale else 0


def _said(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _write(path: Path, text: str) -> None:
    """Whole or not at all. Raises UsageError where it cannot be written."""
    from treaty.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(text, "utf-8")
        beside.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
