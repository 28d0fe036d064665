"""The rules a report may name, of every kind, as far as reports show them."""

from __future__ import annotations

import re
from typing import NamedTuple

_SENTENCE_END = re.compile(r"(?<=[a-z`)\d]\.) (?=[A-Z])")


class RuleText(NamedTuple):
    """What a report says about a rule beside its findings: a sentence, why it matters, and what to do."""

    summary: str
    why: str
    safe: str

    @property
    def next(self) -> str:
        """What to do, in one sentence."""
        return _SENTENCE_END.split(self.safe, maxsplit=1)[0]


def rule_text(rule: str) -> RuleText:
    """The texts of a change rule, a governance rule or a lint rule; of what is none of them, its name."""
    from treaty.changes.catalogue import rules
    from treaty.govern.rules import GOVERNANCE_RULES

    changed = rules().get(rule)
    if changed is not None:
        return RuleText(changed.summary, changed.why, changed.safe)
    governed = GOVERNANCE_RULES.get(rule)
    if governed is not None:
        return RuleText(governed.summary, governed.why, governed.safe)
    if rule == "not-checked":
        return RuleText("A contract could not be checked.", "Nothing is known about it.", "Mend what cannot be read.")
    from treaty.govern.lint.rulesets import builtin_rules

    linted = builtin_rules().get(rule)
    if linted is not None:
        return RuleText(linted.summary, linted.why, linted.safe)
    return RuleText(rule, "", "")
