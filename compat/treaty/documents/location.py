"""Where something stands in a document: file, JSON Pointer, line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

Pointer: TypeAlias = tuple[str | int, ...]
"""The reference tokens of a JSON Pointer (RFC 6901), unescaped; a list index is an int."""

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | Decimal | bool | None"
"""What a reader builds: plain dicts and lists, so that equality of subtrees stays in C.

Numbers are exact. An integer is an int of any size. A number with a point or an exponent is a float when that float is
written back as the same number, otherwise (``1e400``, twenty digits after the point) a Decimal; both compare with int.
"""


@dataclass(frozen=True, slots=True)
class Location:
    """A place a person can click.

    ``file`` is the name the user knows (``main:contracts/x.yaml`` for a revision); ``pointer`` is an RFC 6901 string;
    ``line`` and ``column`` count from 1, the column in characters, both None where only the pointer is known.
    """

    file: str
    pointer: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        if self.line is None:
            return f"{self.file}#{self.pointer}" if self.pointer else self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column is not None else f"{self.file}:{self.line}"


def pointer_text(pointer: Pointer) -> str:
    """The RFC 6901 string of ``pointer``: ``("paths", "/v1")`` is ``/paths/~1v1``."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in pointer)


def pointer_tokens(text: str) -> tuple[str, ...]:
    """The unescaped tokens of an RFC 6901 string; every token is a str, also one that will index a list.

    Raises ValueError when ``text`` is neither empty nor starts with ``/``.
    """
    if not text:
        return ()
    if not text.startswith("/"):
        raise ValueError(f"a JSON Pointer is empty or starts with '/', not {text!r}")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in text[1:].split("/"))


def readable(path: str) -> str:
    """``path`` as it can be printed: bytes of a file name that are not UTF-8, held as lone surrogates, are replaced."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
