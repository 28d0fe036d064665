"""One case: facts that hold together, gathered by what they are about."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from treaty.changes.proof.search.facts import (
    ARRAY,
    OBJECT,
    STRING,
    Among,
    Bound,
    Contains,
    Count,
    Distinct,
    Fact,
    Format,
    ItemFails,
    Items,
    Kinds,
    Lacks,
    MemberFails,
    Members,
    Multiple,
    NameFails,
    Names,
    Needs,
    Pattern,
    SomeMemberFails,
    Together,
    Unsure,
)
from treaty.model.schema.numbers import value_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from treaty.documents.location import JsonValue


@dataclass(slots=True)
class Counts:
    """How many characters, items or properties."""

    least: int = 0
    most: int | None = None

    @property
    def empty(self) -> bool:
        return self.most is not None and self.most < self.least

    def narrow(self, count: Count) -> None:
        self.least = max(self.least, count.least)
        if count.most is not None:
            self.most = count.most if self.most is None else min(self.most, count.most)


@dataclass(slots=True)
class Numbers:
    """``lower`` and ``upper`` are the strictest bounds; ``step`` divides every value; ``not_steps`` divide none."""

    lower: Bound | None = None
    upper: Bound | None = None
    step: Fraction | None = None
    not_steps: list[Fraction] = field(default_factory=list)


@dataclass(slots=True)
class Strings:
    length: Counts = field(default_factory=Counts)
    patterns: list[str] = field(default_factory=list)
    not_patterns: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    not_formats: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Arrays:
    size: Counts = field(default_factory=Counts)
    distinct: bool = False
    repeated: bool = False
    items: list[Items] = field(default_factory=list)
    contains: list[Contains] = field(default_factory=list)
    failing: list[ItemFails] = field(default_factory=list)


@dataclass(slots=True)
class Objects:
    width: Counts = field(default_factory=Counts)
    needs: dict[str, None] = field(default_factory=dict)
    lacks: set[str] = field(default_factory=set)
    members: list[Members] = field(default_factory=list)
    names: list[JsonValue] = field(default_factory=list)
    together: list[Together] = field(default_factory=list)
    failing: list[SomeMemberFails] = field(default_factory=list)
    failing_members: list[MemberFails] = field(default_factory=list)
    failing_names: list[JsonValue] = field(default_factory=list)


@dataclass(slots=True)
class Case:
    """``among`` lists the only possible values, None when any is; ``excluded`` holds the keys of impossible ones."""

    kinds: int
    among: list[JsonValue] | None = None
    excluded: set[Hashable] = field(default_factory=set)
    numbers: Numbers = field(default_factory=Numbers)
    strings: Strings = field(default_factory=Strings)
    arrays: Arrays = field(default_factory=Arrays)
    objects: Objects = field(default_factory=Objects)
    unsure: bool = False


def gathered(kinds: int, facts: Iterable[Fact]) -> Case | None:
    """The case of ``facts``; None when they plainly contradict each other."""
    case = Case(kinds)
    for fact in facts:
        match fact:
            case Among(values, True):
                if case.among is None:
                    case.among = list(values)
                else:
                    listed = {value_key(value) for value in values}
                    case.among = [value for value in case.among if value_key(value) in listed]
            case Among(values, False):
                case.excluded |= {value_key(value) for value in values}
            case Bound() | Multiple():
                _number(case.numbers, fact)
            case Count(kind, _, _):
                {STRING: case.strings.length, ARRAY: case.arrays.size, OBJECT: case.objects.width}[kind].narrow(fact)
            case Pattern(pattern, holds):
                (case.strings.patterns if holds else case.strings.not_patterns).append(pattern)
            case Format(name, holds):
                (case.strings.formats if holds else case.strings.not_formats).append(name)
            case Distinct(holds):
                case.arrays.distinct |= holds
                case.arrays.repeated |= not holds
            case Items():
                case.arrays.items.append(fact)
            case Contains():
                case.arrays.contains.append(fact)
            case ItemFails():
                case.arrays.failing.append(fact)
            case Unsure():
                case.unsure = True
            case Kinds():
                case.kinds &= fact.bits
            case _:
                _object(case.objects, fact)
    if case.among is not None:
        case.among = [value for value in case.among if value_key(value) not in case.excluded]
        if not case.among:
            return None
    return case if case.kinds else None


def _number(numbers: Numbers, fact: Bound | Multiple) -> None:
    if isinstance(fact, Multiple):
        if not fact.holds:
            numbers.not_steps.append(fact.of)
        else:
            numbers.step = fact.of if numbers.step is None else common_multiple(numbers.step, fact.of)
        return
    if fact.upper:
        held = numbers.upper
        if held is None or (fact.value, not fact.exclusive) < (held.value, not held.exclusive):
            numbers.upper = fact
    else:
        held = numbers.lower
        if held is None or (fact.value, fact.exclusive) > (held.value, held.exclusive):
            numbers.lower = fact


def _object(objects: Objects, fact: Fact) -> None:
    match fact:
        case Needs(name):
            objects.needs[name] = None
        case Lacks(name):
            objects.lacks.add(name)
        case Members():
            objects.members.append(fact)
        case Names(schema):
            objects.names.append(schema)
        case Together():
            objects.together.append(fact)
        case MemberFails():
            objects.failing_members.append(fact)
        case SomeMemberFails():
            objects.failing.append(fact)
        case NameFails(schema):
            objects.failing_names.append(schema)


def common_multiple(one: Fraction, other: Fraction) -> Fraction:
    """The least positive number that is a multiple of both."""
    return Fraction(math.lcm(one.numerator, other.numerator), math.gcd(one.denominator, other.denominator))
