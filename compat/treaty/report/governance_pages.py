"""The pages of rules that are about contracts as they are and about the policy: governance and lint.

``python -m treaty.report.governance_pages [FOLDER]`` writes both reference pages (`make docs`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.govern.rules import GOVERNANCE_RULES

if TYPE_CHECKING:
    from treaty.govern.lint.rule import LintRule
    from treaty.govern.rules import GovernanceRule

PAGES = ("governance-rules.md", "lint-rules.md")


def page_of(name: str) -> str | None:
    """The Markdown page of a governance or lint rule; None when ``name`` is neither."""
    governed = GOVERNANCE_RULES.get(name)
    if governed is not None:
        return f"# {governed.id}\n\n{_governance(governed)}\n"
    from treaty.govern.lint.rulesets import builtin_rules

    linted = builtin_rules().get(name)
    return f"# {linted.id}\n\n{_lint(linted)}\n" if linted is not None else None


def names() -> list[str]:
    """Every rule that has such a page."""
    from treaty.govern.lint.rulesets import builtin_rules

    return [*GOVERNANCE_RULES, *builtin_rules()]


def pages() -> dict[str, str]:
    """File name to Markdown: every governance rule on one page, every lint rule on another."""
    from treaty.govern.lint.rulesets import BUILTIN, builtin_rules

    governance = [
        "# Governance rules",
        "What `treaty check` and `treaty lint` object to beside changes: versions, majors, waivers, frozen elements, "
        "lifecycles. `treaty explain RULE` prints one. Made from `compat/treaty/govern/rules.py` by `make docs`.",
        *(f"## {rule.id}\n\n{_governance(rule)}" for rule in GOVERNANCE_RULES.values()),
    ]
    lint = [
        "# Lint rules",
        "What `treaty lint` looks for. `treaty explain RULE` prints one. Made from the rule sets in "
        "`compat/treaty/govern/lint/` by `make docs`.",
    ]
    for ruleset in BUILTIN:
        lint.append(f"## {ruleset}")
        lint.extend(f"### {rule.id}\n\n{_lint(rule)}" for rule in builtin_rules().values() if rule.ruleset == ruleset)
    return dict(zip(PAGES, ("\n\n".join(governance) + "\n", "\n\n".join(lint) + "\n"), strict=True))


def _governance(rule: GovernanceRule) -> str:
    return (
        f"{rule.summary} As a rule: {rule.severity.value}.\n\n**Who is hurt.** {rule.why}\n\n"
        f"**What to do.** {rule.safe}\n\n**Source.** {rule.source}"
    )


def _lint(rule: LintRule) -> str:
    families = ", ".join(sorted(family.value for family in rule.families))
    asked = f"\n\n**Looks at.** `{rule.select}`" if rule.select is not None else ""
    return (
        f"{rule.summary} {rule.severity.value.capitalize()}, for {families}.\n\n**Who is hurt.** {rule.why}\n\n"
        f"**What to do.** {rule.safe}{asked}\n\n**Source.** {rule.source}\n\n**Configure.** "
        f"`lint: {{rules: {{{rule.id}: off}}}}` in treaty.yaml, or `warn`; one element is left alone by "
        f'`lint: {{ignore: {{{rule.id}: ["…"]}}}}`.'
    )


def write(folder: Path) -> None:
    """Write both pages into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
