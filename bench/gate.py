"""The gate in a large repository: whole processes of `treaty`, beside `python -c pass` and their targets.

``python -m bench.gate`` builds two repositories the first time, one of 2,900 contract files and one of 200 contracts
with a single staged change, and prints CPU and wall seconds, the median of five runs with warm caches of the disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from bench.documents_inputs import CACHE
from bench.processes import RUNS, Cost, middle, run

if TYPE_CHECKING:
    from pathlib import Path

FILES = 2_900
CONTRACTS = 200
MANY = CACHE / "gate-2900-files"
STAGED = CACHE / "gate-200-contracts"
TREATY = (sys.executable, "-m", "treaty")


class Case(NamedTuple):
    """A command, where it runs, how it must end, and the seconds of wall time it may take (CPU where ``cpu``)."""

    command: tuple[str, ...]
    folder: Path
    ending: int
    seconds: float
    cpu: bool = False


CASES = {
    "treaty --version": Case((*TREATY, "--version"), CACHE, 0, 0.08, cpu=True),
    "treaty --help": Case((*TREATY, "--help"), CACHE, 0, 0.08, cpu=True),
    f"treaty check, {FILES:,} contract files, none changed": Case((*TREATY, "check"), MANY, 0, 0.3),
    f"treaty hook pre-commit, 1 of {CONTRACTS} contracts changed": Case(
        (*TREATY, "hook", "pre-commit"), STAGED, 1, 0.5
    ),
}


def main() -> None:
    """Build the repositories and print the table."""
    if not MANY.exists():
        _build_many(MANY)
    if not STAGED.exists():
        _build_staged(STAGED)
    floor = _cost(Case((sys.executable, "-c", "pass"), CACHE, 0, 0))
    print(f"{'':52}{'CPU s':>8}{'wall s':>8}{'target':>8}{'MiB':>6}")
    print(f"{'python -c pass':52}{floor.cpu:8.3f}{floor.wall:8.3f}{'':8}{floor.memory:6.0f}")
    for name, case in CASES.items():
        cost = _cost(case)
        target = f"{case.seconds:g} {'CPU' if case.cpu else ''}"
        print(f"{name:52}{cost.cpu:8.3f}{cost.wall:8.3f}{target:>8}{cost.memory:6.0f}", flush=True)


def _cost(case: Case) -> Cost:
    run(list(case.command), (case.ending,), case.folder)
    return middle([run(list(case.command), (case.ending,), case.folder)[0] for _ in range(RUNS)])


def _build_many(root: Path) -> None:
    """580 contracts of one document and four files it refers to."""
    contracts = FILES // 5
    for number in range(contracts):
        folder = root / "contracts" / f"service-{number:03}" / "v1"
        (folder / "schemas").mkdir(parents=True)
        names = [f"part_{index}" for index in range(4)]
        properties = "".join(f"                  {name}: {{$ref: schemas/{name}.yaml}}\n" for name in names)
        (folder / "openapi.yaml").write_text(_document(number, properties))
        for name in names:
            (folder / "schemas" / f"{name}.yaml").write_text("type: string\nmaxLength: 40\ndescription: One part.\n")
    _commit(root, [f"service-{number:03}" for number in range(contracts)])


def _build_staged(root: Path) -> None:
    """200 contracts of one document, in one of which a property that was optional is required now."""
    for number in range(CONTRACTS):
        folder = root / "contracts" / f"service-{number:03}" / "v1"
        folder.mkdir(parents=True)
        properties = "".join(
            f"                  field_{index}: {{type: string, maxLength: {40 + index}}}\n" for index in range(40)
        )
        (folder / "openapi.yaml").write_text(_document(number, properties))
    _commit(root, [f"service-{number:03}" for number in range(CONTRACTS)])
    changed = root / "contracts" / "service-100" / "v1" / "openapi.yaml"
    changed.write_text(changed.read_text().replace("type: object", "type: object\n                required: [field_3]"))
    _git(root, "add", "--all")


def _document(number: int, properties: str) -> str:
    return f"""\
openapi: 3.1.0
info: {{title: Service {number}, version: 1.0.0}}
paths:
  /v1/things:
    post:
      operationId: createThing
      requestBody:
        content:
          application/json:
            schema:
                type: object
                properties:
{properties}\
      responses:
        "204": {{description: done}}
"""


def _commit(root: Path, names: list[str]) -> None:
    entries = "".join(f"  {name}: {{path: contracts/{name}/v*/openapi.yaml}}\n" for name in names)
    (root / "treaty.yaml").write_text(f'edition: "2026.1"\ncontracts:\n{entries}')
    _git(root, "init", "--quiet", "--initial-branch=main")
    _git(root, "add", "--all")
    _git(root, "commit", "--quiet", "--message", "contracts")


def _git(root: Path, *arguments: str) -> None:
    known = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    author = ("-c", "user.name=Bench", "-c", "user.email=bench@example.com")
    subprocess.run(["git", *author, *arguments], cwd=root, env={**os.environ, **known}, check=True)


if __name__ == "__main__":
    main()
