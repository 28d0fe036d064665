"""`treaty init`: a first treaty.yaml."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from treaty.govern.discovery import Found

_MODES = {"avro": "BACKWARD_TRANSITIVE", "protobuf": "BACKWARD_TRANSITIVE", "json-schema": "BACKWARD_TRANSITIVE"}


@click.command()
@click.option("--hook/--no-hook", default=None, help="Also install the git hook; asked for at a terminal.")
@click.option("--force", is_flag=True, help="Replace a treaty.yaml that exists.")
def init(hook: bool | None, force: bool) -> int:
    """Write treaty.yaml for the contracts found in this repository, and offer the hook."""
    from treaty.cli.surroundings import here
    from treaty.errors import RevisionError, UsageError
    from treaty.govern.discovery import discover
    from treaty.govern.policy import FILE_NAME

    start = here()
    try:
        from treaty.documents.repository import Repository

        root = Repository.find(start).root
    except RevisionError:
        root = start
    path = root / FILE_NAME
    if path.exists() and not force:
        raise UsageError(f"{path} exists", advice="edit it, or replace it with --force")
    found = discover(root, _files(root))
    if not found:
        raise UsageError(
            f"no contracts were found under {root}",
            advice="Treaty looks for OpenAPI, AsyncAPI, Avro (.avsc), Protobuf (.proto)"
            " and JSON Schema ($schema) files",
        )
    path.write_text(_policy(found), "utf-8")
    for entry in found:
        files = f"  ({entry.count} files)" if entry.count > 1 else ""
        click.echo(f"  {entry.name:<24} {entry.family.value:<12} {entry.path}{files}")
    click.echo(f"wrote {path} with {len(found)} contract{'s' if len(found) != 1 else ''}; next: treaty check")
    if hook is None and sys.stdin.isatty() and sys.stdout.isatty():
        hook = click.confirm("Check contracts before every commit (installs a git hook)?", default=True)
    if hook:
        from treaty.cli.hook import install

        install.callback("pre-commit")  # type: ignore[misc]  # click types the callback as optional
    return 0


def _files(root: Path) -> list[str]:
    """The files git would commit, else every file below ``root``."""
    from treaty.documents.repository import Repository
    from treaty.errors import RevisionError

    try:
        repository = Repository.find(root)
    except RevisionError:
        return [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    try:
        return sorted(repository.listed())
    finally:
        repository.close()


def _policy(found: list[Found]) -> str:
    lines = [
        "# What this repository promises to others, and how a promise may change.",
        'edition: "2026.1"',
        "",
        "contracts:",
    ]
    for entry in found:
        lines.append(f"  {entry.name}:")
        lines.append(f"    path: {entry.path}")
        mode = _MODES.get(entry.family.value)
        if mode is not None:
            lines.append(f"    mode: {mode}")
    folders = any("/v*/" in entry.path for entry in found)
    lines += ["", f"versioning: {{major: {'new-path' if folders else 'in-place'}}}"]
    return "\n".join(lines) + "\n"
