"""Sets of Unicode characters as sorted ranges of code points."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LAST = 0x10FFFF
# A surrogate is no character of a JSON text (RFC 8259, section 8.2 warns of them), so no set holds one.
_SURROGATES = (0xD800, 0xDFFF)

_READABLE = ("a", "A", "0", "b", "1", "x", "-", "_", ".", " ", ":", "/", "@", "!", "~", "é", "中", "\t")
"""Characters worth showing to a person, most welcome first."""


@dataclass(frozen=True, slots=True)
class Characters:
    """``ranges`` are (first, last), both included, sorted, neither touching nor overlapping."""

    ranges: tuple[tuple[int, int], ...]

    def __contains__(self, character: str) -> bool:
        return self.holds(ord(character))

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def __or__(self, other: Characters) -> Characters:
        return of_ranges((*self.ranges, *other.ranges))

    def holds(self, point: int) -> bool:
        """Whether the character with this code point is in the set."""
        at = bisect_right(self.ranges, (point, _LAST + 1)) - 1
        return at >= 0 and point <= self.ranges[at][1]

    def inverted(self) -> Characters:
        """Every other character."""
        found: list[tuple[int, int]] = []
        start = 0
        for first, last in of_ranges((*self.ranges, _SURROGATES), surrogates=True).ranges:
            if first > start:
                found.append((start, first - 1))
            start = last + 1
        if start <= _LAST:
            found.append((start, _LAST))
        return Characters(tuple(found))

    def pick(self) -> str:
        """One member, the easiest to read. Raises IndexError when there is none."""
        for character in _READABLE:
            if character in self:
                return character
        return chr(self.ranges[0][0])


def of_ranges(ranges: Iterable[tuple[int, int]], *, surrogates: bool = False) -> Characters:
    """The set of all characters in ``ranges``, which may overlap and need no order."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    if surrogates:
        return Characters(tuple(merged))
    return Characters(tuple(part for pair in merged for part in _outside_surrogates(*pair)))


def _outside_surrogates(first: int, last: int) -> list[tuple[int, int]]:
    low, high = _SURROGATES
    if last < low or first > high:
        return [(first, last)]
    return [pair for pair in ((first, low - 1), (high + 1, last)) if pair[0] <= pair[1]]


def of_text(text: str) -> Characters:
    """The characters that occur in ``text``."""
    return of_ranges((ord(character), ord(character)) for character in text)


ANY = Characters(()).inverted()
DIGITS = of_ranges([(0x30, 0x39)])
WORD = of_ranges([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
# ECMA-262, WhiteSpace and LineTerminator.
SPACE = of_text("\t\n\v\f\r\u2028\u2029\ufeff \u00a0\u1680\u202f\u205f\u3000") | of_ranges([(0x2000, 0x200A)])
LINE_ENDS = of_text("\n\r\u2028\u2029")

_CATEGORIES = {
    "Letter": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc",
    "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd", "Letter_Number": "Nl",
    "Other_Number": "No", "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd",
    "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi", "Final_Punctuation": "Pf",
    "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc", "Modifier_Symbol": "Sk",
    "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs", "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Private_Use": "Co",
}  # fmt: skip
_SHORT = frozenset(_CATEGORIES.values())


@cache
def category(name: str) -> Characters | None:
    """The characters of a Unicode general category (`L`, `Lu`, `Letter`…); None for any other property."""
    key, _, value = name.rpartition("=")
    if key not in ("", "gc", "General_Category"):
        return None
    if value in ("Any", "ASCII") and not key:
        return ANY if value == "Any" else of_ranges([(0, 0x7F)])
    short = _CATEGORIES.get(value, value)
    if short not in _SHORT:
        return None
    return of_ranges((point, point) for point in range(_LAST + 1) if unicodedata.category(chr(point)).startswith(short))
