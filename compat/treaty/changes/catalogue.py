"""What a rule is, and the one place to look rules up.

A rule is a row: what happened, what that did to the set of valid values, and its page. It has no direction; who is hurt
follows from the role of the place where it happened (:mod:`treaty.changes.levels`).
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from treaty.model.roles import Role, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.changes.change import Effect, Level

# Each module holds `RULES: tuple[Rule, ...]` and knows one family.
FAMILIES: tuple[str, ...] = (
    "operations",
    "parameters",
    "content",
    "responses",
    "security",
    "types",
    "enumerations",
    "limits",
    "strings",
    "properties",
    "unions",
    "proven",
    "documentation",
    "lifecycle",
    "avro",
    "protobuf",
    "asyncapi",
)


@dataclass(frozen=True, slots=True)
class Deviation:
    """A level that is not what the table says, with the reason it is not.

    It holds for one role, and where given only for one effect and for values of that standing. ``tolerant_only`` marks
    one that rests on the tolerant content model although it is about the contract around schemas.
    """

    role: Role
    level: Level
    reason: str
    effect: Effect | None = None
    standing: Standing = Standing.ANY
    tolerant_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the catalogue; its texts are the rule's page.

    ``message`` is a format template over ``subject``, ``before`` and ``after``. ``why`` says who breaks and how,
    ``before`` and ``after`` show the smallest example in the contract's own syntax, ``safe`` the way to get there
    without breaking anyone, ``source`` the specification that makes it so. ``reverse`` is the rule the same change
    raises when made backwards.
    """

    id: str
    effect: Effect
    summary: str
    message: str
    why: str
    before: str
    after: str
    safe: str
    source: str
    reverse: str | None = None
    deviations: tuple[Deviation, ...] = ()


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, in the order of the catalogue."""
    rows: dict[str, Rule] = {}
    for family in FAMILIES:
        for rule in importlib.import_module(f"treaty.changes.rules.{family}").RULES:
            if rule.id in rows:
                raise ValueError(f"two rules are called {rule.id!r}")
            rows[rule.id] = rule
    return MappingProxyType(rows)


def family_of(rule_id: str) -> str:
    """The family (the module of :mod:`treaty.changes.rules`) that holds ``rule_id``. Raises KeyError when none does."""
    for family in FAMILIES:
        if any(rule.id == rule_id for rule in importlib.import_module(f"treaty.changes.rules.{family}").RULES):
            return family
    raise KeyError(rule_id)
