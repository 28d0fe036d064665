"""Every benchmark, one after the other: ``python -m bench``, or ``python -m bench gate openapi`` for some of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NAMES = ("gate", "openapi", "documents", "proof", "events", "avro", "protobuf", "registry", "codegen")


def main(asked: list[str]) -> int:
    """Run the benchmarks called ``asked``, or all; ends with 1 when one of them could not be run."""
    unknown = sorted(set(asked) - set(NAMES))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    failed = []
    for name in asked or NAMES:
        print(f"== {name}: python -m bench.{name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=Path(__file__).parents[1], check=False)
        if done.returncode:
            failed.append(name)
        print(flush=True)
    if failed:
        print(f"could not be run: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
