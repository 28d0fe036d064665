"""The same expression for Python's `re`, which has other ideas about `$`, `\\d` and Unicode."""

from __future__ import annotations

import re
from functools import lru_cache

from treaty.changes.proof.patterns.automaton import NotRegular, formula
from treaty.changes.proof.patterns.characters import ANY, Characters
from treaty.changes.proof.patterns.syntax import (
    Boundary,
    Chars,
    Choice,
    Edge,
    Group,
    Look,
    PatternError,
    Reference,
    Repeat,
    Sequence,
    Tree,
    parse,
)

# Backtracking steps one match may be expected to take: some hundredths of a second.
_STEPS = 1_000_000
# An expression that ECMA-262 does not have is only tried on texts so short that no backtracking hurts.
_SHORT = 12
_NAME = 40


class Unmatchable(Exception):
    """Whether the text matches cannot be told with certainty and in bounded time."""


def matches(pattern: str, text: str) -> bool:
    """Whether the `pattern` matches somewhere in ``text`` (JSON Schema validation, section 6.3.3), by Python's `re`.

    Where `re` may need exponential time, an automaton of our own judges instead. Raises Unmatchable.
    """
    try:
        tree = parse(pattern)
    except PatternError:
        if len(text) > _SHORT:
            raise Unmatchable(pattern) from None
        return _compiled(pattern, written=True).search(text) is not None
    if _steps(tree, len(text)) <= _STEPS:
        return _compiled(pattern, written=False).search(text) is not None
    try:
        return formula(pattern).matches(text)
    except NotRegular:
        raise Unmatchable(pattern) from None


def is_tame(pattern: str) -> bool:
    """Whether `re` itself can match ``pattern``, as it is written, with a property name in bounded time."""
    try:
        _compiled(pattern, written=True)
        return _steps(parse(pattern), _NAME) <= _STEPS
    except (PatternError, Unmatchable):
        return False


@lru_cache(maxsize=1024)
def _compiled(pattern: str, *, written: bool) -> re.Pattern[str]:
    try:
        return re.compile(pattern if written else translated(parse(pattern)))
    except (re.error, OverflowError, RecursionError):
        raise Unmatchable(pattern) from None


def translated(tree: Tree) -> str:
    """The expression in the syntax of `re`, with the meaning ECMA-262 gives it."""
    match tree:
        case Chars(members):
            return _set(members)
        case Sequence(parts):
            return "".join(_wrapped(part) for part in parts)
        case Choice(options):
            return "|".join(translated(option) for option in options)
        case Repeat(inner, least, most, lazy):
            return f"(?:{translated(inner)}){{{least},{'' if most is None else most}}}{'?' if lazy else ''}"
        case Edge(start):
            return r"\A" if start else r"\Z"
        case Boundary(negated):
            return r"(?a:\B)" if negated else r"(?a:\b)"
        case Look(inner, behind, negated):
            return f"(?{'<' if behind else ''}{'!' if negated else '='}{translated(inner)})"
        case Group(inner, _):
            return f"({translated(inner)})"
        case Reference(number):
            # A group that took no part matches the empty text here, where `re` would fail.
            return f"(?({number})\\{number})"


def _wrapped(tree: Tree) -> str:
    return f"(?:{translated(tree)})" if isinstance(tree, Choice) else translated(tree)


def _set(members: Characters) -> str:
    if members == ANY:
        return r"[\s\S]"
    if not members:
        return "(?!)"
    return "[" + "".join(f"{_escaped(first)}-{_escaped(last)}" for first, last in members.ranges) + "]"


def _escaped(point: int) -> str:
    return f"\\U{point:08x}"


def _steps(tree: Tree, length: int) -> float:
    """How many steps a backtracking matcher may need for a text of ``length`` characters, from above."""
    degree, base = _growth(tree)
    try:
        return float(length + 1) ** (degree + 1) * base**length
    except OverflowError:
        return float("inf")


def _growth(tree: Tree) -> tuple[int, float]:
    """The ways to match grow as ``length ** degree * base ** length``."""
    match tree:
        case Sequence(parts):
            grown = [_growth(part) for part in parts]
            return sum(degree for degree, _ in grown), max((base for _, base in grown), default=1)
        case Choice(options):
            grown = [_growth(option) for option in options]
            return max(degree for degree, _ in grown), max(base for _, base in grown)
        case Repeat(inner, _, most, _):
            degree, base = _growth(inner)
            if most is not None and most <= 1:
                return degree + 1, base
            if degree or base > 1 or _ambiguous(inner):
                return degree, base * (degree + 2)
            return 1, 1
        case Group(inner, _) | Look(inner, _, _):
            return _growth(inner)
    return 0, 1


def _ambiguous(tree: Tree) -> bool:
    """Whether a tree without repeats may match one text in more than one way, or texts of more than one length."""
    match tree:
        case Choice():
            return not all(isinstance(option, Chars) for option in tree.options)
        case Sequence(parts):
            return not parts or any(_ambiguous(part) for part in parts)
        case Group(inner, _):
            return _ambiguous(inner)
        case Chars():
            return False
    return True
