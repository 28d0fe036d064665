"""`treaty hook`: run by git (or the pre-commit framework) before a commit or a push, and installed for plain git."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.repository import Repository
    from treaty.govern.outcome import RunOutcome
    from treaty.govern.policy import Policy

_SCRIPT = """#!/bin/sh
# Written by `treaty hook install`.
exec treaty hook {event}
"""
_MARK = "treaty hook "


@click.group()
def hook() -> None:
    """Run as a git hook, or install one."""


@hook.command("pre-commit", context_settings={"ignore_unknown_options": True})
@click.argument("ignored", nargs=-1, type=click.UNPROCESSED)
def pre_commit(ignored: tuple[str, ...]) -> int:
    """Check what is staged against HEAD; silent when nothing breaks."""

    def run(policy: Policy, repository: Repository) -> RunOutcome:
        from treaty.cli.surroundings import today
        from treaty.errors import RevisionError
        from treaty.govern.gate import Against, Gate

        head = repository.head()
        base = head or repository.merge_base().commit
        try:
            branched = repository.merge_base().commit
        except RevisionError:
            branched = base  # nothing to count versions from: a clone too shallow, or no main branch
        return Gate(policy, repository, Against(base, "HEAD", branched), "index", today=today()).run()

    return _judge(run, "commit")


@hook.command("pre-push", context_settings={"ignore_unknown_options": True})
@click.argument("ignored", nargs=-1, type=click.UNPROCESSED)
def pre_push(ignored: tuple[str, ...]) -> int:
    """Check what HEAD changes since the merge-base with the main branch; silent when nothing breaks."""

    def run(policy: Policy, repository: Repository) -> RunOutcome:
        from treaty.cli.surroundings import compared_with, today
        from treaty.govern.gate import Gate

        head = repository.head()
        revised = head if head is not None else "index"
        return Gate(policy, repository, compared_with(repository, None), revised, today=today()).run()

    return _judge(run, "push")


@hook.command()
@click.option("--event", type=click.Choice(["pre-commit", "pre-push"]), default="pre-commit", help="When it runs.")
def install(event: str) -> int:
    """Write the hook into this repository, where the pre-commit framework is not in use."""
    from treaty.cli.surroundings import here
    from treaty.documents.repository import Repository
    from treaty.errors import UsageError

    repository = Repository.find(here())
    path = repository.hooks / event
    if path.exists() and _MARK not in path.read_text("utf-8", "replace"):
        raise UsageError(
            f"{path} exists and was not written by treaty", advice=f"add the line `treaty hook {event}` to it yourself"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SCRIPT.format(event=event), "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    click.echo(f"{path}: treaty checks every {event.removeprefix('pre-')} from now on")
    return 0


def _judge(run: Callable[[Policy, Repository], RunOutcome], action: str) -> int:
    from treaty.cli.output import console
    from treaty.cli.surroundings import policy_around
    from treaty.documents.repository import Repository
    from treaty.report.hook import print_blocked

    policy = policy_around(None)
    repository = Repository.find(policy.root)
    try:
        outcome = run(policy, repository)
    finally:
        repository.close()
    print_blocked(console("auto", sys.stderr), outcome, action)
    return outcome.exit_code
