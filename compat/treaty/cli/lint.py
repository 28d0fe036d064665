"""`treaty lint`: the contracts as they are, against house rules."""

from __future__ import annotations

from pathlib import Path

import click

from treaty.cli.output import output_options, parse_outputs, publish


@click.command()
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]…")
@click.option("--staged", is_flag=True, help="Lint what is staged instead of the working tree.")
@click.option("--write-baseline", is_flag=True, help="From now on only violations that are new block.")
@click.option("--rules", "listing", is_flag=True, help="List the rules in force and leave.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
@output_options
def lint(
    contracts: tuple[str, ...],
    staged: bool,
    write_baseline: bool,
    listing: bool,
    config: Path | None,
    formats: tuple[str, ...],
    color: str,
    verbose: bool,
) -> int:
    """Hold the contracts of treaty.yaml against the lint rules it asks for.

    Lints the contracts called CONTRACT, or all. Exits with 0 when nothing blocks, 1 when an error is found that the
    baseline does not know, 2 when treaty.yaml or a rule file is wrong, 3 when a contract could not be read.
    """
    outputs = parse_outputs(formats)
    from treaty.cli.surroundings import policy_around, today
    from treaty.documents.library import Library
    from treaty.documents.repository import Repository
    from treaty.errors import UsageError
    from treaty.govern.gate import prefix_of
    from treaty.govern.lint import baseline
    from treaty.govern.lint.document import LintContext
    from treaty.govern.lint.engine import Linter
    from treaty.govern.lint.rulesets import rules_of

    policy = policy_around(config)
    if listing:
        for rule in rules_of(policy).values():
            click.echo(f"{rule.id:<34} {rule.severity.value:<8} {rule.ruleset:<22} {rule.summary}")
        return 0
    if write_baseline and contracts:
        raise UsageError("a baseline is written for all contracts", advice="leave their names out")
    repository = Repository.find(policy.root)
    try:
        from treaty.documents.git_source import IndexSource

        source = IndexSource(repository) if staged else repository.working_tree()
        paths = sorted(repository.staged()) if staged else sorted(repository.listed())
        hosts = tuple(f"https://{host}/" for host in policy.remote_hosts)
        library = Library(source, remote=hosts or False)
        linter = Linter(LintContext(policy, library, paths, prefix_of(policy, repository), today()))
        path = policy.root / str(policy.lint.get("baseline", baseline.DEFAULT))
        if write_baseline:
            found = linter.run()
            baseline.write_baseline(path, found.findings)
            click.echo(f"wrote {path} with {len(found.findings)} known violations")
            return 3 if found.unread else 0
        outcome = linter.run(contracts, baseline.read_baseline(path))
    finally:
        repository.close()
    publish(outputs, outcome, color=color, verbose=verbose)
    return outcome.exit_code
