"""Which texts belong to a compilation: the files asked for and, followed to the end, what they import."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.documents.location import Location
from treaty.errors import UnresolvedReference
from treaty.model.protobuf.compiler import well_known_types
from treaty.model.protobuf.import_statements import check_import_path, import_statements

if TYPE_CHECKING:
    from collections.abc import Mapping

WELL_KNOWN = "google/protobuf/"
"""Belongs to the compiler: a reference of that name is never taken instead of the compiler's own file."""

_BUNDLED = Path(__file__).with_name("bundled")
_COMMON_PROTOS = ("google/type/", "google/api/", "google/rpc/", "google/longrunning/", "google/logging/type/")


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything one compilation reads: import path to text, and what people call each file.

    ``roots`` were asked for, ``given`` were supplied by the caller; the rest ships with Treaty, protoc or
    googleapis-common-protos.
    """

    roots: tuple[str, ...]
    texts: Mapping[str, str]
    given: frozenset[str]
    names: Mapping[str, str]

    def location(self, path: str, line: int | None = None, column: int | None = None) -> Location:
        return Location(self.names.get(path, path), line=line, column=column)


def gather(roots: Mapping[str, str], references: Mapping[str, str], names: Mapping[str, str]) -> Sources:
    """``roots`` and all they import, directly or not.

    Raises UnresolvedReference, with the line of the import, for a path that is refused, found nowhere, or leads back to
    the file that imports it.
    """
    texts: dict[str, str] = {}
    done: set[str] = set()
    bare = Sources(tuple(roots), texts, frozenset({*roots, *references}), names)
    for root in roots:
        check_import_path(root, None)
        # Depth first with the chain of importers kept, so that a cycle is told as protoc would find it.
        chain: list[str] = []
        waiting: list[tuple[str, bool]] = [(root, False)]
        while waiting:
            path, leaving = waiting.pop()
            if leaving:
                chain.pop()
                done.add(path)
                continue
            if path in done:
                continue
            text = texts[path] if path in texts else roots[path] if path in roots else _text(path, references)
            if text is None:  # a well-known type, which protoc finds by itself
                done.add(path)
                continue
            texts[path] = text
            chain.append(path)
            waiting.append((path, True))
            for statement in reversed(import_statements(text)):
                location = bare.location(path, statement.line, statement.column)
                check_import_path(statement.path, location)
                _check_known(statement.path, roots, references, location)
                if statement.path in chain:
                    circle = " -> ".join([*chain[chain.index(statement.path) :], statement.path])
                    raise UnresolvedReference(
                        f"the imports lead round in a circle: {circle}",
                        location=location,
                        advice="move what both files need into a third",
                    )
                waiting.append((statement.path, False))
    return bare


def _check_known(path: str, roots: Mapping[str, str], references: Mapping[str, str], location: Location) -> None:
    if path in roots or path in references or _shipped(path) is not None:
        return
    similar = sorted(name for name in (*roots, *references) if name.rsplit("/", 1)[-1] == path.rsplit("/", 1)[-1])
    advice = f"there is {similar[0]!r}" if similar else "give its text under exactly this path, or among the references"
    raise UnresolvedReference(f"nothing is known under the import path {path!r}", location=location, advice=advice)


def _text(path: str, references: Mapping[str, str]) -> str | None:
    if path in references and not path.startswith(WELL_KNOWN):
        return references[path]
    shipped = _shipped(path)
    if shipped is None:
        return references[path]
    return None if path.startswith(WELL_KNOWN) else _read(shipped)


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _shipped(path: str) -> Path | None:
    """The file of this import path that comes with Treaty, protoc or googleapis-common-protos."""
    if path.startswith(WELL_KNOWN):
        candidate = well_known_types() / path
    elif path.startswith(_COMMON_PROTOS):
        spec = find_spec(".".join(path.split("/")[:2]))
        if spec is None or not spec.submodule_search_locations:
            return None
        candidate = Path(next(iter(spec.submodule_search_locations))).parent.parent / path
    else:
        candidate = _BUNDLED / path
    return candidate if candidate.suffix == ".proto" and candidate.is_file() else None
