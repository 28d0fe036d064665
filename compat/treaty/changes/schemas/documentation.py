"""Facts about what a schema says to people, and about defaults and lifecycle marks: nothing here changes what is
valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Effect
from treaty.changes.schemas.facts import Fact
from treaty.model.lifecycle import lifecycle_of
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.library import Node
    from treaty.documents.location import JsonValue

_TEXTS = ("title", "description", "example", "examples", "externalDocs", "xml", "$comment")


def documentation_facts(old: Node, new: Node, *, text: bool) -> Iterator[Fact]:
    """Compare the annotations of two written schema objects at the same place."""
    before, after = old.value, new.value
    if not isinstance(before, dict) or not isinstance(after, dict):
        return
    changed: list[JsonValue] = [keyword for keyword in _TEXTS if before.get(keyword) != after.get(keyword)]
    if changed:
        yield _fact("documentation-changed", old, new, str(changed[0]), None, changed)
    if before.get("default") != after.get("default") or ("default" in before) != ("default" in after):
        # A parameter that is left out is a request like any other, and now a different one.
        both = "default" in before and "default" in after
        rule, effect = (
            ("parameter-default-changed", Effect.REPLACES) if text and both else ("default-changed", Effect.NONE)
        )
        yield _fact(rule, old, new, "default", _shown(before), _shown(after), effect)
    if (before.get("deprecated") is True) != (after.get("deprecated") is True):
        rule = "element-deprecated" if after.get("deprecated") is True else "element-no-longer-deprecated"
        yield _fact(rule, old, new, "deprecated", None, None)
    unreadable: list[JsonValue] = list(lifecycle_of(after).unreadable)
    if unreadable and lifecycle_of(before).unreadable != lifecycle_of(after).unreadable:
        yield _fact("lifecycle-unreadable", old, new, "x-lifecycle", None, unreadable, Effect.REPLACES)


def _shown(raw: dict[str, JsonValue]) -> JsonValue:
    return {"default": raw["default"]} if "default" in raw else None


def _fact(
    rule: str, old: Node, new: Node, keyword: str, before: JsonValue, after: JsonValue, effect: Effect = Effect.NONE
) -> Fact:
    return Fact(
        rule=rule,
        effect=effect,
        provable=False,
        before=before,
        after=after,
        base=Origin(old, keyword),
        revision=Origin(new, keyword),
    )
