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


def test_what_is_drawn_in_has_the_subject_of_its_own_contract(work: Workplace) -> None:
    work.edit("treaty.yaml", "v*/events/*.avsc", "v*/events/*.avsc\n    subject: '{contract}/{record}'")

    rows = work.publish("provider-events")

    assert "events/platform.events.v1.Envelope" in rows
    assert "platform.events.v1.Envelope" not in rows
    drawn_in = {subject for subject in rows if subject.startswith("events/")}
    assert {row["result"] for subject, row in work.publish("events").items() if subject in drawn_in} == {"unchanged"}


def test_the_gate_judges_each_schema_once(work: Workplace) -> None:
    subjects = work.publish()

    report = json.loads(work.treaty("check", "--against", "registry:", "--format", "json").out)

    assert (report["unchanged"], report["contracts"]) == (len(subjects), [])


def test_what_somebody_answers_for_is_registered(work: Workplace) -> None:
    work.publish("events")
    assert work.api("PUT", "/config", {"compatibility": "NONE"})[0] == 200
    work.edit(SETTLED, '"type": "boolean"', '"type": "string"')
    (refused,) = [row for row in work.publish("events").values() if row["result"] == "refused"]
    (change,) = refused["refused_by"]  # type: ignore[misc]  # a list, as the command prints it
    waiver = {
        "fingerprints": [change["fingerprint"]],
        "contract": "events",
        "owner": "@platform-events",
        "reason": "Nobody reads it yet.",
        "expires": "2026-12-24",
    }
    folder = work.folder / ".treaty" / "waivers"
    folder.mkdir(parents=True)
    (folder / "bonus.json").write_text(json.dumps(waiver))

    checked = work.treaty("check", "events", "--against", "registry:", TREATY_TODAY="2026-12-01")
    assert (checked.code, "waived" in checked.out) == (0, True), checked.out
    ran = work.treaty("registry", "publish", "events", TREATY_TODAY="2026-12-01")
    assert ran.code == 0, ran.out
    assert "registered  platform.events.v1.BetSettled  version 2" in ran.out


def test_a_policy_that_makes_nothing_of_a_change(work: Workplace) -> None:
    work.publish("events")
    assert work.api("PUT", "/config", {"compatibility": "NONE"})[0] == 200
    work.edit(SETTLED, '"type": "boolean"', '"type": "string"')
    work.edit("treaty.yaml", "lifecycle: {", "rules: {avro-type-changed: risky}\nlifecycle: {")

    assert work.treaty("check", "events", "--against", "registry:").code == 0
    assert work.publish("events")["platform.events.v1.BetSettled"]["result"] == "registered"


def test_what_the_registry_would_refuse_is_known_before_anything_is_registered(work: Workplace) -> None:
    work.publish("events")
    work.edit("treaty.yaml", "  events:\n", "  events:\n    rules: {avro-type-changed: risky}\n")
    work.edit(SETTLED, '"type": "boolean"', '"type": "string"')
    work.edit(SETTLED.replace("BetSettled", "SessionEnded"), '"doc": "', '"doc": "New. ')

    ran = work.treaty("registry", "publish", "events")

    assert ran.code == 1, ran.err
    assert "new         platform.events.v1.SessionEnded" in ran.out
    assert "the registry: " in ran.out
    assert work.api("GET", "/subjects/platform.events.v1.SessionEnded/versions") == (200, [1])


def test_the_gate_tells_what_the_registry_does_not_have_yet(work: Workplace) -> None:
    ran = work.treaty("check", "webhooks", "--against", "registry:", "--format", "json")

    assert ran.code == 0, ran.err
    contracts = json.loads(ran.out)["contracts"]
    assert {contract["state"] for contract in contracts} == {"new"}
    assert len(contracts) == 20


def test_changes_are_told_at_lines_that_somebody_wrote(work: Workplace) -> None:
    work.publish("webhooks")
    path = "contracts/webhooks/v1/bet.settled.schema.json"
    work.edit(path, '"required": [', '"required": ["table", ')

    ran = work.treaty("check", "webhooks", "--against", "registry:", "--format", "json")

    places = [change["revision"] for each in json.loads(ran.out)["contracts"] for change in each["changes"]]
    length = {place["file"]: len((work.folder / place["file"]).read_text().splitlines()) for place in places if place}
    assert places
    assert all(place is None or place["line"] <= length[place["file"]] for place in places)


def test_credentials_stay_out_of_addresses(work: Workplace) -> None:
    ran = work.treaty("registry", "publish", TREATY_REGISTRY_URL="http://ann:secret@127.0.0.1:9")

    assert ran.code == 2
    assert "secret" not in ran.out + ran.err
    assert "TREATY_REGISTRY_PASSWORD" in ran.err


def test_protobuf_files_are_pulled_to_where_they_are_imported_from(work: Workplace) -> None:
    money = 'syntax = "proto3";\npackage shop;\n\nmessage Money {\n  int64 units = 1;\n}\n'
    order = (
        'syntax = "proto3";\npackage shop;\n\nimport "shop/money.proto";\n\nmessage Order {\n  Money total = 1;\n}\n'
    )
    work.api.register("money", money, "PROTOBUF")
    work.api.register(
        "orders-value", order, "PROTOBUF", references=[{"name": "shop/money.proto", "subject": "money", "version": 1}]
    )

    assert work.treaty("registry", "pull", "--out", "pulled", "orders-value@1").code == 0

    pulled = work.folder / "pulled"
    assert sorted(str(file.relative_to(pulled)) for file in pulled.rglob("*.*")) == [
        "orders-value.proto",
        "shop/money.proto",
    ]
    same = work.treaty("diff", "pulled/orders-value.proto", "pulled/orders-value.proto")
    assert same.code == 0, same.err


def test_what_was_pulled_is_what_was_published(work: Workplace) -> None:
    work.publish("events")
    work.treaty("registry", "pull", "--out", "pulled")
    work.edit("treaty.yaml", "contracts/provider-events/v*/events/*.avsc", "pulled/*.avsc")

    assert results(work.publish("events")) == {"unchanged"}


def test_no_name_in_a_registry_leads_out_of_the_folder(work: Workplace) -> None:
    work.api.register("..%2Fescape", '{"type":"object"}', "JSON")
    reference = {"name": "../outside.json", "subject": "../escape", "version": 1}
    work.api.register("a", '{"$ref":"../outside.json"}', "JSON", references=[reference])

    assert work.treaty("registry", "pull", "--out", "pulled", "a").code == 0

    assert {file.name for file in work.folder.glob("**/*.json") if "contracts" not in file.parts} == {
        "..%2Fescape.schema.json",
        "a.schema.json",
    }
    assert {file.name for file in (work.folder / "pulled").iterdir()} == {"..%2Fescape.schema.json", "a.schema.json"}
