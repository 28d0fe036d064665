"""From facts to changes: on which surfaces each is felt, how badly, and which calls carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from treaty.changes.catalogue import Rule, rules
from treaty.changes.change import Change, Effect, Level, Witness
from treaty.changes.levels import level_of
from treaty.changes.protobuf.levels import broken_on, worst_level
from treaty.changes.protobuf.surfaces import MESSAGES, Surface, SurfaceRule, phrase
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from treaty.changes.protobuf.comparison import Question
    from treaty.changes.protobuf.facts import Fact
    from treaty.model.protobuf.nodes import Schema

LISTED_SITES = 25

Show: TypeAlias = "Callable[[Fact, Surface, Role], Witness | None]"
"""Makes the message that shows a fact, on one of these surfaces and in one of these roles."""


def changes_of(
    facts: Iterable[Fact], question: Question, sites: Mapping[str, list[str]], show: Show
) -> tuple[Change, ...]:
    """Each fact as a change, most severe first; what the policy switched off is left out."""
    told: dict[str, Change] = {}
    for fact in facts:
        change = _change(fact, question, sites, show)
        if change is not None:
            told.setdefault(change.fingerprint, change)
    return tuple(sorted(told.values(), key=lambda one: (-one.level.severity, one.element, one.rule, one.fingerprint)))


def _change(fact: Fact, question: Question, sites: Mapping[str, list[str]], show: Show) -> Change | None:
    rule = rules()[fact.rule]
    by_role: dict[Role, Level] = {}
    for role in (Role.READS, Role.WRITES):
        if role in question.roles:
            level = _level(rule, role, question)
            if level is not None:
                by_role[role] = level
    if not by_role:
        return None
    worst = max(by_role.values(), key=lambda level: level.severity)
    roles = Role.NONE
    for role, level in by_role.items():
        roles |= role if level is worst else Role.NONE
    text = rule.message.format(subject=fact.subject, before=_shown(fact.before), after=_shown(fact.after))
    witness = None
    if isinstance(rule, SurfaceRule):
        broken = broken_on(rule, question.roles, strict=question.strict)
        witness = _witness(fact, rule, question, roles, worst, broken, show)
        text += _remark(rule, broken, broken & question.surfaces, witness)
    felt = sites.get(fact.carrier.old, []) if fact.carrier is not None else []
    return Change(
        rule=fact.rule,
        level=worst,
        effect=_effect(rule),
        role=roles,
        element=fact.element,
        message=text,
        before=fact.before,
        after=fact.after,
        witness=witness,
        base=fact.base,
        revision=fact.revision,
        sites=tuple(felt[:LISTED_SITES]),
        count=max(1, len(felt)),
    )


def _level(rule: Rule, role: Role, question: Question) -> Level | None:
    for key in (f"{rule.id}@{role}", rule.id):
        if key in question.levels:
            return question.levels[key]
    if isinstance(rule, SurfaceRule):
        return worst_level(rule, question.surfaces, role, strict=question.strict)
    return level_of(rule, rule.effect, role)


def _witness(
    fact: Fact, rule: SurfaceRule, question: Question, roles: Role, worst: Level, broken: Surface, show: Show
) -> Witness | None:
    felt = rule.surfaces & question.surfaces & MESSAGES
    if worst.severity < Level.RISKY.severity or fact.carrier is None or not felt:
        return None
    proven = broken & felt
    witness = show(fact, proven, roles) if proven else None
    return witness or show(fact, felt, roles)


def _remark(rule: SurfaceRule, broken: Surface, asked: Surface, witness: Witness | None) -> str:
    """On which surfaces the change breaks, and why there is no message to show it where there is none."""
    if not broken:
        return ""
    why = ""
    if not rule.surfaces & MESSAGES:
        why = "; no message shows it, because bytes and JSON stay the same"
    elif asked & MESSAGES and witness is None:
        why = "; no message was found that shows it"
    return f" (breaks {phrase(broken)}{why})"


def _effect(rule: Rule) -> Effect:
    if isinstance(rule, SurfaceRule) and rule.effect is Effect.NONE and rule.text_effect is not None:
        return rule.text_effect
    return rule.effect


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "empty" if value == "" else str(value)


def sites_of(schema: Schema) -> dict[str, list[str]]:
    """The calls that carry each message: ``wallet.v1.Wallet/Hold request``, in the order of the contract."""
    sites: dict[str, list[str]] = {}
    for service in schema.services.values():
        for method in service.methods.values():
            for word, start in (("request", method.request), ("response", method.response)):
                site = f"{service.full_name}/{method.name} {word}"
                waiting, seen = [start], {start}
                while waiting:
                    name = waiting.pop()
                    sites.setdefault(name, []).append(site)
                    fields = schema.messages[name].fields.values() if name in schema.messages else ()
                    inside = {field.type_name for field in fields if field.kind.is_message} - seen
                    seen |= inside
                    waiting.extend(inside)
    return sites
