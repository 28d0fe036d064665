"""Python names for what a contract calls things: valid, readable, and never colliding."""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["class_name", "module_name", "python_name", "unique", "words"]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+", re.UNICODE)
_MODULES = frozenset({"test", "tests", "src", "types"})


def words(text: str) -> list[str]:
    """``text`` cut at case changes, digits and everything that is no letter: ``HTTPStatus-2xx`` is HTTP Status 2 xx.

    Letters of every script are kept as far as Python takes them in a name (PEP 3131, NFKC).
    """
    normal = unicodedata.normalize("NFKC", text)
    return [word for word in _WORD.findall(normal) if f"_{word}".isidentifier()]


def _joined(text: str) -> list[str]:
    """The words of ``text``, with digits kept at the word before them: ``v2`` and ``sha256`` stay whole."""
    joined: list[str] = []
    normal = unicodedata.normalize("NFKC", text).replace("'", "")
    end = -1
    for match in _WORD.finditer(normal):
        word = match[0]
        if not f"_{word}".isidentifier():
            continue
        if joined and match.start() == end and (word.isdigit() or (joined[-1][-1].isdigit() and word.islower())):
            joined[-1] += word
        else:
            joined.append(word)
        end = match.end()
    return joined


def class_name(text: str, default: str = "Model") -> str:
    """``text`` in UpperCamelCase; a name that is UpperCamelCase already stays as it is, acronyms included."""
    name = "".join(word[0].upper() + word[1:] for word in _joined(text))
    if not name:
        return default
    if not name[0].isalpha():
        name = default + name
    return name if not keyword.iskeyword(name) else f"{name}{default}"


def python_name(text: str, default: str = "value", taken: Collection[str] = ()) -> str:
    """``text`` in snake_case, free of keywords and of ``taken``; digits at the start get ``default`` before them."""
    name = "_".join(word.lower() for word in _joined(text))
    if not name:
        name = default
    if not name[0].isalpha():
        name = f"{default}_{name}"
    return (
        f"{name}_"
        if keyword.iskeyword(name) or (keyword.issoftkeyword(name) and name == "_") or name in taken
        else name
    )


def module_name(text: str, default: str = "package") -> str:
    """A name for a module or package: as :func:`python_name`, and none that tools give a meaning of its own."""
    return python_name(text, default, _MODULES)


def unique(name: str, taken: Collection[str]) -> str:
    """``name``, or with the first number from 2 on that makes it new. Compared without case, for file systems' sake."""
    lowered = {other.lower() for other in taken} if not isinstance(taken, _Taken) else taken
    if name.lower() not in lowered:
        return name
    number = 2
    while f"{name}{number}".lower() in lowered:
        number += 1
    return f"{name}{number}"


class _Taken(frozenset[str]):
    """Names in lower case already."""
