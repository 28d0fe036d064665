"""The command line: translate arguments, call the library, print its answer, end with its exit code."""

from __future__ import annotations

import sys


def main() -> None:
    """The `treaty` program. Ends with 0 fine, 1 findings block, 2 usage or configuration, 3 could not check."""
    from treaty.cli.failures import run
    from treaty.cli.program import program

    sys.exit(run(program))
