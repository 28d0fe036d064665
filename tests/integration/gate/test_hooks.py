"""The hook, installed by hand and by the pre-commit framework: silent when all is well, clear when it blocks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Scratch

MAIN = "contracts/pets/v1/openapi.yaml"
SCHEMA = "contracts/pets/v1/schemas/pet.yaml"


def test_the_installed_hook_blocks_the_break_and_passes_the_fix(scratch: Scratch) -> None:
    installed = scratch.treaty("hook", "install")
    assert installed.code == 0, installed.err
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.edit(MAIN, "version: 1.0.0", "version: 1.1.0")
    scratch.git("add", "--all")

    blocked = scratch.git("commit", "--message", "shorter names", check=False)

    assert blocked.code == 1
    assert "treaty ✗ commit blocked: 1 breaking change not covered by a waiver" in blocked.err
    assert f"(staged) {SCHEMA}:4" in blocked.err
    assert "[max-length-lowered]" in blocked.err
    assert "treaty explain max-length-lowered │ treaty waive " in blocked.err

    scratch.edit(SCHEMA, "maxLength: 20", "maxLength: 80")
    scratch.git("add", "--all")
    passed = scratch.git("commit", "--message", "longer names", check=False)

    # A longer name in an answer breaks its readers, so the fix of the request is no fix of the answer.
    assert passed.code == 1
    scratch.edit(SCHEMA, "maxLength: 80", "maxLength: 40\n  nick: {type: string}")
    scratch.edit(
        SCHEMA,
        "name: {type: string, maxLength: 40\n  nick: {type: string}}",
        "name: {type: string, maxLength: 40}\n  nick: {type: string}",
    )
    scratch.git("add", "--all")
    passed = scratch.git("commit", "--message", "nicknames", check=False)

    assert (passed.code, passed.err) == (0, "")


def test_a_second_commit_need_not_raise_the_version_again(scratch: Scratch) -> None:
    scratch.treaty("hook", "install")
    scratch.edit(SCHEMA, "minimum: 0", "minimum: 0\n  nick: {type: string}")
    scratch.edit(MAIN, "version: 1.0.0", "version: 1.1.0")
    scratch.git("add", "--all")
    assert scratch.git("commit", "--message", "nick", check=False).code == 0
    scratch.edit(SCHEMA, "nick: {type: string}", "nick: {type: string}\n  color: {type: string}")
    scratch.git("add", "--all")

    second = scratch.git("commit", "--message", "color", check=False)

    assert (second.code, second.err) == (0, "")


def test_the_push_hook_judges_the_whole_branch(scratch: Scratch) -> None:
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.commit("past the hook")

    ran = scratch.treaty("hook", "pre-push", "origin", "file:///nowhere")

    assert ran.code == 1
    assert "push blocked" in ran.err


@pytest.mark.parametrize(
    ("pushed", "code"),
    [
        ("broken", 1),
        ("main", 0),
        ("main broken", 1),
        ("--delete broken", 0),
    ],
)
def test_what_is_pushed_is_judged_whatever_is_checked_out(
    scratch: Scratch, tmp_path: Path, pushed: str, code: int
) -> None:
    scratch.run("git", "init", "--quiet", "--bare", str(tmp_path / "remote"))
    scratch.git("remote", "add", "origin", str(tmp_path / "remote"))
    main = scratch.git("branch", "--show-current").out.strip()
    scratch.git("push", "--quiet", "origin", main)
    scratch.git("checkout", "--quiet", "-b", "broken")
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.commit("past the hook")
    if "--delete" in pushed:
        scratch.git("push", "--quiet", "origin", "broken")
    scratch.git("checkout", "--quiet", main)
    scratch.treaty("hook", "install", "--event", "pre-push")

    ran = scratch.git("push", "--quiet", "origin", *pushed.replace("main", main).split(), check=False)

    assert (ran.code, "push blocked" in ran.err) == (code, bool(code)), ran.err


def test_a_hook_somebody_else_wrote_is_left_alone(scratch: Scratch) -> None:
    scratch.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")

    ran = scratch.treaty("hook", "install")

    assert ran.code == 2
    assert "was not written by treaty" in ran.err


@pytest.mark.slow
def test_the_pre_commit_framework_runs_the_offered_hook(scratch: Scratch, tmp_path: Path) -> None:
    repository = Path(__file__).parents[3]
    hooks = tmp_path / "hooks"
    scratch.run("git", "clone", "--quiet", str(repository), str(hooks))
    scratch.run("cp", str(repository / ".pre-commit-hooks.yaml"), str(hooks))
    # `language: system` keeps the test off the package index; everything else is as offered.
    text = (hooks / ".pre-commit-hooks.yaml").read_text().replace("language: python", "language: system")
    (hooks / ".pre-commit-hooks.yaml").write_text(text)
    scratch.run("git", "-C", str(hooks), "commit", "--quiet", "--all", "--message", "system", check=False)
    revision = scratch.run("git", "-C", str(hooks), "rev-parse", "HEAD").out.strip()
    scratch.write(
        ".pre-commit-config.yaml",
        f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks: [{{id: treaty-check}}]\n",
    )
    scratch.commit("hooks")
    scratch.run(sys.executable, "-m", "pre_commit", "install")
    scratch.edit(SCHEMA, "maxLength: 40", "maxLength: 20")
    scratch.edit(MAIN, "version: 1.0.0", "version: 1.1.0")
    scratch.git("add", "--all")

    blocked = scratch.git("commit", "--message", "shorter names", check=False)
    scratch.edit(SCHEMA, "maxLength: 20", "maxLength: 40")
    scratch.edit(MAIN, "version: 1.1.0", "version: 1.0.0")
    scratch.git("add", "--all")
    scratch.write("NOTES", "x")
    scratch.git("add", "--all")
    passed = scratch.git("commit", "--message", "as before", check=False)

    assert blocked.code == 1
    assert "max-length-lowered" in blocked.out + blocked.err
    assert passed.code == 0, passed.out + passed.err
