"""A lint run: every document of the catalogue against every rule that is for its family."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from treaty.changes.comparison import Side
from treaty.documents.nearby import did_you_mean
from treaty.errors import InvalidContract, PolicyError, TreatyError, UnresolvedReference, UsageError
from treaty.govern.catalogue import matching
from treaty.govern.frozen import glob_pattern
from treaty.govern.lint.baseline import split
from treaty.govern.lint.checks.validity import read_throughly
from treaty.govern.lint.document import LintContext, LintDocument
from treaty.govern.lint.outcome import LintFinding, LintOutcome, NotLinted
from treaty.govern.lint.rule import LintRule, Violation
from treaty.govern.lint.rulesets import builtin_rules, rules_of
from treaty.govern.lint.selection import select
from treaty.govern.outcome import Severity
from treaty.govern.rules import GOVERNANCE_RULES

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping, Sequence

    from treaty.documents.location import JsonValue, Pointer
    from treaty.govern.policy import ContractPolicy

_LEVELS = {"error": Severity.ERROR, "warn": Severity.WARNING, "off": None}
_SHOWN = 80


class Linter:
    """Lints the documents of a policy as the library of ``context`` has them."""

    def __init__(self, context: LintContext) -> None:
        self._context = context
        self._policy = context.policy
        self._rules = rules_of(context.policy)
        self._severities = self._overrides()
        self._ignored = self._ignores()

    def run(self, names: Sequence[str] = (), baseline: Mapping[str, int] | None = None) -> LintOutcome:
        """Lint the contracts called ``names``, all where none are named. Raises UsageError for an unknown name."""
        started = time.perf_counter()
        findings: dict[object, LintFinding] = {}
        unread: list[NotLinted] = []
        documents = 0
        for contract in self._selected(names):
            for path in matching(self._context.paths, contract.paths, self._context.prefix):
                documents += 1
                try:
                    for finding in self._document(contract, path):
                        # A file that several documents refer to is told once.
                        findings.setdefault((finding.rule, finding.location, finding.message), finding)
                except PolicyError:
                    raise
                except TreatyError as error:
                    unread.append(NotLinted(contract.name, path, error))
        ordered = sorted(findings.values(), key=_order)
        new, known, fixed = split(ordered, dict(baseline or {}))
        return LintOutcome(
            findings=tuple(new),
            known=tuple(known),
            fixed=tuple(fixed) if not names else (),
            unread=tuple(unread),
            documents=documents,
            rules=len(self._rules),
            seconds=time.perf_counter() - started,
        )

    def _selected(self, names: Sequence[str]) -> list[ContractPolicy]:
        contracts = self._policy.contracts
        for name in names:
            if name not in contracts:
                raise UsageError(f"no contract is called {name!r}", advice=did_you_mean(name, contracts))
        return [contract for name, contract in contracts.items() if not names or name in names]

    def _document(self, contract: ContractPolicy, path: str) -> Iterator[LintFinding]:
        library = self._context.library
        document = LintDocument(Side(library, library.open(path)), contract, self._context)
        try:
            read_throughly(document)
        except (InvalidContract, UnresolvedReference) as error:
            yield LintFinding(
                rule="contract-invalid",
                severity=Severity.ERROR,
                contract=contract.name,
                path=path,
                element="contract",
                message=error.problem,
                location=error.location,
                advice=error.advice,
                value=error.problem,
            )
            return
        for rule in self._rules.values():
            if document.family not in rule.families:
                continue
            for violation in violations(rule, document):
                name = violation.rule or rule.id
                severity = self._severity(name, rule, contract)
                if severity is None or self._is_ignored(name, violation.element):
                    continue
                yield LintFinding(
                    rule=name,
                    severity=severity,
                    contract=contract.name,
                    path=path,
                    element=violation.element,
                    message=violation.message,
                    location=violation.location,
                    advice=violation.advice,
                    value=violation.value,
                )

    def _severity(self, name: str, rule: LintRule, contract: ContractPolicy) -> Severity | None:
        """How severe a finding is: what the contract says, else the policy, else the rule; None for off."""
        for overrides in (contract.lint, self._severities):
            if name in overrides:
                return _LEVELS[overrides[name]]
        governed = GOVERNANCE_RULES.get(name)
        return governed.severity if governed is not None else rule.severity

    def _overrides(self) -> dict[str, str]:
        raw = self._policy.lint.get("rules")
        overrides = {name: str(level) for name, level in raw.items()} if isinstance(raw, dict) else {}
        for pointer, names in (
            (("lint", "rules"), overrides),
            *((("contracts", name, "lint"), entry.lint) for name, entry in self._policy.contracts.items()),
        ):
            for name in names:
                self._check_known(name, (*pointer, name))
        return overrides

    def _ignores(self) -> dict[str, list[re.Pattern[str]]]:
        raw = self._policy.lint.get("ignore")
        found: dict[str, list[re.Pattern[str]]] = {}
        for name, globs in raw.items() if isinstance(raw, dict) else ():
            self._check_known(name, ("lint", "ignore", name))
            found[name] = [glob_pattern(str(glob)) for glob in globs] if isinstance(globs, list) else []
        return found

    def _check_known(self, name: str, pointer: Pointer) -> None:
        known = {**GOVERNANCE_RULES, **builtin_rules(), **self._rules}
        if name not in known:
            raise PolicyError(
                f"no lint rule is called `{name}`",
                location=self._policy.document.locate(pointer) if self._policy.document else None,
                advice=did_you_mean(name, known) or "`treaty lint --rules` lists them",
            )

    def _is_ignored(self, name: str, element: str) -> bool:
        return any(glob.fullmatch(element) for glob in self._ignored.get(name, ()))


def violations(rule: LintRule, document: LintDocument) -> Iterator[Violation]:
    """What ``rule`` finds in ``document``."""
    if rule.check is not None:
        yield from rule.check(document)
        return
    assert rule.select is not None
    for selected in select(document, rule.select):
        for error in rule.validator.iter_errors(selected.value):
            path = tuple(error.instance_path)
            value = _shown(error.instance)
            message = rule.message.replace("{value}", value) if rule.message is not None else error.message
            rest = "" if rule.message is not None or not path else f" {'.'.join(map(str, path))}"
            yield Violation(f"{selected.element}{rest}", selected.locate(*path), message, value, rule.safe or None)
            if rule.message is not None:
                break  # the rule has one thing to say about a place


def _shown(value: JsonValue) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _order(finding: LintFinding) -> tuple[bool, str, int, str, str]:
    line = (finding.location.line if finding.location is not None else None) or 0
    file = finding.location.file if finding.location is not None else finding.path
    return (finding.severity is not Severity.ERROR, file, line, finding.rule, finding.element)
