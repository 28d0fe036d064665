"""`treaty history`: the versions of a contract."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("contract")
@click.option("--to", "revision", metavar="REF", default="HEAD", help="Up to this revision; default: HEAD.")
@click.option(
    "--format", "output", type=click.Choice(["text", "json", "markdown"]), default="text", help="How to print it."
)
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
def history(contract: str, revision: str, output: str, config: Path | None) -> int:
    """List the versions CONTRACT has had: date, author, the bump it declared and the bump it needed."""
    from treaty.cli.changelog import evolutions
    from treaty.cli.output import console
    from treaty.cli.scene import catalogued, known_contracts
    from treaty.report.changelog import history_markdown, history_rows, print_history

    with catalogued(config) as scene:
        known_contracts(scene.policy, [contract])
        found = evolutions(scene, scene.policy.contracts[contract], revision)
        documents = {each.path: history_rows(each.steps()) for each in found}
    if output == "json":
        click.echo(
            json.dumps({"schema": 1, "contract": contract, "documents": documents}, indent=2, ensure_ascii=False)
        )
    elif output == "markdown":
        click.echo(history_markdown(contract, documents), nl=False)
    else:
        print_history(console("auto"), contract, documents)
    return 0
