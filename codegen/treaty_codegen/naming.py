"""Python names for what a contract calls things: valid, readable, and never colliding."""

from __future__ import annotations

import keyword
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["class_name", "module_name", "python_name", "unique"]

_MODULES = frozenset({"test", "tests", "src", "types"})


def _words(text: str) -> list[str]:
    """``text`` cut at case changes and at everything no name may hold; digits stay with the word before them.

    ``HTTPStatus-sha256`` is HTTP, Status, sha256; ``userIPs`` is user, IPs.
    Letters of every script stay (PEP 3131, NFKC).
    """
    normal = unicodedata.normalize("NFKC", text).replace("'", "")
    words: list[str] = []
    word = ""
    for index, character in enumerate(normal):
        if not f"_{character}".isidentifier() or character == "_":
            words.append(word)
            word = ""
            continue
        after = normal[index + 1] if index + 1 < len(normal) else ""
        plural = after == "s" and not normal[index + 2 : index + 3].islower()
        begins = character.isupper() and word and (not word[-1].isupper() or (after.islower() and not plural))
        if begins:
            words.append(word)
            word = ""
        word += character
    words.append(word)
    return [each for each in words if each]


def class_name(text: str, default: str = "Model") -> str:
    """``text`` in UpperCamelCase; a name that is UpperCamelCase already stays as it is, acronyms included."""
    name = "".join(word[0].upper() + word[1:] for word in _words(text))
    if not name:
        return default
    if not name[0].isalpha():
        name = default + name
    return name if not keyword.iskeyword(name) else f"{name}{default}"


def python_name(text: str, default: str = "value", taken: Collection[str] = ()) -> str:
    """``text`` in snake_case, free of keywords and of ``taken``; digits at the start get ``default`` before them."""
    name = "_".join(word.lower() for word in _words(text))
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
    lowered = {other.lower() for other in taken}
    if name.lower() not in lowered:
        return name
    number = 2
    while f"{name}{number}".lower() in lowered:
        number += 1
    return f"{name}{number}"
