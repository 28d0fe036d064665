"""What a run of the generator did, and what it would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from treaty_codegen.jobs import Job

__all__ = ["Element", "Emitted", "FileState", "JobOutcome", "State"]

State: TypeAlias = Literal["emitted", "downgraded"]


@dataclass(frozen=True, slots=True)
class Element:
    """One operation, event or schema of a contract and what became of it; ``reasons`` say why it is less than all."""

    name: str
    becomes: str
    state: State = "emitted"
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Emitted:
    """The files of one job by path in its folder, the name lock after it, and every element of the contract."""

    files: dict[str, str]
    names: dict[str, str]
    elements: list[Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kind: str = "operations"


@dataclass(frozen=True, slots=True)
class FileState:
    """One file that is, or would be, written or removed."""

    path: str
    change: Literal["new", "changed", "removed"]


@dataclass(slots=True)
class JobOutcome:
    """One job, what it emitted, and how its folder differs from that."""

    job: Job
    emitted: Emitted
    changes: list[FileState]

    @property
    def downgraded(self) -> list[Element]:
        return [each for each in self.emitted.elements if each.state == "downgraded"]
