"""`treaty explain`: the page of one rule."""

from __future__ import annotations

import difflib

import click


def _complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from treaty.changes.catalogue import rules
    from treaty.report.governance_pages import names

    return [rule for rule in (*rules(), *names()) if rule.startswith(incomplete)]


@click.command()
@click.argument("rule", shell_complete=_complete)
@click.option("--format", "output", type=click.Choice(["text", "markdown"]), default="text", help="How to print it.")
def explain(rule: str, output: str) -> int:
    """Explain RULE: what it means, who breaks, before and after, the safe path, how to configure or waive it."""
    from treaty.changes.catalogue import rules
    from treaty.errors import UsageError
    from treaty.report.governance_pages import names, page_of
    from treaty.report.rule_page import rule_page

    known = rules()
    page = rule_page(known[rule]) if rule in known else page_of(rule)
    if page is None:
        meant = difflib.get_close_matches(rule, (*known, *names()), n=3)
        advice = (
            f"did you mean {' or '.join(meant)}?" if meant else "`treaty rules` and `treaty lint --rules` list them"
        )
        raise UsageError(f"no rule is called {rule!r}", advice=advice)
    if output == "markdown":
        click.echo(page, nl=False)
        return 0
    from rich.markdown import Markdown

    from treaty.cli.output import console

    console("auto").print(Markdown(page))
    return 0
