"""Rules that are not Treaty's own: YAML files, packages with an entry point, and what is told about bad ones."""

from __future__ import annotations

import datetime
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from treaty.documents.formats import Family
from treaty.documents.library import Library
from treaty.documents.source import TextSource
from treaty.errors import PolicyError
from treaty.govern.lint.document import LintContext, LintDocument
from treaty.govern.lint.engine import Linter
from treaty.govern.lint.rule import LintRule, Violation
from treaty.govern.outcome import Severity
from treaty.govern.policy import load_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.lint.outcome import LintOutcome

ROOT = Path(__file__).parents[3]
API = """\
openapi: 3.1.0
info: {title: Bets, version: 1.0.0}
servers: [{url: "https://api.example"}, {url: "http://old.example"}]
paths: {}
"""
RULES = """\
rules:
  server-over-tls:
    summary: A server is not reached over TLS.
    safe: Give it an https URL.
    severity: error
    families: [openapi]
    select: $.servers[*].url
    assert: {pattern: "^https://"}
    message: "{value} is not https"
"""


def lint(folder: Path, lint_policy: str, rules: str | None = None) -> LintOutcome:
    (folder / "treaty.yaml").write_text(f'contracts: {{api: {{path: "api.yaml"}}}}\nlint: {lint_policy}\n')
    if rules is not None:
        (folder / "house.yaml").write_text(rules)
    library = Library(TextSource({"api.yaml": API.encode()}))
    policy = load_policy(folder / "treaty.yaml")
    return Linter(LintContext(policy, library, ["api.yaml"], "", datetime.date(2026, 1, 1))).run()


def test_a_rule_in_yaml_needs_no_code(tmp_path: Path) -> None:
    (found,) = lint(tmp_path, "{extends: [], custom: [house.yaml]}", RULES).findings

    assert (found.rule, found.severity, found.message) == (
        "server-over-tls",
        Severity.ERROR,
        "http://old.example is not https",
    )
    assert found.location is not None
    assert (found.location.line, found.location.file) == (3, "api.yaml")


@pytest.mark.parametrize(
    ("policy", "severities"),
    [
        ("{extends: [], custom: [house.yaml], rules: {server-over-tls: warn}}", [Severity.WARNING]),
        ("{extends: [], custom: [house.yaml], rules: {server-over-tls: 'off'}}", []),
        ("{extends: [], custom: [house.yaml], ignore: {server-over-tls: ['server*']}}", []),
    ],
)
def test_a_policy_may_soften_it(tmp_path: Path, policy: str, severities: list[Severity]) -> None:
    assert [found.severity for found in lint(tmp_path, policy, RULES).findings] == severities


BAD = [
    (RULES.replace("$.servers[*].url", "$.servers[*"), "is no JSONPath", 7),
    (RULES.replace('{pattern: "^https://"}', "{type: colour}"), "is no JSON Schema", 8),
    (RULES.replace("severity: error", "severity: fatal"), "fatal", 5),
    (RULES.replace("    select: $.servers[*].url\n", ""), "needs `select` and `assert`", 2),
    (RULES + "    check: os.system\n", "names Python code", 10),
    (RULES + "    colour: blue\n", "colour", 10),
    ("rules: [", "not valid YAML", 1),
]


@pytest.mark.parametrize(("rules", "words", "line"), BAD, ids=[words for _, words, _ in BAD])
def test_a_bad_rule_is_told_where_it_stands(tmp_path: Path, rules: str, words: str, line: int) -> None:
    with pytest.raises(PolicyError, match=words) as refused:
        lint(tmp_path, "{extends: [], custom: [house.yaml]}", rules)

    where = refused.value.location
    assert where is not None
    assert where.file.endswith("house.yaml")
    assert abs((where.line or 0) - line) <= (1 if words == "not valid YAML" else 0), where


def test_a_file_that_is_missing_is_told_in_the_policy(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as refused:
        lint(tmp_path, "{extends: [], custom: [house.yaml]}")
    assert refused.value.location is not None
    assert refused.value.location.line == 2


def _untitled(document: LintDocument) -> Iterator[Violation]:
    yield Violation("contract", None, f"{document.side.document.path} was asked about")


HOUSE = [
    LintRule(
        id="house-asked",
        summary="Every document is asked about.",
        severity=Severity.WARNING,
        families=frozenset({Family.OPENAPI}),
        ruleset="acme:house",
        check=_untitled,
    )
]


def house_rules() -> list[LintRule]:
    """What a package offers under the entry point."""
    return HOUSE


def offered(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("acme:house", value, "treaty.lint")
    monkeypatch.setitem(sys.modules, "acme_house", sys.modules[__name__])
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: [point] if group == "treaty.lint" else [])


@pytest.mark.parametrize("value", ["acme_house:HOUSE", "acme_house:house_rules"])
def test_a_package_may_bring_rules_in_python(tmp_path: Path, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offered(value, monkeypatch)

    (found,) = lint(tmp_path, "{extends: ['acme:house']}").findings

    assert (found.rule, found.severity, found.message) == (
        "house-asked",
        Severity.WARNING,
        "api.yaml was asked about",
    )


@pytest.mark.parametrize(
    ("value", "extends", "words"),
    [("acme_house:BAD", "acme:house", "not a LintRule"), ("acme_house:HOUSE", "acme:hose", "no lint rules are called")],
)
def test_an_entry_point_that_does_not_fit_is_told(
    tmp_path: Path, value: str, extends: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered(value, monkeypatch)

    with pytest.raises(PolicyError, match=words) as refused:
        lint(tmp_path, f"{{extends: ['{extends}']}}")
    assert refused.value.location is not None
    assert refused.value.location.line == 2


def test_the_contracts_of_this_repository_keep_the_rules() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "treaty", "lint"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert ", clean" in done.stdout
