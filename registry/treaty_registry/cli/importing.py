"""``treaty registry import``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from treaty_registry.cli.options import store_option

if TYPE_CHECKING:
    from treaty_registry.facts import Fact
    from treaty_registry.state import State


@click.command("import")
@click.argument("source", metavar="FILE|URL")
@store_option
@click.option("--dry-run", is_flag=True, help="Read and check everything, and write nothing.")
@click.option(
    "--skip-invalid", is_flag=True, help="Leave out schemas that cannot be read, instead of importing nothing."
)
def import_(source: str, store: str | None, dry_run: bool, skip_invalid: bool) -> int:
    """Read an export (`-` for standard input) or another registry, and keep every id and version number.

    An export goes into an empty store. Another registry, Confluent's or a compatible one, is read over its API at URL;
    what the store has already under the same id stays. Credentials come from the environment: TREATY_REGISTRY_TOKEN, or
    TREATY_REGISTRY_USER and TREATY_REGISTRY_PASSWORD.
    """
    from treaty_registry.cli.options import store_url
    from treaty_registry.state import State
    from treaty_registry.stores.store import open_store
    from treaty_registry.transfer.files import changes_of, load_state

    opened = open_store(store_url(store))
    try:
        head, state = load_state(opened)
        if source.startswith(("http://", "https://")):
            facts, unread = _from_registry(source, state)
        else:
            facts, unread = _from_file(source, state), []
        for problem in unread:
            click.echo(f"not imported: {problem}", err=True)
        if unread and not skip_invalid:
            click.echo("nothing was imported; --skip-invalid leaves these out", err=True)
            return 1
        after = State(state)
        after.apply(facts)
        if facts and not dry_run:
            opened.append(head, changes_of(facts, "import"))
    finally:
        opened.close()
    versions = sum(len(subject.versions) for _, subject in after.subjects.items())
    done = "would hold" if dry_run else "holds"
    click.echo(f"the store {done} {versions} versions of {sum(1 for _ in after.subjects.items())} subjects")
    return 0


def _from_file(source: str, state: State) -> list[Fact]:
    from treaty.errors import UsageError
    from treaty_registry.transfer.files import read_export

    if next(state.facts(), None) is not None:
        raise UsageError("an export goes into an empty store", advice="name a new one with --store")
    if source == "-":
        return list(read_export(sys.stdin.buffer, "standard input"))
    try:
        with Path(source).open("rb") as stream:
            return list(read_export(stream, source))
    except OSError as error:
        raise UsageError(f"cannot read {source}: {error.strerror}") from error


def _from_registry(url: str, state: State) -> tuple[list[Fact], list[str]]:
    from treaty_registry.cli.options import client_options
    from treaty_registry.client.registry import RegistryClient
    from treaty_registry.comparing import Judge
    from treaty_registry.transfer.remote import read_remote, taken_over

    judge = Judge()
    try:
        with RegistryClient(url, client_options()) as client:
            remote = read_remote(lambda path: client.run(client.operations.get(path)))
        facts, unread = taken_over(state, remote, judge)
    finally:
        judge.close()
    return facts, [f"{problem.version.label}: {problem.reason.message}" for problem in unread]
