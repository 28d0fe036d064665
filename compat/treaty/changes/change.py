"""The one vocabulary of findings: effect, level, witness, change."""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue, Location
    from treaty.model.roles import Role


class Effect(enum.StrEnum):
    """What a change did to the set of valid values, without saying who reads them."""

    NARROWS = "narrows"
    WIDENS = "widens"
    REPLACES = "replaces"
    NONE = "none"

    def reversed(self) -> Effect:
        """The effect of the same change made backwards."""
        return {Effect.NARROWS: Effect.WIDENS, Effect.WIDENS: Effect.NARROWS}.get(self, self)


class Level(enum.StrEnum):
    """What a change means to the people on the other side, least first."""

    DOCS = "docs"
    ADDITIVE = "additive"
    RISKY = "risky"
    UNKNOWN = "unknown"
    BREAKING = "breaking"

    @property
    def severity(self) -> int:
        """0 for docs to 4 for breaking; `unknown` stands just below breaking because it may be."""
        return _SEVERITY[self]


_SEVERITY = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Witness:
    """One concrete message that proves a change: one side accepts it, the other refuses it.

    ``value`` is the JSON form of the message. ``wire`` is how it travels where that is not JSON (``?ids=1,2``,
    hexadecimal bytes of an Avro datum or a Protobuf message). ``accepted_by``/``refused_by`` are ``base`` or
    ``revision``. ``reason`` is the refusing validator's own sentence, ``confirmed_by`` its name. ``at`` is the place of
    ``value`` in the message, ``$`` when it is the whole.
    """

    value: JsonValue
    accepted_by: str
    refused_by: str
    reason: str
    confirmed_by: str
    wire: str | None = None
    at: str = "$"


@dataclass(frozen=True, slots=True)
class Change:
    """One cause, wherever it is felt.

    ``element`` names what changed in the contract's own terms, never by file or line; ``sites`` are the places that
    feel it, most of them when there are very many, and ``count`` is their true number. ``before`` and ``after`` are
    JSON values.
    """

    rule: str
    level: Level
    effect: Effect
    role: Role
    element: str
    message: str
    before: JsonValue = None
    after: JsonValue = None
    witness: Witness | None = None
    base: Location | None = None
    revision: Location | None = None
    sites: tuple[str, ...] = ()
    count: int = 1
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fingerprint", fingerprint(self.rule, self.element, self.before, self.after))


def fingerprint(rule: str, element: str, before: JsonValue, after: JsonValue) -> str:
    """Twelve hexadecimal digits that name a change for waivers.

    They depend on the rule, the element and the values on both sides, so they survive reformatting, reordering, renamed
    files and reworded messages, and end with the change they stand for.
    """
    text = json.dumps([rule, element, before, after], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
