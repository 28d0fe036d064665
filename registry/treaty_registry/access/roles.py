"""Roles, granted by patterns over contexts and subjects."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cache
from typing import TYPE_CHECKING

from treaty_registry.names import GLOBAL, SubjectName

if TYPE_CHECKING:
    from collections.abc import Callable


class Role(enum.IntEnum):
    """Each role may do what those before it may.

    A reader reads, looks up and asks about compatibility. A writer registers and soft-deletes. An admin sets configs
    and modes and deletes for good.
    """

    READER = 1
    WRITER = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over the subjects that match a pattern, in the contexts that match another; ``*`` and ``?`` are wild."""

    role: Role
    subjects: str = "*"
    contexts: str = "*"

    def covers(self, scope: SubjectName) -> bool:
        """Whether ``scope`` lies within; a whole context does only where the grant is for all of its subjects."""
        if scope == GLOBAL:
            return self.subjects == "*" and self.contexts == "*"
        if not _matcher(self.contexts)(scope.context):
            return False
        return _matcher(self.subjects)(scope.name) is not None if scope.name else self.subjects == "*"

    def reads(self, context: str) -> bool:
        """Whether anything in ``context`` may lie within."""
        return _matcher(self.contexts)(context) is not None


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who proved who they are, or ``anonymous``."""

    name: str
    grants: tuple[Grant, ...] = ()
    _known: dict[tuple[Role, SubjectName], bool] = field(default_factory=dict, compare=False, repr=False)

    def may(self, role: Role, scope: SubjectName) -> bool:
        """Whether the principal has ``role``, or a higher one, over ``scope``."""
        known = self._known.get((role, scope))
        if known is None:
            known = any(grant.role >= role and grant.covers(scope) for grant in self.grants)
            if len(self._known) < 10_000:
                self._known[role, scope] = known
        return known

    def may_everywhere(self, role: Role) -> bool:
        """Whether nothing is out of the principal's reach in that role."""
        return self.may(role, GLOBAL)


EVERYBODY = Principal("anonymous", (Grant(Role.ADMIN),))
"""The principal of every request where no access is configured."""


@cache
def _matcher(pattern: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(translate(pattern)).match
