"""`treaty explain`: the page of one rule."""

from __future__ import annotations

import difflib

import click


def _complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from treaty.changes.catalogue import rules

    return [rule for rule in rules() if rule.startswith(incomplete)]


@click.command()
@click.argument("rule", shell_complete=_complete)
@click.option("--format", "output", type=click.Choice(["text", "markdown"]), default="text", help="How to print it.")
def explain(rule: str, output: str) -> int:
    """Explain RULE: what it means, who breaks, before and after, the safe path, how to configure or waive it."""
    from treaty.changes.catalogue import rules
    from treaty.errors import UsageError
    from treaty.report.rule_page import rule_page

    known = rules()
    if rule not in known:
        meant = difflib.get_close_matches(rule, known, n=3)
        advice = f"did you mean {' or '.join(meant)}?" if meant else "`treaty rules` lists them"
        raise UsageError(f"no rule is called {rule!r}", advice=advice)
    page = rule_page(known[rule])
    if output == "markdown":
        click.echo(page, nl=False)
        return 0
    from rich.markdown import Markdown

    from treaty.cli.output import console

    console("auto").print(Markdown(page))
    return 0
