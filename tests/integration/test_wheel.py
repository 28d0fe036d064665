"""The wheel, installed into an empty environment: the command runs, its data is there, its dependencies agree."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLD = """{"openapi": "3.1.0", "info": {"title": "t", "version": "1.0.0"}, "paths": {"/t": {"post": {
"requestBody": {"content": {"application/json": {"schema": {"type": "integer", "maximum": 10}}}},
"responses": {"200": {"description": "ok"}}}}}}"""


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(tmp_path: Path) -> None:
    def run(*command: str, ends: int = 0) -> str:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == ends, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT))
    (wheel,) = (tmp_path / "dist").glob("treaty-*.whl")
    venv.create(tmp_path / "empty", with_pip=True)
    python, treaty = (str(tmp_path / "empty/bin" / name) for name in ("python", "treaty"))
    run(python, "-m", "pip", "install", "--quiet", str(wheel))
    (tmp_path / "old.json").write_text(OLD)
    (tmp_path / "new.json").write_text(OLD.replace('"maximum": 10', '"maximum": 5'))

    run(python, "-m", "pip", "check")
    assert run(treaty, "--version").startswith("treaty ")
    assert "maximum-lowered" in run(treaty, "diff", "old.json", "new.json", ends=1)
    assert "Who breaks" in run(treaty, "explain", "maximum-lowered")
    (tmp_path / "treaty.yaml").write_text("contracts: {}\nruels: {}\n")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    refused = subprocess.run([treaty, "check"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "treaty.yaml:2:1" in refused.stderr
    assert "did you mean `rules`?" in refused.stderr
    assert run(python, "-c", "import treaty_registry, treaty_codegen") == ""
