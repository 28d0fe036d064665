"""A fact: one thing that happened to the values a pair of schemas accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.model.roles import Role

if TYPE_CHECKING:
    from treaty.changes.change import Effect
    from treaty.changes.schemas.steps import Step
    from treaty.documents.location import JsonValue
    from treaty.model.schema.shape import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What happened, at one pair of schemas, wherever that pair is used.

    ``at`` is the step below the pair that names the element, None for the value itself. ``before`` and ``after`` are
    JSON values for the message and the fingerprint. ``base`` and ``revision`` are where it is written. ``facets`` name
    what a witness has to turn on. ``roles`` are those that can feel it: what is `readOnly` is never read. ``provable``
    is False where no validator sees the difference, so that no proof can confirm or refute the fact. ``note`` is
    what there is to say beyond the rule's own sentence.
    """

    rule: str
    effect: Effect
    at: Step | None = None
    before: JsonValue = None
    after: JsonValue = None
    base: Origin | None = None
    revision: Origin | None = None
    facets: tuple[str, ...] = ()
    roles: Role = Role.BOTH
    provable: bool = True
    note: str = ""
