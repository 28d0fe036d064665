"""Every rule on every case: forwards, backwards, and each side against itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

from treaty.changes.avro import compare
from treaty.changes.catalogue import Rule, rules
from treaty.changes.change import Change, Effect, Level
from treaty.changes.rules.avro import RULES
from treaty.documents.schema_text import SchemaText
from treaty.model.roles import Role

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

_FOLDER = Path(__file__).parents[2] / "cases" / "avro"
_SHARED = {"documentation-changed", "element-deprecated", "element-no-longer-deprecated"}


class Case(NamedTuple):
    """One pair, and what is expected of it.

    ``also`` are rules beside the case's own; ``witness`` says whether a breaking level carries one; ``backwards`` and
    ``backwards_effect`` are the rule and effect of the pair exchanged, where they are not the exact opposite.
    """

    rule: str
    name: str
    old: JsonValue
    new: JsonValue
    element: str
    effect: str
    reads: str
    writes: str
    also: tuple[str, ...] = ()
    witness: bool = True
    backwards: str | None = None
    backwards_effect: str | None = None


def _cases() -> list[Case]:
    found: list[Case] = []
    for file in sorted(_FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text())["cases"]:
            case["also"] = tuple(case.get("also", ()))
            found.append(Case(file.stem, **case))
    return found


CASES = _cases()


def findings(old: JsonValue, new: JsonValue, roles: Role = Role.BOTH) -> dict[str, Change]:
    changes = compare(SchemaText(old), SchemaText(new), roles=roles, strict=True)
    told = {change.rule: change for change in changes}
    assert len(told) == len(changes), f"one rule told twice: {[change.rule for change in changes]}"
    return told


def test_every_rule_has_a_case_and_a_page() -> None:
    assert {case.rule for case in CASES} == {rule.id for rule in RULES} | _SHARED
    for rule in RULES:
        texts = (rule.summary, rule.message, rule.why, rule.before, rule.after, rule.safe, rule.source)
        assert all(texts), f"{rule.id} has an empty text"
        assert rule.before != rule.after
        assert rule.reverse in rules()
        assert rules()[rule.reverse].reverse == rule.id


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.before.startswith("{")], ids=lambda rule: rule.id)
def test_the_example_of_the_page_raises_the_rule(rule: Rule) -> None:
    assert rule.id in findings(_example(rule.before), _example(rule.after))


def _example(text: str) -> JsonValue:
    """What a page shows, a type or a field, as a schema."""
    part = json.loads(text)
    is_type = part["type"] in ("record", "enum", "fixed") or "name" not in part
    return part if is_type else {"type": "record", "name": "Example", "fields": [part]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_forwards(case: Case) -> None:
    told = findings(case.old, case.new)
    assert told.keys() == {case.rule, *case.also}
    change = told[case.rule]
    assert (change.element, change.effect.value) == (case.element, case.effect)
    assert findings(case.old, case.new, Role.READS)[case.rule].level == case.reads
    assert findings(case.old, case.new, Role.WRITES)[case.rule].level == case.writes
    assert change.level is max(Level(case.reads), Level(case.writes), key=lambda level: level.severity)
    assert change.base is None or change.base.file == "schema"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_breaking_change_has_a_witness(case: Case) -> None:
    for role, level in ((Role.READS, case.reads), (Role.WRITES, case.writes)):
        witness = findings(case.old, case.new, role)[case.rule].witness
        if level == "breaking" and case.witness:
            assert witness is not None
            assert witness.confirmed_by.startswith("fastavro ")
            assert witness.accepted_by == ("base" if role is Role.READS else "revision")
            assert witness.refused_by == ("revision" if role is Role.READS else "base")
            assert witness.wire is not None
        elif level != "risky":
            assert witness is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_backwards(case: Case) -> None:
    told = findings(case.new, case.old)
    reverse = case.backwards or rules()[case.rule].reverse
    assert reverse in told
    wanted = case.backwards_effect or Effect(case.effect).reversed().value
    assert told[reverse].effect == wanted
    if case.backwards_effect is None:
        reads = findings(case.new, case.old, Role.READS)[reverse].level
        writes = findings(case.new, case.old, Role.WRITES)[reverse].level
        assert (reads == "breaking", writes == "breaking") == (case.writes == "breaking", case.reads == "breaking")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_identity_is_silent(case: Case) -> None:
    for schema in (case.old, case.new):
        assert findings(schema, schema) == {}
        assert findings(schema, json.dumps(_shuffled(schema), indent=4)) == {}


def _shuffled(value: JsonValue) -> JsonValue:
    """The same JSON with the members of every object in another order."""
    if isinstance(value, dict):
        return {key: _shuffled(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [_shuffled(item) for item in value]
    return value
