"""What a schema speaks of, gathered in one walk for all who want to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty.changes.proof.formats import NUMBERS, STRINGS
from treaty.changes.proof.meeting import texts
from treaty.changes.proof.pairing import nodes

if TYPE_CHECKING:
    from treaty.changes.proof.drafts import JsonSchema

_CHOICES = frozenset({"anyOf", "dependentSchemas", "if", "not", "oneOf"})
_LENGTHS = frozenset({"minLength", "maxLength"})
_NUMBERS = frozenset({"integer", "number"})
_UNEVALUATED = frozenset({"unevaluatedItems", "unevaluatedProperties"})
_FEW = 1000


@dataclass(slots=True)
class Survey:
    """``constants`` are the strings in enumerations and constants.

    ``number_formats`` are formats nobody published that numbers may have. ``lengths``, ``integers``, ``unevaluated``:
    whether these are spoken of anywhere. ``size`` counts schema
    objects. ``heavy``: whether there are choices, or enumerations of over 1,000 values.
    """

    patterns: dict[str, None] = field(default_factory=dict)
    formats: dict[str, None] = field(default_factory=dict)
    constants: dict[str, None] = field(default_factory=dict)
    number_formats: set[str] = field(default_factory=set)
    size: int = 0
    lengths: bool = False
    unevaluated: bool = False
    integers: bool = False
    heavy: bool = False


def surveyed(root: JsonSchema, definitions: dict[str, JsonSchema]) -> Survey:
    """Walk through ``root`` and the definitions it reaches."""
    found = Survey()
    for node in nodes(root, definitions):
        found.size += 1
        pattern, name, kind, listed = node.get("pattern"), node.get("format"), node.get("type"), node.get("enum")
        kinds = {str(one) for one in (kind if isinstance(kind, list) else [kind])} if kind is not None else _NUMBERS
        if isinstance(pattern, str):
            found.patterns[pattern] = None
        if isinstance(name, str):
            found.formats[name] = None
            if name not in STRINGS and name not in NUMBERS and kinds & _NUMBERS:
                found.number_formats.add(name)
        if listed is not None or "const" in node:
            found.constants |= dict.fromkeys(text for _, text in texts(node))
        found.lengths = found.lengths or not node.keys().isdisjoint(_LENGTHS)
        found.unevaluated = found.unevaluated or not node.keys().isdisjoint(_UNEVALUATED)
        found.integers = found.integers or (kind is not None and "integer" in kinds)
        long = isinstance(listed, list) and len(listed) > _FEW
        found.heavy = found.heavy or long or not node.keys().isdisjoint(_CHOICES)
    return found
