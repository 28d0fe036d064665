"""`treaty waive`: let single changes through, with an owner, a reason and an end."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treaty.changes.change import Change

_KINDS = ("accepted-break", "false-positive", "emergency")


@click.command()
@click.argument("fingerprints", nargs=-1, required=True, metavar="FINGERPRINT…")
@click.option("--reason", required=True, help="Why the change has to be.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--expires", required=True, metavar="YYYY-MM-DD", help="The last day it is let through.")
@click.option("--kind", type=click.Choice(_KINDS), default="accepted-break", help="What kind of exception it is.")
@click.option("--approved-by", metavar="NAME", help="Who agreed, other than the author.")
@click.option("--against", metavar="REF", help="What the changes were found against, as in `treaty check`.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
def waive(
    fingerprints: tuple[str, ...],
    reason: str,
    owner: str,
    expires: str,
    kind: str,
    approved_by: str | None,
    against: str | None,
    config: Path | None,
) -> int:
    """Write a waiver for the changes with these FINGERPRINTs, which `treaty check` shows.

    Only changes that `treaty check` finds now can be waived; a waiver never covers a rule or a folder.
    """
    from treaty.cli.surroundings import compared_with, policy_around, release_tags, today
    from treaty.documents.repository import Repository
    from treaty.errors import UsageError
    from treaty.govern.gate import Gate
    from treaty.govern.waivers import WaiverKind
    from treaty.govern.waiving import NewWaiver, check_new, found_changes, write_waivers

    try:
        day = datetime.date.fromisoformat(expires)
    except ValueError:
        raise UsageError(f"--expires {expires} is no day", advice="write YYYY-MM-DD") from None
    policy = policy_around(config)
    new = NewWaiver(reason=reason, owner=owner, expires=day, kind=WaiverKind(kind), approved_by=approved_by)
    check_new(new, policy, today())
    repository = Repository.find(policy.root)
    try:
        base = compared_with(repository, against, release_tags(policy, ()) if against == "release" else "")
        run = Gate(policy, repository, base, today=today()).run()
    finally:
        repository.close()
    waived = {waived.change.fingerprint for outcome in run.contracts for waived in outcome.waived}
    changes = [
        _chosen(fingerprint, found_changes(run), waived, run.against) for fingerprint in dict.fromkeys(fingerprints)
    ]
    for path in write_waivers(policy, changes, new, today()):
        click.echo(f"wrote {path}")
    for contract, change in changes:
        click.echo(f"  {change.level.value}  {change.rule}  {contract}: {change.element}")
    click.echo(f"let through until {day}; commit the file, and have it reviewed with the change")
    return 0


def _chosen(
    fingerprint: str, found: dict[str, tuple[str, Change]], waived: set[str], against: str
) -> tuple[str, Change]:
    from treaty.documents.nearby import did_you_mean
    from treaty.errors import UsageError

    if fingerprint in waived:
        raise UsageError(f"{fingerprint} is waived already", advice="treaty waivers lists them")
    if fingerprint not in found:
        raise UsageError(
            f"no change against {against} has the fingerprint {fingerprint}",
            advice=did_you_mean(fingerprint, found) or "treaty check shows those there are",
        )
    return found[fingerprint]
