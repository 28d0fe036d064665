"""Which documents the globs of `treaty.yaml` mean, and which of them a set of changed files can touch."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

from treaty.documents.references import OutsideRootError, beside
from treaty.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import Self

    from treaty.documents.source import Source

_REFERENCE = re.compile(rb"""["']?\$ref["']?\s*:\s*["']?([^\s"'#,}][^\s"'#,}]*)""")
_LITERAL = re.compile(r"(?:[^*?\[/]*/)*")
_AVRO_NAME = re.compile(rb'"([A-Za-z_][A-Za-z0-9_.]*)"')
_IMPORT = re.compile(rb"""^\s*import\s+(?:public\s+|weak\s+)?["']([^"']+)["']""", re.MULTILINE)


class Paths(tuple[str, ...]):
    """The files of one state in their order, so that a glob looks only at those under its folder."""

    __slots__ = ()

    def __new__(cls, paths: Iterable[str]) -> Self:
        return super().__new__(cls, sorted(paths))

    def under(self, folder: str) -> Iterator[str]:
        """The paths that begin with ``folder``, which ends with a slash or is empty."""
        index = bisect_left(self, folder)
        while index < len(self) and self[index].startswith(folder):
            yield self[index]
            index += 1


def matching(paths: Iterable[str], globs: Collection[str], prefix: str) -> list[str]:
    """The paths that one of ``globs``, relative to the folder ``prefix``, means; sorted."""
    found: set[str] = set()
    for glob in globs:
        whole = posixpath.normpath(posixpath.join(prefix, glob))
        # What repositories of many contracts have in common is the end of their globs: that is compiled once.
        folder = _LITERAL.match(whole)[0]  # type: ignore[index]  # matches everything
        pattern = _pattern(whole[len(folder) :])
        among = paths.under(folder) if isinstance(paths, Paths) else (p for p in paths if p.startswith(folder))
        found.update(path for path in among if pattern.fullmatch(path, len(folder)))
    return sorted(found)


@lru_cache(maxsize=512)
def _pattern(glob: str) -> re.Pattern[str]:
    """`*` stays inside a folder, `**/` crosses them, `?` and `[..]` are one character."""
    parts: list[str] = []
    index = 0
    while index < len(glob):
        if glob.startswith("**/", index):
            parts.append("(?:.*/)?")
            index += 3
        elif glob.startswith("**", index):
            parts.append(".*")
            index += 2
        elif glob[index] == "*":
            parts.append("[^/]*")
            index += 1
        elif glob[index] == "?":
            parts.append("[^/]")
            index += 1
        elif glob[index] == "[" and "]" in glob[index + 2 :]:
            end = glob.index("]", index + 2)
            inside = glob[index + 1 : end].replace("\\", "\\\\")
            parts.append(f"[^{inside[1:]}]" if inside[0] in "!^" else f"[{inside}]")
            index = end + 1
        else:
            parts.append(re.escape(glob[index]))
            index += 1
    return re.compile("".join(parts))


class Neighbourhood:
    """Which files a document refers to, read from its text without parsing it.

    A name that only looks like a reference costs a comparison, never a missed change.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._direct: dict[str, frozenset[str]] = {}
        self._named: dict[str, dict[str, set[str]]] = {}

    def touches(self, path: str, changed: Collection[str]) -> bool:
        """Whether ``path``, or a file it refers to directly or through others, is among ``changed``."""
        return any(at in changed for at in self._reached(path))

    def files(self, path: str) -> tuple[str, ...]:
        """``path`` and every name it refers to, directly or through others; sorted."""
        return tuple(sorted(self._reached(path)))

    def _reached(self, path: str) -> Iterator[str]:
        seen = {path}
        waiting = [path]
        while waiting:
            at = waiting.pop()
            yield at
            for target in self._referred(at):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)

    def _referred(self, path: str) -> frozenset[str]:
        known = self._direct.get(path)
        if known is None:
            known = self._direct[path] = frozenset(self._read(path))
        return known

    def _read(self, path: str) -> Iterable[str]:
        try:
            text = self._source.read(path)
        except DocumentError:
            return
        if path.endswith(".avsc"):
            yield from self._beside_by_name(path, text)
            return
        pattern = _IMPORT if path.endswith(".proto") else _REFERENCE
        for written in set(pattern.findall(text)):
            target = written.decode("utf-8", "replace")
            if "://" in target:
                continue
            try:
                yield beside(path, target)
            except OutsideRootError:
                continue
            if path.endswith(".proto"):
                yield from _imported(path, target)

    def _beside_by_name(self, path: str, text: bytes) -> Iterator[str]:
        """The Avro files of the same folder that define a type with one of the names in ``text``."""
        folder = posixpath.dirname(path)
        if folder not in self._named:
            self._named[folder] = self._definitions(folder)
        for written in set(_AVRO_NAME.findall(text)):
            yield from self._named[folder].get(written.decode().rpartition(".")[2], ())

    def _definitions(self, folder: str) -> dict[str, set[str]]:
        """Names without namespace to the Avro files of ``folder`` that define such a type."""
        import orjson

        from treaty.model.avro.files import defined_names

        found: dict[str, set[str]] = {}
        for file in self._source.names(folder):
            if not file.endswith(".avsc"):
                continue
            path = posixpath.join(folder, file)
            try:
                tree = orjson.loads(self._source.read(path))
            except (DocumentError, ValueError):
                continue  # what cannot be read is told when it is checked itself
            for name in defined_names(tree):
                found.setdefault(name.rpartition(".")[2], set()).add(path)
        return found


def _imported(path: str, target: str) -> Iterable[str]:
    """A Protobuf import is relative to some root above the file: every folder above it could be that root."""
    folder = posixpath.dirname(path)
    while folder:
        folder = posixpath.dirname(folder)
        yield posixpath.join(folder, target)
