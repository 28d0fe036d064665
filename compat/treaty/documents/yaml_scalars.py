"""What an unquoted YAML scalar means: the core schema of YAML 1.2.2 (section 10.3.2), and nothing of YAML 1.1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.documents.limits import MAX_DIGITS
from treaty.documents.numbers import NumberSizeError, exact_integer, exact_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.location import JsonValue

__all__ = ["TAGGED", "plain_scalar"]

_WORDS: dict[str, JsonValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    # One object for all, so that two trees that hold it are equal: containers compare identity before value.
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMBER_STARTS = frozenset("+-.0123456789")


def plain_scalar(text: str) -> JsonValue:
    """The value of an unquoted scalar. Raises NumberSizeError for a number of more than MAX_DIGITS digits.

    ``no``, ``on``, ``2024-01-01``, ``1_000``, ``12:30:45`` and ``0b1`` are strings; ``012`` is twelve, ``0o14`` too.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INTEGER.fullmatch(text):
        return exact_integer(text)
    if _FLOAT.fullmatch(text):
        return exact_number(text)
    for pattern, base in ((_OCTAL, 8), (_HEXADECIMAL, 16)):
        if pattern.fullmatch(text):
            if len(text) > MAX_DIGITS:
                raise NumberSizeError(text)
            return int(text, base)
    return text


def _null(text: str) -> None:
    if text not in _WORDS or _WORDS[text] is not None:
        raise ValueError(text)


def _boolean(text: str) -> bool:
    value = _WORDS.get(text)
    if not isinstance(value, bool):
        raise ValueError(text)
    return value


def _integer(text: str) -> JsonValue:
    value = plain_scalar(text)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(text)
    return value


def _float(text: str) -> JsonValue:
    value = plain_scalar(text)
    if value is None or isinstance(value, (str, bool)):
        raise ValueError(text)
    return float(value) if isinstance(value, int) and float(value) == value else value


TAGGED: dict[str, Callable[[str], JsonValue]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:null": _null,
    "tag:yaml.org,2002:bool": _boolean,
    "tag:yaml.org,2002:int": _integer,
    "tag:yaml.org,2002:float": _float,
}
"""The scalar tags of the core schema; each function raises ValueError for a text that is not of its kind."""
