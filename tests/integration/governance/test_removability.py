"""`treaty can-remove` and `treaty deprecations`: answers with their evidence, and the list in every format."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from tests.integration.governance.scratch import Scratch

from treaty.cli.program import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

API = "api/v1/openapi.yaml"
POLICY = """\
contracts:
  api: {{path: "api/v*/openapi.yaml", owner: "@platform"}}
lifecycle: {{min_notice: 90d, sunset_required: true}}
{registry}
"""
CONTRACT = """\
openapi: 3.1.0
info: {{title: Bets, version: {version}}}
paths:
  /v{major}/bets:
    get: {{operationId: listBets, responses: {{"200": {{description: ok}}}}}}
{old}"""
OLD = """\
  /v1/old:
    get:
      operationId: listOld
      deprecated: true
      x-lifecycle: {deprecated_since: 1.1.0, removed_in: 2.0.0, sunset: 2026-06-30, replaced_by: GET /v1/bets}
      responses: {"200": {description: ok}}
"""
PLAIN = OLD.replace("      deprecated: true\n", "").replace(OLD.splitlines(keepends=True)[4], "")
USES = [
    {"contract": "api", "element": "GET /v1/old", "consumer": "arcade", "day": "2026-06-20", "count": 4},
    {"contract": "api", "element": "listOld", "consumer": "arcade", "day": "2026-06-28", "count": 3},
    {"contract": "api", "element": "GET /v1/bets", "consumer": "lobby", "day": "2026-06-28", "count": 9},
]


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """1.0.0, 1.1.0 with the deprecation, and 2.0.0 beside it without the operation."""
    made = Scratch(tmp_path, POLICY.format(registry=""))
    made.write(API, CONTRACT.format(version="1.0.0", major=1, old=PLAIN))
    made.commit(tag="v1.0.0")
    made.on("2026-02-01").write(API, CONTRACT.format(version="1.1.0", major=1, old=OLD))
    made.commit(tag="v1.1.0")
    made.on("2026-05-01").write("api/v2/openapi.yaml", CONTRACT.format(version="2.0.0", major=2, old=""))
    made.commit(tag="v2.0.0")
    return made


def treaty(scratch: Scratch, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "treaty", *arguments],
        cwd=scratch.root, env={"PATH": os.environ["PATH"], "NO_COLOR": "1", "TREATY_TODAY": str(scratch.today)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def asked(scratch: Scratch, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    """The same in this process, which is faster."""
    monkeypatch.chdir(scratch.root)
    monkeypatch.setenv("TREATY_TODAY", str(scratch.today))
    done = CliRunner().invoke(program, arguments, standalone_mode=False)
    assert done.exception is None, done.exception
    return int(done.return_value or 0), done.output


@pytest.mark.parametrize(
    ("day", "answer", "unmet"),
    [
        ("2026-03-01", "no", {"removal-before-sunset", "removal-inside-notice"}),
        ("2026-06-01", "no", {"removal-before-sunset"}),
        ("2026-07-01", "yes", set()),
    ],
)
def test_an_element_may_go_when_its_time_has_come(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch, day: str, answer: str, unmet: set[str]
) -> None:
    scratch.on(day)

    code, printed = asked(scratch, monkeypatch, "can-remove", "GET /v1/old", "--format", "json")

    told = json.loads(printed)
    assert told["answer"] == answer
    assert {each["rule"] for each in told["conditions"] if each["met"] is not True} == unmet
    assert code == {"yes": 0, "no": 1}[answer]


def test_what_nobody_deprecated_stays(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    code, printed = asked(scratch, monkeypatch, "can-remove", "GET /v1/bets")

    assert code == 1
    assert "never marked deprecated" in printed


def test_an_element_that_does_not_exist_is_told(scratch: Scratch) -> None:
    code, printed = treaty(scratch, "can-remove", "GET /v1/odl")

    assert code == 2
    assert "GET /v1/old" in printed, "and what was meant"


@pytest.mark.parametrize("lines", [True, False])
def test_who_still_uses_it_is_evidence(scratch: Scratch, monkeypatch: pytest.MonkeyPatch, lines: bool) -> None:
    scratch.on("2026-07-01")
    uses = scratch.root / "uses.json"
    uses.write_text("\n".join(map(json.dumps, USES)) if lines else json.dumps(USES))

    code, printed = asked(scratch, monkeypatch, "can-remove", "listOld", "--usage", str(uses), "--format", "json")

    told = json.loads(printed)
    assert (code, told["answer"]) == (1, "no")
    assert told["consumers"] == [{"name": "arcade", "times": 7, "last": "2026-06-28"}]


def test_broken_usage_is_told_with_its_line(scratch: Scratch) -> None:
    (scratch.root / "uses.json").write_text(f"{json.dumps(USES[0])}\n{{\n")

    code, printed = treaty(scratch.on("2026-07-01"), "can-remove", "listOld", "--usage", "uses.json")

    assert code == 3
    assert "uses.json:2" in printed


class Registry(BaseHTTPRequestHandler):
    """A registry that answers usage page by page."""

    asked_for: ClassVar[list[tuple[str, str | None]]] = []
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        self.asked_for.append((self.path, self.headers.get("Authorization")))
        second = "cursor=" in self.path
        page = {
            "items": USES[1:] if second else USES[:1],
            "has_more": not second,
            "next_cursor": None if second else "c",
        }
        body = json.dumps(page).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the base class
        """Nothing."""


@pytest.fixture
def registry(scratch: Scratch) -> Iterator[type[Registry]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    scratch.write("treaty.yaml", POLICY.format(registry=f"registry: {{url: 'http://127.0.0.1:{server.server_port}'}}"))
    Registry.asked_for.clear()
    Registry.status = 200
    yield Registry
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_registry_of_the_policy_is_asked(
    scratch: Scratch, registry: type[Registry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREATY_REGISTRY_TOKEN", "secret")
    code, printed = asked(scratch.on("2026-07-01"), monkeypatch, "can-remove", "GET /v1/old", "--format", "json")

    assert (code, json.loads(printed)["consumers"][0]["times"]) == (1, 7)
    assert [path.partition("?")[0] for path, _ in registry.asked_for] == ["/v1/contracts/api/usage"] * 2
    assert {token for _, token in registry.asked_for} == {"Bearer secret"}


def test_a_registry_that_does_not_answer_leaves_the_answer_open(
    scratch: Scratch, registry: type[Registry], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.status = 503
    code, printed = asked(scratch.on("2026-07-01"), monkeypatch, "can-remove", "GET /v1/old")

    assert code == 3
    assert "503" in printed


def test_the_list_says_the_same_in_every_format(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = {
        name: asked(scratch, monkeypatch, "deprecations", "--format", name)[1]
        for name in ("text", "json", "csv", "markdown", "svg", "html")
    }

    (told,) = json.loads(printed["json"])["deprecations"]
    assert told["element"] == "GET /v1/old"
    assert (told["sunset"], told["days_left"], told["age_days"]) == ("2026-06-30", 60, 89)
    assert (told["owner"], told["replaced_by"], told["standing"]) == ("@platform", "GET /v1/bets", "deprecated")
    (read,) = csv.DictReader(io.StringIO(printed["csv"]))
    assert {name: value.removeprefix("'") for name, value in read.items()} == {
        name: "" if value is None else str(value) for name, value in told.items()
    }
    svg = ElementTree.fromstring(printed["svg"])
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    for name in ("text", "markdown", "html", "svg"):
        assert "GET /v1/old" in printed[name], name
        assert "2026-06-30" in printed[name], name
    assert "<svg" in printed["html"]


def test_only_what_ends_soon_is_listed_when_asked(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = [
        len(
            json.loads(asked(scratch, monkeypatch, "deprecations", "--within", days, "--format", "json")[1])[
                "deprecations"
            ]
        )
        for days in ("59", "60")
    ]
    assert counts == [0, 1]
