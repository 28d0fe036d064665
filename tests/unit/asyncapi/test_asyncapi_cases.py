"""Every case of AsyncAPI forwards, backwards and old-to-old; every rule has one."""

from __future__ import annotations

import pytest
from tests.unit.asyncapi.event_cases import CASES, EventCase, all_cases, cases_of, told

from treaty.changes.catalogue import rules
from treaty.changes.change import Effect
from treaty.changes.rules.asyncapi import RULES


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_forwards(case: EventCase) -> None:
    assert told(case.compare()) == list(case.forwards)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_backwards(case: EventCase) -> None:
    assert told(case.compare(backwards=True)) == list(case.backwards)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_old_to_old(case: EventCase) -> None:
    assert told(EventCase("", case.old, case.old, old_files=case.old_files, new_files=case.old_files).compare()) == []


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_has_a_case(rule: str) -> None:
    cases = cases_of(CASES / f"{rule}.yaml")
    assert any(f" {rule}: " in line for case in cases for line in case.forwards)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_page(rule) -> None:
    texts = (rule.summary, rule.message, rule.why, rule.before, rule.after, rule.safe, rule.source)
    assert all(text.strip() for text in texts)
    assert rule.reverse in rules()
    assert rule.effect is not Effect.NONE or rule.deviations, "a rule without effect and level says nothing"


def test_changes_are_located_on_both_sides() -> None:
    for case in all_cases():
        for change in case.compare():
            for location in (change.base, change.revision):
                assert location is not None, f"{case}: {change.rule}"
                assert location.line is not None, f"{case}: {change.rule}"
