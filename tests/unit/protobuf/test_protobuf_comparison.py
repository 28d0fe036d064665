"""Comparing Protobuf contracts: registries, sets of files, policies, and what a finding says."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from bench.protobuf import BUF_RULES, CATEGORIES, FILE_OPTIONS

import treaty
from treaty.changes.change import Level
from treaty.changes.comparison import Settings
from treaty.changes.protobuf import Surface, compare, compare_files, question_of
from treaty.changes.protobuf.comparison import Question
from treaty.changes.protobuf.kinds import RANGES, WIRE_GROUPS, type_change
from treaty.changes.protobuf.ranges import without
from treaty.changes.protobuf.surfaces import DEFAULT, phrase, surfaces_of
from treaty.changes.rules.protobuf import RULES
from treaty.documents.schema_text import SchemaText
from treaty.errors import InvalidContract, UnresolvedReference, UsageError
from treaty.model.protobuf.nodes import Kind
from treaty.model.roles import Role

P3 = 'syntax = "proto3";\npackage shop;\n'
WALLET = (Path(__file__).parents[3] / "contracts" / "wallet" / "v1" / "wallet.proto").read_text(encoding="utf-8")


def _bet(*fields: str) -> str:
    return f"{P3}message Bet {{\n{''.join(f'  {field}' + chr(10) for field in fields)}}}\n"


MODES = [
    ("field added", _bet("string id = 1;"), _bet("string id = 1;", "string b = 2;"), True, True),
    ("field removed", _bet("string id = 1;", "string b = 2;"), _bet("string id = 1;"), True, True),
    ("field renamed", _bet("string id = 1;"), _bet("string key = 1;"), True, True),
    ("wider", _bet("int32 n = 1;"), _bet("int64 n = 1;"), True, True),
    ("zigzag", _bet("int32 n = 1;"), _bet("sint32 n = 1;"), False, False),
    ("bytes to string", _bet("bytes n = 1;"), _bet("string n = 1;"), False, True),
    ("to repeated", _bet("bytes n = 1;"), _bet("repeated bytes n = 1;"), True, False),
    ("to singular", _bet("repeated bytes n = 1;"), _bet("bytes n = 1;"), False, True),
    ("into a oneof", _bet("int32 a = 1;", "int32 b = 2;"), _bet("oneof w { int32 a = 1; int32 b = 2; }"), False, True),
    ("message gone", _bet("string id = 1;") + "message Money {}\n", _bet("string id = 1;"), False, False),
    ("another package", _bet("string id = 1;"), _bet("string id = 1;").replace("shop", "store"), False, False),
    ("number moved", _bet("string id = 1;"), _bet("string id = 2;"), False, False),
]


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"), [row[1:] for row in MODES], ids=[row[0] for row in MODES]
)
def test_registry_modes(old: str, new: str, backward: bool, forward: bool) -> None:
    for mode, expected in (
        ("BACKWARD", backward),
        ("FORWARD", forward),
        ("FULL", backward and forward),
        ("NONE", True),
    ):
        verdict = treaty.check_compatibility(new, [old], type="PROTOBUF", mode=mode)
        assert verdict.compatible is expected, (mode, verdict.findings)


def test_a_transitive_mode_sees_a_number_that_comes_back() -> None:
    versions = [_bet("string id = 1;", "string remark = 2;"), _bet("string id = 1;")]
    again = _bet("string id = 1;", "int32 lines = 2;")
    assert treaty.check_compatibility(again, versions, type="PROTOBUF", mode="BACKWARD").compatible
    assert not treaty.check_compatibility(again, versions, type="PROTOBUF", mode="BACKWARD_TRANSITIVE").compatible


def test_references_are_compared_where_fields_lead_to_them() -> None:
    text = P3 + 'import "money.proto";\nmessage Bet { m.Money stake = 1; repeated m.Money wins = 2; }\n'
    old, new = (
        SchemaText(text, {"money.proto": f'syntax = "proto3";\npackage m;\nmessage Money {{ {kind} amount = 1; }}'})
        for kind in ("int64", "string")
    )
    (change,) = compare(old, new, roles=Role.READS, strict=True)
    assert (change.rule, change.element, change.level) == ("proto-field-type-changed", "m.Money.amount", Level.BREAKING)
    assert str(change.revision) == "money.proto:3:17"
    assert change.witness is not None
    assert compare(old, old, roles=Role.BOTH, strict=True) == ()


def test_strict_json_readers_refuse_what_they_do_not_know() -> None:
    old, new = {"a.proto": _bet("string id = 1;")}, {"a.proto": _bet("string id = 1;", "string b = 2;")}
    question = Question(surfaces=Surface.JSON, roles=Role.WRITES)
    assert [one.level for one in compare_files(old, new, question=question)] == [Level.ADDITIVE]
    (strict,) = compare_files(old, new, question=replace(question, strict=True))
    assert strict.level is Level.BREAKING
    assert strict.witness is not None
    assert (strict.witness.accepted_by, strict.witness.refused_by) == ("revision", "base")
    assert 'no field named "b"' in strict.witness.reason


def test_policy_levels_by_rule_and_role() -> None:
    old, new = {"a.proto": _bet("int32 n = 1;")}, {"a.proto": _bet("int64 n = 1;")}
    rule = "proto-field-widened"

    def levels(**overrides: Level | None) -> list[Level]:
        named = {key.replace("_at_", "@").replace("_", "-"): level for key, level in overrides.items()}
        return [one.level for one in compare_files(old, new, question=Question(Surface.WIRE, levels=named))]

    assert levels() == [Level.RISKY]
    assert levels(proto_field_widened=Level.BREAKING) == [Level.BREAKING]
    assert levels(proto_field_widened_at_writes=Level.DOCS) == [Level.ADDITIVE]
    assert levels(proto_field_widened=None) == []
    assert rule in {one.id for one in RULES}


def test_settings_of_a_policy_become_a_question() -> None:
    settings = Settings(surfaces=("wire", "source"), roles=Role.READS, strict=True, today=datetime.date(2026, 1, 1))
    question = question_of(settings)
    assert question.surfaces == Surface.WIRE | Surface.SOURCE
    assert (question.roles, question.strict, question.today) == (Role.READS, True, datetime.date(2026, 1, 1))
    assert surfaces_of(()) == DEFAULT
    with pytest.raises(UsageError, match="text"):
        surfaces_of(["text"])
    assert phrase(Surface.BYTES | Surface.TEXT | Surface.CODE) == "bytes, JSON and generated code"


def test_removal_waits_for_the_sunset() -> None:
    head = P3 + 'import "treaty/lifecycle.proto";\nmessage M {}\nservice S {\n  rpc Keep(M) returns (M);\n'
    old = head + (
        "  rpc Go(M) returns (M) {\n    option deprecated = true;\n"
        '    option (treaty.method_lifecycle) = {sunset: "2026-06-30"};\n  }\n}\n'
    )
    new = head + "}\n"
    for day, rule in (("2026-06-29", "proto-rpc-removed"), ("2026-06-30", "proto-deprecated-declaration-removed")):
        question = Question(today=datetime.date.fromisoformat(day))
        assert [one.rule for one in compare_files({"s.proto": old}, {"s.proto": new}, question=question)] == [rule]
    undated = old.replace('    option (treaty.method_lifecycle) = {sunset: "2026-06-30"};\n', "")
    for required, rule in ((False, "proto-deprecated-declaration-removed"), (True, "proto-rpc-removed")):
        question = Question(sunset_required=required)
        assert [one.rule for one in compare_files({"s.proto": undated}, {"s.proto": new}, question=question)] == [rule]


def test_a_finding_names_the_calls_that_carry_it() -> None:
    new = WALLET.replace("string currency = 2;", "bytes currency = 2;")
    change = next(
        one for one in compare_files({"w.proto": WALLET}, {"w.proto": new}) if one.rule == "proto-field-string-to-bytes"
    )
    assert change.element == "wallet.v1.Money.currency"
    assert change.sites == ("wallet.v1.Wallet/AuthorizeBet request", "wallet.v1.Wallet/SettleBet request")
    assert change.count == 2
    assert change.base is not None
    assert change.base.line == next(at for at, line in enumerate(WALLET.splitlines(), 1) if "string currency" in line)


def test_the_surfaces_are_named_and_a_missing_witness_is_explained() -> None:
    def message(old: str, new: str, surfaces: Surface = DEFAULT) -> str:
        (change,) = compare_files({"a.proto": old}, {"a.proto": new}, question=Question(surfaces))
        return change.message

    renamed = message(_bet("string id = 1;"), _bet("string key = 1;"), Surface.WIRE)
    assert renamed.endswith("(breaks JSON and generated code)")
    moved = message(_bet("oneof a { string id = 1; }"), _bet("oneof b { string id = 1; }"))
    assert moved.endswith("(breaks generated code; no message shows it, because bytes and JSON stay the same)")
    reused = message(_bet("reserved 2;"), _bet("string id = 2;"))
    assert "no message was found that shows it" in reused


def test_sets_of_files_are_compared_together() -> None:
    money = 'syntax = "proto3";\npackage m;\nmessage Money { int64 amount = 1; }\n'
    bet = 'syntax = "proto3";\npackage b;\nimport "m/money.proto";\nmessage Bet { m.Money stake = 1; }\n'
    old = {"m/money.proto": money, "b/bet.proto": bet}
    moved = {"m/amounts.proto": money, "b/bet.proto": bet.replace("m/money.proto", "m/amounts.proto")}
    assert {one.rule for one in compare_files(old, moved)} == {"proto-file-removed", "proto-declaration-moved"}
    assert all(one.level is Level.DOCS for one in compare_files(old, moved))
    changed = {**old, "m/money.proto": money.replace("int64", "double")}
    (change,) = compare_files(old, changed, folders=("old/", "new/"))
    assert (str(change.base), str(change.revision)) == ("old/m/money.proto:3:17", "new/m/money.proto:3:17")
    with pytest.raises(UnresolvedReference):
        compare_files({"b/bet.proto": bet}, old)
    assert compare_files({"b/bet.proto": bet}, {"b/bet.proto": bet}, references={"m/money.proto": money}) == ()


def test_recursive_types_are_compared_once() -> None:
    tree = (
        "message Tree { Tree left = 1; Tree right = 2; Leaf leaf = 3; }\nmessage Leaf { Tree back = 1; int32 n = 2; }\n"
    )
    twin = tree.replace("Tree", "Plant").replace("Leaf", "Bud")
    old = P3 + tree + twin + "message Holder { Tree one = 1; }\n"
    (renamed,) = compare_files({"a.proto": old}, {"a.proto": old.replace("{ Tree one", "{ Plant one")})
    assert renamed.rule == "proto-field-type-renamed"
    odd = old.replace("Plant back = 1; int32 n", "Plant back = 1; string n")
    changes = compare_files({"a.proto": odd}, {"a.proto": odd.replace("{ Tree one", "{ Plant one")})
    assert [one.rule for one in changes] == ["proto-field-type-replaced"]
    assert "int32 and is now string" in changes[0].message


@pytest.mark.parametrize(
    ("values", "rule"),
    [("RED = 0; BLUE = 1;", "proto-field-type-renamed"), ("RED = 0; GREEN = 1;", "proto-field-type-replaced")],
)
def test_enums_inside_a_message_of_another_name_are_compared(values: str, rule: str) -> None:
    def text(holder: str) -> str:
        return P3 + (
            "message A { enum Color { RED = 0; BLUE = 1; } Color color = 1; }\n"
            f"message B {{ enum Paint {{ {values} }} Paint color = 1; }}\nmessage Holder {{ {holder} one = 1; }}\n"
        )

    assert [one.rule for one in compare_files({"a.proto": text("A")}, {"a.proto": text("B")})] == [rule]


@pytest.mark.parametrize(
    ("ranges", "taken", "left"),
    [
        ([(1, 10)], [(3, 4)], [(1, 2), (5, 10)]),
        ([(1, 5), (6, 9)], [], [(1, 9)]),
        ([(1, 3)], [(1, 3)], []),
        ([(1, 3)], [(4, 9)], [(1, 3)]),
        ([(5, 9)], [(1, 5), (9, 9)], [(6, 8)]),
        ([(2, 2), (2, 4)], [(3, 3), (3, 3)], [(2, 2), (4, 4)]),
    ],
)
def test_ranges(ranges: list[tuple[int, int]], taken: list[tuple[int, int]], left: list[tuple[int, int]]) -> None:
    assert without(ranges, taken) == left


def test_type_changes_are_symmetric_in_what_they_break() -> None:
    effects = {rule.id: rule for rule in RULES}
    for old in Kind:
        for new in Kind:
            forwards, backwards = type_change(old, new), type_change(new, old)
            assert (forwards is None) is (old is new)
            if forwards is not None and backwards is not None:
                assert effects[forwards].effect.reversed() is effects[backwards].effect
    assert sum(len(group) for group in WIRE_GROUPS) == len(frozenset().union(*WIRE_GROUPS)) == len(RANGES) + 1


BUF = {
    "WIRE": (
        "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED FIELD_SAME_DEFAULT "
        "FIELD_SAME_ONEOF FIELD_WIRE_COMPATIBLE_CARDINALITY FIELD_WIRE_COMPATIBLE_TYPE FILE_SAME_PACKAGE "
        "MESSAGE_SAME_REQUIRED_FIELDS RESERVED_ENUM_NO_DELETE RESERVED_MESSAGE_NO_DELETE RPC_SAME_CLIENT_STREAMING "
        "RPC_SAME_IDEMPOTENCY_LEVEL RPC_SAME_REQUEST_TYPE RPC_SAME_RESPONSE_TYPE RPC_SAME_SERVER_STREAMING"
    ),
    "WIRE_JSON": (
        "ENUM_SAME_JSON_FORMAT ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED ENUM_VALUE_SAME_NAME "
        "FIELD_NO_DELETE_UNLESS_NAME_RESERVED FIELD_SAME_JSON_NAME FIELD_SAME_NAME "
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY FIELD_WIRE_JSON_COMPATIBLE_TYPE MESSAGE_SAME_JSON_FORMAT"
    ),
    "PACKAGE": (
        "ENUM_SAME_TYPE ENUM_VALUE_NO_DELETE EXTENSION_MESSAGE_NO_DELETE FIELD_NO_DELETE FIELD_SAME_CARDINALITY "
        "FIELD_SAME_CPP_STRING_TYPE FIELD_SAME_JAVA_UTF8_VALIDATION FIELD_SAME_JSTYPE FIELD_SAME_TYPE "
        "FIELD_SAME_UTF8_VALIDATION FILE_SAME_SYNTAX MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR ONEOF_NO_DELETE "
        "PACKAGE_ENUM_NO_DELETE PACKAGE_EXTENSION_NO_DELETE PACKAGE_MESSAGE_NO_DELETE PACKAGE_NO_DELETE "
        "PACKAGE_SERVICE_NO_DELETE RPC_NO_DELETE " + " ".join(FILE_OPTIONS.values())
    ),
    "FILE": "ENUM_NO_DELETE EXTENSION_NO_DELETE FILE_NO_DELETE MESSAGE_NO_DELETE SERVICE_NO_DELETE",
}
"""buf's breaking rules (buf.build/docs/breaking/rules, version 2), each under the least strict category that has it."""

_BY_FUNCTION = {
    "ENUM_VALUE_NO_DELETE": "proto-enum-value-removed",
    "ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED": "proto-enum-value-removed-name-free",
    "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED": "proto-enum-value-removed-number-free",
    "FIELD_NO_DELETE": "proto-field-removed",
    "FIELD_NO_DELETE_UNLESS_NAME_RESERVED": "proto-field-removed-name-free",
    "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED": "proto-field-removed-number-free",
    "FIELD_SAME_CPP_STRING_TYPE": "proto-field-option-changed",
    "FIELD_SAME_JAVA_UTF8_VALIDATION": "proto-field-option-changed",
    "FIELD_SAME_JSTYPE": "proto-field-option-changed",
    **dict.fromkeys(FILE_OPTIONS.values(), "proto-file-option-changed"),
}


@pytest.mark.parametrize(("category", "rule"), [(name, rule) for name, rules in BUF.items() for rule in rules.split()])
def test_every_rule_of_buf_has_rules_of_treaty_on_its_surfaces(category: str, rule: str) -> None:
    mapped = {ours for ours, theirs in BUF_RULES.items() if rule in theirs}
    mapped |= {_BY_FUNCTION[rule]} if rule in _BY_FUNCTION else set()
    surfaces = Surface.NONE
    for one in RULES:
        if one.id in mapped:
            surfaces |= one.surfaces
    assert mapped
    assert surfaces & CATEGORIES[category]


@pytest.mark.parametrize("bad", ["message {", 'syntax = "proto3"; message A { B b = 1; }'])
def test_a_side_that_cannot_be_read_is_never_a_verdict(bad: str) -> None:
    good = _bet("string id = 1;")
    for pair in ((bad, good), (good, bad)):
        with pytest.raises((InvalidContract, UnresolvedReference)):
            compare(SchemaText(pair[0]), SchemaText(pair[1]), roles=Role.BOTH, strict=True)


def test_a_long_chain_of_types_still_has_a_witness() -> None:
    chain = (
        P3
        + "".join(f"message M{n} {{ M{n + 1} next = 1; int32 a = 2; }}\n" for n in range(1500))
        + "message M1500 {}\n"
    )
    changes = compare_files({"a.proto": chain}, {"a.proto": chain.replace("int32 a", "string a", 1)})
    assert [one.element for one in changes] == ["shop.M0.a"]
    assert changes[0].witness is not None
    assert changes[0].witness.wire == "1001"
