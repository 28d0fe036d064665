"""JSON to a tree: strict RFC 8259, exact numbers, no key twice in one object, no nesting without end.

msgspec parses: it hands over the literal of every float and reads integers of any size, so numbers stay exact at no
cost. orjson writes the tree back, which tells two more things in the same C speed: that nothing is nested deeper than
it can write, and, by the number of quotation marks, that no member was dropped as a duplicate. Only where those do not
agree is the text read again.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, NoReturn, Protocol

import msgspec
import orjson

from treaty.documents.limits import MAX_DEPTH, MAX_DIGITS
from treaty.documents.numbers import NumberSizeError, exact_integer, exact_number
from treaty.errors import DocumentError, DocumentTooLarge

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty.documents.text import Text

__all__ = ["read_json"]

_STRING = rb'"(?:[^"\\]|\\.)*+"'
_STRUCTURE = re.compile(rb"(" + _STRING + rb")([ \t\r\n]*:)?|[{}\[\]]", re.DOTALL)
_LITERAL = re.compile(_STRING + rb"|(-?[0-9][0-9.eE+-]*)|(NaN|-?Infinity)", re.DOTALL)
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_BYTE = re.compile(r" \(byte ([0-9]+)\)$")


class _Decoder(Protocol):
    def decode(self, text: bytes) -> JsonValue: ...


@cache
def _decoder() -> _Decoder:
    return msgspec.json.Decoder(float_hook=exact_number)


def read_json(text: Text) -> JsonValue:
    """The tree of one JSON document (RFC 8259).

    Raises DocumentError, with the line, for text that is not JSON, not UTF-8, or has a key twice in one object (both
    lines are named), and DocumentTooLarge for nesting deeper than MAX_DEPTH or a number of more than MAX_DIGITS digits.
    """
    try:
        tree = _decoder().decode(text.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        _explain(text, error)
    if not _plainly_unique(text.data, tree):
        _check_depth(text)
        _check_duplicates(text)
    return tree


def _plainly_unique(data: bytes, tree: JsonValue) -> bool:
    r"""Whether writing ``tree`` back proves that no key was lost and nothing is too deep.

    Every string of the text has two quotation marks of its own, and those inside are escaped alike on both sides unless
    written as ``\u0022``. A Decimal, an integer beyond 64 bits or too much depth makes orjson give up, which proves
    nothing.
    """
    try:
        written = orjson.dumps(tree)
    except TypeError:
        return False
    return written.count(b'"') == data.count(b'"') and b"\\u0022" not in data


def _explain(text: Text, error: Exception) -> NoReturn:
    """Raise the error a person can act on: the parser's own says too little about the place."""
    text.check_encoding()
    _check_depth(text)
    if isinstance(error, RecursionError):
        raise DocumentTooLarge("nested too deep for the stack that is left", location=text.at(0)) from None
    _check_numbers(text)
    _check_surrogates(text)
    decoded = text.data.decode()
    try:
        json.loads(decoded, parse_int=_ignore, parse_float=_ignore)
    except json.JSONDecodeError as found:
        problem = f"not valid JSON: {found.msg[0].lower()}{found.msg[1:]}"
        raise DocumentError(
            problem.removesuffix(" at").removesuffix(" starting at"),
            location=text.at_character(found.pos),
            advice=_advice(decoded, found.pos),
        ) from None
    message = str(error)
    place = _BYTE.search(message)
    raise DocumentError(
        f"not valid JSON: {_BYTE.sub('', message).removeprefix('JSON is malformed: ')}",
        location=text.at(int(place[1]) if place else 0),
    ) from None


def _ignore(literal: str) -> None:
    """Numbers are checked before; here only the structure counts."""


def _advice(decoded: str, position: int) -> str | None:
    found = decoded[position : position + 1]
    before = decoded[:position].rstrip()[-1:]
    if before == "," and found in "}]":
        return "remove the comma before it: JSON allows none after the last member"
    if found == "'":
        return "JSON strings and keys take double quotes"
    if found in ("/", "#"):
        return "JSON has no comments; YAML has"
    if not found:
        return "the file ends too early; was it cut off?"
    return None


def _check_depth(text: Text) -> None:
    depth = 0
    for token in _STRUCTURE.finditer(text.data):
        opener = token[0]
        if opener in (b"{", b"["):
            depth += 1
            if depth > MAX_DEPTH:
                raise DocumentTooLarge(
                    f"nested deeper than {MAX_DEPTH} levels",
                    location=text.at(token.start()),
                    advice="give the inner schemas names and refer to them with $ref",
                )
        elif opener in (b"}", b"]"):
            depth -= 1


def _check_numbers(text: Text) -> None:
    for token in _LITERAL.finditer(text.data):
        if token[2]:
            raise DocumentError(
                f"not valid JSON: {token[2].decode()} is not a JSON number", location=text.at(token.start())
            )
        if token[1]:
            literal = token[1].decode()
            try:
                exact_integer(literal) if literal.lstrip("-").isdigit() else exact_number(literal)
            except NumberSizeError:
                raise DocumentTooLarge(
                    f"a number of more than {MAX_DIGITS:,} digits", location=text.at(token.start())
                ) from None
            except ValueError:  # not a number at all: the parser says so
                return


def _check_surrogates(text: Text) -> None:
    r"""Raise for a ``\uD800`` to ``\uDFFF`` escape that is not one of a pair (RFC 8259, section 8.2)."""
    for escape in _ESCAPES.finditer(text.data):
        if escape[1]:
            raise DocumentError(
                f"not valid JSON: {escape[0].decode()} is half of a surrogate pair", location=text.at(escape.start())
            )


def _check_duplicates(text: Text) -> None:
    """Raise for the first key that stands twice in one object, naming both lines."""
    seen: list[dict[str, int] | None] = []
    for token in _STRUCTURE.finditer(text.data):
        found = token[0]
        if found == b"{":
            seen.append({})
        elif found == b"[":
            seen.append(None)
        elif found in (b"}", b"]"):
            seen.pop()
        elif token[2]:
            keys = seen[-1]
            key = msgspec.json.decode(token[1], type=str)
            if keys is None:
                continue
            if key in keys:
                first = text.at(keys[key])
                raise DocumentError(
                    f"the key {key!r} stands twice in one object, first on line {first.line}",
                    location=text.at(token.start()),
                    advice="keep one of the two: readers disagree on which one counts",
                )
            keys[key] = token.start()
