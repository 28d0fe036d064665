"""What a lint run came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty.changes.change import fingerprint
from treaty.govern.outcome import Severity

if TYPE_CHECKING:
    from treaty.documents.location import Location
    from treaty.errors import TreatyError


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One violation: of ``rule``, by ``element`` of the document ``path``; ``value`` is what was found there.

    ``fingerprint`` depends on contract, rule, element and value, never on wording, line or file.
    """

    rule: str
    severity: Severity
    contract: str
    path: str
    element: str
    message: str
    location: Location | None = None
    advice: str | None = None
    value: str | None = None
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        name = fingerprint(self.rule, f"{self.contract} {self.element}", None, self.value)
        object.__setattr__(self, "fingerprint", name)


@dataclass(frozen=True, slots=True)
class NotLinted:
    """A document that could not be read."""

    contract: str
    path: str
    error: TreatyError


@dataclass(frozen=True, slots=True, kw_only=True)
class LintOutcome:
    """A whole run. ``findings`` are new, ``known`` were there when the baseline was written.

    ``fixed`` are the fingerprints of the baseline that no finding has any more.
    """

    findings: tuple[LintFinding, ...]
    known: tuple[LintFinding, ...] = ()
    fixed: tuple[str, ...] = ()
    unread: tuple[NotLinted, ...] = ()
    documents: int = 0
    rules: int = 0
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """3 when a document could not be read, else 1 when a new error was found, else 0."""
        if self.unread:
            return 3
        return 1 if any(finding.severity is Severity.ERROR for finding in self.findings) else 0
