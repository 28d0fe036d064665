"""``treaty registry credential``."""

from __future__ import annotations

import json
import sys

import click


@click.command()
@click.argument("name")
@click.option("--token", is_flag=True, help="Make a token instead of hashing a password.")
def credential(name: str, token: bool) -> None:
    """Make the entry of an account for the configuration file.

    The password is asked for, or read from standard input where that is no terminal. A new token is shown once, on
    standard error; what goes into the file is its hash.
    """
    from treaty.errors import UsageError
    from treaty_registry.access.secrets import hash_password, hash_token, new_token

    if token:
        made = new_token()
        click.echo(f"token (shown this once): {made}", err=True)
        kept = hash_token(made)
    else:
        password = (
            click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
            if sys.stdin.isatty()
            else sys.stdin.readline().rstrip("\r\n")
        )
        if not password:
            raise UsageError("the password is empty")
        kept = hash_password(password)
    click.echo(f"- {{name: {json.dumps(name)}, hash: {json.dumps(kept)}}}")
