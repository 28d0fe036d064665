"""The command line of the registry: ``treaty registry …``; each command is imported when it runs."""

from __future__ import annotations

import sys

import click

from treaty.cli.lazy import CommandEntry, LazyGroup

COMMANDS: dict[str, CommandEntry] = {
    "serve": CommandEntry("treaty_registry.cli.serve:serve", "Serve schemas to Confluent clients.", "registry"),
    "publish": CommandEntry("treaty_registry.cli.publish:publish", "Register the schemas of treaty.yaml.", "registry"),
    "pull": CommandEntry("treaty_registry.cli.pull:pull", "Write the schemas of a registry to files.", "registry"),
    "migrate": CommandEntry("treaty_registry.cli.migrate:migrate", "Bring a store's tables up to date.", "registry"),
    "export": CommandEntry("treaty_registry.cli.export:export", "Write everything to a file.", "registry"),
    "import": CommandEntry("treaty_registry.cli.importing:import_", "Read a file or another registry.", "registry"),
    "credential": CommandEntry(
        "treaty_registry.cli.credential:credential", "Make a password hash or a token.", "registry"
    ),
}


@click.group(cls=LazyGroup, entries=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
def registry() -> None:
    """Run a schema registry, and move schemas in and out of one."""


def main() -> None:
    """``python -m treaty_registry``: the same commands without the rest of Treaty."""
    from treaty.cli.failures import run

    sys.exit(run(registry))
