"""What people put into their pipelines: valid files, and scripts tried with a `gh` that only records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration.governance.scratch import Scratch

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


def test_a_letter_is_not_cut_in_half(tmp_path: Path) -> None:
    _, calls = comment(tmp_path, report=f"{MARKER}x" + "é" * 40_000, pull="7", existing="")

    body = str(calls[-1]["body"])
    assert set(body.removeprefix(f"{MARKER}x")) == {"é"}


@pytest.mark.parametrize(("broken", "code"), [(False, 0), (True, 1)])
def test_one_run_of_the_gate_writes_every_report(tmp_path: Path, broken: bool, code: int) -> None:
    scratch = Scratch(tmp_path / "repository")
    contract = "openapi: 3.1.0\ninfo: {title: Bets, version: 1.0.0}\npaths: {/v1/bets: {get: {responses: {}}}}\n"
    scratch.write("api/v1/openapi.yaml", contract)
    scratch.commit("1.0.0")
    if broken:
        scratch.write("api/v1/openapi.yaml", contract.replace("get", "post"))
    out, summary, output = tmp_path / "out", tmp_path / "summary", tmp_path / "output"

    done = subprocess.run(
        ["bash", CI / "github/check.sh"],
        cwd=scratch.root,
        env={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "OUT": str(out),
            "AGAINST": "HEAD", "CONTRACTS": "api", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == code, done.stderr
    assert output.read_text() == f"exit-code={code}\n"
    assert summary.read_text() == (out / "comment.md").read_text()
    assert summary.read_text().startswith(MARKER)
    assert bool(done.stdout.startswith("::error ")) == broken
    results = json.loads((out / "treaty.sarif").read_text())["runs"][0]["results"]
    assert bool(results) == broken == bool(json.loads((out / "treaty.json").read_text())["contracts"])
