"""Every rule has a page that is true: complete, fresh, and with an example that raises this rule and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from tests.unit.changes.contract_fragments import compare, document

from treaty.changes.catalogue import Rule, family_of, rules
from treaty.report.rule_pages import pages, write

_FOLDER = Path(__file__).parents[3] / "docs" / "rules"
_OTHER_FORMATS = ("avro", "protobuf", "asyncapi")
RULES = list(rules().values())
OPENAPI = [rule for rule in RULES if family_of(rule.id) not in _OTHER_FORMATS]
# Asked of JSON Schema and OpenAPI, yet raised by the policy or the calendar and not by two documents alone.
_DATED = {"removed-before-sunset"}


def _id(rule: Rule) -> str:
    return rule.id


@pytest.mark.parametrize("rule", RULES, ids=_id)
def test_a_row_is_complete(rule: Rule) -> None:
    texts = (rule.summary, rule.message, rule.why, rule.before, rule.after, rule.safe, rule.source)
    assert all(text.strip() for text in texts)
    assert rule.before != rule.after
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule.id), "ids are kebab-case"
    assert not re.match(r"(avoid|no|do-not|dont|use|prefer|must|should)-", rule.id), "ids name the pattern, not advice"


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.reverse is not None], ids=_id)
def test_a_reverse_reverses_back(rule: Rule) -> None:
    """Or to the plainer rule of which this one is a special case, as of `operation-removed`."""
    assert rule.reverse is not None
    assert rule.reverse in rules()
    back = rules()[rule.reverse].reverse
    assert back is not None
    assert back == rule.id or rules()[back].reverse == rule.reverse or rules()[back].reverse == rule.id


@pytest.mark.parametrize("rule", RULES, ids=_id)
def test_texts_are_of_one_kind(rule: Rule) -> None:
    for text in (rule.summary, rule.why, rule.safe):
        assert text[0].isupper() or text.startswith("`")
        assert text.rstrip()[-1] in ".:`)?", "texts end as sentences do"
        assert "\u2014" not in text
        assert "  " not in text
    assert "{" not in rule.message.format(subject="x", before="x", after="x", surfaces="x")


def test_no_two_rules_tell_the_same_story() -> None:
    told = [rule.why for rule in OPENAPI]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("rule", [rule for rule in OPENAPI if rule.id not in _DATED], ids=_id)
def test_the_example_raises_the_rule_and_no_other(rule: Rule) -> None:
    old, new = document(yaml.safe_load(rule.before)), document(yaml.safe_load(rule.after))
    assert {change.rule for change in compare(old, new)} == {rule.id}
    assert compare(new, new) == ()


def test_the_folder_is_fresh() -> None:
    found = {page.name: page.read_text(encoding="utf-8") for page in _FOLDER.glob("*.md")}
    assert found == pages(), "run `make docs`"


def test_pages_of_rules_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "no-such-rule.md").write_text("old")
    write(tmp_path)
    assert {page.name for page in tmp_path.iterdir()} == pages().keys()
