"""``treaty registry publish``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from treaty_registry.cli.options import registry_option

if TYPE_CHECKING:
    from treaty_registry.publishing.publisher import Published


@click.command()
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]…")
@registry_option
@click.option("--dry-run", is_flag=True, help="Say what would be registered, and register nothing.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result.")
def publish(contracts: tuple[str, ...], registry: str | None, dry_run: bool, config: Path | None, form: str) -> int:
    """Register the schemas of treaty.yaml, those of the contracts called CONTRACT or all.

    What is referred to is registered first, and what is there already is left alone. Where one schema may not follow
    what its subject holds, by treaty.yaml and its waivers or by the registry's own config, nothing is registered and
    the command ends with 1. Credentials come from the environment:
    TREATY_REGISTRY_TOKEN, or TREATY_REGISTRY_USER and TREATY_REGISTRY_PASSWORD.
    """
    from treaty.cli.surroundings import policy_around, today
    from treaty.documents.repository import Repository
    from treaty.govern.gate import selected
    from treaty_registry.cli.options import client_options, registry_url
    from treaty_registry.client.registry import RegistryClient
    from treaty_registry.publishing.checking import RegistryGate
    from treaty_registry.publishing.publisher import Result
    from treaty_registry.publishing.publisher import publish as register

    policy = policy_around(config)
    url, options = registry_url(registry, policy), client_options()
    repository = Repository.find(policy.root)
    try:
        gate = RegistryGate(policy, repository, url, options)
        source, paths = repository.working_tree(), sorted(repository.listed())
        publications = gate.planned(selected(policy, contracts), source, paths)
        with RegistryClient(url, options) as client:
            done = register(client, publications, gate.standards(source, today()), dry_run=dry_run)
    finally:
        repository.close()
    refused = any(each.result is Result.REFUSED for each in done)
    if form == "json":
        click.echo(json.dumps([_row(each) for each in done], indent=2, default=str))
    else:
        for each in done:
            _print(each)
        counts = {result: sum(each.result is result for each in done) for result in Result}
        said = ", ".join(f"{count} {result.value}" for result, count in counts.items() if count)
        click.echo(f"{said or 'nothing to publish'} · {url}{' · nothing was registered' if refused else ''}")
    return 1 if refused else 0


def _print(each: Published) -> None:
    version = f"version {each.version}, id {each.id}" if each.version is not None else each.publication.unit.place[0]
    click.echo(f"{each.result.value:<10}  {each.publication.subject}  {version}")
    for change in each.refused_by:
        click.echo(f"            {change.level.value}  {change.rule}  {change.element}: {change.message}")
        if change.revision is not None:
            click.echo(f"            {change.revision}")
    for message in each.messages:
        click.echo(f"            the registry: {message}")


def _row(each: Published) -> dict[str, object]:
    return {
        "subject": each.publication.subject,
        "file": each.publication.unit.place[0],
        "result": each.result.value,
        "version": each.version,
        "id": each.id,
        "refused_by": [
            {
                "rule": change.rule,
                "level": change.level.value,
                "element": change.element,
                "message": change.message,
                "fingerprint": change.fingerprint,
                "at": str(change.revision) if change.revision is not None else None,
            }
            for change in each.refused_by
        ],
        "messages": list(each.messages),
    }
