"""`treaty hook`: run by git (or the pre-commit framework) before a commit or a push, and installed for plain git."""

from __future__ import annotations

import os
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
exec treaty hook {event} "$@"
"""
_MARK = "treaty hook "
_TAGS = "refs/tags/"  # marks commits that a branch brought, or will


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
@click.argument("remote", nargs=-1, type=click.UNPROCESSED)
def pre_push(remote: tuple[str, ...]) -> int:
    """Check what the pushed branches change since they left the main branch; silent when nothing breaks."""
    code = 0
    for tip in _pushed(remote):

        def run(policy: Policy, repository: Repository, tip: str | None = tip) -> RunOutcome:
            from treaty.cli.surroundings import compared_with, today
            from treaty.govern.gate import Gate

            head = repository.resolve(tip) if tip is not None else repository.head()
            revised = head if head is not None else "index"
            return Gate(policy, repository, compared_with(repository, None, head=head), revised, today=today()).run()

        code = max(code, _judge(run, "push"))
    return code


def _pushed(remote: tuple[str, ...]) -> list[str | None]:
    """The commits to be pushed, None for what is checked out where nobody says.

    Git passes the remote and its address, and one line for each ref on standard input (githooks(5), pre-push); the
    pre-commit framework calls once for each ref and names its commit in PRE_COMMIT_TO_REF.
    """
    named = os.environ.get("PRE_COMMIT_TO_REF")
    if named:
        return [named]
    if not remote or sys.stdin is None or sys.stdin.isatty():
        return [None]
    refs = [line.split() for line in sys.stdin]
    tips = dict.fromkeys(ref[1] for ref in refs if len(ref) == 4 and not ref[0].startswith(_TAGS) and ref[1].strip("0"))
    return [*tips] if refs else [None]


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
