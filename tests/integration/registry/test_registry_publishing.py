"""From git to a registry and back: publish, the gate against what services fetch, pull."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.registry.live_server import Api

ROOT = Path(__file__).parents[3]
SETTLED = "contracts/provider-events/v1/events/platform.events.v1.BetSettled.avsc"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Workplace:
    """A repository with the contracts of this one, beside a running registry."""

    folder: Path
    api: Api

    def treaty(self, *arguments: str, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "treaty", *arguments],
            cwd=self.folder,
            env={**os.environ, "TREATY_REGISTRY_URL": self.api.url, "NO_COLOR": "1", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def publish(self, *arguments: str) -> dict[str, dict[str, object]]:
        ran = self.treaty("registry", "publish", "--format", "json", *arguments)
        assert ran.code in (0, 1), ran.err
        return {row["subject"]: row for row in json.loads(ran.out)}

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.folder / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def work(api: Api, tmp_path: Path) -> Workplace:
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "contracts", folder / "contracts")
    shutil.copy(ROOT / "treaty.yaml", folder / "treaty.yaml")
    subprocess.run(["git", "init", "--quiet", "--initial-branch", "main"], cwd=folder, check=True)
    return Workplace(folder, api)


def results(rows: dict[str, dict[str, object]]) -> set[object]:
    return {row["result"] for row in rows.values()}


def test_everything_is_registered_once_what_is_referred_to_first(work: Workplace) -> None:
    planned = work.publish("--dry-run")
    assert results(planned) == {"new"}
    assert work.api("GET", "/subjects") == (200, [])

    first = work.publish()
    again = work.publish()

    assert results(first) == {"registered"}
    assert results(again) == {"unchanged"}
    assert {subject: row["version"] for subject, row in again.items()} == dict.fromkeys(first, 1)
    order = list(first)
    assert order.index("platform.events.v1.Money") < order.index("bet.settled-value")
    status, answer = work.api("GET", "/subjects/bet.settled-value/versions/1")
    assert status == 200
    assert isinstance(answer, dict)
    assert answer["references"] == [
        {"name": "platform.events.v1.Envelope", "subject": "platform.events.v1.Envelope", "version": 1},
        {"name": "platform.events.v1.Money", "subject": "platform.events.v1.Money", "version": 1},
    ]


def test_json_schemas_stand_alone_and_judge_as_their_files_do(work: Workplace) -> None:
    import jsonschema

    work.publish("webhooks")

    _, answer = work.api("GET", "/subjects/BetSettled/versions/1")
    assert isinstance(answer, dict)
    schema = json.loads(str(answer["schema"]))
    example = schema["examples"][0]
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(example)
    del example["payload"]["win"]["currency"]
    assert not validator.is_valid(example)


def test_what_the_gate_would_refuse_is_refused_and_nothing_is_registered(work: Workplace) -> None:
    work.publish()
    work.edit(SETTLED, '"type": "boolean"', '"type": "string"')
    work.edit("contracts/webhooks/v1/topic.schema.json", '"title": "Topic"', '"title": "Topic", "$comment": "new"')

    rows = work.publish()

    assert {subject for subject, row in rows.items() if row["result"] == "refused"} == {
        "bet.settled-value",
        "platform.events.v1.BetSettled",
    }
    assert rows["Topic"]["result"] == "new"
    assert work.api("GET", "/subjects/Topic/versions") == (200, [1])
    ran = work.treaty("registry", "publish", "events")
    assert ran.code == 1
    assert "breaking  avro-type-changed  platform.events.v1.BetSettledPayload.in_bonus" in ran.out
    assert "nothing was registered" in ran.out


def test_a_compatible_change_is_the_next_version(work: Workplace) -> None:
    work.publish("events")
    last = '{ "name": "in_bonus"'
    work.edit(SETTLED, last, '{ "name": "table", "type": "string", "default": "" }, ' + last)

    rows = work.publish("events")

    assert {subject: row["version"] for subject, row in rows.items() if row["result"] == "registered"} == {
        "platform.events.v1.BetSettled": 2
    }


def test_the_gate_against_the_registry(work: Workplace) -> None:
    work.publish("events")
    assert work.treaty("check", "events", "--against", f"registry:{work.api.url}").code == 0

    work.edit(SETTLED, '"type": "boolean"', '"type": "string"')
    ran = work.treaty("check", "events", "--against", "registry:", "--format", "json")

    assert ran.code == 1, ran.err
    (contract,) = json.loads(ran.out)["contracts"]
    (change,) = contract["changes"]
    assert (change["rule"], change["level"]) == ("avro-type-changed", "breaking")
    assert change["witness"]["confirmed_by"].startswith("fastavro")
    assert change["base"]["file"] == "platform.events.v1.BetSettled@1"


def test_a_registry_that_is_away(work: Workplace) -> None:
    for command in (("check", "--against", "registry:http://127.0.0.1:9"), ("registry", "publish")):
        ran = work.treaty(*command, TREATY_REGISTRY_URL="http://127.0.0.1:9")
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.startswith("treaty: no registry answers at http://127.0.0.1:9")


def test_pull_writes_what_is_asked_for_and_what_it_refers_to(work: Workplace) -> None:
    work.publish("events")

    ran = work.treaty("registry", "pull", "--out", "pulled", "platform.events.v1.BetSettled")

    assert ran.code == 0, ran.err
    pulled = work.folder / "pulled"
    assert {file.name for file in pulled.iterdir()} == {
        "platform.events.v1.BetSettled.avsc",
        "platform.events.v1.Envelope.avsc",
        "platform.events.v1.Money.avsc",
    }
    assert work.treaty("registry", "pull", "--out", "pulled", "--check", "platform.events.v1.BetSettled").code == 0
    (pulled / "platform.events.v1.Money.avsc").write_text("{}")
    stale = work.treaty("registry", "pull", "--out", "pulled", "--check", "platform.events.v1.BetSettled@1")
    assert stale.code == 1
    assert stale.out.startswith("stale  pulled/platform.events.v1.Money.avsc")


def test_subjects_by_strategy(work: Workplace) -> None:
    work.edit("treaty.yaml", "mode: FORWARD_TRANSITIVE", "mode: FORWARD_TRANSITIVE\n    subject: '{contract}.{topic}'")
    assert "webhooks.bet.settled" in work.publish("webhooks", "--dry-run")

    work.edit("treaty.yaml", "'{contract}.{topic}'", "'{team}'")
    ran = work.treaty("registry", "publish", "webhooks")
    assert ran.code == 2
    assert "asks for {team}" in ran.err
