"""What costs start-up time is imported when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "git",
    "gitdb",
    "msgspec",
    "orjson",
    "yaml",
    "referencing",
    "jsonschema",
    "jsonschema_specifications",
    "semver",
}
HEAVY |= {"urllib.request", "http.client", "difflib", "decimal", "subprocess", "tempfile", "json"}


@pytest.mark.parametrize("module", ["document", "library", "source", "repository", "open", "formats"])
def test_import_is_light(module: str) -> None:
    program = (
        f"import sys; before = set(sys.modules); import treaty.documents.{module}; print(*(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(done.stdout.split())
