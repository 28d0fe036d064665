"""What a decision is: an answer, and the facts to write before it may be given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from treaty_registry.facts import Fact

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """``result`` holds once ``facts`` are durable; without facts it holds already."""

    result: T
    facts: tuple[Fact, ...] = ()
