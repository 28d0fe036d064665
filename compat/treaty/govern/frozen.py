"""Elements that no version may break, not even a major."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.changes.change import Level
from treaty.documents.location import pointer_text
from treaty.documents.node import Node
from treaty.errors import UnresolvedReference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from treaty.changes.change import Change
    from treaty.changes.comparison import Side
    from treaty.documents.library import Library
    from treaty.documents.location import Location

_STEP = re.compile(r"""\.\*|\["((?:[^"\\]|\\.)*)"\]|\[[^\]]*\]|\([^)]*\)|\.?([^.\[\]()]+)""")
_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
_NAMED = frozenset({"parameter", "header", "part"})
# These tell of something new: no reader knew it, so nothing that was frozen is broken.
_ADDING = re.compile(
    r"(?:required-)?(?:property|parameter|header|field|request-body|operation|message)s?(?:-without-default|-with-default)?-added\Z"
)


class Frozen:
    """The frozen elements of one pair of documents.

    A pattern is a glob over the parts of an element's name (``**/*_id``; ``*`` stays within a part, ``**/`` crosses
    them), over an operation (``POST /v*/bets``), or a JSON Pointer into the document (``#/components/schemas/Money``),
    which stands for all that its value is made of, through references.
    """

    def __init__(self, patterns: Iterable[str], base: Side, revision: Side) -> None:
        self._globs: list[tuple[str, re.Pattern[str]]] = []
        self._areas: list[tuple[str, frozenset[tuple[str, str]]]] = []
        for pattern in patterns:
            if pattern.startswith("#"):
                area = frozenset([*_area(base, pattern), *_area(revision, pattern)])
                self._areas.append((pattern, area))
            else:
                self._globs.append((pattern, glob_pattern(pattern)))

    def broken(self, changes: Iterable[Change]) -> dict[str, str]:
        """Fingerprint to pattern, for each change that breaks what the pattern freezes, or may."""
        found: dict[str, str] = {}
        for change in changes:
            if change.level not in (Level.BREAKING, Level.UNKNOWN) or _ADDING.search(change.rule):
                continue
            pattern = self._pattern(change)
            if pattern is not None:
                found[change.fingerprint] = pattern
        return found

    def _pattern(self, change: Change) -> str | None:
        names = list(_names(change.element))
        for pattern, glob in self._globs:
            if any(glob.fullmatch(name) for name in names):
                return pattern
        places = [_place(location) for location in (change.base, change.revision) if location is not None]
        for pattern, area in self._areas:
            if any(path == at and _inside(pointer, above) for path, pointer in places for at, above in area):
                return pattern
        return None


def element_parts(element: str) -> tuple[str, ...]:
    """The names an element consists of, outermost first; where it is used says nothing about what it is.

    ``POST /v1/bets request application/json $.amount.currency`` is ``amount``, ``currency``; a parameter or header is
    its name; ``platform.Money.amount`` is ``platform``, ``Money``, ``amount``.
    """
    if " " not in element and not element.startswith(("/", "$")):
        return tuple(_steps(element))
    site, dollar, path = element.partition("$")
    words = site.split()
    named = words[-1:] if len(words) > 1 and words[-2] in _NAMED else []
    return (*named, *(_steps(path) if dollar else ()))


def _names(element: str) -> Iterator[str]:
    """What a glob is held against: the element, what it lies in, and the operation it belongs to."""
    parts = element_parts(element)
    yield from ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
    yield from (element, " ".join(element.split(" ")[:2]))


def _steps(path: str) -> Iterator[str]:
    for found in _STEP.finditer(path):
        name = found[1] if found[1] is not None else found[2]
        if name is not None:
            yield name


def glob_pattern(glob: str) -> re.Pattern[str]:
    """``*`` stays inside a part, ``**/`` crosses parts."""
    return re.compile("".join(_WILD.get(part, re.escape(part)) for part in re.split(r"(\*\*/|\*\*|\*)", glob)))


def _area(side: Side, pattern: str) -> Iterator[tuple[str, str]]:
    """The places, as document and pointer, that the value at a JSON Pointer is written in."""
    root = Node(side.document, (), side.document.tree)
    try:
        waiting = [side.library.resolve(pattern, root)]
    except UnresolvedReference:  # a contract without such an element
        return
    seen: set[tuple[str, str]] = set()
    while waiting:
        node = waiting.pop()
        place = (node.document.path, pointer_text(node.pointer))
        if place in seen:
            continue
        seen.add(place)
        yield place
        waiting.extend(_referred(side.library, node))


def _referred(library: Library, node: Node) -> Iterator[Node]:
    waiting: list[Node] = [node]
    while waiting:
        at = waiting.pop()
        raw = at.value
        if isinstance(raw, dict):
            if isinstance(raw.get("$ref"), str):
                yield library.resolve(str(raw["$ref"]), at)
            waiting.extend(at.child(key) for key, value in raw.items() if isinstance(value, dict | list))
        elif isinstance(raw, list):
            waiting.extend(at.child(index) for index, value in enumerate(raw) if isinstance(value, dict | list))


def _place(location: Location) -> tuple[str, str]:
    return location.file.rpartition(":")[2].removeprefix("(staged) "), location.pointer


def _inside(pointer: str, above: str) -> bool:
    return pointer == above or pointer.startswith(f"{above}/")
