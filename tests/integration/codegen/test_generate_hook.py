"""The hook `treaty-generate`, as the pre-commit framework runs it in a repository of somebody else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
POLICY = """\
contracts:
  shop: {path: shop/v*/openapi.yaml}
generate:
  shop:
    models: {out: "models/{major}"}
"""
CONTRACT = """\
openapi: 3.1.0
info: {title: Shop, version: 1.0.0}
paths: {}
components:
  schemas:
    Order:
      type: object
      properties:
        id: {type: string}
"""


class Repository:
    """A folder under git, and commands in it that find `treaty` as the environment of a hook would have it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "--quiet")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        identity = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "T"), ("EMAIL", "t@example.com"))
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        settings = {"PATH": path, "PRE_COMMIT_HOME": str(self.root.parent / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
        return subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **identity, **settings},
            capture_output=True,
            text=True,
            check=False,
        )

    def git(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("git", *arguments)

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def commit(self) -> subprocess.CompletedProcess[str]:
        self.git("add", "--all")
        return self.git("commit", "--quiet", "--message", "a change")


@pytest.mark.slow
def test_a_contract_is_not_committed_without_its_code(tmp_path: Path) -> None:
    hooks = Repository(tmp_path / "hooks")
    offered = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    # `language: system` keeps the test off the package index; everything else is as offered.
    own = offered[offered.index("- id: treaty-generate") :].replace("language: python", "language: system")
    hooks.write(
        ".pre-commit-hooks.yaml",
        "".join(line for line in own.splitlines(True) if "additional_dependencies" not in line),
    )
    assert hooks.commit().returncode == 0
    revision = hooks.git("rev-parse", "HEAD").stdout.strip()

    project = Repository(tmp_path / "project")
    project.write("treaty.yaml", POLICY)
    project.write("shop/v1/openapi.yaml", CONTRACT)
    project.write(
        ".pre-commit-config.yaml",
        f"repos:\n  - repo: {hooks.root}\n    rev: {revision}\n    hooks: [{{id: treaty-generate}}]\n",
    )
    assert project.run("treaty", "generate").returncode == 0
    assert project.commit().returncode == 0
    installed = project.run(sys.executable, "-m", "pre_commit", "install")
    assert installed.returncode == 0, installed.stdout

    project.write("shop/v1/openapi.yaml", f"{CONTRACT}        note: {{type: [string}}\n")
    unreadable = project.commit()
    assert unreadable.returncode == 1
    assert "openapi.yaml:10:" in unreadable.stdout + unreadable.stderr
    project.write("shop/v1/openapi.yaml", f"{CONTRACT}        note: {{type: string}}\n")
    blocked = project.commit()
    said = blocked.stdout + blocked.stderr
    assert blocked.returncode == 1
    assert "changed     shop_v1/models.py" in said
    assert "run `treaty generate` and commit the result" in said

    assert project.run("treaty", "generate").returncode == 0
    passed = project.commit()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "note: str | None = None" in project.git("show", "HEAD:models/v1/shop_v1/models.py").stdout


def test_the_offered_hook_checks_with_the_generators_installed() -> None:
    import yaml

    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    hook = hooks["treaty-generate"]
    assert hook["entry"] == "treaty generate --check"
    assert hook["additional_dependencies"] == [".[codegen]"]
    assert hook["pass_filenames"] is False
