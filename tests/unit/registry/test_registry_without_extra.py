"""Treaty installed without its extras: the registry's commands say what to install."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (["serve"], "uvicorn"),
        (["migrate"], "sqlalchemy"),
        (["credential", "ann"], "argon2"),
        (["pull", "--registry", "http://127.0.0.1:9"], "httpx2"),
    ],
)
def test_a_command_says_what_to_install(arguments: list[str], missing: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None; sys.argv = ['treaty', *{arguments!r}]\n"
        "from treaty_registry.cli import main; main()"
    )

    ran = subprocess.run([sys.executable, "-c", code], input="secret\n", capture_output=True, text=True, check=False)

    assert ran.returncode == 2
    command = f"treaty {arguments[0]}"
    assert ran.stderr == f"Error: `{command}` needs the package {missing}: pip install 'treaty[registry]'\n"
