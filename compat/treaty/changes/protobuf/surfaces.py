"""Where a change of a Protobuf contract is felt: bytes, calls, JSON, generated code."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Surface(enum.Flag):
    """What a party on the other side may depend on.

    ``BYTES``: the bytes of a message, in flight or stored. ``NUMBERS``: that a number given up is never given to
    something else. ``CALLS``: how gRPC addresses a call, its messages and streaming. ``TEXT``: ProtoJSON. ``NAMES``:
    that a name given up is never given to something else. ``RECORDS``: the full name by which a stored message, or one
    in an Any, is looked up. ``CODE``: generated code, wherever in the package it is. ``FILES``: the file that generated
    code is imported from.

    A policy speaks of ``WIRE``, ``JSON`` and ``SOURCE``. A registry asks about ``RECORDS`` and ``BYTES``: it keeps
    every version, so that a number that comes back is seen when it does.
    """

    NONE = 0
    BYTES = 1
    NUMBERS = 2
    CALLS = 4
    TEXT = 8
    NAMES = 16
    RECORDS = 32
    CODE = 64
    FILES = 128
    WIRE = BYTES | NUMBERS | CALLS
    JSON = TEXT | NAMES
    SOURCE = CODE | FILES
    REGISTRY = BYTES | RECORDS


MESSAGES = Surface.BYTES | Surface.TEXT
"""Where values travel, so that it matters who reads and who writes; anywhere else a break is a break for everyone."""

DEFAULT = Surface.WIRE | Surface.JSON
"""What a policy that names no surface asks about."""

WORDS: Mapping[str, Surface] = MappingProxyType(
    {"wire": Surface.WIRE, "json": Surface.JSON, "source": Surface.SOURCE, "records": Surface.RECORDS}
)

_PHRASES = (
    (Surface.BYTES, "bytes"),
    (Surface.CALLS, "calls"),
    (Surface.NUMBERS, "numbers that may come back"),
    (Surface.TEXT, "JSON"),
    (Surface.NAMES, "names that may come back"),
    (Surface.RECORDS, "records by name"),
    (Surface.CODE, "generated code"),
    (Surface.FILES, "imports of generated code"),
)


def surfaces_of(words: Iterable[str]) -> Surface:
    """The surfaces a policy names, DEFAULT when it names none. Raises UsageError for any other word."""
    asked = Surface.NONE
    for word in words:
        if word.lower() not in WORDS:
            raise UsageError(f"no Protobuf surface {word!r}", advice=f"choose among {', '.join(WORDS)}")
        asked |= WORDS[word.lower()]
    return asked or DEFAULT


def phrase(surfaces: Surface) -> str:
    """``surfaces`` as people read them: ``bytes, JSON and generated code``."""
    words = [text for surface, text in _PHRASES if surface in surfaces]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceDeviation(Deviation):
    """A deviation that holds on some surfaces only."""

    surface: Surface = MESSAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceRule(Rule):
    """A rule about Protobuf.

    ``surfaces`` is where the change is felt. On BYTES and TEXT the level follows from the role and from ``effect``, on
    TEXT from ``text_effect`` where that is another; on any other surface that is asked about the change is breaking.
    ``floor`` is the level where none of the surfaces asked about feels it.
    """

    surfaces: Surface
    text_effect: Effect | None = None
    floor: Level = Level.DOCS

    def effect_on(self, surface: Surface) -> Effect:
        return self.text_effect if surface is Surface.TEXT and self.text_effect is not None else self.effect
