"""`treaty completion`: the script that makes a shell complete commands, options and rules."""

from __future__ import annotations

import click

_HOW = {
    "bash": "source <(treaty completion bash)",
    "zsh": "source <(treaty completion zsh)",
    "fish": "treaty completion fish | source",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(_HOW)))
def completion(shell: str) -> int:
    """Print the completion script for SHELL; add the line it begins with to your shell's start-up file."""
    from click.shell_completion import get_completion_class

    from treaty.cli.program import program

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(f"# {_HOW[shell]}")
    click.echo(kind(program, {}, "treaty", "_TREATY_COMPLETE").source())
    return 0
