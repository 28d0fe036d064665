"""What a run came to: one outcome per contract, and why it is blocked when it is."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from treaty.changes.change import Change, Level

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from treaty.documents.location import Location
    from treaty.errors import TreatyError
    from treaty.govern.comparison import Comparison


class Severity(enum.StrEnum):
    """Whether a problem blocks."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the contract as a whole: its version, its lifecycle, its waivers. ``rule`` names it for
    machines."""

    rule: str
    severity: Severity
    message: str
    location: Location | None = None
    advice: str | None = None

    def as_warning(self) -> Problem:
        """The same, told without blocking."""
        return replace(self, severity=Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Waived:
    """A change somebody answers for until a day; ``waiver`` is the id of the waiver, ``kind`` its kind."""

    change: Change
    waiver: str
    owner: str
    days_left: int
    reason: str
    expires: datetime.date
    kind: str


class ContractState(enum.StrEnum):
    """What happened to a contract between base and revision."""

    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractOutcome:
    """One contract document of a run.

    ``changes`` are those nobody waived, and ``comparison`` is judged by them; ``allowed`` says that the declared
    version carries them, so that breaking ones do not block. ``frozen`` maps the fingerprints of those that not even a
    major carries to the pattern that freezes them, ``remarks`` maps fingerprints to what else there is to say.
    ``error`` is why it could not be checked. ``asked`` describes what it was held against where that is not the one
    document it was.
    """

    name: str
    path: str
    state: ContractState = ContractState.CHANGED
    comparison: Comparison | None = None
    changes: tuple[Change, ...] = ()
    waived: tuple[Waived, ...] = ()
    problems: tuple[Problem, ...] = ()
    allowed: bool = False
    frozen: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    error: TreatyError | None = None
    asked: str | None = None

    @property
    def blocking(self) -> tuple[Change, ...]:
        """The changes that block: breaking or undecided, not waived, and not carried by the version or frozen."""
        return tuple(
            change
            for change in self.changes
            if change.level in (Level.BREAKING, Level.UNKNOWN)
            and (not self.allowed or change.fingerprint in self.frozen)
        )

    @property
    def blocked(self) -> bool:
        return bool(self.blocking) or any(problem.severity is Severity.ERROR for problem in self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """A whole run of the gate; ``against`` says in words what the contracts were held against."""

    contracts: tuple[ContractOutcome, ...]
    against: str
    unchanged: int = 0
    seconds: float = 0.0
    edition: str = ""
    problems: tuple[Problem, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """3 when something could not be checked, else 1 when something blocks, else 0."""
        if any(outcome.error is not None for outcome in self.contracts):
            return 3
        errors = any(problem.severity is Severity.ERROR for problem in self.problems)
        return 1 if errors or any(outcome.blocked for outcome in self.contracts) else 0
