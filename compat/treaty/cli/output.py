"""Where results go: `--format FORMAT[=FILE]`, colours, and what is said beside the results."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar

import click

from treaty.errors import UsageError
from treaty.report.formats import NAMES

if TYPE_CHECKING:
    from rich.console import Console

    from treaty.report.formats import Reportable

F = TypeVar("F", bound=Callable[..., object])


class Output(NamedTuple):
    """One requested report: its format, and the file it goes to (None is standard output)."""

    format: str
    path: Path | None


def output_options(command: F) -> F:
    """The options every reporting command has: `--format`, `--color`, `--verbose`."""
    command = click.option("-v", "--verbose", is_flag=True, help="Show additive and documentation changes too.")(
        command
    )
    command = click.option(
        "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours in text."
    )(command)
    return click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="FORMAT[=FILE]",
        help=f"Report as {', '.join(NAMES)}; repeat it for several reports at once.",
    )(command)


def parse_outputs(requested: tuple[str, ...]) -> list[Output]:
    """Read `--format` values. Raises UsageError for an unknown format, or two reports on one place."""
    outputs = []
    for value in requested or ("text",):
        name, separator, path = value.partition("=")
        if name not in NAMES:
            raise UsageError(f"no report format {name!r}", advice=f"choose one of {', '.join(NAMES)}")
        if separator and not path:
            raise UsageError(f"--format {value} names no file", advice=f"write --format {name}=FILE")
        outputs.append(Output(name, Path(path) if path else None))
    places = [output.path for output in outputs]
    for place in places:
        if places.count(place) > 1:
            raise UsageError(
                f"two reports go to {place or 'standard output'}", advice="give all but one a file: --format json=FILE"
            )
    return outputs


def publish(outputs: list[Output], subject: Reportable, *, color: str, verbose: bool) -> None:
    """Write every requested report. Raises UsageError when a file cannot be written."""
    for output in outputs:
        if output.path is None:
            _to_stream(output.format, subject, sys.stdout, color=color, verbose=verbose)
            continue
        try:
            output.path.parent.mkdir(parents=True, exist_ok=True)
            with output.path.open("w", encoding="utf-8") as file:
                _to_stream(output.format, subject, file, color="never", verbose=verbose)
        except OSError as error:
            raise UsageError(f"cannot write {output.path}: {error.strerror}") from error


def _to_stream(name: str, subject: Reportable, file: IO[str], *, color: str, verbose: bool) -> None:
    if name != "text":
        from treaty.report.formats import render

        file.write(render(name, subject))
        return
    from treaty.report.text import print_report

    print_report(console(color, file), subject, verbose=verbose)


@contextmanager
def written(path: Path | None) -> Iterator[IO[str] | None]:
    """The file ``path`` to write to, None for standard output. Raises UsageError when it cannot be written."""
    if path is None:
        yield None
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def console(color: str, file: IO[str] | None = None) -> Console:
    """A rich console that honours `--color`, `NO_COLOR`, `CI` and the width of the terminal."""
    from rich.console import Console

    target = file or sys.stdout
    forced = {"always": True, "never": False}.get(color)
    terminal = target.isatty() if forced is None else forced
    width = None if target.isatty() else int(os.environ.get("COLUMNS", "120"))
    return Console(
        file=target,
        force_terminal=terminal,
        no_color=color == "never" or (color == "auto" and "NO_COLOR" in os.environ),
        highlight=False,
        emoji=False,
        markup=False,
        width=width,
        legacy_windows=False,
    )
