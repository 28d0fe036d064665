"""A scratch repository with one small contract, and `treaty` run in it as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

POLICY = """\
edition: "2026.1"
contracts:
  pets: {path: contracts/pets/v*/openapi.yaml, owner: "@pets"}
versioning: {major: new-path}
"""
PETS = """\
openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
paths:
  /v1/pets:
    post:
      operationId: createPet
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: schemas/pet.yaml}
      responses:
        "201":
          description: created
          content:
            application/json:
              schema: {$ref: schemas/pet.yaml}
"""
PET = """\
type: object
required: [name]
properties:
  name: {type: string, maxLength: 40}
  age:
    type: integer
    minimum: 0
"""
MAIN = "contracts/pets/v1/openapi.yaml"
SCHEMA = "contracts/pets/v1/schemas/pet.yaml"


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Scratch:
    """A repository in a temporary folder."""

    root: Path

    def git(self, *arguments: str, check: bool = True) -> Ran:
        return self.run("git", *arguments, check=check)

    def treaty(self, *arguments: str, cwd: Path | None = None) -> Ran:
        return self.run(sys.executable, "-m", "treaty", *arguments, check=False, cwd=cwd)

    def run(self, *command: str, check: bool = True, cwd: Path | None = None, stdin: str | None = None) -> Ran:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CI", "GITHUB_"))
        }
        environment |= {
            "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
            "NO_COLOR": "1", "COLUMNS": "120",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}",
        }  # fmt: skip
        done = subprocess.run(
            command, cwd=cwd or self.root, env=environment, input=stdin, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"{command} ended with {done.returncode}: {done.stderr}")
        return Ran(done.returncode, done.stdout, done.stderr)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert old in text, path
        self.write(path, text.replace(old, new))

    def commit(self, message: str = "work") -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", message)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """The contract at 1.0.0 on main, and a branch `next` checked out on top of it."""
    made = Scratch(tmp_path / "repository")
    made.root.mkdir()
    made.git("init", "--quiet", "--initial-branch", "main")
    made.write("treaty.yaml", POLICY)
    made.write(MAIN, PETS)
    made.write(SCHEMA, PET)
    made.commit("Pets 1.0.0")
    made.git("checkout", "--quiet", "-b", "next")
    return made
