"""How large a document may be before it is refused instead of stopping a whole run."""

from __future__ import annotations

from dataclasses import dataclass

from treaty.documents.location import Location
from treaty.errors import DocumentTooLarge

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "Limits", "check_size"]

MAX_DEPTH = 254
"""Levels of nesting a document may have: what orjson writes back, and well below Python's limit on recursion."""

MAX_DIGITS = 4300
"""Digits of one number, and its largest power of ten: Python's own limit on the conversion of integers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may spend on one document.

    ``size`` is in bytes, for local and remote documents alike. ``aliased`` counts the nodes that the aliases of one
    YAML document stand for when written out. ``seconds`` is the time one remote document may take.
    """

    size: int = 64 * 1024 * 1024
    aliased: int = 1_000_000
    seconds: float = 10.0


def check_size(size: int, name: str, limits: Limits) -> None:
    """Raise DocumentTooLarge for more bytes than ``limits`` allow."""
    if size > limits.size:
        raise DocumentTooLarge(
            f"the file has {_megabytes(size)}, more than the {_megabytes(limits.size)} one document may have",
            location=Location(name),
            advice="split it with $ref, or check that this is the file you meant",
        )


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:,.0f} MB" if size >= 1_048_576 else f"{size:,} bytes"
