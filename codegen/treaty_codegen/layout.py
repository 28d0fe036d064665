"""Breaking long lines of generated Python the way its formatters do, so that the output needs none."""

from __future__ import annotations

import re

__all__ = ["WIDTH", "fitted"]

WIDTH = 100
_STEP = 4
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[()\[\]{}]|,|.', re.DOTALL)
_OPEN, _CLOSE = "([{", ")]}"


def fitted(line: str, indent: int = 0, *, width: int = WIDTH) -> list[str]:
    """``line``, one logical line without indentation, as lines of at most ``width`` columns where that is possible.

    It is broken at its last bracket: first the content on one line of its own, then one item per line with a trailing
    comma. Strings are never broken.
    """
    lead = " " * indent
    if indent + len(line) <= width:
        return [lead + line]
    parts = _split(line, width - indent)
    if parts is None:
        return [lead + line]
    head, body, tail = parts
    inner = indent + _STEP
    lines = [f"{lead}{head}"]
    items = _items(body, ",")
    trailing = body.endswith(",")
    if inner + len(body) <= width and not trailing and not (len(items) > 1 and _is_display(head)):
        lines.append(f"{' ' * inner}{body}")
    elif len(items) > 1 or trailing:
        for item in items:
            lines.extend(fitted(f"{item},", inner, width=width))
    else:
        alternatives = _items(body, "|")
        for index, item in enumerate(alternatives):
            lines.extend(fitted(item if index == 0 else f"| {item}", inner, width=width))
    last = f"{lead}{tail}"
    if len(last) > width and tail[1:].strip(" :="):
        return [*lines, *fitted(tail, indent, width=width)]
    return [*lines, last]


def _is_display(head: str) -> bool:
    """Whether the bracket at the end of ``head`` opens a list, dict or tuple of its own, no call and no subscript."""
    before = head[:-1]
    return not before or not (before[-1].isalnum() or before[-1] in "_)]")


def _pairs(line: str) -> list[tuple[int, int]]:
    """Opening and closing positions of the brackets at depth 0."""
    pairs: list[tuple[int, int]] = []
    depth = start = 0
    for match in _TOKEN.finditer(line):
        token = match[0]
        if token in _OPEN:
            if depth == 0:
                start = match.start()
            depth += 1
        elif token in _CLOSE:
            depth -= 1
            if depth == 0:
                pairs.append((start, match.start()))
    return pairs


def _split(line: str, room: int) -> tuple[str, str, str] | None:
    """Head with its opening bracket, what is inside, and the rest from the closing bracket on."""
    candidates = [(start, end) for start, end in reversed(_pairs(line)) if end > start + 1]
    for start, end in candidates:
        if start + 1 <= room and (len(line) - end <= room):
            return line[: start + 1], line[start + 1 : end].strip(), line[end:]
    return None


def _items(body: str, separator: str) -> list[str]:
    """``body`` cut at each ``separator`` outside of brackets and strings."""
    items: list[str] = []
    depth = begin = 0
    for match in _TOKEN.finditer(body):
        token = match[0]
        if token in _OPEN:
            depth += 1
        elif token in _CLOSE:
            depth -= 1
        elif token == separator and depth == 0:
            items.append(body[begin : match.start()].strip())
            begin = match.end()
    last = body[begin:].strip()
    return [*items, last] if last else items
