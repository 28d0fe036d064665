"""What `treaty --version` and `--help` import: nothing that costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "asyncio", "fastavro", "git", "google", "jinja2", "jsonschema", "jsonschema_rs", "msgspec", "orjson", "referencing",
    "rich", "semver", "sqlalchemy", "starlette", "yaml", "treaty.api", "treaty.changes", "treaty.documents",
    "treaty.govern", "treaty.model", "treaty.report", "treaty_codegen", "treaty_registry",
)  # fmt: skip


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_start_up_imports_nothing_heavy(option: str) -> None:
    code = (
        "import sys\n"
        f"sys.argv = ['treaty', {option!r}]\n"
        "from treaty.cli import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert ended.code == 0\n"
        "print('|'.join(sys.modules), file=sys.stderr)"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(ran.stderr.strip().split("|"))
    assert [name for name in HEAVY if name in loaded] == []
    assert len(loaded) < 180, sorted(loaded)


def test_importing_the_library_is_cheap() -> None:
    code = "import sys, treaty; print('|'.join(sys.modules))"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(ran.stdout.strip().split("|"))
    assert [name for name in loaded if name.startswith("treaty.") and name != "treaty._version"] == []
