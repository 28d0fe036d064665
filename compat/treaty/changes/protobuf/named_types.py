"""Facts about fields whose message or enum has another name: the same values under it, or others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.catalogue import rules
from treaty.changes.protobuf.facts import Carrier, Fact
from treaty.changes.protobuf.levels import broken_on
from treaty.changes.protobuf.surfaces import MESSAGES, Surface, SurfaceRule

if TYPE_CHECKING:
    from treaty.changes.protobuf.comparison import Comparison
    from treaty.model.protobuf.nodes import Enum, Field

_TYPE_NAME = 6


def compare_named_types(
    comparison: Comparison, old: Field, new: Field, carrier: Carrier | None, subject: str
) -> str | None:
    """Compare the messages or enums that two fields name; the rule that was raised, None when the types are one."""
    was, now = old.type_name, new.type_name
    enums = was in comparison.old.enums
    matched = (comparison.matching.enums if enums else comparison.matching.messages).get(was)
    if matched == now:
        return None
    if was == now or comparison.following:
        if enums:
            comparison.reach_enum(was, now)
        else:
            comparison.reach(was, now)
        return None
    if enums:
        reason = _enum_difference(comparison.old.enums[was], comparison.new.enums[now])
    else:
        reason = _first_break(comparison, comparison.between(was, now))
    rule = "proto-field-type-replaced" if reason else "proto-field-type-renamed"
    after = f"{now}: {reason}" if reason else now
    place = (_TYPE_NAME,)
    comparison.add(Fact(rule, old.full_name, subject, was, after, old.location(place), new.location(place), carrier))
    return rule


def compare_entries(
    comparison: Comparison, old: Field, new: Field, carrier: Carrier | None, subject: str
) -> str | None:
    """Compare a map with repeated entries of a message, which have the same bytes when key and value do."""
    reason = _first_break(comparison, comparison.between(old.type_name, new.type_name), Surface.BYTES)
    if reason is None:
        return None
    where = old.location((_TYPE_NAME,)), new.location((_TYPE_NAME,))
    after = f"{new.type_name}: {reason}"
    rule = "proto-field-type-replaced"
    comparison.add(Fact(rule, old.full_name, subject, old.type_name, after, *where, carrier))
    return rule


def _first_break(comparison: Comparison, facts: list[Fact], surfaces: Surface = MESSAGES) -> str | None:
    """What the second message does to values of the first, None when it breaks none of them."""
    question = comparison.question
    for fact in facts:
        rule = rules()[fact.rule]
        if isinstance(rule, SurfaceRule) and broken_on(rule, question.roles, strict=question.strict) & surfaces:
            return rule.message.format(subject=fact.subject, before=fact.before, after=fact.after)
    return None


def _enum_difference(old: Enum, new: Enum) -> str | None:
    names: dict[int, set[str]] = {}
    for value in new.values:
        names.setdefault(value.number, set()).add(value.name)
    for value in old.values:
        if value.name not in names.get(value.number, set()):
            other = ", ".join(sorted(names.get(value.number, set()))) or "nothing"
            return f"the number {value.number} meant {value.name} and now means {other}"
    return None
