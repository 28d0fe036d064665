"""Lines, columns and comments of a file's declarations, from protoc's source info."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.documents.location import Location

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto

Path: TypeAlias = tuple[int, ...]
"""Where a declaration stands in its FileDescriptorProto: field numbers and indices (SourceCodeInfo.Location.path)."""

_TAB = 8


class Place(NamedTuple):
    """Zero-based line and protoc's column of a declaration, with the comment before it or on its line."""

    line: int
    column: int
    comment: str


@dataclass(frozen=True, eq=False, slots=True)
class Positions:
    """The places of one file. ``name`` is what people call it; ``places`` is empty for a file without source."""

    name: str
    text: str
    places: dict[Path, Place] = field(repr=False)

    def locate(self, *paths: Path) -> Location:
        """The first of ``paths`` that has a place, else the file."""
        for path in paths:
            place = self.places.get(path)
            if place is not None:
                line = place.line + 1
                return Location(self.name, line=line, column=character_column(self.text, line, place.column))
        return Location(self.name)

    def comment(self, path: Path) -> str:
        place = self.places.get(path)
        return place.comment if place is not None else ""


@lru_cache(maxsize=16)
def _lines(text: str) -> list[str]:
    return text.split("\n")


def positions_of(proto: FileDescriptorProto, name: str, text: str) -> Positions:
    """The places that protoc recorded for ``proto``."""
    places: dict[Path, Place] = {}
    for location in proto.source_code_info.location:
        span = location.span
        comment = location.leading_comments or location.trailing_comments
        places.setdefault(tuple(location.path), Place(span[0], span[1], comment))
    return Positions(name, text, places)


def character_column(text: str, line: int, column: int) -> int:
    """The column in characters, from 1, of protoc's zero-based ``column`` on ``line`` (from 1).

    protoc counts bytes, and moves on to the next multiple of eight at a tab.
    """
    lines = _lines(text)
    if line > len(lines):
        return column + 1
    counted = 0
    for index, character in enumerate(lines[line - 1]):
        if counted >= column:
            return index + 1
        counted += _TAB - counted % _TAB if character == "\t" else len(character.encode("utf-8", "surrogatepass"))
    return len(lines[line - 1]) + 1
