"""Facts about what a declaration says to people and tools: comments, lifecycle marks, custom options."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.changes.protobuf.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.location import JsonValue
    from treaty.model.protobuf.nodes import Declaration

_HTTP = "(google.api.http)"
_BLOCKS = ("lifecycle)",)
_FLAT = ("deprecated_since)", "removed_in)", "sunset)", "replaced_by)")


def describe(old: Declaration, new: Declaration, subject: str) -> Iterator[Fact]:
    """What changed about two versions of one declaration without changing any value."""

    def fact(rule: str, before: JsonValue, after: JsonValue) -> Fact:
        return Fact(rule, old.full_name, subject, before, after, old.location(), new.location())

    if old.doc.split() != new.doc.split():
        yield fact("documentation-changed", None, "the comment")
    was, now = old.lifecycle, new.lifecycle
    if was.deprecated != now.deprecated:
        yield fact("element-deprecated" if now.deprecated else "element-no-longer-deprecated", None, None)
    if now.unreadable and was.unreadable != now.unreadable:
        yield fact("lifecycle-unreadable", None, list(now.unreadable))
    before, after = old.options.get(_HTTP), new.options.get(_HTTP)
    if before is not None and before != after:
        yield fact("proto-http-mapping-changed", _shown(before), _shown(after))
    names = [name for name in {**old.options, **new.options} if name.startswith("(") and not name.endswith(_BLOCKS)]
    for name in names:
        if name == _HTTP or name.endswith(_FLAT) or old.options.get(name) == new.options.get(name):
            continue
        yield fact(
            "proto-custom-option-changed",
            f"{name[1:-1]} = {_shown(old.options.get(name))}",
            _shown(new.options.get(name)),
        )


def _shown(value: JsonValue) -> str:
    return "unset" if value is None else json.dumps(value, ensure_ascii=False)
