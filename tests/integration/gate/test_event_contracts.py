"""Avro, JSON Schema, Protobuf and AsyncAPI contracts behind the gate: what a user reads about a break in each."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from conftest import Scratch

CONTRACTS = Path(__file__).parents[3] / "contracts"
AVRO = "contracts/provider-events/v1/events/platform.events.v1.BetSettled.avsc"
JSON = "contracts/webhooks/v1/bet.settled.schema.json"
PROTO = "contracts/wallet/v1/wallet.proto"
MESSAGES = "contracts/provider-events/v1/messages.yaml"
POLICY = """\
edition: "2026.1"
contracts:
  provider-events: {path: contracts/provider-events/v*/asyncapi.yaml, mode: FULL_TRANSITIVE}
  events: {path: contracts/provider-events/v*/events/*.avsc, mode: FULL_TRANSITIVE}
  webhooks: {path: contracts/webhooks/v*/*.schema.json, mode: FORWARD_TRANSITIVE, content: tolerant}
  wallet: {path: contracts/wallet/v*/*.proto, mode: FULL_TRANSITIVE}
"""


class Break(NamedTuple):
    """An edit of one line of ``file``, and what has to be said: of ``contract`` at a line that holds ``at``."""

    contract: str
    file: str
    old: str
    new: str
    rule: str
    element: str
    at: str
    witness: str
    reason: str


BREAKS = {
    "avro": Break(
        "events", AVRO, '"name": "in_bonus", "type": "boolean"', '"name": "in_bonus", "type": "string"',
        "avro-type-changed", "platform.events.v1.BetSettledPayload.in_bonus", '"type": "string"',
        '"in_bonus": false', "boolean is written, string is expected",
    ),
    "json-schema": Break(
        "webhooks", JSON, '"win", "in_bonus"]', '"win"]',
        "property-became-optional", "schema $.payload.in_bonus", '"in_bonus"',
        '"bet_id": "b_001"', "'in_bonus' is a required property",
    ),
    "protobuf": Break(
        "wallet", PROTO, "int64 minor_units = 1;", "int64 minor_units = 9;",
        "proto-field-renumbered", "wallet.v1.Money.minor_units", "minor_units = 9",
        '{"minorUnits": "1"}', "minor_units is not seen",
    ),
    "asyncapi": Break(
        "provider-events", MESSAGES, ", trace_id]", "]",
        "property-became-optional", "send bet.authorized message bet.authorized headers $.trace_id", "trace_id:",
        '"event_type": "bet.settled"', "'trace_id' is a required property",
    ),
}  # fmt: skip


NOTE = '{ "name": "note", "type": "string", "default": "" }, { "name": "in_bonus"'


@pytest.fixture
def events(scratch: Scratch) -> Scratch:
    """The event contracts of this repository, committed on main, with `next` on top."""
    scratch.git("checkout", "--quiet", "main")
    shutil.rmtree(scratch.root / "contracts")
    for folder in ("common", "provider-events", "wallet", "webhooks"):
        shutil.copytree(CONTRACTS / folder, scratch.root / "contracts" / folder)
    scratch.write("treaty.yaml", POLICY)
    scratch.commit("Events")
    scratch.git("checkout", "--quiet", "-B", "next")
    return scratch


@pytest.mark.parametrize("case", BREAKS.values(), ids=BREAKS.keys())
def test_a_break_is_blocked_with_its_place_and_a_message_that_shows_it(events: Scratch, case: Break) -> None:
    events.edit(case.file, case.old, case.new)
    lines = (events.root / case.file).read_text("utf-8").splitlines()
    events.git("add", "--all")

    checked = events.treaty("check", "--format", "json")
    hooked = events.treaty("hook", "pre-commit")

    assert (checked.code, checked.err) == (1, "")
    blocked = [each for each in json.loads(checked.out)["contracts"] if each["name"] == case.contract]
    (contract,) = [each for each in blocked if each["blocked"]]
    assert (contract["verdict"], contract["required_bump"]) == ("breaking", "major")
    (change,) = contract["changes"] if case.contract != "provider-events" else contract["changes"][:1]
    assert (change["rule"], change["element"], change["level"]) == (case.rule, case.element, "breaking")
    place = change["revision"]
    assert place["file"] == case.file
    assert case.at in lines[place["line"] - 1][place["column"] - 1 :]
    assert case.witness in json.dumps(change["witness"]["value"])
    assert case.reason in change["witness"]["reason"]

    assert hooked.code == 1
    assert f"(staged) {case.file}:{place['line']}  " in hooked.err + hooked.out
    assert f"[{case.rule}]" in hooked.err + hooked.out


def test_the_report_for_people_has_one_screen_a_break(events: Scratch) -> None:
    case = BREAKS["protobuf"]
    events.edit(case.file, case.old, case.new)

    ran = events.treaty("check", "wallet")

    assert ran.code == 1
    assert "FULL_TRANSITIVE, 1 version" in ran.out.splitlines()[0]
    assert f"{PROTO}:51:3   (was :51:3)" in ran.out
    assert "as bytes 0801" in ran.out
    assert "treaty explain proto-field-renumbered" in ran.out


@pytest.mark.parametrize(
    ("file", "old", "new", "bump"),
    [
        (AVRO, '{ "name": "in_bonus"', NOTE, "minor"),
        (AVRO, "Whether the stake came from a bonus.", "If the stake came from a bonus.", "patch"),
        (JSON, '"in_bonus": {', '"note": { "type": "string" }, "in_bonus": {', "minor"),
        (PROTO, "  string currency = 2;", "  string currency = 2;\n  string note = 3;", "minor"),
        (PROTO, "// ISO 4217 alphabetic code.", "// ISO 4217, in letters.", "patch"),
    ],
)  # fmt: skip
def test_what_breaks_nobody_passes(events: Scratch, file: str, old: str, new: str, bump: str) -> None:
    events.edit(file, old, new)
    events.git("add", "--all")

    contracts = json.loads(events.treaty("check", "--format", "json").out)["contracts"]

    (contract,) = [each for each in contracts if each["path"] == file]
    assert (contract["blocked"], contract["required_bump"]) == (False, bump)


def test_two_folders_are_one_report(events: Scratch) -> None:
    shutil.copytree(events.root / "contracts", events.root / "old")
    for name in ("avro", "json-schema", "protobuf", "asyncapi"):
        case = BREAKS[name]
        events.edit(case.file, case.old, case.new)

    ran = events.treaty("diff", "old/", "contracts/")
    machine = events.treaty("diff", "old/", "contracts/", "--format", "json")

    assert (ran.code, machine.code) == (1, 1)
    for case in BREAKS.values():
        assert case.rule in ran.out
        assert f"{case.file}:" in ran.out
    rules = {change["rule"] for each in json.loads(machine.out)["contracts"] for change in each["changes"]}
    assert {case.rule for case in BREAKS.values()} <= rules


AVSC = '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}'
SCHEMA = '{"$schema": "https://json-schema.org/draft/2020-12/schema", '
SYNTAX = 'syntax = "proto3";\n'
HEAD = "asyncapi: 3.0.0\ninfo: {title: T, version: 1.0.0}\n"
GOOD = {
    ".avsc": AVSC,
    ".json": SCHEMA + '"type": "object"}',
    ".proto": SYNTAX + "message M { int32 a = 1; }\n",
    ".yaml": HEAD + "channels: {}\n",
}
DEEP = 10_000
TOO_DEEP = ": nested deeper than 254 levels"


def _asyncapi(payload: str) -> str:
    return f"""{HEAD}channels:
  c:
    address: c
    messages:
      m: {{payload: {payload}}}
operations:
  o: {{action: send, channel: {{$ref: "#/channels/c"}}}}
"""


def _avro(schema: str) -> str:
    return _asyncapi(f'{{schemaFormat: "application/vnd.apache.avro;version=1.9.0", schema: {schema}}}')


BAD: dict[str, tuple[str, str | bytes, str]] = {
    "avro, no fields": (".avsc", '{"type": "record", "name": "R"}', ":1:1: record needs `fields`"),
    "avro, a dangling name": (".avsc", AVSC.replace('"int"', '"Nope"'), ":1:58: nothing defines the type Nope"),
    "avro, a symbol twice": (".avsc", '{"type": "enum", "name": "E", "symbols": ["A", "A"]}', ":1:48: the symbol 'A'"),
    "avro, cut off": (".avsc", AVSC[:60], ": not valid JSON"),
    "avro, no utf-8": (".avsc", b'{"type": "record", "name": "\xff"}', ":1:29: not UTF-8"),
    "avro, empty": (".avsc", "", ": the file is empty"),
    "avro, deep": (".avsc", '{"type": "array", "items": ' * DEEP + '"int"' + "}" * DEEP, TOO_DEEP),
    "json, no type": (".json", SCHEMA + '"type": "strin"}', ':1:61: `type` of JSON Schema 2020-12 cannot be "strin"'),
    "json, no pattern": (".json", SCHEMA + '"pattern": "("}', ":1:61: the pattern '(' is no regular expression"),
    "json, a dangling reference": (".json", SCHEMA + '"$ref": "#/$defs/x"}', ":1:61: the reference '#/$defs/x'"),
    "json, references in a circle": (
        ".json", SCHEMA + '"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}', "leads only to itself",
    ),
    "json, an unknown dialect": (".json", '{"$schema": "https://example.com/x"}', ":1:2: the dialect 'https://example.com/x'"),
    "json, no utf-8": (".json", b'{"title": "\xff"}', ":1:12: not UTF-8"),
    "json, empty": (".json", " \n", ": the file is empty"),
    "json, deep": (".json", SCHEMA + '"x": ' + '{"not": ' * DEEP + "{}" + "}" * DEEP + "}", TOO_DEEP),
    "protobuf, no number": (".proto", SYNTAX + "message M { int32 a = ; }\n", ":2:23: Expected field number"),
    "protobuf, a dangling name": (".proto", SYNTAX + "message M { Nope a = 1; }\n", ':2:13: "Nope" is not defined'),
    "protobuf, imports in a circle": (".proto", SYNTAX + 'import "new.proto";\n', ":2:1: the imports lead round"),
    "protobuf, an invalid default": (
        ".proto", 'syntax = "proto2";\nmessage M { optional int32 a = 1 [default = "x"]; }\n', ":2:45: Expected",
    ),
    "protobuf, no utf-8": (".proto", SYNTAX.encode() + b"message \xff {}\n", ":2:9: not UTF-8"),
    "protobuf, empty": (".proto", "", ": the file is empty"),
    "protobuf, deep": (".proto", SYNTAX + "message M {" * DEEP + "}" * DEEP, ":2:342: Reached maximum recursion"),
    "asyncapi, a version nobody knows": (".yaml", HEAD.replace("3.0.0", "9.0.0"), ":1:1: asyncapi '9.0.0' is not"),
    "asyncapi, a dangling reference": (".yaml", _asyncapi('{$ref: "#/components/schemas/X"}'), ":7:21: the reference"),
    "asyncapi, an invalid schema": (".yaml", _asyncapi("{type: strin}"), ":7:21: `type` of JSON Schema"),
    "asyncapi, an invalid avro schema": (".yaml", _avro("{type: record, name: R}"), ": record needs `fields`"),
    "asyncapi, a dangling avro name": (".yaml", _avro("{type: array, items: Nope}"), ": nothing defines the type Nope"),
    "asyncapi, no utf-8": (".yaml", b"asyncapi: 3.0.0\ninfo: {title: '\xff'}\n", ":2:16: not UTF-8"),
    "asyncapi, empty": (".yaml", "", ": the file is empty"),
    "asyncapi, deep": (".yaml", f"{HEAD}x-a: {'[' * DEEP}{']' * DEEP}\n", f":3:259{TOO_DEEP}"),
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "content", "message"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_told_with_its_place(scratch: Scratch, suffix: str, content: str | bytes, message: str) -> None:
    scratch.write(f"old{suffix}", GOOD[suffix])
    (scratch.root / f"new{suffix}").write_bytes(content if isinstance(content, bytes) else content.encode())

    ran = scratch.treaty("diff", f"old{suffix}", f"new{suffix}")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"treaty: new{suffix}:")
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_a_default_that_does_not_fit_is_a_break_at_its_place(scratch: Scratch) -> None:
    scratch.write("old.avsc", AVSC)
    scratch.write("new.avsc", AVSC.replace('"int"', '"int", "default": "x"'))

    ran = scratch.treaty("diff", "old.avsc", "new.avsc")

    assert (ran.code, ran.err) == (1, "")
    assert "avro-default-invalid" in ran.out
    assert "new.avsc:1:73" in ran.out


def test_fifty_thousand_fields_that_came_are_told_in_seconds(scratch: Scratch) -> None:
    fields = [{"name": f"field_{number}", "type": "string"} for number in range(50_000)]
    scratch.write("old.avsc", AVSC)
    scratch.write("new.avsc", json.dumps({"type": "record", "name": "R", "fields": fields}))

    ran = scratch.treaty("diff", "old.avsc", "new.avsc", "--format", "json")

    assert (ran.code, ran.err) == (1, "")
    assert len(json.loads(ran.out)["changes"]) == 50_001
