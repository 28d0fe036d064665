"""`treaty migrate`: a guide from one version of a contract to another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treaty.changes.comparison import Side


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--format", "output", type=click.Choice(["markdown", "json"]), default="markdown", help="How to print it."
)
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
def migrate(old: str, new: str, output: str, out: Path | None) -> int:
    """Write the guide from OLD to NEW: what is called instead, which fields moved, what to change and by when.

    Both are paths, REF:path of this repository, CONTRACT@VERSION of treaty.yaml, or - for standard input.
    """
    from treaty.changes.comparison import Settings
    from treaty.cli.output import written
    from treaty.cli.surroundings import today
    from treaty.govern.comparison import compare_sides
    from treaty.govern.migration import migration_guide
    from treaty.report.migration import guide_json, markdown

    before, after = _side(old), _side(new)
    guide = migration_guide(before, after, compare_sides(before, after, Settings(today=today())))
    with written(out) as file:
        (file or sys.stdout).write(markdown(guide) if output == "markdown" else guide_json(guide))
    return 0


def _side(argument: str) -> Side:
    from treaty.changes.comparison import Side
    from treaty.documents.open import open_argument

    contract, at, version = argument.partition("@")
    if at and version and not Path(argument).exists() and ":" not in argument:
        return _published(contract, version)
    library, path = open_argument(argument)
    return Side(library, library.open(path))


def _published(contract: str, version: str) -> Side:
    """The document of a contract as it was last under a version."""
    from treaty.cli.changelog import evolutions
    from treaty.cli.scene import catalogued, known_contracts
    from treaty.errors import UsageError

    with catalogued(None) as scene:
        known_contracts(scene.policy, [contract])
        labels: list[str] = []
        for evolution in evolutions(scene, scene.policy.contracts[contract], "HEAD"):
            for published in evolution.versions:
                if version in (published.version, published.tag):
                    return evolution.side(published)
                labels.append(published.label)
    raise UsageError(
        f"{contract} has had no version {version}", advice=f"it has had {', '.join(labels)}" if labels else None
    )
