"""What people put into their pipelines: valid files, and scripts tried with a `gh` that only records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CI = ROOT / "ci"
MARKER = "<!-- treaty:report -->"
GH = """#!/usr/bin/env python3
import json, os, sys
arguments = sys.argv[1:]
body = next((open(each.removeprefix("body=@")).read() for each in arguments if each.startswith("body=@")), None)
with open(os.environ["GH_LOG"], "a") as log:
    log.write(json.dumps({"arguments": arguments, "body": body}) + "\\n")
path = next(each for each in arguments if each.startswith("repos/"))
if path.endswith("/pulls"):
    print(os.environ["GH_PULL"])
elif path.endswith("/comments") and "--method" not in arguments:
    print(os.environ["GH_COMMENT"])
"""


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "github/action.yml"),
        ("vendor.github-workflows", "github/workflows/treaty.yml"),
        ("vendor.github-workflows", "github/workflows/treaty-comment.yml"),
        ("vendor.gitlab-ci", "gitlab/treaty.gitlab-ci.yml"),
    ],
)
def test_the_files_are_valid(schema: str, file: str) -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run([checker, "--builtin-schema", schema, CI / file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_what_a_pull_request_brings_never_runs_with_a_token_that_may_write() -> None:
    import yaml

    reading = yaml.safe_load((CI / "github/workflows/treaty.yml").read_text())
    writing = yaml.safe_load((CI / "github/workflows/treaty-comment.yml").read_text())
    assert reading["permissions"] == {"contents": "read"}
    checkouts = [step for step in writing["jobs"]["comment"]["steps"] if "checkout" in step.get("uses", "")]
    assert [step["with"]["ref"] for step in checkouts] == ["v0.1.0"]
    for workflow in (reading, writing):
        for step in next(iter(workflow["jobs"].values()))["steps"]:
            assert "${{" not in step.get("run", ""), "an expression in a script is a way to inject"


def comment(folder: Path, *, report: str, pull: str, existing: str) -> tuple[int, list[dict[str, object]]]:
    gh = folder / "gh"
    gh.write_text(GH)
    gh.chmod(0o755)
    (folder / "comment.md").write_text(report)
    log = folder / "log"
    done = subprocess.run(
        ["bash", CI / "github/comment.sh"],
        env={
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "GH_LOG": str(log), "GH_PULL": pull,
            "GH_COMMENT": existing, "GITHUB_REPOSITORY": "acme/contracts", "HEAD_OWNER": "ada", "HEAD_BRANCH": "next",
            "HEAD_SHA": "abc", "REPORT": str(folder / "comment.md"),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    calls = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    return done.returncode, calls


@pytest.mark.parametrize(
    ("existing", "method", "path"),
    [
        ("", "POST", "repos/acme/contracts/issues/7/comments"),
        ("41", "PATCH", "repos/acme/contracts/issues/comments/41"),
    ],
)
def test_one_comment_is_kept_up_to_date(tmp_path: Path, existing: str, method: str, path: str) -> None:
    report = f"{MARKER}\n## Fine\n"

    code, calls = comment(tmp_path, report=report, pull="7", existing=existing)

    assert code == 0
    assert calls[-1]["body"] == report
    arguments = calls[-1]["arguments"]
    assert isinstance(arguments, list)
    assert arguments[arguments.index("--method") + 1] == method
    assert path in arguments


@pytest.mark.parametrize(
    ("report", "pull", "code"), [("", "7", 0), ("no marker", "7", 1), (f"{MARKER}\n", "", 0)], ids=str
)
def test_nothing_is_posted_that_should_not_be(tmp_path: Path, report: str, pull: str, code: int) -> None:
    ended, calls = comment(tmp_path, report=report, pull=pull, existing="")

    assert ended == code
    assert not any("body=@" in str(call["arguments"]) for call in calls)


def test_a_long_report_is_cut_to_what_a_comment_takes(tmp_path: Path) -> None:
    _, calls = comment(tmp_path, report=MARKER + "x" * 100_000, pull="7", existing="")

    assert len(str(calls[-1]["body"])) == 65_000
