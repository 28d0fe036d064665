"""A repository whose days the test decides: contracts written, committed and tagged on a given date."""

from __future__ import annotations

import datetime
import os
import subprocess
from typing import TYPE_CHECKING

from treaty.documents.repository import Repository
from treaty.govern.gate import Gate
from treaty.govern.policy import load_policy
from treaty.govern.states import Against

if TYPE_CHECKING:
    from pathlib import Path

    from treaty.govern.outcome import RunOutcome

POLICY = """\
contracts:
  api: {path: "api/v*/openapi.yaml", owner: "@platform"}
lifecycle: {min_notice: 180d, sunset_required: true}
frozen: ["**/*_id"]
"""


class Scratch:
    """One repository; ``today`` moves by :meth:`on`."""

    def __init__(self, root: Path, policy: str = POLICY, start: str = "2026-01-05") -> None:
        self.root = root
        self.today = datetime.date.fromisoformat(start)
        root.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet", "--initial-branch=main")
        self.write("treaty.yaml", policy)

    def on(self, day: str) -> Scratch:
        """From now on it is ``day``."""
        self.today = datetime.date.fromisoformat(day)
        return self

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def commit(
        self, message: str = "a change", *, author: str = "Ada <ada@example.com>", tag: str | None = None
    ) -> str:
        """Commit everything there is, on the day it is."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "--message", message, f"--author={author}")
        if tag is not None:
            self._git("tag", tag)
        return self._git("rev-parse", "HEAD")

    def check(self, *names: str, against: str = "HEAD", revised: str = "worktree") -> RunOutcome:
        """What the gate says today about what differs from ``against``."""
        repository = Repository.find(self.root)
        try:
            base = Against(repository.resolve(against), against)
            return Gate(load_policy(self.root / "treaty.yaml"), repository, base, revised, today=self.today).run(names)
        finally:
            repository.close()

    def _git(self, *arguments: str) -> str:
        moment = f"{self.today.isoformat()}T12:00:00+00:00"
        environment = {
            **os.environ,
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.com",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
