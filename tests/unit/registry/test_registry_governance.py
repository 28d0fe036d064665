"""Metadata and rule sets are read, refused, merged, written and identified as Confluent clients expect."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from treaty_registry.errors import RegistryError
from treaty_registry.model.governance import Metadata, RuleSet, merged_metadata, merged_rules
from treaty_registry.model.members import Members
from treaty_registry.model.schemas import Reference, digest_of

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue


def metadata(**members: JsonValue) -> Metadata:
    read = Metadata.read(Members.of(dict(members)))
    assert read is not None
    return read


def rule_set(**members: JsonValue) -> RuleSet:
    read = RuleSet.read(Members.of(dict(members)))
    assert read is not None
    return read


def rule(name: str = "r", mode: str = "WRITE", **more: JsonValue) -> JsonValue:
    return {"name": name, "mode": mode, "type": "CEL", **more}


def test_metadata_is_sorted_and_written_without_what_is_empty() -> None:
    read = metadata(tags={"b": ["y", "x", "y"], "a": ["z"]}, properties={"k2": "v", "k1": "v"}, sensitive=[])
    assert read.json() == {"tags": {"a": ["z"], "b": ["x", "y"]}, "properties": {"k1": "v", "k2": "v"}}
    assert Metadata().json() == {}


def test_on_top_wins_by_key() -> None:
    under = metadata(tags={"a": ["1"], "b": ["1"]}, properties={"k": "1", "l": "1"}, sensitive=["s"])
    over = metadata(tags={"b": ["2"]}, properties={"l": "2"}, sensitive=["t"])
    assert under.merged_with(over).json() == {
        "tags": {"a": ["1"], "b": ["2"]},
        "properties": {"k": "1", "l": "2"},
        "sensitive": ["s", "t"],
    }
    assert merged_metadata(None, None) is None
    assert merged_metadata(None, over) == over


def test_rules_of_one_name_are_replaced_and_follow_the_rest() -> None:
    under = rule_set(domainRules=[rule("a", doc="old"), rule("b")], migrationRules=[rule("m", "UPGRADE")])
    over = rule_set(domainRules=[rule("a", doc="new")], enableAt="2026-01-01")
    merged = merged_rules(under, over)
    assert merged is not None
    assert [(r.name, r.doc) for r in merged.domain] == [("b", None), ("a", "new")]
    assert [r.name for r in merged.migration] == ["m"]
    assert merged.json()["enableAt"] == "2026-01-01"


def test_a_rule_is_written_with_its_defaults() -> None:
    read = rule_set(domainRules=[{"name": "r", "type": "CEL", "params": {"b": "1", "a": "2"}, "tags": ["y", "x"]}])
    assert read.json() == {
        "domainRules": [
            {
                "name": "r",
                "kind": "TRANSFORM",
                "mode": "WRITEREAD",
                "type": "CEL",
                "tags": ["x", "y"],
                "params": {"a": "2", "b": "1"},
                "disabled": False,
            }
        ]
    }


BAD_RULES: list[tuple[dict[str, JsonValue], str]] = [
    ({"domainRules": [rule("")]}, "no name"),
    ({"domainRules": [{"type": "CEL"}]}, "no name"),
    ({"domainRules": [{"name": "r"}]}, "no type"),
    ({"domainRules": [rule("1r")]}, "start with a letter"),
    ({"domainRules": [rule("r r")]}, "start with a letter"),
    ({"domainRules": [rule("r" * 65)]}, "longer than 64"),
    ({"domainRules": [rule(mode="UPGRADE")]}, "must have one of the modes WRITE"),
    ({"encodingRules": [rule(mode="UPDOWN")]}, "must have one of the modes WRITE"),
    ({"migrationRules": [rule(mode="READ")]}, "must have one of the modes UPGRADE"),
    ({"domainRules": [rule(), rule()]}, "Two rules"),
    ({"domainRules": [rule()], "encodingRules": [rule()]}, "Two rules"),
    ({"domainRules": [rule(onFailure="NONE,ERROR")]}, "two actions"),
]


@pytest.mark.parametrize(("members", "words"), BAD_RULES)
def test_a_rule_no_client_can_run_is_refused(members: dict[str, JsonValue], words: str) -> None:
    with pytest.raises(RegistryError, match=words) as refused:
        rule_set(**members).check()
    assert refused.value.code == 42210


WRONG_TYPES: list[dict[str, JsonValue]] = [
    {"tags": []},
    {"tags": {"a": "b"}},
    {"properties": {"a": 1}},
    {"properties": {"a": None}},
    {"sensitive": "a"},
    {"sensitive": [1]},
]


@pytest.mark.parametrize("members", WRONG_TYPES)
def test_metadata_of_the_wrong_type_is_refused(members: dict[str, JsonValue]) -> None:
    with pytest.raises(RegistryError) as refused:
        metadata(**members)
    assert refused.value.code == 400


@pytest.mark.parametrize("members", [{"domainRules": {}}, {"domainRules": [1]}, {"domainRules": [{"name": 1}]}])
def test_rules_of_the_wrong_type_are_refused(members: dict[str, JsonValue]) -> None:
    with pytest.raises(RegistryError) as refused:
        rule_set(**members)
    assert refused.value.code == 400


def test_an_identity_is_the_md5_of_everything_it_covers() -> None:
    references = [Reference("n", "s", 3)]
    expected = hashlib.md5(
        b'"string"' + b"n" + b"s" + b"\x00\x00\x00\x03" + b"\x01" + b"kv" + b"\x01" + b"rTRANSFORMWRITECEL"
    )
    rules = rule_set(domainRules=[rule()])
    assert digest_of('"string"', references, metadata(properties={"k": "v"}), rules) == expected.digest()


def test_empty_metadata_is_another_identity_than_none() -> None:
    digests = {digest_of("x", (), value, rules) for value in (None, Metadata()) for rules in (None, RuleSet())}
    # Metadata and rules are marked alike, as in Confluent: either one empty gives the same identity.
    assert len(digests) == 3
