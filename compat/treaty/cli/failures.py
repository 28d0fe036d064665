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
    except Exception as error:  # a mistake of ours is no finding: it must not end with 1
        return _mistake(error)
    return result if isinstance(result, int) else 0


def _mistake(error: Exception) -> int:
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    told = f"treaty: a mistake in treaty itself: {type(error).__name__}: {error} ({place.filename}:{place.lineno})"
    click.echo(f"{told}\n  nothing was checked; please report it with TREATY_TRACEBACK=1", err=True)
    if os.environ.get("TREATY_TRACEBACK"):
        traceback.print_exception(error)
    return UNCHECKED
