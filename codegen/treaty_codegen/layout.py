"""Breaking long lines of generated Python the way its formatters do, so that the output needs none."""

from __future__ import annotations

import re

__all__ = ["WIDTH", "alternatives", "fitted"]

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
        return _in_brackets(line, indent, width)
    head, body, tail = parts
    inner = indent + _STEP
    lines = [f"{lead}{head}"]
    items = _items(body, ",")
    trailing = body.endswith(",")
    if inner + len(body) <= width and not trailing and not (len(items) > 1 and _is_display(head)):
        lines.append(f"{' ' * inner}{body}")
    elif len(items) > 1 or trailing:
        for item in items:
            lines.extend(_item(item, inner, width))
    else:
        alternatives = _items(body, "|")
        for index, item in enumerate(alternatives):
            lines.extend(fitted(item if index == 0 else f"| {item}", inner, width=width))
    last = f"{lead}{tail}"
    if len(last) > width and tail[1:].strip(" :="):
        return [*lines, *fitted(tail, indent, width=width)]
    return [*lines, last]


def _in_brackets(line: str, indent: int, width: int) -> list[str]:
    """A line that no bracket of its own can break: a call that is assigned gets brackets around it."""
    end = _assignment(line)
    target, value = line[:end], line[end + 3 :]
    lead = " " * indent
    if end < 0 or indent + end + 4 > width or not _pairs(value):
        return [lead + line]
    broken = fitted(value, indent + _STEP, width=width)
    if len(broken[0]) <= width:
        return [f"{lead}{target} = (", *broken, f"{lead})"]
    first, *rest = fitted(value, indent, width=width)
    return [f"{lead}{target} = {first.lstrip()}", *rest]


def _item(item: str, indent: int, width: int) -> list[str]:
    """One item of a list with its comma; a union that is too long has one alternative per line."""
    parts = alternatives(item)
    if indent + len(item) < width or len(parts) == 1:
        return fitted(f"{item},", indent, width=width)
    lines: list[str] = []
    for index, each in enumerate(parts):
        lines.extend(fitted(each if index == 0 else f"| {each}", indent, width=width))
    return [*lines[:-1], f"{lines[-1]},"]


def alternatives(text: str) -> list[str]:
    """``text`` cut at each ``|`` outside of brackets and strings."""
    return _items(text, "|")


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
        elif token in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                pairs.append((start, match.start()))
    return pairs


def _split(line: str, room: int) -> tuple[str, str, str] | None:
    """Head with its opening bracket, what is inside, and the rest from the closing bracket on."""
    pairs = [(start, end) for start, end in reversed(_pairs(line)) if end > start + 1]
    is_function = line.startswith(("def ", "async def "))
    if is_function:
        pairs.reverse()  # the arguments before what is returned
    fitting = [pair for pair in pairs if pair[0] + 1 <= room]
    chosen = next((pair for pair in fitting if is_function or len(line) - pair[1] <= room), None)
    if chosen is None and not 0 <= _assignment(line) <= room - 4:
        # Something stays too long: the rest, which is broken in its turn, or a name nothing can break.
        chosen = next(iter(fitting or pairs), None)
    if chosen is None:
        return None
    start, end = chosen
    return line[: start + 1], line[start + 1 : end].strip(), line[end:]


def _assignment(line: str) -> int:
    """Where the target of an assignment ends; -1 where ``line`` is none."""
    depth = 0
    for match in _TOKEN.finditer(line):
        token = match[0]
        if token in _OPEN:
            depth += 1
        elif token in _CLOSE and depth:
            depth -= 1
        elif token == "=" and depth == 0 and line[match.start() - 1 : match.end() + 1] == " = ":
            return match.start() - 1
    return -1


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
