"""Every lint rule finds the fault that was planted for it, and nothing in documents that keep the rules."""

from __future__ import annotations

import copy
import datetime
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from treaty.documents.library import Library
from treaty.documents.location import pointer_tokens
from treaty.documents.source import TextSource
from treaty.govern.lint.document import LintContext
from treaty.govern.lint.engine import Linter
from treaty.govern.lint.rulesets import builtin_rules
from treaty.govern.policy import Policy, read_policy

if TYPE_CHECKING:
    from treaty.govern.lint.outcome import LintOutcome

CASES = Path(__file__).parents[2] / "cases" / "lint"
TODAY = datetime.date(2026, 6, 1)
POLICY = """\
contracts:
  bets: {path: "*/v*/*"}
lint: {extends: [treaty:recommended, treaty:provider-api]}
lifecycle: {min_notice: 180d, sunset_required: true}
"""
# A tree of YAML, whose shape is what the tests are about.
Tree = Any


@functools.cache
def bases() -> Tree:
    return yaml.safe_load((CASES / "bases.yaml").read_text("utf-8"))


@functools.cache
def faults() -> list[Tree]:
    return yaml.safe_load((CASES / "faults.yaml").read_text("utf-8"))


def policy(text: str = POLICY) -> Policy:
    return read_policy(text.encode(), Path("/repo/treaty.yaml"))


def lint(files: dict[str, str], text: str = POLICY, baseline: dict[str, int] | None = None) -> LintOutcome:
    library = Library(TextSource({path: content.encode() for path, content in files.items()}))
    return Linter(LintContext(policy(text), library, sorted(files), ".", TODAY)).run((), baseline)


def written(base: str) -> tuple[str, str]:
    raw = bases()[base]
    return raw["path"], raw["text"] if "text" in raw else dumped(raw["tree"], raw["path"])


def dumped(tree: Tree, path: str) -> str:
    if path.endswith((".json", ".avsc")):
        return json.dumps(tree, indent=2)
    return yaml.dump(json.loads(json.dumps(tree)), sort_keys=False)


def planted(case: Tree) -> tuple[str, str]:
    raw = bases()[case["base"]]
    if "text" in raw:
        old, new = case["replace"]
        assert old in raw["text"]
        return raw["path"], raw["text"].replace(old, new)
    # Anchors of the base are values of their own here: a fault stands in one place.
    tree = json.loads(json.dumps(raw["tree"]))
    for pointer, value in case.get("set", {}).items():
        put(tree, pointer, copy.deepcopy(value))
    for pointer in case.get("remove", ()):
        owner, key = walk(tree, pointer)
        del owner[key]
    for source, target in case.get("move", {}).items():
        owner, key = walk(tree, source)
        put(tree, target, owner.pop(key))
    return raw["path"], dumped(tree, raw["path"])


def walk(tree: Tree, pointer: str) -> tuple[Tree, Any]:
    *above, last = pointer_tokens(pointer)
    for token in above:
        tree = tree[int(token)] if isinstance(tree, list) else tree[token]
    return tree, int(last) if isinstance(tree, list) else last


def put(tree: Tree, pointer: str, value: Tree) -> None:
    owner, key = walk(tree, pointer)
    owner[key] = value


@pytest.mark.parametrize("base", ["openapi", "openapi-3.0", "asyncapi", "json-schema", "avro", "protobuf"])
def test_what_keeps_the_rules_is_clean(base: str) -> None:
    path, text = written(base)
    outcome = lint({path: text})

    assert [(finding.rule, finding.element, finding.message) for finding in outcome.findings] == []
    assert outcome.unread == ()
    assert outcome.exit_code == 0


@pytest.mark.parametrize("case", faults(), ids=lambda case: f"{case['rule']}-{case['base']}-{case['element']}")
def test_a_planted_fault_is_found(case: Tree) -> None:
    path, text = planted(case)
    outcome = lint({path: text})

    told = [(finding.rule, finding.element) for finding in outcome.findings]
    assert (case["rule"], case["element"]) in told, outcome.unread or told
    found = next(
        finding
        for finding in outcome.findings
        if (finding.rule, finding.element) == told[told.index((case["rule"], case["element"]))]
    )
    assert found.location is not None
    assert found.location.line is not None
    assert found.location.file == path


def test_every_rule_has_a_fault() -> None:
    tried = {case["rule"] for case in faults()}
    assert set(builtin_rules()) - tried == {"lifecycle-marks"}, "lifecycle-marks tells rules of governance"


def test_every_rule_has_its_page() -> None:
    for rule in builtin_rules().values():
        assert rule.summary.endswith("."), rule.id
        assert rule.why, rule.id
        assert rule.safe, rule.id
        assert rule.source, rule.id
