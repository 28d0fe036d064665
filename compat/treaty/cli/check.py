"""`treaty check`: the gate over all contracts of `treaty.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from treaty.cli.output import output_options, parse_outputs, publish

if TYPE_CHECKING:
    from treaty.documents.repository import Repository
    from treaty.govern.outcome import RunOutcome
    from treaty.govern.policy import Policy


@click.command()
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]…")
@click.option(
    "--against",
    metavar="REF",
    help="Compare with a revision, with `release`, the last released tag, or with `registry:URL`, what a schema"
    " registry holds. Default: the merge-base.",
)
@click.option("--staged", is_flag=True, help="Check what is staged instead of the working tree.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
@output_options
def check(
    contracts: tuple[str, ...],
    against: str | None,
    staged: bool,
    config: Path | None,
    formats: tuple[str, ...],
    color: str,
    verbose: bool,
) -> int:
    """Compare the contracts of treaty.yaml with what they were, and block what breaks someone.

    Checks the contracts called CONTRACT, or all. Exits with 0 when nothing blocks, 1 when something does, 2 when
    treaty.yaml or the request is wrong, 3 when something could not be checked.
    """
    outputs = parse_outputs(formats)
    from treaty.cli.surroundings import compared_with, policy_around, release_tags, today
    from treaty.documents.repository import Repository
    from treaty.govern.gate import Gate

    policy = policy_around(config)
    repository = Repository.find(policy.root)
    try:
        if against is not None and against.partition(":")[0] == "registry":
            run = _against_registry(policy, repository, against.partition(":")[2], contracts, staged=staged)
            publish(outputs, run, color=color, verbose=verbose)
            return run.exit_code
        base = compared_with(repository, against, release_tags(policy, contracts) if against == "release" else "")
        gate = Gate(policy, repository, base, "index" if staged else "worktree", today=today())
        run = gate.run(contracts)
    finally:
        repository.close()
    publish(outputs, run, color=color, verbose=verbose)
    return run.exit_code


def _against_registry(
    policy: Policy, repository: Repository, url: str, contracts: tuple[str, ...], *, staged: bool
) -> RunOutcome:
    """The run of a gate that is installed with the registry; the core knows it by name alone."""
    from treaty.cli.lazy import optional
    from treaty.cli.surroundings import today
    from treaty.documents.git_source import IndexSource
    from treaty.govern.gate import selected

    options = optional("treaty_registry.cli.options", "registry", "treaty check --against registry")
    gate = optional("treaty_registry.publishing.checking", "registry", "treaty check --against registry").RegistryGate(
        policy, repository, options.registry_url(url or None, policy), options.client_options()
    )
    source = IndexSource(repository) if staged else repository.working_tree()
    paths = sorted(repository.staged()) if staged else sorted(repository.listed())
    run: RunOutcome = gate.run(source, paths, selected(policy, contracts), today())
    return run
