"""Protobuf schemas in files: which root an import path counts from, and the texts of what is imported."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple

from treaty.model.protobuf.import_statements import import_statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.documents.library import Library
    from treaty.model.protobuf.nodes import Schema

__all__ = ["read_files"]


class _Found(NamedTuple):
    """A file under the folder its import path counts from."""

    root: str
    text: str


def read_files(library: Library, paths: Iterable[str]) -> Schema:
    """The files under ``paths``, POSIX paths of the source, as one schema.

    An import path counts from the nearest folder around the importing file under which there is such a file. Each of
    ``paths`` is called by the path that others import it by, or by its name where nobody does. Raises what
    :func:`treaty.model.protobuf.parse_files` raises, and DocumentError for a file that cannot be read.
    """
    from treaty.model.protobuf import parse_files

    texts = {path: library.open(path).decoded() for path in paths}
    references: dict[str, str] = {}
    roots: dict[str, str] = {}
    waiting = list(texts.items())
    seen = set(texts)
    while waiting:
        path, text = waiting.pop()
        for statement in import_statements(text):
            found = _find(library, path, statement.path)
            if found is None:
                continue
            target = posixpath.join(found.root, statement.path)
            roots.setdefault(path, found.root)
            if target in texts:
                roots[target] = found.root
            elif target not in seen:
                seen.add(target)
                references[statement.path] = found.text
                waiting.append((target, found.text))
    named = {_called(path, roots.get(path, posixpath.dirname(path))): path for path in texts}
    files = {name: texts[path] for name, path in named.items()}
    return parse_files(files, references, folder=_folder(library, named))


def _find(library: Library, importer: str, imported: str) -> _Found | None:
    for folder in _around(importer):
        path = posixpath.normpath(posixpath.join(folder, imported))
        if not path.startswith("..") and posixpath.basename(path) in library.source.names(posixpath.dirname(path)):
            return _Found(folder, library.open(path).decoded())
    return None


def _around(path: str) -> Iterator[str]:
    """The folder of a file, and every folder around it."""
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _called(path: str, root: str) -> str:
    return posixpath.relpath(path, root) if root else path


def _folder(library: Library, named: dict[str, str]) -> str:
    """What stands before every import path where files are named to people; empty where that differs."""
    prefixes = {library.source.display(path).removesuffix(name) for name, path in named.items()}
    return prefixes.pop() if len(prefixes) == 1 else ""
