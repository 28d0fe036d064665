"""What docs/codegen.md shows is what happens."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.integration.docs.sessions import play

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_the_walk_from_a_contract_to_a_working_call(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "contracts", tmp_path / "contracts")
    shutil.copy(ROOT / "treaty.yaml", tmp_path / "treaty.yaml")
    (tmp_path / ".git").mkdir()  # the root that references may not leave
    assert play(ROOT / "docs/codegen.md", tmp_path) == 14
