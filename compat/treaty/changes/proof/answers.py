"""What the prover is asked and what it answers."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue


class Answer(enum.Enum):
    """YES is proven, NO is shown by a witness, UNKNOWN is neither."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Schema:
    """A self-contained JSON Schema: ``$ref`` leads nowhere but into ``body`` itself.

    ``draft`` is "4", "6", "7", "2019-09" or "2020-12" and counts, whatever ``$schema`` says.
    """

    body: dict[str, JsonValue] | bool
    draft: str = "2020-12"


@dataclass(frozen=True, slots=True)
class Found:
    """A value that one schema accepts and another refuses.

    ``reason`` is the refusing validator's sentence, shortened, with the place in the value; ``confirmed_by`` names
    the validators that agree on both.
    """

    value: JsonValue
    reason: str
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class Example:
    """A valid instance; wrapped, because null is one too."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Proof:
    """``witness`` stands with every NO. ``undecided`` names, with pointers, what kept an UNKNOWN from being decided."""

    answer: Answer
    witness: Found | None = None
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """What one question, and all questions of one run together, may cost.

    Steps are what a search is counted in, so that answers do not depend on the speed of the machine; seconds (of
    processor time) are the safety net. Whatever is spent, the answer is UNKNOWN and says so.
    """

    question_steps: int = 30_000
    question_seconds: float = 2.0
    run_steps: int = 3_000_000
    run_seconds: float = 60.0


class Undecidable(Exception):
    """Why a question cannot be answered; becomes the ``undecided`` of an UNKNOWN, and never leaves the prover."""


class Spent(Undecidable):
    """The budget of the question or of the run is used up."""


def is_panic(error: BaseException) -> bool:
    """Whether ``error`` is a panic of a library written in Rust: a BaseException that cannot be named by import."""
    return type(error).__name__ == "PanicException"
