"""`treaty rules`: the catalogue in one list."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("family", required=False)
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to print them.")
def rules(family: str | None, output: str) -> int:
    """List the rules, those of one FAMILY or all, with the level each has where values are read and written."""
    from treaty.changes.catalogue import FAMILIES, family_of
    from treaty.changes.catalogue import rules as catalogue
    from treaty.errors import UsageError
    from treaty.report.rule_page import levels_in_short

    if family is not None and family not in FAMILIES:
        raise UsageError(f"no family is called {family!r}", advice=f"choose one of {', '.join(FAMILIES)}")
    rows = [rule for rule in catalogue().values() if family is None or family_of(rule.id) == family]
    if output == "json":
        click.echo(
            json.dumps(
                [
                    {
                        "rule": rule.id,
                        "family": family_of(rule.id),
                        "effect": rule.effect.value,
                        "reads": levels_in_short(rule)[0],
                        "writes": levels_in_short(rule)[1],
                        "summary": rule.summary,
                    }
                    for rule in rows
                ],
                indent=2,
                ensure_ascii=False,
            )
        )
        return 0
    width = max(len(rule.id) for rule in rows)
    shown = None
    for rule in rows:
        title = family_of(rule.id)
        if title != shown:
            click.secho(f"{title}", bold=True)
            shown = title
        reads, writes = levels_in_short(rule)
        click.echo(f"  {rule.id:<{width}}  reads {reads:<9} writes {writes:<9} {rule.summary}")
    click.echo(f"{len(rows)} rules · treaty explain RULE")
    return 0
