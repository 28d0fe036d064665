"""`treaty diff`: two versions of one contract."""

from __future__ import annotations

import click

from treaty.cli.output import output_options, parse_outputs, publish


@click.command()
@click.argument("base")
@click.argument("revision")
@click.option(
    "--fail-on", type=click.Choice(["breaking", "risky", "none"]), default="breaking", help="What exits with 1."
)
@output_options
def diff(base: str, revision: str, fail_on: str, formats: tuple[str, ...], color: str, verbose: bool) -> int:
    """Compare BASE with REVISION: paths, REF:path of this repository, or - for standard input.

    Two folders are compared contract by contract, matched by path. Exits with 1 when the change breaks someone, or may
    and it could not be decided, and with 3 when something could not be compared.
    """
    outputs = parse_outputs(formats)
    from treaty.api import diff as compare
    from treaty.api import diff_folders
    from treaty.changes.change import Level

    run = diff_folders(base, revision)
    if run is None:
        comparison = compare(base, revision)
        publish(outputs, comparison, color=color, verbose=verbose)
        changes = list(comparison.changes)
    else:
        publish(outputs, run, color=color, verbose=verbose)
        if any(outcome.error is not None for outcome in run.contracts):
            return 3
        if fail_on != "none" and any(outcome.problems for outcome in run.contracts):
            return 1
        changes = [change for outcome in run.contracts for change in outcome.changes]
    worst = max((change.level.severity for change in changes), default=0)
    threshold = {"breaking": Level.UNKNOWN.severity, "risky": Level.RISKY.severity}.get(fail_on)
    return 1 if threshold is not None and worst >= threshold else 0
