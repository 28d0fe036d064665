"""The import statements of a .proto text, found without compiling it, and which import paths are accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from treaty.errors import UnresolvedReference

if TYPE_CHECKING:
    from treaty.documents.location import Location

_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z_][A-Za-z_0-9]*|\s+|.""", re.DOTALL
)
_KINDS = frozenset({"public", "weak", "option"})
_REFUSED_PARTS = frozenset({"", ".", ".."})


class ImportStatement(NamedTuple):
    """``import [public|weak|option] "path";`` at its line and column (from 1, in characters)."""

    path: str
    kind: str
    line: int
    column: int


def import_statements(text: str) -> tuple[ImportStatement, ...]:
    """Every import of ``text``, in order; comments and string literals elsewhere are not mistaken for one.

    Source: Protobuf language specification, "Import Statement". What protoc would refuse is not refused here.
    """
    last = text.rfind("import")
    if last < 0:
        return ()
    found: list[ImportStatement] = []
    statement: list[tuple[str, int]] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token[0].isspace() or token.startswith(("//", "/*")):
            continue
        if token in ";{}":
            if depth == 0 and token == ";":
                found.extend(_import(statement, text))
            depth += {"{": 1, "}": -1}.get(token, 0)
            statement.clear()
            if match.start() > last:
                break
        else:
            statement.append((token, match.start()))
    return tuple(found)


def _import(statement: list[tuple[str, int]], text: str) -> list[ImportStatement]:
    words = [word for word, _ in statement]
    if not words or words[0] != "import":
        return []
    kind = words[1] if len(words) > 1 and words[1] in _KINDS else ""
    literals = words[2:] if kind else words[1:]
    if not literals or any(word[0] not in "\"'" or len(word) < 2 for word in literals):
        return []
    start = statement[0][1]
    line_start = text.rfind("\n", 0, start) + 1
    path = "".join(word[1:-1] for word in literals)
    return [ImportStatement(path, kind, text.count("\n", 0, start) + 1, start - line_start + 1)]


def check_import_path(path: str, location: Location | None) -> None:
    """Raises UnresolvedReference for a path that is absolute, leaves the set of files, or is no path at all."""
    parts = path.split("/")
    if path.startswith("-") or "\\" in path or "\0" in path or ":" in parts[0] or not _REFUSED_PARTS.isdisjoint(parts):
        raise UnresolvedReference(
            f"the import path {path!r} is refused",
            location=location,
            advice="import paths are relative to the root of the files, with '/' and without '.' or '..'",
        )
