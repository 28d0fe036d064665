"""Measuring whole processes: CPU and wall seconds, peak memory, the median of a few runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

RUNS = 5
# Every Python but this one keeps the byte code of what it imports.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Cost(NamedTuple):
    """What one process took: CPU and wall seconds, MiB of memory at its peak, and what it measured inside."""

    cpu: float
    wall: float
    memory: float
    inside: float | None


def measure(*command: str) -> Cost:
    """Run Python with ``command``; a number it prints is what it measured inside. Ends the program when it fails."""
    cost, said = run([sys.executable, *command])
    return cost._replace(inside=float(said) if said else None)


def run(command: list[str], endings: tuple[int, ...] = (0,), folder: Path | None = None) -> tuple[Cost, str]:
    """Run any program; its cost and what it printed. Ends this one when it ended with none of ``endings``."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=_ENVIRONMENT, cwd=folder
    )
    assert process.stdout is not None
    said = process.stdout.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in endings:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, None), said


def median(*command: str) -> Cost:
    """The median of :data:`RUNS` runs of Python."""
    return middle([measure(*command) for _ in range(RUNS)])


def middle(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    inside = [cost.inside for cost in costs if cost.inside is not None]
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.memory for cost in costs),
        statistics.median(inside) if inside else None,
    )
