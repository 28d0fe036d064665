"""Text of a contract as Python source: it can only ever be text, whatever it says."""

from __future__ import annotations

import re
import textwrap

__all__ = ["comment", "docstring", "first_sentences", "hanging", "literal", "one_line", "plain"]

_WIDTH = 100
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Control characters, and the invisible ones that make source read differently from what it is (CVE-2021-42574)."""


def plain(text: str) -> str:
    """``text`` without control, bidirectional and zero-width characters; line ends are ``\\n``, tabs blanks."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")).strip()


def one_line(text: str) -> str:
    """``text`` on one line."""
    return " ".join(plain(text).split())


def first_sentences(text: str, *, longest: int = 240) -> str:
    """As many whole sentences of ``text`` as fit into ``longest`` characters, at least one, on one line."""
    line = one_line(text)
    if len(line) <= longest:
        return line
    ends = [
        found.end()
        for found in re.finditer(r"[.!?](?=\s|$)", line)
        if line[: found.end()].count("(") == line[: found.end()].count(")")
    ]
    fitting = [end for end in ends if end <= longest]
    return line[: fitting[-1] if fitting else ends[0]] if ends else line


def literal(value: object) -> str:
    """A Python literal of text, bytes, number, bool, None, or a list, tuple or dict of such, with double quotes.

    Only printable ASCII and letters of other scripts stand as they are; everything else is escaped.
    """
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bytes):
        written = repr(value)
        return f'b"{written[2:-1]}"' if '"' not in written else written
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple):
        inner = ", ".join(map(literal, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}"
    return repr(value)


def _quoted(text: str) -> str:
    written = repr(text)
    if written[0] == "'" and not 2 * text.count('"') > text.count('"') + text.count("'"):
        inner = written[1:-1].replace("\\'", "'").replace('"', '\\"')
        written = f'"{inner}"'
    return _UNSAFE.sub(lambda found: _escape(found[0]), written)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def docstring(text: str, indent: int = 0, *, width: int = _WIDTH) -> list[str]:
    """The lines of a docstring of ``text``, indented by ``indent`` blanks; empty for empty text.

    Paragraphs are wrapped to ``width``; lists, tables and indented lines keep their lines.
    """
    clean = plain(text)
    if not clean:
        return []
    lead = " " * indent
    clean = clean.replace("\\", "\\\\").replace('"""', r"\"\"\"")
    lines = _wrapped(clean, width - indent)
    if len(lines) == 1 and len(lead) + len(lines[0]) + 6 <= width:
        return [f'{lead}"""{_closed(lines[0])}"""']
    room = width - indent if len(lines) > 1 else width - indent - 6
    first, *rest = _wrapped(clean, room, first=3)
    # What is indented as a whole is not indented.
    rest = textwrap.dedent("\n".join(rest)).split("\n") if rest else rest
    body = [f"{lead}{line}".rstrip() for line in rest]
    if not body:
        if len(lead) + 3 + len(first) > width:
            return [f'{lead}"""{_closed(first)}"""']
        return [f'{lead}"""{first}', f'{lead}"""']
    return [f'{lead}"""{first}', *body, f'{lead}"""']


def _closed(line: str) -> str:
    """A line that may stand right before the closing quotes."""
    escapes = len(line) - 1 - len(line[:-1].rstrip("\\"))
    return line[:-1] + '\\"' if line.endswith('"') and escapes % 2 == 0 else line


def _wrapped(text: str, width: int, first: int = 0) -> list[str]:
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        if lines:
            lines.append("")
        if _keeps_lines(paragraph):
            lines.extend(line.rstrip() for line in paragraph.split("\n"))
        else:
            lead = " " * first if not lines else ""
            wrapped = textwrap.wrap(
                " ".join(paragraph.split()),
                width,
                initial_indent=lead,
                break_long_words=False,
                break_on_hyphens=False,
            )
            lines.extend(line[len(lead) :] if index == 0 else line for index, line in enumerate(wrapped))
    return lines or [""]


def _keeps_lines(paragraph: str) -> bool:
    lines = paragraph.split("\n")
    return any(re.match(r"\s*([-*+|>#]|\d+[.)]|```)|\s{2,}", line) for line in lines) if len(lines) > 1 else False


def hanging(lines: list[str], *, width: int = 90) -> list[str]:
    """The items of a list in a docstring, each wrapped with a hanging indent."""
    return [
        wrapped
        for line in lines
        for wrapped in textwrap.wrap(
            line, width, subsequent_indent=" " * 8, break_long_words=False, break_on_hyphens=False
        )
    ]


def comment(text: str, indent: int = 0, *, width: int = _WIDTH) -> list[str]:
    """The lines of a comment of ``text``."""
    lead = f"{' ' * indent}# "
    return textwrap.wrap(
        one_line(text),
        width,
        initial_indent=lead,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
    )
