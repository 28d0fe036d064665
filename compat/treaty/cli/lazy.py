"""Commands that are imported when they run, so that `--help` and `--version` cost nothing else."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, NamedTuple

import click

if TYPE_CHECKING:
    from types import ModuleType


class CommandEntry(NamedTuple):
    """Where a command lives (``module:attribute``) and its line in the help."""

    target: str
    summary: str
    extra: str | None = None


def optional(module: str, extra: str | None, command: str) -> ModuleType:
    """A module that works only where ``extra`` is installed. Raises ClickException with what to install."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        advice = _to_install(error, extra, command)
        if advice is None:
            raise
        raise advice from error


def _to_install(error: ModuleNotFoundError, extra: str | None, command: str) -> click.ClickException | None:
    """What to say of a package that ``command`` missed; None where ``extra`` does not bring it."""
    if extra is None or (error.name or "").split(".")[0] in ("treaty", "treaty_registry", "treaty_codegen"):
        return None
    return click.ClickException(f"`{command}` needs the package {error.name}: pip install 'treaty[{extra}]'")


class LazyGroup(click.Group):
    """A group whose commands are a table; only the one that runs is imported."""

    def __init__(self, *args: object, entries: dict[str, CommandEntry], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as click gives them
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self._entries.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command = getattr(optional(module, entry.extra, f"treaty {cmd_name}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:  # commands import what they need when they run
            entry = self._entries.get(ctx.invoked_subcommand or "")
            command = f"{ctx.command_path} {ctx.invoked_subcommand}"
            advice = _to_install(error, entry.extra if entry is not None else None, command)
            if advice is None:
                raise
            raise advice from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self._entries.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self._entries and not name.startswith("-"):
            import difflib

            meant = difflib.get_close_matches(name, self._entries, n=1)
            hint = f" Did you mean `{meant[0]}`?" if meant else " `treaty --help` lists them."
            ctx.fail(f"no command is called {name!r}.{hint}")
        return super().resolve_command(ctx, args)
