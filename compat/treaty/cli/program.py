"""The `treaty` command and the table of its subcommands."""

from __future__ import annotations

import click

from treaty._version import __version__
from treaty.cli.lazy import CommandEntry, LazyGroup

COMMANDS: dict[str, CommandEntry] = {
    "check": CommandEntry("treaty.cli.check:check", "Gate the contracts of treaty.yaml against what they were."),
    "diff": CommandEntry("treaty.cli.diff:diff", "Compare two versions of a contract."),
    "lint": CommandEntry("treaty.cli.lint:lint", "Hold the contracts against house rules."),
    "waive": CommandEntry("treaty.cli.waive:waive", "Let single changes through, with an owner and an end."),
    "waivers": CommandEntry("treaty.cli.waivers:waivers", "List waivers, and prune those that are over."),
    "deprecations": CommandEntry("treaty.cli.deprecations:deprecations", "List what is deprecated, and until when."),
    "can-remove": CommandEntry("treaty.cli.can_remove:can_remove", "Say whether an element may be removed, and why."),
    "changelog": CommandEntry("treaty.cli.changelog:changelog", "Write what changed, version by version."),
    "history": CommandEntry("treaty.cli.history:history", "List the versions of a contract."),
    "migrate": CommandEntry("treaty.cli.migrate:migrate", "Write a guide from one version to another."),
    "rules": CommandEntry("treaty.cli.rules:rules", "List the rules."),
    "explain": CommandEntry("treaty.cli.explain:explain", "Explain one rule: who breaks, and the safe path."),
    "init": CommandEntry("treaty.cli.init:init", "Write treaty.yaml for the contracts found here."),
    "hook": CommandEntry("treaty.cli.hook:hook", "Run as a git hook, or install one."),
    "generate": CommandEntry(
        "treaty_codegen.cli:generate", "Generate models, SDKs and event classes from contracts.", extra="codegen"
    ),
    "registry": CommandEntry(
        "treaty_registry.cli:registry", "Run a schema registry, and move schemas in and out of one.", extra="registry"
    ),
    "completion": CommandEntry("treaty.cli.completion:completion", "Print the completion script for a shell."),
}


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, "-V", "--version", prog_name="treaty", message="%(prog)s %(version)s")
def program() -> None:
    """Keep the contracts between programs honest.

    Treaty says what a change to a contract does to the people on the other side, which version it needs, and proves it.
    """
