"""What README.md and docs/ show is what happens."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.integration.docs.sessions import play

ROOT = Path(__file__).parents[3]


@pytest.fixture
def contracts(tmp_path: Path) -> Path:
    """A repository with the contracts of this one, on a branch of its own."""
    shutil.copytree(ROOT / "contracts", tmp_path / "contracts")
    shutil.copy(ROOT / "treaty.yaml", tmp_path / "treaty.yaml")
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for arguments in (
        ("init", "--quiet", "--initial-branch", "main"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", "Contracts"),
        ("checkout", "--quiet", "-b", "next"),
    ):
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("document", "commands"),
    [
        ("README.md", 7),
        ("docs/gate.md", 12),
        ("docs/events.md", 15),
        ("docs/registry.md", 17),
        ("docs/governance.md", 18),
    ],
)
def test_a_document_shows_what_happens(document: str, commands: int, contracts: Path) -> None:
    assert play(ROOT / document, contracts) >= commands


def test_every_linked_document_exists() -> None:
    for document in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"
