"""Git as GitPython runs it, with errors of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.errors import RevisionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from git.cmd import Git

__all__ = ["Answer", "GitCommands"]


class Answer(NamedTuple):
    """What a command said: its exit status, its output, and what it wrote to standard error."""

    status: int
    output: bytes
    errors: str

    @property
    def failed(self) -> bool:
        return self.status != 0

    @property
    def complaint(self) -> str:
        """The last line on standard error, without git's own ``fatal:``."""
        lines = [line for line in self.errors.splitlines() if line.strip()]
        return lines[-1].removeprefix("fatal: ").removeprefix("error: ").strip() if lines else "no reason given"

    @property
    def text(self) -> str:
        """The output without its last line feed; bytes that are not UTF-8 become lone surrogates, as in file names."""
        return self.output.decode("utf-8", "surrogateescape").removesuffix("\n")


class GitCommands:
    """Runs git in one directory, so that it never waits for a terminal, locks the index or takes paths for patterns."""

    def __init__(self, directory: Path) -> None:
        self._git = _git(directory)

    def ask(self, *arguments: str, env: Mapping[str, str] | None = None, stdin: BinaryIO | None = None) -> Answer:
        """The answer of ``git ARGUMENTS``, whether it succeeded or not."""
        answer = self._git.execute(
            ["git", *arguments],
            istream=stdin,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            env=dict(env or {}),
        )
        return Answer(*answer)

    def run(self, *arguments: str, env: Mapping[str, str] | None = None, stdin: BinaryIO | None = None) -> bytes:
        """The output of ``git ARGUMENTS``. Raises RevisionError when it fails."""
        answer = self.ask(*arguments, env=env, stdin=stdin)
        if answer.failed:
            raise RevisionError(f"git {arguments[0]} failed: {answer.complaint}")
        return answer.output

    def start(self, *arguments: str) -> Git.AutoInterrupt:
        """``git ARGUMENTS`` as a running process with pipes; it ends with the object at the latest."""
        from subprocess import PIPE

        return self._git.execute(["git", *arguments], istream=PIPE, as_process=True)


def _git(directory: Path) -> Git:
    try:
        from git.cmd import Git
    except ImportError as error:  # GitPython looks for the program when it is imported
        raise RevisionError(
            "git itself is not installed, or not on the PATH",
            advice="install git, or compare files by path: treaty diff OLD NEW",
        ) from error
    git = Git(directory)
    git.update_environment(GIT_OPTIONAL_LOCKS="0", GIT_TERMINAL_PROMPT="0", GIT_LITERAL_PATHSPECS="1")
    return git
