"""Scratch repositories, as people really leave them behind."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Scratch:
    """A folder with git in it, and short words for what people do there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],
            cwd=cwd or self.root,
            env={**os.environ, **_IDENTITY},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def commit(self, message: str = "a change", **files: str) -> str:
        """Write ``files`` (``__`` stands for ``/``, ``_`` for ``.``), commit everything, and give the commit."""
        for name, text in files.items():
            self.write(name.replace("__", "/").replace("_", "."), text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture(autouse=True)
def _outside_of_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the machine these tests run on decides what they see, a git hook's included."""
    for name in list(os.environ):
        if name.startswith(("CI_", "GITHUB_", "BITBUCKET_", "SYSTEM_PULL", "BUILDKITE_", "CHANGE_", "GIT_")):
            monkeypatch.delenv(name)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """An empty repository on the branch main."""
    root = tmp_path / "repository"
    root.mkdir()
    made = Scratch(root)
    made.git("init", "--quiet", "--initial-branch", "main")
    return made
