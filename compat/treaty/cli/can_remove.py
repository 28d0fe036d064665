"""`treaty can-remove`: whether an element may go, and on what evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treaty.govern.lifecycle.can_remove import Answer
    from treaty.govern.lifecycle.usage import UsageSource
    from treaty.govern.policy import Policy

_EXITS = {True: 0, False: 1, None: 3}
_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "magenta")}


@click.command("can-remove")
@click.argument("element")
@click.option("--contract", metavar="NAME", help="Where to look, if several contracts have an element of that name.")
@click.option(
    "--usage", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
    help="Daily counts of use (JSON, or one object a line); default: the registry of treaty.yaml, if any.",
)  # fmt: skip
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
def can_remove(element: str, contract: str | None, usage: Path | None, output: str, config: Path | None) -> int:
    """Say whether ELEMENT may be removed now: `POST /v1/bets/settle`, an operation id, `Bet.status`, FILE#/pointer.

    Exits with 0 for yes, 1 for no, 3 where it cannot be told.
    """
    from treaty.cli.scene import catalogued
    from treaty.govern.lifecycle.can_remove import can_remove as ask

    with catalogued(config) as scene:
        answer = ask(scene, element, contract=contract, usage=_source(usage, scene.policy))
    if output == "json":
        click.echo(json.dumps(_report(answer), indent=2, ensure_ascii=False))
    else:
        _print(answer)
    return _EXITS[answer.may]


def _source(usage: Path | None, policy: Policy) -> UsageSource | None:
    from treaty.govern.lifecycle.usage import RegistryUsage, UsageFile

    if usage is not None:
        return UsageFile(usage)
    url = policy.registry.get("url")
    return RegistryUsage(url) if isinstance(url, str) else None


def _report(answer: Answer) -> dict[str, object]:
    return {
        "schema": 1,
        "element": answer.element,
        "contract": answer.contract,
        "path": answer.path,
        "answer": answer.word,
        "conditions": [{"rule": each.rule, "met": each.met, "text": each.text} for each in answer.conditions],
        "consumers": [
            {"name": each.name, "times": each.times, "last": each.last.isoformat()} for each in answer.consumers
        ],
    }


def _print(answer: Answer) -> None:
    click.secho(answer.word, bold=True, nl=False, fg=_MARKS[answer.may][1])
    click.echo(f"  {answer.element}  ({answer.contract}, {answer.path})")
    for each in answer.conditions:
        mark, colour = _MARKS[each.met]
        click.echo(f"  {click.style(mark, fg=colour)} {each.text}")
    for consumer in answer.consumers:
        click.echo(f"      {consumer.name}: {consumer.times}, last on {consumer.last}")
    if not any(each.rule == "still-used" for each in answer.conditions):
        click.echo("  · its use was not looked at: set registry.url in treaty.yaml, or give --usage FILE")
