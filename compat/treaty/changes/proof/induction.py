"""Containment of recursive schemas, by induction over the size of values.

Suppose that for all smaller values definition A is covered by definition B. Then inside A every reference to A may be
read as one to both, and if B covers A read that way, the supposition holds for the next size. References to the same
value count as smaller: they form no circle. Suppositions that fail are dropped until the rest carry each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import PREFIX
from treaty.model.schema.dialects import SCHEMA_KEYWORDS, SCHEMA_LIST_KEYWORDS, SCHEMA_MAP_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treaty.changes.proof.drafts import JsonSchema
    from treaty.documents.location import JsonValue

_MOST_PAIRS = 40
_MOST_BRANCHES = 8

_Pairs = dict[tuple[str, str], None]


def by_induction(
    new: JsonSchema,
    old: JsonSchema,
    definitions: dict[str, JsonSchema],
    ask: Callable[[JsonSchema, JsonSchema], bool | None],
) -> bool:
    """Whether ``new`` covers ``old`` by the argument above; ``ask`` tells it of single steps. False proves nothing."""
    pairs = _facing(new, old, definitions)
    if not pairs or len(pairs) > _MOST_PAIRS:
        return False
    failed = True
    while failed:
        failed = False
        # The last ones found are the deepest, and what fails there fails above, too.
        for pair in reversed(list(pairs)):
            if not _step(pair, pairs, definitions, ask):
                del pairs[pair]
                failed = True
    return bool(pairs) and ask(new, _read(old, pairs)) is True


def _step(
    pair: tuple[str, str],
    pairs: _Pairs,
    definitions: dict[str, JsonSchema],
    ask: Callable[[JsonSchema, JsonSchema], bool | None],
) -> bool:
    inner, outer = (definitions[name] for name in pair)
    return ask(outer, _read(inner, pairs)) is True


def _read(schema: JsonSchema, pairs: _Pairs) -> JsonSchema:
    """``schema`` with every reference read as one to all that is supposed to cover it, too."""
    wider: dict[str, list[JsonValue]] = {}
    for inner, outer in pairs:
        wider.setdefault(PREFIX + inner, []).append({"$ref": PREFIX + outer})
    written = _reread(schema, wider)
    assert isinstance(written, dict | bool)
    return written


def _reread(node: JsonValue, wider: dict[str, list[JsonValue]]) -> JsonValue:
    if not isinstance(node, dict):
        return node
    written: dict[str, JsonValue] = {}
    for keyword, value in node.items():
        if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            written[keyword] = {name: _reread(inner, wider) for name, inner in value.items()}
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            written[keyword] = [_reread(inner, wider) for inner in value]
        elif keyword in SCHEMA_KEYWORDS:
            written[keyword] = _reread(value, wider)
        else:
            written[keyword] = value
    more = wider.get(str(node.get("$ref")), ())
    if more:
        own = written.get("allOf")
        written["allOf"] = [*(own if isinstance(own, list) else ()), *more]
    return written


def _facing(new: JsonSchema, old: JsonSchema, definitions: dict[str, JsonSchema]) -> _Pairs:
    """The pairs of different definitions that both schemas refer to in the same places."""
    found: _Pairs = {}
    waiting: list[tuple[JsonValue, JsonValue]] = [(old, new)]
    seen: set[tuple[int, int]] = set()
    while waiting and len(found) <= _MOST_PAIRS:
        one, other = waiting.pop()
        if not isinstance(one, dict) or not isinstance(other, dict) or (id(one), id(other)) in seen:
            continue
        seen.add((id(one), id(other)))
        names = tuple(str(node["$ref"]).removeprefix(PREFIX) if "$ref" in node else None for node in (one, other))
        if names[0] is not None and names[1] is not None and names[0] != names[1]:
            found[names[0], names[1]] = None
            waiting.append((definitions[names[0]], definitions[names[1]]))
        elif names[0] is not None and names[1] is None:
            waiting.append((definitions[names[0]], other))
        elif names[1] is not None and names[0] is None:
            waiting.append((one, definitions[names[1]]))
        waiting.extend(_opposite(one, other))
    return found


def _opposite(one: dict[str, JsonValue], other: dict[str, JsonValue]) -> Iterator[tuple[JsonValue, JsonValue]]:
    for keyword, mine in one.items():
        theirs = other.get(keyword)
        if isinstance(mine, dict) and isinstance(theirs, dict) and keyword in SCHEMA_MAP_KEYWORDS:
            yield from ((mine[name], theirs[name]) for name in mine.keys() & theirs.keys())
        elif isinstance(mine, list) and isinstance(theirs, list) and keyword in SCHEMA_LIST_KEYWORDS:
            if keyword == "prefixItems" or max(len(mine), len(theirs)) > _MOST_BRANCHES:
                yield from zip(mine, theirs, strict=False)
            else:
                yield from ((inner, outer) for inner in mine for outer in theirs)
        elif keyword in SCHEMA_KEYWORDS and theirs is not None:
            yield mine, theirs
