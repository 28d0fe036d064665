"""Every rule on every case, forwards, backwards, old to old, and on the same contract written otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from treaty.changes.protobuf import Surface, compare_files
from treaty.changes.protobuf.comparison import Question
from treaty.changes.rules.protobuf import RULES
from treaty.documents.schema_text import SchemaText
from treaty.model.protobuf import canonical_text
from treaty.model.roles import Role

if TYPE_CHECKING:
    from treaty.changes.change import Change

FOLDER = Path(__file__).parents[2] / "cases" / "protobuf"
SURFACES = {
    "bytes": Surface.REGISTRY,
    "wire": Surface.WIRE,
    "json": Surface.JSON,
    "source": Surface.SOURCE,
}
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
]
BY_ID = {rule.id: rule for rule in RULES}


def _files(written: str | dict[str, str]) -> dict[str, str]:
    return written if isinstance(written, dict) else {"shop.proto": written}


def _changes(
    old: str | dict[str, str], new: str | dict[str, str], question: Question | None = None
) -> tuple[Change, ...]:
    return compare_files(_files(old), _files(new), question=question)


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(BY_ID)


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_forwards_and_backwards(rule: str, case: dict[str, Any]) -> None:
    forwards = _changes(case["old"], case["new"])
    assert sorted({change.rule for change in forwards}) == case["rules"]
    assert rule in case["rules"]
    backwards = _changes(case["new"], case["old"])
    assert sorted({change.rule for change in backwards}) == case["backwards"]
    reverse = BY_ID[rule].reverse
    effects = {change.effect for change in backwards if change.rule == reverse}
    own = next(change.effect for change in forwards if change.rule == rule)
    assert effects <= {own.reversed()}


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_levels_by_surface_and_role(rule: str, case: dict[str, Any]) -> None:
    for word, surface in SURFACES.items():
        found = []
        for role in (Role.READS, Role.WRITES):
            question = Question(surfaces=surface, roles=role)
            levels = {one.level.value for one in _changes(case["old"], case["new"], question) if one.rule == rule}
            assert len(levels) == 1
            found.append(levels.pop())
        assert " / ".join(found) == case["levels"][word], word


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_witness_is_confirmed_by_the_runtime_and_places_are_given(rule: str, case: dict[str, Any]) -> None:
    found = [change for change in _changes(case["old"], case["new"]) if change.rule == rule]
    assert any(change.witness is not None for change in found) is case["witness"]
    for change in found:
        place = change.revision or change.base
        assert place is not None
        if change.rule not in ("proto-file-removed", "proto-service-removed"):
            assert change.base is None or change.base.line
            assert change.revision is None or place.file
        if change.witness is not None:
            assert change.witness.confirmed_by.startswith("protobuf ")
            assert {change.witness.accepted_by, change.witness.refused_by} == {"base", "revision"}
            assert change.witness.reason


@pytest.mark.parametrize(("rule", "case"), CASES)
@pytest.mark.parametrize("side", ["old", "new"])
def test_identity_and_another_way_of_writing_are_silent(rule: str, case: dict[str, Any], side: str) -> None:
    assert _changes(case[side], case[side]) == ()
    assert _changes(case[side], _rewritten(case[side])) == ()


def _rewritten(written: str | dict[str, str]) -> dict[str, str]:
    """The same contract with other spaces, and without comments or relative type names where it is one file."""
    files = _files(written)
    if len(files) == 1:
        ((path, text),) = files.items()
        return {path: canonical_text(SchemaText(text)).replace(" {\n", "\n{\n\n")}
    return {path: re.sub(r"\n", "\n\n  ", text) for path, text in files.items()}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_is_written(rule: Any) -> None:
    for text in (rule.summary, rule.why, rule.before, rule.after, rule.safe, rule.source):
        assert len(text) > 10 or text in (rule.before, rule.after)
    assert rule.summary.endswith(".")
    assert rule.reverse is None or rule.reverse in BY_ID
    if rule.reverse is not None:
        assert BY_ID[rule.reverse].effect is rule.effect.reversed()
