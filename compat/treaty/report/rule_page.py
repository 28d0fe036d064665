"""The page of one rule, the same for `treaty explain` and for `docs/rules/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.catalogue import family_of
from treaty.changes.levels import level_of
from treaty.changes.protobuf.levels import worst_level
from treaty.changes.protobuf.surfaces import DEFAULT, WORDS, SurfaceRule
from treaty.model.roles import Role, Standing

if TYPE_CHECKING:
    from treaty.changes.catalogue import Rule

_WHERE = {
    Standing.REQUEST: "read by the owner (a request, a received event)",
    Standing.ANSWER: "written, as the whole of an answer (a body, a header)",
    Standing.FIELD: "written, as a field of an answer or event",
    Standing.DELIVERY: "written unasked (a webhook, a callback)",
}


def rule_page(rule: Rule) -> str:
    """Markdown: what happened, who breaks, an example, the safe path, how to configure and waive, the source."""
    sections = [
        f"# {rule.id}",
        rule.summary,
        f"## Who breaks\n\n{rule.why}",
        _levels(rule),
        _example(rule),
        f"## The safe path\n\n{rule.safe}",
        _configure(rule),
        f"## Source\n\n{rule.source}",
    ]
    if rule.reverse and rule.reverse != rule.id:
        sections.append(f"The same change made backwards is [{rule.reverse}]({rule.reverse}.md).")
    return "\n\n".join(sections) + "\n"


def _example(rule: Rule) -> str:
    syntax = "protobuf" if isinstance(rule, SurfaceRule) else "yaml"
    before, after = (f"```{syntax}\n{text.strip()}\n```" for text in (rule.before, rule.after))
    return f"## Example\n\nBefore:\n\n{before}\n\nAfter:\n\n{after}"


def _levels(rule: Rule) -> str:
    """The levels by place, equal ones told together, and the reason of each that is not what the table says."""
    if isinstance(rule, SurfaceRule):
        rows = ["| what others depend on | level where it is read | level where it is written |", "|---|---|---|"]
        for word, surfaces in WORDS.items():
            levels = [worst_level(rule, surfaces, role).value for role in (Role.READS, Role.WRITES)]
            rows.append(f"| {word} | {' | '.join(levels)} |")
    else:
        rows = ["| where the value is | level |", "|---|---|"]
        for standing, words in _WHERE.items():
            rows.append(f"| {words} | {level_of(rule, rule.effect, standing.role, standing=standing).value} |")
    reasons = [f"- {deviation.level.value}: {deviation.reason}" for deviation in rule.deviations]
    effect = f"The set of valid values: **{rule.effect.value}**." if rule.effect.value != "none" else ""
    text = "\n".join(rows)
    if effect:
        text = f"{effect}\n\n{text}"
    return f"{text}\n\n{chr(10).join(dict.fromkeys(reasons))}" if reasons else text


def _configure(rule: Rule) -> str:
    return (
        "## Configure or waive\n\n"
        f"In `treaty.yaml`, `rules: {{{rule.id}: risky}}` sets another level for every place, `{rule.id}@reads` or "
        f"`{rule.id}@writes` for one role, and `off` silences the rule. One change is accepted with "
        "`treaty waive FINGERPRINT --reason … --owner … --expires …`."
    )


def levels_in_short(rule: Rule) -> tuple[str, str]:
    """The level where values are read, and where a field is written."""
    if isinstance(rule, SurfaceRule):
        reads, writes = (worst_level(rule, DEFAULT, role).value for role in (Role.READS, Role.WRITES))
        return reads, writes
    return (
        level_of(rule, rule.effect, Role.READS, standing=Standing.REQUEST).value,
        level_of(rule, rule.effect, Role.WRITES, standing=Standing.FIELD).value,
    )


def family_title(rule: Rule) -> str:
    return family_of(rule.id).replace("_", " ")
