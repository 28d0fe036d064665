"""`treaty waivers`: which exceptions there are, and those that are over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treaty.govern.waiving import Standing

_COLOURS = {"active": "green", "expired": "red", "stale": "yellow"}
_CONFIG = click.option(
    "--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use."
)


@click.group(invoke_without_command=True)
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to print them.")
@_CONFIG
@click.pass_context
def waivers(context: click.Context, output: str, config: Path | None) -> int:
    """List the waivers: active, expired, or stale because no change matches them any more."""
    if context.invoked_subcommand is not None:
        return 0
    found = _standings(config)
    if output == "json":
        click.echo(
            json.dumps({"schema": 1, "waivers": [_report(each) for each in found]}, indent=2, ensure_ascii=False)
        )
        return 0
    for each in found:
        _print(each)
    over = sum(each.state.value != "active" for each in found)
    hint = " · treaty waivers prune removes what is over" if over else ""
    click.echo(f"{len(found)} waiver{'' if len(found) == 1 else 's'}, {over} over{hint}")
    return 0


@waivers.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@_CONFIG
def prune(dry_run: bool, config: Path | None) -> int:
    """Remove the files of waivers that are expired or stale."""
    from treaty.cli.surroundings import policy_around
    from treaty.documents.repository import Repository
    from treaty.errors import UsageError

    root = Repository.find(policy_around(config).root).root
    over = [each for each in _standings(config) if each.state.value != "active"]
    for each in over:
        path = root / each.waiver.path
        if not dry_run:
            try:
                path.unlink()
            except OSError as error:
                raise UsageError(f"cannot remove {path}: {error.strerror}") from error
        click.echo(f"{'would remove' if dry_run else 'removed'} {each.waiver.path}  ({each.state.value})")
    if not over:
        click.echo("nothing to remove")
    return 0


def _standings(config: Path | None) -> list[Standing]:
    from treaty.cli.surroundings import policy_around, today
    from treaty.documents.repository import Repository
    from treaty.govern.waiving import bases, standings

    policy = policy_around(config)
    repository = Repository.find(policy.root)
    try:
        tags = policy.versioning.tags
        against = bases(repository, tags if "{contract}" not in tags else None)
        return standings(policy, repository, against, today())
    finally:
        repository.close()


def _report(each: Standing) -> dict[str, object]:
    waiver = each.waiver
    return {
        "id": waiver.id,
        "path": waiver.path,
        "state": each.state.value,
        "contract": waiver.contract,
        "owner": waiver.owner,
        "kind": waiver.kind.value,
        "reason": waiver.reason,
        "approved_by": waiver.approved_by,
        "created": waiver.created.isoformat() if waiver.created is not None else None,
        "expires": waiver.expires.isoformat(),
        "days_left": each.days_left,
        "fingerprints": list(waiver.fingerprints),
        "elements": [change.element for change in each.changes],
    }


def _print(each: Standing) -> None:
    waiver = each.waiver
    days = each.days_left
    when = f"{days} day{'' if days == 1 else 's'} left" if days >= 0 else f"since {waiver.expires}"
    state = click.style(f"{each.state.value:<8}", fg=_COLOURS[each.state.value])
    click.echo(f"{state} {waiver.id}  {waiver.contract}  {waiver.owner}, {when}: {waiver.reason}")
    for change in each.changes:
        click.echo(f"           {change.rule}  {change.element}")
