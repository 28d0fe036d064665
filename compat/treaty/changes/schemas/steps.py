"""Steps from a value into a part of it, and how they are written in element names: `$.items[].amount`."""

from __future__ import annotations

import enum
import json
import re
from typing import NamedTuple

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")


class Way(enum.Enum):
    """What kind of part a step leads to."""

    PROPERTY = "property"
    PATTERN = "pattern"
    ANY_PROPERTY = "any property"
    ITEM = "item"
    INDEX = "index"
    BRANCH = "branch"
    CONTENT = "content"


class Step(NamedTuple):
    """One step; ``name`` is the property, pattern, index or branch it leads to."""

    way: Way
    name: str | int = ""

    def __str__(self) -> str:
        match self.way:
            case Way.PROPERTY:
                name = str(self.name)
                return f".{name}" if _PLAIN.match(name) else f"[{json.dumps(name, ensure_ascii=False)}]"
            case Way.PATTERN:
                return f"[/{self.name}/]"
            case Way.ANY_PROPERTY:
                return ".*"
            case Way.ITEM:
                return "[]"
            case Way.INDEX:
                return f"[{self.name}]"
            case Way.BRANCH:
                return f"({self.name})" if self.name else ""
            case Way.CONTENT:
                return "(decoded content)"


ITEM = Step(Way.ITEM)
ANY_PROPERTY = Step(Way.ANY_PROPERTY)
CONTENT = Step(Way.CONTENT)


def property_step(name: str) -> Step:
    return Step(Way.PROPERTY, name)


def pattern_step(pattern: str) -> Step:
    return Step(Way.PATTERN, pattern)


def index_step(index: int) -> Step:
    return Step(Way.INDEX, index)


def branch_step(name: str) -> Step:
    return Step(Way.BRANCH, name)
