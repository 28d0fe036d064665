"""The one place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys

import click

from treaty.errors import TreatyError

USAGE = 2
UNCHECKED = 3


def run(program: click.Command) -> int:
    """Run a command; its exit code, or that of the error it ended with. Nothing escapes as a traceback by design."""
    try:
        result = program.main(prog_name="treaty", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort:
        click.echo("treaty: interrupted", err=True)
        return UNCHECKED
    except click.ClickException as error:
        error.show()
        return USAGE
    except TreatyError as error:
        click.echo(f"treaty: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (`treaty diff | head`): nothing is wrong, and nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except RecursionError:
        click.echo("treaty: a document is nested too deeply to be compared", err=True)
        return UNCHECKED
    return result if isinstance(result, int) else 0
