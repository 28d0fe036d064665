"""How a path into a value is written in element names: `$.items[].amount`."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")

ITEM = "[]"
ANY_PROPERTY = ".*"
PROPERTY_NAME = "(property name)"
CONTENT = "(decoded content)"


def property_step(name: str) -> str:
    """``.amount``, or ``["odd name"]`` where the name is no plain word."""
    return f".{name}" if _PLAIN.match(name) else f"[{json.dumps(name, ensure_ascii=False)}]"


def pattern_step(pattern: str) -> str:
    """``[/^x-/]``: every property whose name matches."""
    return f"[/{pattern}/]"


def index_step(index: int) -> str:
    """``[0]``: one position of a tuple."""
    return f"[{index}]"


def branch_step(name: str) -> str:
    """``(Cat)``: one named branch of a union."""
    return f"({name})"
