"""Reading an ECMA-262 regular expression (the dialect of `pattern`, JSON Schema core section 6.4) into a tree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from treaty.changes.proof.patterns import characters
from treaty.changes.proof.patterns.characters import Characters

MAX_REPEAT = 100_000
_DEPTH = 60


class PatternError(ValueError):
    """The text is no regular expression of ECMA-262 with the `u` flag, or uses a part of it that is not read."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of a set."""

    characters: Characters


@dataclass(frozen=True, slots=True)
class Sequence:
    """Every part, one after the other; none is the empty string."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of the options."""

    options: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``tree`` at least ``least`` and at most ``most`` times, None for no limit; ``lazy`` prefers few."""

    tree: Tree
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """`^` or `$`: the beginning or the end of the whole text."""

    start: bool


@dataclass(frozen=True, slots=True)
class Boundary:
    """`\\b` or, ``negated``, `\\B`."""

    negated: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A look-ahead or look-behind."""

    tree: Tree
    behind: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A capturing group; groups count from 1 by their opening parenthesis."""

    tree: Tree
    number: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The text an earlier group matched."""

    number: int


Tree: TypeAlias = Chars | Sequence | Choice | Repeat | Edge | Boundary | Look | Group | Reference

_CLASSES = {
    "d": characters.DIGITS, "w": characters.WORD, "s": characters.SPACE,
    "D": characters.DIGITS.inverted(), "W": characters.WORD.inverted(), "S": characters.SPACE.inverted(),
}  # fmt: skip
_CONTROLS = {"t": 0x09, "n": 0x0A, "v": 0x0B, "f": 0x0C, "r": 0x0D}
_DOT = characters.LINE_ENDS.inverted()
_QUANTIFIERS = {"*": (0, None), "+": (1, None), "?": (0, 1)}


@lru_cache(maxsize=4096)
def parse(pattern: str) -> Tree:
    """The tree of ``pattern``. Raises PatternError."""
    return _Reader(pattern).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._groups = 0
        self._depth = 0
        self._names: dict[str, int] = {}
        self._named_references: list[str] = []
        self._references: list[int] = []

    def whole(self) -> Tree:
        tree = self._choice()
        if self._at < len(self._text):
            raise PatternError(f"an unmatched {self._text[self._at]!r} at {self._at}")
        if any(number > self._groups for number in self._references):
            raise PatternError("a reference to a group that does not exist")
        return tree

    def _peek(self, length: int = 1) -> str:
        return self._text[self._at : self._at + length]

    def _take(self) -> str:
        if self._at >= len(self._text):
            raise PatternError("an unexpected end")
        self._at += 1
        return self._text[self._at - 1]

    def _taken(self, text: str) -> bool:
        if self._text.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _choice(self) -> Tree:
        self._depth += 1
        if self._depth > _DEPTH:
            raise PatternError("groups nested too deeply")
        options = [self._sequence()]
        while self._taken("|"):
            options.append(self._sequence())
        self._depth -= 1
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Tree:
        parts: list[Tree] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self, tree: Tree) -> Tree:
        bounds = self._quantifier()
        if bounds is None:
            return tree
        if isinstance(tree, Edge | Boundary | Look):
            raise PatternError("nothing to repeat")
        lazy = self._taken("?")
        if self._peek() in _QUANTIFIERS and self._peek():
            raise PatternError("nothing to repeat")
        return Repeat(tree, bounds[0], bounds[1], lazy)

    def _quantifier(self) -> tuple[int, int | None] | None:
        mark = self._peek()
        if mark in _QUANTIFIERS and mark:
            self._at += 1
            return _QUANTIFIERS[mark]
        if mark != "{":
            return None
        end = self._text.find("}", self._at)
        inside = self._text[self._at + 1 : end] if end > 0 else ""
        least, comma, most = inside.partition(",")
        if not _is_number(least) or not (most == "" or _is_number(most)):
            raise PatternError("an incomplete quantifier")
        self._at = end + 1
        low = int(least)
        high = low if not comma else int(most) if most else None
        if high is not None and high < low:
            raise PatternError("a quantifier out of order")
        return low, high

    def _atom(self) -> Tree:
        character = self._take()
        match character:
            case "^" | "$":
                return Edge(character == "^")
            case ".":
                return Chars(_DOT)
            case "(":
                return self._group()
            case "[":
                return Chars(self._class())
            case "\\":
                return self._escape()
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise PatternError(f"a lone {character!r}")
        return Chars(characters.of_text(character))

    def _group(self) -> Tree:
        tree: Tree
        if self._taken("?:"):
            tree = self._choice()
        elif self._taken("?="):
            tree = Look(self._choice(), behind=False, negated=False)
        elif self._taken("?!"):
            tree = Look(self._choice(), behind=False, negated=True)
        elif self._taken("?<="):
            tree = Look(self._choice(), behind=True, negated=False)
        elif self._taken("?<!"):
            tree = Look(self._choice(), behind=True, negated=True)
        else:
            name = self._name() if self._taken("?<") else None
            if name is None and self._peek() == "?":
                raise PatternError("a group of a kind ECMA-262 does not have")
            self._groups += 1
            number = self._groups
            if name is not None:
                self._names[name] = number
            tree = Group(self._choice(), number)
        if not self._taken(")"):
            raise PatternError("a group that is not closed")
        return tree

    def _name(self) -> str:
        end = self._text.find(">", self._at)
        name = self._text[self._at : end] if end > 0 else ""
        if not name.isidentifier():
            raise PatternError("a group without a proper name")
        self._at = end + 1
        return name

    def _escape(self) -> Tree:
        character = self._peek()
        if character in ("b", "B") and character:
            self._at += 1
            return Boundary(character == "B")
        if character.isdigit() and character != "0":
            digits = ""
            while self._peek().isdigit():
                digits += self._take()
            number = int(digits) if len(digits) < 6 else MAX_REPEAT
            self._references.append(number)
            return Reference(number)
        if character == "k" and self._taken("k<"):
            name = self._name()
            if name not in self._names:
                raise PatternError("a reference to a group that does not exist yet")
            return Reference(self._names[name])
        return Chars(self._escaped())

    def _escaped(self) -> Characters:
        """The set of an escape, inside a class or outside; the backslash is already read."""
        character = self._take()
        if character in _CLASSES:
            return _CLASSES[character]
        if character in ("p", "P"):
            return self._property(negated=character == "P")
        return characters.of_ranges([(point, point) for point in (self._point(character),)])

    def _point(self, character: str) -> int:
        """The code point of an escape that stands for one character."""
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "0" and not self._peek().isdigit():
            return 0
        if character == "c" and self._peek().isascii() and self._peek().isalpha():
            return ord(self._take()) % 32
        if character == "x":
            return self._hexadecimal(2)
        if character == "u":
            if self._taken("{"):
                end = self._text.find("}", self._at)
                length = end - self._at
                if not 1 <= length <= 8:
                    raise PatternError("an incomplete escape")
                point = self._hexadecimal(length)
                self._at += 1
                if point > 0x10FFFF:
                    raise PatternError("an escape beyond Unicode")
                return point
            high = self._hexadecimal(4)
            if 0xD800 <= high <= 0xDBFF and self._taken("\\u"):
                low = self._hexadecimal(4)
                if not 0xDC00 <= low <= 0xDFFF:
                    raise PatternError("half a surrogate pair")
                return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
            return high
        if character.isascii() and character.isalnum():
            raise PatternError(f"an escape \\{character} that ECMA-262 does not have")
        return ord(character)

    def _hexadecimal(self, length: int) -> int:
        digits = self._peek(length)
        try:
            value = int(digits, 16)
        except ValueError:
            raise PatternError("an incomplete escape") from None
        if len(digits) < length or not digits.isalnum():
            raise PatternError("an incomplete escape")
        self._at += length
        return value

    def _property(self, *, negated: bool) -> Characters:
        end = self._text.find("}", self._at)
        if not self._taken("{") or end < 0:
            raise PatternError("an incomplete property escape")
        found = characters.category(self._text[self._at : end])
        if found is None:
            raise PatternError("a Unicode property that is no general category")
        self._at = end + 1
        return found.inverted() if negated else found

    def _class(self) -> Characters:
        negated = self._taken("^")
        ranges: list[tuple[int, int]] = []
        while not self._taken("]"):
            first = self._member()
            if self._peek() == "-" and self._peek(2) != "-]":
                self._at += 1
                last = self._member()
                if isinstance(first, Characters) or isinstance(last, Characters) or last < first:
                    raise PatternError("a range out of order")
                ranges.append((first, last))
            elif isinstance(first, Characters):
                ranges.extend(first.ranges)
            else:
                ranges.append((first, first))
        found = characters.of_ranges(ranges)
        return found.inverted() if negated else found

    def _member(self) -> int | Characters:
        character = self._take()
        if character != "\\":
            return ord(character)
        following = self._peek()
        if following == "b":
            self._at += 1
            return 8
        if following == "-":
            self._at += 1
            return ord("-")
        if following in ("d", "w", "s", "D", "W", "S", "p", "P") and following:
            return self._escaped()
        return self._point(self._take())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
