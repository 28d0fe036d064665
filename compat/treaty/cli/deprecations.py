"""`treaty deprecations`: what is deprecated, until when, and what to use instead."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]…")
@click.option("--within", type=click.IntRange(min=0), metavar="DAYS", help="Only what has its sunset within DAYS days.")
@click.option(
    "--format", "output", type=click.Choice(["text", "json", "csv", "markdown", "svg", "html"]), default="text",
    help="How to print it; svg and html show a timeline.",
)  # fmt: skip
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
def deprecations(
    contracts: tuple[str, ...], within: int | None, output: str, out: Path | None, config: Path | None
) -> int:
    """List what the contracts called CONTRACT, or all, have deprecated: state, age, days left, replacement, owner."""
    from dataclasses import replace

    from treaty.cli.output import console, written
    from treaty.cli.scene import catalogued, known_contracts
    from treaty.report.deprecations import print_deprecations, render

    with catalogued(config) as scene:
        known_contracts(scene.policy, contracts)
        listed = scene.deprecations(contracts)
    if within is not None:
        due = tuple(each for each in listed.found if each.days_left is not None and each.days_left <= within)
        listed = replace(listed, found=due)
    with written(out) as file:
        if output == "text":
            print_deprecations(console("auto" if out is None else "never", file), listed)
        else:
            (file or sys.stdout).write(render(output, listed))
    return 3 if listed.unread else 0
