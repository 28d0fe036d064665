"""Where lint rules come from: the sets that ship with Treaty, YAML files of a repository, installed packages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.errors import DocumentError, PolicyError
from treaty.govern.lint.rule import LintRule
from treaty.govern.outcome import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from treaty.documents.document import Document
    from treaty.documents.location import JsonValue
    from treaty.govern.lint.rule import Check
    from treaty.govern.policy import Policy

BUILTIN = {"treaty:recommended": "recommended.yaml", "treaty:provider-api": "provider_api.yaml"}
ENTRY_POINTS = "treaty.lint"
"""The group of entry points: each loads to an iterable of :class:`LintRule`, and is extended by its name."""
_SEVERITIES = {"error": Severity.ERROR, "warn": Severity.WARNING}


@cache
def rules_schema() -> dict[str, JsonValue]:
    """The published JSON Schema of a rule file."""
    schema: dict[str, JsonValue] = json.loads(Path(__file__).with_name("rules.schema.json").read_text("utf-8"))
    return schema


@cache
def builtin_rules() -> Mapping[str, LintRule]:
    """Every rule that ships with Treaty, by id."""
    found: dict[str, LintRule] = {}
    for ruleset, name in BUILTIN.items():
        path = Path(__file__).with_name(name)
        for rule in read_rules(path.read_bytes(), str(path), ruleset):
            if rule.id in found:
                raise ValueError(f"two lint rules are called {rule.id!r}")
            found[rule.id] = rule
    return MappingProxyType(found)


def rules_of(policy: Policy) -> dict[str, LintRule]:
    """The rules a policy asks for, by id, before severities are overridden.

    ``lint.extends`` names sets (``treaty:recommended`` where nothing is written), ``lint.custom`` rule files relative
    to the policy. A rule of a later source replaces one of the same id. Raises PolicyError, with its place, for a set
    or file that is not there and for rules that cannot be read.
    """
    extends = policy.lint.get("extends")
    found: dict[str, LintRule] = {}
    named = [str(each) for each in extends] if isinstance(extends, list) else ["treaty:recommended"]
    for index, name in enumerate(named):
        for rule in _set(name, policy, index):
            found[rule.id] = rule
    custom = policy.lint.get("custom")
    for index, written in enumerate(custom if isinstance(custom, list) else ()):
        path = policy.root / str(written)
        try:
            text = path.read_bytes()
        except OSError as error:
            raise PolicyError(
                f"cannot read the lint rules {written}: {error.strerror}",
                location=policy.document.locate(("lint", "custom", index)) if policy.document else None,
            ) from error
        for rule in read_rules(text, str(written), str(written)):
            found[rule.id] = rule
    return found


def _set(name: str, policy: Policy, index: int) -> Iterable[LintRule]:
    if name in BUILTIN:
        return [rule for rule in builtin_rules().values() if rule.ruleset == name]
    from importlib.metadata import entry_points

    for point in entry_points(group=ENTRY_POINTS):
        if point.name == name:
            loaded = point.load()
            rules = list(loaded() if callable(loaded) else loaded)
            wrong = next((rule for rule in rules if not isinstance(rule, LintRule)), None)
            if wrong is None:
                return rules
            raise PolicyError(
                f"the lint rules {name} hold a {type(wrong).__name__}, not a LintRule",
                location=policy.document.locate(("lint", "extends", index)) if policy.document else None,
            )
    known = [*BUILTIN, *sorted(point.name for point in entry_points(group=ENTRY_POINTS))]
    raise PolicyError(
        f"no lint rules are called {name!r}",
        location=policy.document.locate(("lint", "extends", index)) if policy.document else None,
        advice=f"there is {', '.join(known)}; files of your own go under lint.custom",
    )


def read_rules(text: bytes, name: str, ruleset: str) -> list[LintRule]:
    """The rules of one file. Raises PolicyError, with line and column, for what cannot be read."""
    from treaty.documents.document import read_document
    from treaty.documents.validation import violations

    try:
        document = read_document(text, name, name)
    except DocumentError as error:
        raise PolicyError(error.problem, location=error.location, advice=error.advice) from error
    for violation in violations(document.tree, rules_schema()):
        raise PolicyError(violation.message, location=document.locate(violation.pointer), advice=violation.advice)
    assert isinstance(document.tree, dict)
    rules = document.tree["rules"]
    assert isinstance(rules, dict)
    return [_rule(name, raw, document, ruleset) for name, raw in rules.items() if isinstance(raw, dict)]


def _rule(name: str, raw: dict[str, JsonValue], document: Document, ruleset: str) -> LintRule:
    check = raw.get("check")
    if check is not None and ruleset not in BUILTIN:
        raise PolicyError(
            f"rule {name}: `check` names Python code, and only Treaty's own rule sets may",
            location=document.locate(("rules", name, "check")),
            advice=f"use select and assert, or a package with an entry point in {ENTRY_POINTS}",
        )
    if check is None and ("select" not in raw or "assert" not in raw):
        raise PolicyError(
            f"rule {name} needs `select` and `assert`",
            location=document.locate(("rules", name)),
            advice="select names the places, assert is the JSON Schema they must match",
        )
    asserts = raw.get("assert")
    families = raw["families"]
    assert isinstance(families, list)
    rule = LintRule(
        id=name,
        summary=str(raw["summary"]),
        severity=_SEVERITIES[str(raw["severity"])],
        families=frozenset(Family(str(each)) for each in families),
        ruleset=ruleset,
        why=str(raw.get("why", "")).strip(),
        safe=str(raw.get("safe", "")).strip(),
        source=str(raw.get("source", "")).strip(),
        select=str(raw["select"]) if "select" in raw else None,
        asserts=asserts if isinstance(asserts, dict | bool) else None,
        message=str(raw["message"]) if "message" in raw else None,
        check=_check(str(check)) if check is not None else None,
    )
    if check is None:
        _try_out(rule, document)
    return rule


def _check(name: str) -> Check:
    from treaty.govern.lint.checks import CHECKS

    return CHECKS[name]


def _try_out(rule: LintRule, document: Document) -> None:
    """Compile both parts of a rule, so that a mistake is told before anything is linted."""
    from jsonpath import JSONPathError

    from treaty.govern.lint.selection import NAMED_KINDS, NAMED_PATHS, compiled

    assert rule.select is not None
    if rule.select not in NAMED_KINDS and rule.select not in NAMED_PATHS:
        try:
            compiled(rule.select)
        except JSONPathError as error:
            raise PolicyError(
                f"rule {rule.id}: {rule.select!r} is no JSONPath: {str(error).splitlines()[0]}",
                location=document.locate(("rules", rule.id, "select")),
                advice=f"write a JSONPath of RFC 9535, or one of {', '.join((*NAMED_PATHS, *NAMED_KINDS))}",
            ) from error
    try:
        _ = rule.validator
    except ValueError as error:
        raise PolicyError(
            f"rule {rule.id}: `assert` is no JSON Schema: {str(error).splitlines()[0]}",
            location=document.locate(("rules", rule.id, "assert")),
        ) from error
