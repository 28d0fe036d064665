"""Everything Treaty raises on purpose, as one tree.

::

    TreatyError
    ├── UsageError                   exit 2: the command, a setting or the policy is wrong
    │   └── PolicyError              treaty.yaml (or a waiver, or a lint rule file), with its line
    └── CannotCheck                  exit 3: an honest "not checked", never a silent pass
        ├── DocumentError            a file that cannot be read as what it says it is
        │   ├── DocumentNotFound     no such file in that source
        │   ├── DocumentTooLarge     over a limit on bytes, depth or expanded aliases
        │   ├── UnsupportedDocument  well formed, but of no family or version Treaty compares
        │   └── InvalidContract      of a known family, but against that family's rules
        ├── UnresolvedReference      a `$ref`, import or named type that leads nowhere, or round in a circle
        ├── RevisionError            an unknown revision, a shallow clone without the base, no repository
        ├── LimitExceeded            a comparison that outgrew its budget
        └── ServiceError             a registry that did not answer, or refused

Each error is a value: ``problem`` says what is wrong, ``location`` where (when there is a place), ``advice`` what to
do next. ``str(error)`` joins the three in the form every front end prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from treaty.documents.location import Location

__all__ = [
    "CannotCheck",
    "DocumentError",
    "DocumentNotFound",
    "DocumentTooLarge",
    "InvalidContract",
    "LimitExceeded",
    "PolicyError",
    "RevisionError",
    "ServiceError",
    "TreatyError",
    "UnresolvedReference",
    "UnsupportedDocument",
    "UsageError",
]


class TreatyError(Exception):
    """The root of the tree; ``exit_code`` is what the command line ends with."""

    exit_code: ClassVar[int] = 3

    def __init__(self, problem: str, *, location: Location | None = None, advice: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.location = location
        self.advice = advice

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location is not None else ""
        advice = f"\n  {self.advice}" if self.advice else ""
        return f"{place}{self.problem}{advice}"


class UsageError(TreatyError):
    """The request itself is wrong: an option, an argument, a combination."""

    exit_code: ClassVar[int] = 2


class PolicyError(UsageError):
    """``treaty.yaml``, a waiver or a rule file holds something Treaty does not accept."""


class CannotCheck(TreatyError):
    """No verdict could be reached, and none is given."""


class DocumentError(CannotCheck):
    """The text of a document cannot be read."""


class DocumentNotFound(DocumentError):
    """The source has no file under that path."""


class DocumentTooLarge(DocumentError):
    """The document is over a limit that keeps one file from stopping a whole run."""


class UnsupportedDocument(DocumentError):
    """The document is well formed, but it is no contract Treaty can compare."""


class InvalidContract(DocumentError):
    """The document breaks a rule of its own format, so that its meaning is not defined."""


class UnresolvedReference(CannotCheck):
    """A reference names nothing, is refused by policy, or only ever leads back to itself."""


class RevisionError(CannotCheck):
    """Git cannot give the revision that was asked for."""


class LimitExceeded(CannotCheck):
    """The comparison outgrew the time or memory it may use."""


class ServiceError(CannotCheck):
    """A service Treaty was told to ask (a registry, a code host) did not answer as it should."""
