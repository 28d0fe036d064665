"""Shell sessions in Markdown: fenced `console` blocks, run as they are written and compared with what they show.

A line that begins with `$ ` is a command (a line that ends with a backslash goes on), the lines below it are its
output. `…` stands for any text in a line; on a line of its own for any lines. `# exit N` after a command says how it
ends, where that is not 0. Files are written by blocks whose first line is `# FILE`, YAML or Python alike.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"\s+# exit (\d+)$")
_FILE = re.compile(r"^# ([\w./-]+\.\w+)\n")
BIN = Path(sys.executable).parent


@dataclass
class Command:
    """One command of a session: what it prints, and how it ends."""

    line: str
    code: int = 0
    output: list[str] = field(default_factory=list)

    def shows(self, printed: str) -> bool:
        """Whether ``printed`` is what the document shows."""
        # The numbers of shown lines that may come next; a line of `…` may go on, or be over.
        lines, at = self.output, {0}
        for line in printed.splitlines():
            following: set[int] = set()
            for index in _past_ellipses(lines, at):
                if index < len(lines) and lines[index].strip() == "…":
                    following.add(index)
                elif index < len(lines) and re.fullmatch(_loosely(lines[index]), line.rstrip()):
                    following.add(index + 1)
            at = following
        return len(lines) in _past_ellipses(lines, at)


def _past_ellipses(lines: list[str], at: set[int]) -> set[int]:
    found = set(at)
    waiting = list(at)
    while waiting:
        index = waiting.pop()
        if index < len(lines) and lines[index].strip() == "…" and index + 1 not in found:
            found.add(index + 1)
            waiting.append(index + 1)
    return found


def _loosely(line: str) -> str:
    """``…`` is any text, and a run of spaces is as long as it has to be."""
    return ".*".join(r"\s+".join(map(re.escape, re.split(r"\s+", part))) for part in line.rstrip().split("…"))


def blocks(path: Path) -> list[tuple[str, str]]:
    """The language and the text of each fenced block."""
    return [(found[1], found[2]) for found in _FENCE.finditer(path.read_text("utf-8"))]


def commands(text: str) -> list[Command]:
    """The commands of one `console` block."""
    found: list[Command] = []
    continued = False
    for line in text.splitlines():
        if continued:
            found[-1].line += f"\n{line}"
        elif line.startswith("$ "):
            found.append(Command(line[2:]))
        else:
            found[-1].output.append(line)
        continued = line.endswith("\\") and (continued or line.startswith("$ "))
    for command in found:
        ending = _EXIT.search(command.line)
        if ending:
            command.line, command.code = command.line[: ending.start()], int(ending[1])
        while command.output and not command.output[-1].strip():
            command.output.pop()
    return found


def play(path: Path, folder: Path) -> int:
    """Run everything a document shows, in ``folder``; the number of commands that ran."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
        "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "110", "NO_COLOR": "1",
    }  # fmt: skip
    ran = 0
    for language, text in blocks(path):
        named = _FILE.match(text)
        if named and language != "console":
            target = folder / named[1]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text[named.end() :], "utf-8")
        if language != "console":
            continue
        for command in commands(text):
            done = subprocess.run(
                ["bash", "-c", command.line], cwd=folder, env=environment, capture_output=True, text=True, check=False
            )
            said = done.stdout + done.stderr
            assert done.returncode == command.code, f"$ {command.line}\nended with {done.returncode}\n{said}"
            if command.output:
                shown = "\n".join(command.output)
                assert command.shows(said), f"$ {command.line}\nprinted\n{said}\nand the document shows\n{shown}"
            ran += 1
    return ran
