"""Teaching the canonical form what it does not know: what patterns and formats have to do with each other.

It takes each pattern for a set of texts that has nothing to do with any other. Here each is replaced by a schema that
says the same and more of what follows from it. Formats become patterns that stand for nothing but themselves, so that
what is proven holds whatever the format is. No schema accepts another value for it, so nothing proven this way is
wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.proof.answers import Undecidable
from treaty.changes.proof.formats import STRINGS, decide
from treaty.changes.proof.meeting import Meetings
from treaty.changes.proof.pairing import Pairing, Side
from treaty.changes.proof.patterns import language
from treaty.model.schema.dialects import SCHEMA_KEYWORDS, SCHEMA_LIST_KEYWORDS, SCHEMA_MAP_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from treaty.changes.proof.drafts import JsonSchema
    from treaty.changes.proof.survey import Survey
    from treaty.documents.location import JsonValue

_MOST_COMPARED = 24
# Code points that are no characters and stay free for uses like this one (Unicode, section 23.7).
_FREE = range(0xFDD0, 0xFDF0)


def enriched(pairing: Pairing, sides: Sequence[Survey]) -> Pairing:
    """``pairing`` with the meaning of each `pattern` and `format` spelled out, and no `format` left.

    ``sides`` are the surveys of its sides. Raises Undecidable when a format meets a constant it is not known to hold or
    not to hold.
    """
    patterns = _patterns(sides)
    formats = _formats(pairing, sides)
    if not patterns and not formats:
        return pairing
    rewrite = _Rewriting(patterns, formats)
    return Pairing(
        tuple(Side(rewrite.schema(side.root), side.literal_integers) for side in pairing.sides),
        {name: rewrite.schema(body) for name, body in pairing.definitions.items()},
        pairing.hints,
    )


def _patterns(sides: Sequence[Survey]) -> dict[str, list[JsonValue]]:
    """What each pattern implies about the other side's patterns, and about lengths when any are asked for."""
    every = list(dict.fromkeys(pattern for side in sides for pattern in side.patterns))
    shared = {pattern for pattern in every if all(pattern in side.patterns for side in sides)}
    compared = [
        (one, other) for one in every for other in every if one != other and not (one in shared and other in shared)
    ]
    implied: dict[str, list[JsonValue]] = {}
    for one, other in compared[:_MOST_COMPARED]:
        if language.contains(other, one):
            implied.setdefault(one, []).append({"pattern": other})
        elif language.disjoint(*sorted((one, other))):
            implied.setdefault(one, []).append({"not": {"type": "string", "pattern": other}})
    if any(side.lengths for side in sides):
        for pattern in every[:_MOST_COMPARED]:
            limits: dict[str, JsonValue] = {}
            least, most = language.shortest_length(pattern), language.longest(pattern)
            if least:
                limits["minLength"] = least
            if most is not None:
                limits["maxLength"] = most
            if limits:
                implied.setdefault(pattern, []).append(limits)
    return implied


def _formats(pairing: Pairing, sides: Sequence[Survey]) -> dict[str, list[JsonValue]]:
    """The schema that stands for each format."""
    every = sorted({name for side in sides for name in side.formats})
    if len(every) > len(_FREE):
        raise Undecidable("more formats than can be told apart")
    constants = list(dict.fromkeys(text for side in sides for text in side.constants))
    tags = {name: f"\\u{_FREE[index]:04x}" for index, name in enumerate(every)}
    if every and any(ord(character) in _FREE for text in constants for character in text):
        raise Undecidable("constants made of what is no character")
    atoms: dict[str, JsonValue] = {}
    meetings: Meetings | None = None
    for name in every:
        members: list[str] = []
        for text in constants:
            decided = decide(name, text)
            if decided:
                members.append(text)
            elif decided is None:
                meetings = meetings or Meetings(pairing)
                if meetings.possible(name, text):
                    raise Undecidable(f"format {name!r}, of which it is not known whether it holds {text[:40]!r}")
        # With the empty text among them nothing follows about their length.
        open_end = "" if decide(name, "") is False else "?"
        listed = "|".join(_literal(text) for text in members if text)
        known = f"|^(?:{listed}){open_end}$" if listed else "|^$" if open_end else ""
        atoms[name] = {"pattern": f"(?={tags[name]}{known})"}
    found: dict[str, list[JsonValue]] = {}
    for name in every:
        meaning: list[JsonValue] = [atoms[name]]
        known_format = STRINGS.get(name)
        if known_format is not None:
            meaning += [atoms[wider] for wider in known_format.within if wider in atoms]
            if known_format.shortest:
                meaning.append({"minLength": known_format.shortest})
            if known_format.longest is not None:
                meaning.append({"maxLength": known_format.longest})
        found[name] = meaning
    return found


def _literal(text: str) -> str:
    """A regular expression for exactly ``text``, whatever its characters mean in one."""
    return "".join(f"\\u{{{ord(character):x}}}" if not character.isalnum() else character for character in text)


class _Rewriting:
    def __init__(self, patterns: Mapping[str, list[JsonValue]], formats: Mapping[str, list[JsonValue]]) -> None:
        self._patterns = patterns
        self._formats = formats

    def schema(self, node: JsonSchema) -> JsonSchema:
        written = self._value(node)
        assert isinstance(written, dict | bool)
        return written

    def _value(self, node: JsonValue) -> JsonValue:
        if not isinstance(node, dict):
            return node
        written: dict[str, JsonValue] = {}
        demands: list[JsonValue] = []
        for keyword, value in node.items():
            if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
                written[keyword] = {name: self._value(inner) for name, inner in value.items()}
            elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
                written[keyword] = [self._value(inner) for inner in value]
            elif keyword in SCHEMA_KEYWORDS:
                written[keyword] = self._value(value)
            elif keyword == "format":
                demands += self._formats[str(value)]
            else:
                written[keyword] = value
                if keyword == "pattern":
                    demands += self._patterns.get(str(value), [])
        if demands:
            own = written.get("allOf")
            written["allOf"] = [*(own if isinstance(own, list) else ()), *demands]
        return written
