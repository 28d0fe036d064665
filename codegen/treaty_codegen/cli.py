"""`treaty generate`: code from contracts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from treaty.govern.policy import Policy
    from treaty_codegen.jobs import Job
    from treaty_codegen.outcome import JobOutcome


@click.command()
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]…")
@click.option("--target", type=click.Choice(["models", "python-sdk", "events"]), help="Generate only this target.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="The folder; with one contract and --target."
)
@click.option("--package", metavar="NAME", help="The name the package is imported by; with --out.")
@click.option("--check", is_flag=True, help="Write nothing; fail when the generated files are not up to date.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", help="How to report.")
@click.option("--config", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The policy file to use.")
def generate(
    contracts: tuple[str, ...],
    target: str | None,
    out: Path | None,
    package: str | None,
    check: bool,
    output: str,
    config: Path | None,
) -> int:
    """Generate models, SDKs and event classes, as `generate:` in treaty.yaml says.

    CONTRACT is a name of the catalogue, or a file: then --target and --out say what is made of it, and no treaty.yaml
    is needed. A contract with several majors gets a folder below --out for each. Either all files are written or none,
    and no file is touched that Treaty did not write.

    Exits with 0 when everything is written or up to date, 1 when --check finds a difference, 2 when treaty.yaml or the
    request is wrong, 3 when a contract cannot be read.
    """
    from treaty_codegen.generating import run

    jobs = _jobs(contracts, target, out, package, config)
    outcomes = run(jobs, check=check)
    if output == "json":
        click.echo(json.dumps([_described(each) for each in outcomes], indent=2, ensure_ascii=False))
    else:
        for each in outcomes:
            _print(each, check=check)
    stale = any(each.changes for each in outcomes)
    if check and stale:
        click.echo("generated files are not up to date: run `treaty generate` and commit the result", err=True)
    return 1 if check and stale else 0


def _jobs(
    contracts: tuple[str, ...], target: str | None, out: Path | None, package: str | None, config: Path | None
) -> list[Job]:
    from treaty.errors import UsageError
    from treaty_codegen.jobs import job_for_file, jobs_for_contract, jobs_of_policy

    named_file = len(contracts) == 1 and Path(contracts[0]).is_file()
    if out is None and package is not None:
        raise UsageError("--package is for one contract with --target and --out", advice="or set it in treaty.yaml")
    if out is None and not named_file:
        return jobs_of_policy(_policy(config), contracts, target)
    if len(contracts) != 1 or target is None or out is None:
        raise UsageError(
            "one contract file needs --target and --out",
            advice="treaty generate openapi.yaml --target python-sdk --out sdk",
        )
    if named_file:
        return [job_for_file(Path(contracts[0]), target, out, package)]
    return jobs_for_contract(_policy(config), contracts[0], target, out, package)


def _policy(config: Path | None) -> Policy:
    from treaty.errors import UsageError
    from treaty.govern.policy import FILE_NAME, find_policy, load_policy

    path = config or find_policy(Path.cwd())
    if path is None:
        raise UsageError(
            f"there is no {FILE_NAME} here or in a folder above",
            advice="`treaty init` writes one; or name a contract file, with --target and --out",
        )
    return load_policy(path)


def _print(outcome: JobOutcome, *, check: bool) -> None:
    job, emitted = outcome.job, outcome.emitted
    downgraded = outcome.downgraded
    counted = f"{len(emitted.elements)} {emitted.kind}" + (f", {len(downgraded)} downgraded" if downgraded else "")
    changed = len(outcome.changes)
    if check:
        state = "up to date" if not changed else f"{changed} files differ"
    else:
        state = "unchanged" if not changed else f"{changed} of {len(emitted.files) + 2} files written"
    click.echo(f"{job.contract} → {job.target}  {_short(job.out)}  {counted}  {state}")
    for element in downgraded:
        click.echo(f"  downgraded  {element.name} ({element.becomes}): {'; '.join(element.reasons)}")
    for note in emitted.notes:
        click.echo(f"  note        {note}")
    if check:
        for change in outcome.changes[:20]:
            click.echo(f"  {change.change:<10}  {change.path}")
        if changed > 20:
            click.echo(f"  … and {changed - 20} more")


def _short(path: Path) -> str:
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def _described(outcome: JobOutcome) -> dict[str, object]:
    job = outcome.job
    return {
        "contract": job.contract,
        "target": job.target,
        "out": _short(job.out),
        "package": job.package,
        "elements": [
            {"name": each.name, "becomes": each.becomes, "state": each.state, "reasons": list(each.reasons)}
            for each in outcome.emitted.elements
        ],
        "notes": outcome.emitted.notes,
        "changes": [{"path": each.path, "change": each.change} for each in outcome.changes],
    }
