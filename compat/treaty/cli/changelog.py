"""`treaty changelog`: what changed for the people on the other side."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treaty.govern.changelog import Section
    from treaty.govern.evolution import Evolution
    from treaty.govern.lifecycle.listing import Catalogued
    from treaty.govern.policy import ContractPolicy


@click.command()
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]…")
@click.option("--since", metavar="VERSION", help="Only versions after this one (1.6.0), a tag (v1.6.0) or a revision.")
@click.option("--to", "revision", metavar="REF", default="HEAD", help="Up to this revision; default: HEAD.")
@click.option(
    "--format", "output", type=click.Choice(["markdown", "json"]), default="markdown", help="How to print it."
)
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
def changelog(
    contracts: tuple[str, ...], since: str | None, revision: str, output: str, out: Path | None, config: Path | None
) -> int:
    """Write the changelog of the contracts called CONTRACT, or of all, from their history in git.

    One section per version: what breaks, what was removed, deprecated and added, and which waivers let something
    through.
    """
    import posixpath

    from treaty.cli.output import written
    from treaty.cli.scene import catalogued, known_contracts
    from treaty.govern.changelog import sections
    from treaty.report.changelog import changelog_json, markdown

    found: list[Section] = []
    with catalogued(config) as scene:
        known_contracts(scene.policy, contracts)
        folder = posixpath.normpath(posixpath.join(scene.prefix, scene.policy.waivers))
        for contract in scene.policy.contracts.values():
            if not contracts or contract.name in contracts:
                documents = evolutions(scene, contract, revision)
                found.extend(sections(contract.name, documents, since=since, waiver_folder=folder))
    with written(out) as file:
        (file or sys.stdout).write(markdown(found) if output == "markdown" else changelog_json(found))
    return 3 if any(section.problem is not None for section in found) else 0


def evolutions(scene: Catalogued, contract: ContractPolicy, revision: str) -> list[Evolution]:
    """The documents of a contract with their histories up to ``revision``."""
    from treaty.govern.catalogue import Neighbourhood
    from treaty.govern.evolution import Evolution
    from treaty.govern.history import History
    from treaty.govern.settings import settings_for

    settings = settings_for(scene.policy, contract, scene.today)
    found = []
    for _, path in scene.documents([contract.name]):
        files = Neighbourhood(scene.library.source).files(path)
        history = History(scene.repository, path, files, revision=revision, tags=scene.policy.tags_of(contract))
        found.append(Evolution(history, path, settings))
    return found
