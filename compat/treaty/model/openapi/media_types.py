"""Media types and ranges (RFC 9110, section 8.3 and 12.5.1; structured suffixes of RFC 6838, section 4.2.8)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from treaty.model.schema.wire import Wire


class MediaType(NamedTuple):
    """``type/subtype+suffix; parameters``, lower case, parameters sorted; `q` is a preference and left out."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def essence(self) -> str:
        return f"{self.type}/{self.subtype}"

    @property
    def suffix(self) -> str:
        """The syntax under the name: ``json`` for ``application/problem+json`` and for ``application/json``."""
        return self.subtype.rpartition("+")[2]

    @property
    def wire(self) -> Wire:
        """How scalars travel in such a message; what is neither form nor markup is taken as typed."""
        if self.essence == "application/x-www-form-urlencoded" or self.type == "multipart":
            return Wire.TEXT
        return Wire.MARKUP if self.type == "text" or self.suffix == "xml" else Wire.JSON

    def contains(self, other: MediaType) -> bool:
        """Whether this range matches every message of ``other``."""
        if self.type not in ("*", other.type):
            return False
        if self.subtype not in ("*", other.subtype) and not self._matches_suffix(other):
            return False
        return set(self.parameters) <= set(other.parameters)

    def _matches_suffix(self, other: MediaType) -> bool:
        return self.subtype.startswith("*+") and other.subtype.endswith(self.subtype[1:])


@lru_cache(maxsize=4096)
def media_type(text: str) -> MediaType:
    """Read a media type or range; text without a slash is a subtype of ``*``, so that odd keys still compare."""
    essence, *pairs = text.split(";")
    kind, slash, subtype = essence.strip().lower().partition("/")
    if not slash:
        kind, subtype = "*", kind
    parameters = []
    for pair in pairs:
        name, _, value = pair.strip().partition("=")
        if name and name.lower() != "q":
            parameters.append((name.lower(), value.strip('"').lower()))
    return MediaType(kind, subtype, tuple(sorted(parameters)))


def match(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Pair the media types of two contents, closest first.

    The same comes before a range that contains it, the same essence, and the same syntax.
    """
    left, pairs = list(new), []
    waiting = list(old)
    for rank in (_equal, _contained, _same_essence, _same_syntax):
        for name in list(waiting):
            one = media_type(name)
            found = next((other for other in left if rank(one, media_type(other))), None)
            if found is not None:
                pairs.append((name, found))
                waiting.remove(name)
                if rank is not _contained:
                    left.remove(found)
    return sorted(pairs)


def _equal(old: MediaType, new: MediaType) -> bool:
    return old == new


def _contained(old: MediaType, new: MediaType) -> bool:
    return "*" in new.subtype and new.contains(old)


def _same_essence(old: MediaType, new: MediaType) -> bool:
    return old.essence == new.essence


def _same_syntax(old: MediaType, new: MediaType) -> bool:
    return old.type == new.type and old.suffix == new.suffix and old.suffix in ("json", "xml", "yaml", "cbor")
