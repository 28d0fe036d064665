"""Finding the contracts of a repository that has no `treaty.yaml` yet."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.documents.formats import Family, family
from treaty.errors import DocumentError, TreatyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SUFFIXES = (".yaml", ".yml", ".json", ".avsc", ".proto")
_VERSION = re.compile(r"(?:^|(?<=/))v\d+(?=/|$)")
_SKIPPED = frozenset(
    {"node_modules", "vendor", "third_party", "venv", "dist", "build", "__pycache__", "tests", "test", "fixtures"}
)
_LARGEST = 8 * 1024 * 1024
# What a file must contain to be worth parsing.
_MARKS = (b"openapi", b"asyncapi", b"$schema", b'"type"', b"syntax", b"edition")
_GENERIC = frozenset(
    {"openapi", "asyncapi", "swagger", "api", "spec", "index", "main", "schema", "schemas", "contracts", "events"}
)


@dataclass(frozen=True, slots=True)
class Found:
    """One entry for `treaty.yaml`: a name, a glob, the family, and how many documents the glob means now."""

    name: str
    path: str
    family: Family
    count: int


def discover(root: Path, paths: Iterable[str]) -> list[Found]:
    """Group the contracts among ``paths`` (relative to ``root``) into entries, by name.

    Versions of one contract in folders `v1`, `v2` become one entry with a glob, and so do the Avro, Protobuf and JSON
    Schema files of one folder. Fragments that other documents refer to are no contracts of their own.
    """
    documents: dict[Family, list[str]] = {}
    for path in sorted(paths):
        kind = _family(root, path)
        if kind is not None:
            documents.setdefault(kind, []).append(path)
    groups: dict[tuple[Family, str], list[str]] = {}
    for kind, members in documents.items():
        for path in members:
            groups.setdefault((kind, _glob(kind, path)), []).append(path)
    taken: set[str] = set()
    found = []
    for (kind, glob), members in sorted(groups.items(), key=lambda group: group[0][1]):
        name = next(name for name in _names(kind, glob) if name not in taken)
        taken.add(name)
        found.append(Found(name, glob, kind, len(members)))
    return found


def _family(root: Path, path: str) -> Family | None:
    if not path.endswith(_SUFFIXES) or _SKIPPED & set(path.split("/")[:-1]) or path.rpartition("/")[2].startswith("."):
        return None
    file = root / path
    try:
        if file.stat().st_size > _LARGEST:
            return None
        data = file.read_bytes()
    except OSError:
        return None
    if path.endswith(".proto"):
        return Family.PROTOBUF
    if not any(mark in data for mark in _MARKS):
        return None
    from treaty.documents.document import read_document

    try:
        document = read_document(data, path, path)
        found = family(document.tree, path).family
    except (TreatyError, DocumentError):
        return None
    tree = document.tree
    if found is Family.JSON_SCHEMA and not (isinstance(tree, dict) and ("$schema" in tree or ".schema." in path)):
        return None  # a fragment, or any object with a `type`
    return found


def _glob(kind: Family, path: str) -> str:
    folder, _, name = path.rpartition("/")
    if kind is Family.AVRO:
        name = "*.avsc" if name.endswith(".avsc") else name
    elif kind is Family.PROTOBUF:
        name = "*.proto"
    elif kind is Family.JSON_SCHEMA and ".schema." in name:
        name = f"*.schema.{name.rpartition('.')[2]}"
    return posixpath.join(_VERSION.sub("v*", folder), name)


def _names(kind: Family, glob: str) -> Iterator[str]:
    """Names for an entry, best first: the last telling part of its path, then more of the path, then numbers."""
    parts = [part for part in glob.split("/") if part and "*" not in part]
    stem = parts[-1].partition(".")[0] if parts and parts[-1] == glob.rpartition("/")[2] else ""
    words = [part for part in [*parts[: -1 if stem else None], stem] if part]
    telling = [word for word in words if word.lower() not in _GENERIC] or words or [kind.value]
    clean = [re.sub(r"[^A-Za-z0-9._-]+", "-", word).strip("-.") or kind.value for word in telling]
    yield clean[-1]
    yield "-".join(clean[-2:])
    yield f"{clean[-1]}-{kind.value}"
    yield from (f"{clean[-1]}-{number}" for number in range(2, 10_000))
