"""The generators out of the wheel, with its extra, in an environment and a repository that have nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
POLICY = """\
contracts:
  provider-api: {path: contracts/provider-api/v1/openapi.yaml}
  provider-events: {path: contracts/provider-events/v1/asyncapi.yaml}
generate:
  provider-api:
    python-sdk: {out: sdk}
  provider-events:
    events: {out: events}
"""


@pytest.mark.slow
def test_the_wheel_generates_packages_that_install_and_work(tmp_path: Path) -> None:
    def run(*command: str, folder: str = "repository") -> str:
        done = subprocess.run(command, cwd=tmp_path / folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    shutil.copytree(ROOT / "contracts", tmp_path / "repository/contracts")
    (tmp_path / "repository/treaty.yaml").write_text(POLICY)
    run("git", "init", "--quiet")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), str(ROOT))
    (wheel,) = (tmp_path / "dist").glob("treaty-*.whl")
    venv.create(tmp_path / "empty", with_pip=True)
    python, treaty = (str(tmp_path / "empty/bin" / name) for name in ("python", "treaty"))
    run(python, "-m", "pip", "install", "--quiet", f"{wheel}[codegen]")
    run(treaty, "generate")
    run(treaty, "generate", "--check")

    run(python, "-m", "pip", "install", "--quiet", "./sdk[test]", "./events")
    run(python, "-m", "pip", "check")
    assert "29 passed" in run(python, "-m", "pytest", "-q", folder="repository/sdk")
    said = run(python, "-c", "from provider_events_v1 import topics; print(topics.BET_SETTLED.address)")
    assert said.strip() == "bet.settled"
