"""What a lint rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from jsonschema_rs import Validator

    from treaty.documents.formats import Family
    from treaty.documents.location import JsonValue, Location
    from treaty.govern.lint.document import LintDocument
    from treaty.govern.outcome import Severity


class Violation(NamedTuple):
    """One thing a rule objects to: ``element`` by name, where it stands, and ``value``, what was found there.

    ``rule`` is set by checks that stand for several rules.
    """

    element: str
    location: Location | None
    message: str
    value: str | None = None
    advice: str | None = None
    rule: str | None = None


Check: TypeAlias = Callable[["LintDocument"], Iterator[Violation]]
"""A rule in Python: asked about one document."""


@dataclass(frozen=True, eq=False, kw_only=True)
class LintRule:
    """One rule: its page, the documents it is for, and what it asks.

    Either ``select`` names the places to look at (a JSONPath of RFC 9535, or a named selection) and ``asserts`` is the
    JSON Schema each must match, or ``check`` is asked about the document as a whole. ``message`` says what is wrong,
    with ``{value}`` for what was found; without one the validator says it. ``ruleset`` is the set the rule belongs to.
    """

    id: str
    summary: str
    severity: Severity
    families: frozenset[Family]
    ruleset: str
    why: str = ""
    safe: str = ""
    source: str = ""
    select: str | None = None
    asserts: dict[str, JsonValue] | bool | None = None
    message: str | None = None
    check: Check | None = None

    @cached_property
    def validator(self) -> Validator:
        """The validator of ``asserts``, compiled once."""
        import jsonschema_rs

        assert self.asserts is not None
        return jsonschema_rs.validator_for(self.asserts)
