"""``treaty registry pull``."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import click

from treaty_registry.cli.options import registry_option

SUFFIXES = {"AVRO": ".avsc", "JSON": ".schema.json", "PROTOBUF": ".proto"}


@click.command()
@click.argument("subjects", nargs=-1, metavar="[SUBJECT[@VERSION]]…")
@registry_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("schemas"), help="Where the files go."
)
@click.option("--check", is_flag=True, help="Write nothing; end with 1 when a file is missing or says something else.")
def pull(subjects: tuple[str, ...], registry: str | None, out: Path, check: bool) -> int:
    """Write schemas of a registry to files: the latest version of each SUBJECT, or of all, and what they refer to.

    Files are called after their subject. A file that says the same already is not touched.
    """
    from treaty.cli.surroundings import policy_if_any
    from treaty_registry.cli.options import client_options, registry_url
    from treaty_registry.client.registry import RegistryClient
    from treaty_registry.publishing.pulling import pulled

    with RegistryClient(registry_url(registry, policy_if_any()), client_options()) as client:
        versions = pulled(client, subjects)
    stale = 0
    for version in versions:
        path = out / (quote(version.subject, safe=":@+=,-_. ") + SUFFIXES[version.schema.type])
        text = version.schema.text if version.schema.text.endswith("\n") else f"{version.schema.text}\n"
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f"{path.name}.new")
            beside.write_text(text, "utf-8")
            beside.replace(path)
        click.echo(f"{'stale' if check else 'wrote'}  {path}  version {version.version}")
    click.echo(f"{len(versions)} schemas, {len(versions) - stale} of them here already")
    return 1 if check and stale else 0
