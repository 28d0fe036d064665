"""What protoc complains about, as errors with file, line and column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.errors import CannotCheck, InvalidContract, UnresolvedReference
from treaty.model.protobuf.positions import character_column

if TYPE_CHECKING:
    from treaty.documents.location import Location
    from treaty.model.protobuf.sources import Sources

_COMPLAINT = re.compile(r"(?P<file>[^:\n]+?):(?:(?P<line>\d+):(?P<column>\d+): )?\s?(?P<problem>.+)")
_LEADS_NOWHERE = re.compile(
    r'is not defined|seems to be defined in|was not found or had errors|recursively imports itself|^Option "|'
    r"File not found|not allowed in the virtual path"
)
_NOISE = re.compile(r"^(?:WARNING: All log messages|[WI]\d{4} )|: warning: |^\[libprotobuf WARNING")
_FOLLOWS_FROM_ANOTHER = "was not found or had errors"
_LISTED = 5


def compiler_error(complaints: bytes, sources: Sources) -> CannotCheck:
    """The error to raise for what protoc wrote: the first complaint with its place, the next ones listed below it.

    It is an UnresolvedReference when the first complaint is about a name or import that leads nowhere, else an
    InvalidContract.
    """
    found: list[tuple[Location, str]] = []
    for line in complaints.decode("utf-8", "replace").splitlines():
        match = None if _NOISE.search(line) else _COMPLAINT.fullmatch(line.strip())
        if match is not None:
            found.append((_location(match, sources), match["problem"]))
    own = [complaint for complaint in found if _FOLLOWS_FROM_ANOTHER not in complaint[1]] or found
    if not own:
        return InvalidContract(
            "protoc refused the file without saying why", location=sources.location(sources.roots[0])
        )
    location, problem = own[0]
    others = [f"{place}: {text}" for place, text in dict.fromkeys(own[1:])]
    listed = others[:_LISTED] + ([f"and {len(others) - _LISTED} more"] if len(others) > _LISTED else [])
    kind = UnresolvedReference if _LEADS_NOWHERE.search(problem) else InvalidContract
    return kind(problem.rstrip("."), location=location, advice="\n  ".join(listed) or None)


def _location(match: re.Match[str], sources: Sources) -> Location:
    path = match["file"].removeprefix("./")
    if match["line"] is None:
        return sources.location(path)
    line, column = int(match["line"]), int(match["column"])
    text = sources.texts.get(path)
    return sources.location(path, line, character_column(text, line, column - 1) if text is not None else column)
