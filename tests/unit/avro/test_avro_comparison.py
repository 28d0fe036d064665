"""What the cases do not show: places, elements, sites, witnesses, and schemas of unusual shapes and sizes."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import treaty
from treaty.changes.avro import compare
from treaty.changes.avro.evidence import OWN
from treaty.changes.change import Change, Effect, Level, Witness
from treaty.documents.schema_text import SchemaText
from treaty.errors import DocumentTooLarge, InvalidContract, UnresolvedReference
from treaty.model.roles import Role

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue


def record(name: str, *fields: JsonValue, **others: JsonValue) -> JsonValue:
    return {"type": "record", "name": name, "fields": list(fields), **others}


def field(name: str, type_: JsonValue, **others: JsonValue) -> JsonValue:
    return {"name": name, "type": type_, **others}


def changes(old: JsonValue, new: JsonValue, roles: Role = Role.BOTH) -> tuple[Change, ...]:
    return compare(SchemaText(old, name="old.avsc"), SchemaText(new, name="new.avsc"), roles=roles, strict=True)


def only(old: JsonValue, new: JsonValue, roles: Role = Role.BOTH) -> Change:
    found = changes(old, new, roles)
    assert len(found) == 1, [change.rule for change in found]
    return found[0]


def witness_of(change: Change) -> Witness:
    assert change.witness is not None
    return change.witness


OLD = """{
  "type": "record", "name": "Bet", "namespace": "platform",
  "fields": [
    {"name": "stake", "type": {"type": "record", "name": "Money", "fields": [
      {"name": "amount", "type": "long"}
    ]}},
    {"name": "wins", "type": {"type": "map", "values": ["null", {"type": "array", "items": "Money"}]}}
  ]
}"""
NEW = OLD.replace('"long"', '"string"')


def test_elements_sites_and_places() -> None:
    change = only(OLD, NEW)
    assert change.element == "platform.Money.amount"
    assert change.message == "`Money.amount` was long and is now string"
    assert change.sites == ("$.stake.amount", "$.wins.*[].amount")
    assert change.count == 2
    assert str(change.base) == "old.avsc:5:26"
    assert str(change.revision) == "new.avsc:5:26"
    assert (change.before, change.after) == ("long", "string")


def test_sites_of_what_is_inside_a_type_that_is_used_twice() -> None:
    def schema(scale: int) -> JsonValue:
        decimal = {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": scale}
        money = record("Money", field("amounts", {"type": "array", "items": decimal}))
        return record("R", field("stake", money), field("win", "Money"))

    change = only(schema(2), schema(4))
    assert change.element == "Money.amounts[]"
    assert change.sites == ("$.stake.amounts[]", "$.win.amounts[]")


def test_the_witness_is_a_whole_message() -> None:
    assert witness_of(only(OLD, NEW)) == Witness(
        value={"stake": {"amount": 0}, "wins": {}},
        accepted_by="base",
        refused_by="revision",
        reason="$.stake.amount: long is written, string is expected",
        confirmed_by=witness_of(only(OLD, NEW)).confirmed_by,
        wire="0000",
        at="$",
    )
    forward = witness_of(only(OLD, NEW, Role.WRITES))
    assert (forward.value, forward.accepted_by) == ({"stake": {"amount": ""}, "wins": {}}, "revision")


def test_a_cause_that_breaks_both_ways_is_one_change_in_both_roles() -> None:
    change = only(OLD, NEW)
    assert (change.effect, change.level, change.role) == (Effect.REPLACES, Level.BREAKING, Role.BOTH)
    assert only(OLD, NEW, Role.READS).role is Role.READS
    assert only(OLD, NEW, Role.READS).fingerprint == change.fingerprint


def test_every_incompatibility_is_listed() -> None:
    old = record("R", field("a", "int"), field("b", "string"), field("c", "bytes"))
    new = record("R", field("a", "string"), field("b", "boolean"), field("d", "int"))
    found = {change.element: change.rule for change in changes(old, new, Role.READS) if change.level == "breaking"}
    assert found == {
        "R.a": "avro-type-changed",
        "R.b": "avro-type-changed",
        "R.d": "avro-field-without-default-added",
    }


def test_the_witness_is_about_its_own_finding() -> None:
    """A reader stops at the first failure, so a part of the message shows the second."""
    old, new = (
        record("R", field("a", "int"), field("b", "string")),
        record("R", field("a", "string"), field("b", "int")),
    )
    first, second = (witness_of(change) for change in changes(old, new, Role.READS))
    assert (first.at, first.value) == ("$", {"a": 0, "b": ""})
    assert (second.at, second.value, second.wire) == ("$.b", "", "00")
    assert second.reason == "$.b: string is written, int is expected"
    assert second.confirmed_by.startswith("fastavro ")


def test_where_only_the_specification_refuses_the_witness_says_so() -> None:
    """fastavro resolves into the first branch with the unqualified name, the specification into the exact one."""
    old = record("X", field("bad", "int"))
    new = [record("n2.X", field("bad", "int")), record("X", field("bad", "string"))]
    change = next(change for change in changes(old, new, Role.READS) if change.level == "breaking")
    witness = witness_of(change)
    assert change.element == "X.bad"
    assert witness.confirmed_by == OWN
    assert witness.reason == "$.bad: int is written, string is expected"


def test_a_reader_without_branches() -> None:
    witness = witness_of(only("int", [], Role.READS))
    assert (witness.confirmed_by, witness.reason) == (OWN, "$: int is written, and no branch takes it")
    assert only([], "int", Role.READS).level is Level.ADDITIVE


@pytest.mark.parametrize(
    ("old", "new", "value", "reason"),
    [
        ("long", "double", 2**53 + 1, "9007199254740993 is read as 9007199254740992.0"),
        ("int", "float", 2**24 + 1, "16777217 is read as 16777216.0"),
        ("bytes", "string", "\u00ff", "these bytes are no UTF-8: invalid start byte"),
        (
            {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
            {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4},
            Decimal("0.01"),
            "0.01 is read as 0.0001",
        ),
        (
            {"type": "long", "logicalType": "timestamp-millis"},
            {"type": "long", "logicalType": "timestamp-micros"},
            1,
            "1 ms after 1970-01-01T00:00:00Z is read as 1 µs after 1970-01-01T00:00:00Z",
        ),
        ({"type": "int", "logicalType": "date"}, "int", 1, "1 days after 1970-01-01 is read as 1"),
        (
            "string",
            {"type": "string", "logicalType": "uuid"},
            "no uuid",
            "'no uuid' is read as 'no uuid', which is no UUID",
        ),
        (
            {"type": "fixed", "name": "F", "size": 16},
            {"type": "fixed", "name": "F", "size": 16, "logicalType": "uuid"},
            "\0" * 15 + "\x01",
            r"'\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01' is read as "
            "the UUID 00000000-0000-0000-0000-000000000001",
        ),
        (
            {"type": "fixed", "name": "F", "size": 12, "logicalType": "duration"},
            {"type": "fixed", "name": "F", "size": 12},
            "\0" * 11 + "\x01",
            "0 months, 0 days and 16777216 ms is read as '" + r"\x00" * 11 + r"\x01'",
        ),
        (
            {"type": "enum", "name": "E", "symbols": ["A", "B"], "default": "A"},
            {"type": "enum", "name": "E", "symbols": ["A"], "default": "A"},
            "B",
            "'B' is read as 'A'",
        ),
    ],
)
def test_a_value_that_is_read_as_another(old: JsonValue, new: JsonValue, value: JsonValue, reason: str) -> None:
    change = only(old, new, Role.READS)
    assert change.level is Level.RISKY
    witness = witness_of(change)
    assert witness.value == value
    assert witness.reason == f"$: {reason}"


def test_messages_of_recursive_types_are_finite() -> None:
    old = record("L", field("next", ["null", "L"]), field("v", {"type": "array", "items": "int"}))
    new = record("L", field("next", ["null", "L"]), field("v", {"type": "array", "items": "string"}))
    assert witness_of(only(old, new, Role.READS)).value == {"next": None, "v": [0]}
    endless, other = (record("L", field("v", kind), field("next", "L")) for kind in ("boolean", "string"))
    witness = witness_of(only(endless, other, Role.READS))
    assert (witness.at, witness.value) == ("$.v", False)


def test_unions_inside_the_message_are_plain_and_the_smallest_branch() -> None:
    old = record("R", field("u", ["string", "null", "int"]), field("a", {"type": "map", "values": ["int", "null"]}))
    new = record("R", field("u", ["string", "null", "int"]), field("a", {"type": "map", "values": "null"}))
    witness = witness_of(only(old, new, Role.READS))
    assert witness.value == {"u": None, "a": {"key": 0}}
    assert witness.wire == "0202066b6579000000"


def test_names_of_the_null_namespace_inside_another() -> None:
    def schema(kind: str) -> JsonValue:
        inner = record("X", field("v", kind), namespace="")
        return record("n.R", field("a", ["null", inner]), field("b", "X"))

    change = only(schema("int"), schema("string"), Role.READS)
    assert witness_of(change).confirmed_by.startswith("fastavro ")
    assert witness_of(change).value == {"a": {"v": 0}, "b": {"v": 0}}


def test_an_unsound_memo_would_miss_this() -> None:
    """A pair that holds only under an assumption that fails elsewhere (SEMANTICS, recursion)."""
    y = record("Y", field("x", ["null", "n2.X"]), namespace="n2")
    writer = record("Root", field("f1", record("n2.X", field("y", y), field("bad", "int"))), field("f2", "n2.Y"))
    reader_x = record("X", field("y", record("Y", field("x", ["null", "X"]))), field("bad", "string"))
    reader = record("Root", field("f1", [reader_x, record("n2.X", field("bad", "int"))]), field("f2", "Y"))
    found = [change.element for change in changes(writer, reader, Role.READS) if change.level is Level.BREAKING]
    assert found == ["X.bad"]


def test_a_change_inside_a_referenced_text() -> None:
    bet = '{"type": "record", "name": "n.Bet", "fields": [{"name": "stake", "type": "Money"}]}'
    money = '{"type": "record", "name": "n.Money", "fields": [{"name": "amount", "type": "%s"}]}'
    old, new = (SchemaText(bet, {"n.Money": money % kind}, name="bet") for kind in ("int", "long"))
    (change,) = compare(old, new, roles=Role.WRITES, strict=False)
    assert (change.element, change.rule) == ("n.Money.amount", "avro-type-widened")
    assert str(change.revision) == "n.Money:1:69"
    assert compare(old, old, roles=Role.BOTH, strict=True) == ()


def test_one_edit_seen_from_two_types_in_different_directions() -> None:
    """P is read under its alias Q in one field, and as itself in the other."""

    def schema(first: str, kind: str, **others: JsonValue) -> JsonValue:
        return record("R", field("a", record(first, field("v", kind), **others)), field("b", "P"))

    old = record("R", field("a", record("Q", field("v", "int"))), field("b", record("P", field("v", "int"))))
    new = schema("P", "string", aliases=["Q"])
    for role in (Role.READS, Role.WRITES):
        change = next(change for change in changes(old, new, role) if change.element == "P.v")
        assert (change.rule, change.effect) == ("avro-type-changed", Effect.REPLACES)
        assert change.sites == ("$.a.v", "$.b.v")
        assert witness_of(change).accepted_by == ("base" if role is Role.READS else "revision")
    assert changes(new, old, Role.WRITES)[0].level is Level.BREAKING


def test_no_roles_no_levels_above_docs() -> None:
    assert {change.level for change in changes(OLD, NEW, Role.NONE)} == {Level.DOCS}


def test_fingerprints_survive_reformatting_and_other_uses() -> None:
    fingerprint = only(OLD, NEW).fingerprint
    assert only(json.loads(OLD), json.dumps(json.loads(NEW), indent=1)).fingerprint == fingerprint
    alone = '{"type": "record", "name": "platform.Money", "fields": [{"name": "amount", "type": "%s"}]}'
    assert only(alone % "long", alone % "string").fingerprint == fingerprint


def _deep(leaf: JsonValue, levels: int) -> JsonValue:
    for _ in range(levels):
        leaf = {"type": "array", "items": leaf}
    return leaf


def test_ten_thousand_levels_are_compared() -> None:
    change = only(_deep("int", 10_000), _deep("string", 10_000))
    assert change.element == "$" + "[]" * 10_000
    assert changes(_deep("int", 10_000), _deep("int", 10_000)) == ()
    assert witness_of(only(_deep("int", 50), _deep("string", 50))).at == "$"


def test_a_schema_too_nested_for_fastavro_does_not_end_the_process() -> None:
    """Nested by names, so that the message is small and only the schema is deep."""

    def texts(leaf: str) -> dict[str, str]:
        found = {f"R{i}": json.dumps(record(f"R{i}", field("next", ["null", f"R{i + 1}"]))) for i in range(10_000)}
        return found | {"R10000": json.dumps(record("R10000", field("v", leaf)))}

    root = json.dumps(record("Root", field("v", "%s"), field("next", ["null", "R0"])))
    old = SchemaText(root % "int", texts("int"))
    new = SchemaText(root % "string", texts("string"))
    found = compare(old, new, roles=Role.READS, strict=True)
    assert [change.element for change in found] == ["R10000.v", "Root.v"]


def test_ten_thousand_findings_and_branches() -> None:
    old, new = (record("W", *(field(f"f{i}", kind) for i in range(3_000))) for kind in ("int", "string"))
    found = changes(old, new, Role.READS)
    assert len(found) == 3_000
    assert all(change.witness is not None for change in found)
    wide = [[record(f"R{i}") for i in range(first, first + 3_000)] for first in (0, 2)]
    assert [change.rule for change in changes(*wide, Role.READS)][:2] == ["avro-union-branch-removed"] * 2


def test_a_message_too_large_to_read_is_shown_in_part() -> None:
    """Every record holds two of the one before: the smallest message has two to the power of forty values."""

    def schema(leaf: str) -> JsonValue:
        inner = record("R0", field("v", leaf))
        for i in range(1, 40):
            inner = record(f"R{i}", field("a", inner), field("b", f"R{i - 1}"))
        return inner

    witness = witness_of(only(schema("int"), schema("string"), Role.READS))
    assert witness.at.startswith("$.a.a.a")
    assert witness.wire is not None
    assert len(witness.wire) < 5_000


@pytest.mark.parametrize(
    ("schema", "error"),
    [
        ('"Nowhere"', UnresolvedReference),
        ('{"type": "enum", "name": "E", "symbols": ["A", "A"]}', InvalidContract),
        ('{"type":"array","items":' * 300 + '"int"' + "}" * 300, DocumentTooLarge),
    ],
)
def test_bad_input_is_an_error_of_ours(schema: str, error: type[Exception]) -> None:
    for old, new in ((schema, '"int"'), ('"int"', schema)):
        with pytest.raises(error):
            changes(old, new)


def test_through_the_library() -> None:
    answer = treaty.check_compatibility("long", ["int", "string"], type="AVRO", mode="BACKWARD_TRANSITIVE")
    assert answer.compatible is False
    assert treaty.check_compatibility("long", ["string", "int"], type="AVRO", mode="BACKWARD").compatible is True
    assert treaty.check_compatibility("long", ["string", "int"], type="AVRO", mode="FORWARD").compatible is False


def test_fastavro_is_not_loaded_without_a_witness() -> None:
    program = (
        "import sys; import treaty; "
        "assert treaty.check_compatibility('long', ['int']).compatible; "
        "assert 'fastavro' not in sys.modules; "
        "assert not treaty.check_compatibility('int', ['long']).compatible; "
        "assert 'fastavro' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": ":".join(sys.path)})
