"""Whether a format and a constant can ever be asked of the same value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.pairing import PREFIX, Pairing, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.location import JsonValue

_ANY_NAME = "*"
_ITEM = "[]"
_NAME = "name"
_HERE = "."

# The step from a value to the part of it that the schemas under a keyword are about; all others are about the value
# itself.
_STEPS = {
    "additionalItems": _ITEM,
    "additionalProperties": _ANY_NAME,
    "contains": _ITEM,
    "items": _ITEM,
    "patternProperties": _ANY_NAME,
    "prefixItems": _ITEM,
    "propertyNames": _NAME,
    "unevaluatedItems": _ITEM,
    "unevaluatedProperties": _ANY_NAME,
}


def texts(node: dict[str, JsonValue], step: str = _HERE) -> Iterator[tuple[str, str]]:
    """The strings in the constants of a schema object, each with the last step on the way to it."""
    waiting: list[tuple[str, JsonValue]] = []
    if "const" in node:
        waiting.append((step, node["const"]))
    listed = node.get("enum")
    if isinstance(listed, list):
        waiting.extend((step, value) for value in listed)
    while waiting:
        at, value = waiting.pop()
        if isinstance(value, str):
            yield at, value
        elif isinstance(value, dict):
            waiting.extend((f".{name}", inner) for name, inner in value.items())
            waiting.extend((_NAME, name) for name in value)
        elif isinstance(value, list):
            waiting.extend((_ITEM, inner) for inner in value)


class Meetings:
    """Places are told apart by the last step to them: a property's name, an item, a name, the root.

    That keeps too many together, never too few.
    """

    def __init__(self, pairing: Pairing) -> None:
        self._formats: dict[str, set[str]] = {}
        self._constants: dict[str, set[str]] = {}
        waiting: list[tuple[str, JsonValue]] = [(_HERE, side.root) for side in pairing.sides]
        seen: set[tuple[str, int]] = set()
        while waiting:
            step, node = waiting.pop()
            if not isinstance(node, dict) or (step, id(node)) in seen:
                continue
            seen.add((step, id(node)))
            if "format" in node:
                self._formats.setdefault(str(node["format"]), set()).add(step)
            for at, text in texts(node, step):
                self._constants.setdefault(text, set()).add(at)
            target = node.get("$ref")
            if isinstance(target, str):
                waiting.append((step, pairing.definitions[target.removeprefix(PREFIX)]))
            for keyword, name, inner in children(node):
                waiting.append((f".{name}" if keyword == "properties" else _STEPS.get(keyword, step), inner))

    def possible(self, name: str, text: str) -> bool:
        """Whether some value that must be of format ``name`` may be compared with ``text``."""
        return any(
            one == other or (_ANY_NAME in (one, other) and {one[0], other[0]} <= {".", _ANY_NAME})
            for one in self._formats.get(name, ())
            for other in self._constants.get(text, ())
        )
