"""What all calls of one client share."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import NotSent
from .retries import Clock, RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .credentials import Credential, Scheme
    from .errors import StatusError
    from .operation import Contract, Deprecation, Operation

__all__ = ["Settings"]


@dataclass
class Settings:
    """What all calls of one client share."""

    contract: Contract
    base_url: str
    schemes: Mapping[str, Scheme]
    credentials: Mapping[str, Credential]
    codes: Mapping[str, type[StatusError]]
    user_agent: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    """What the arguments of the client are called that take the credentials."""
    shared: Mapping[str, str | None] = field(default_factory=dict)
    option_headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 60.0
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Clock = field(default_factory=Clock)
    on_deprecation: Callable[[Deprecation], None] | None = None
    told: set[tuple[str, str]] = field(default_factory=set)
    own_transport: bool = False
    """Whether the caller brought the HTTP client, which may add credentials of its own."""

    def usable(self, operation: Operation[Any]) -> list[tuple[Scheme, Credential]]:
        """The credentials for one operation: of the first alternative that is complete.

        Where none is, those of the fullest if somebody else may add the rest. Raises NotSent if nobody can.
        """
        best: list[tuple[Scheme, Credential]] = []
        for names in operation.security:
            held = [
                (self.schemes[name], self.credentials[name])
                for name in names
                if name in self.credentials
            ]
            if len(held) == len(names):
                return held
            best = held if len(held) > len(best) else best
        if operation.security and not self.own_transport:
            wanted = (
                " and ".join(self.arguments.get(name, name) for name in names)
                for names in operation.security
            )
            raise NotSent(
                f"{operation.id} needs credentials: give the client {', or '.join(wanted)}"
            )
        return best

    def deprecated(self, deprecation: Deprecation, source: str, stacklevel: int) -> None:
        """Tell about the end of an operation, once per operation and source."""
        if (deprecation.operation, source) in self.told:
            return
        self.told.add((deprecation.operation, source))
        if self.on_deprecation is not None:
            self.on_deprecation(deprecation)
        warnings.warn(str(deprecation), DeprecationWarning, stacklevel=stacklevel + 1)
