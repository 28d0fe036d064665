"""Invalid defaults that came or went: the schema as a whole is at fault, wherever the field is used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.changes.avro.findings import Finding
from treaty.model.avro.names import short_name
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.model.avro.types import Flaw, Schema

__all__ = ["flaw_findings"]


def flaw_findings(old: Schema, new: Schema) -> Iterator[Finding]:
    """A finding for each flaw that only one side has.

    A new flaw breaks the reader: an implementation that checks defaults does not even load the schema. One that is gone
    changes nothing for those who read with the old schema, so they evidently do not check.
    """
    before = {_key(flaw): flaw for flaw in old.flaws}
    after = {_key(flaw): flaw for flaw in new.flaws}
    for key, flaw in after.items():
        if key not in before:
            yield _finding("avro-default-invalid", flaw, new=True)
    for key, flaw in before.items():
        if key not in after:
            yield _finding("avro-invalid-default-removed", flaw, new=False)


def _key(flaw: Flaw) -> tuple[str, str | None, str]:
    return flaw.owner, flaw.field, json.dumps(flaw.value, sort_keys=True, default=str)


def _finding(rule: str, flaw: Flaw, *, new: bool) -> Finding:
    at = f".{flaw.field}" if flaw.field else ""
    place = flaw.place.location("default")
    return Finding(
        rule=rule,
        element=flaw.owner + at,
        subject=short_name(flaw.owner) + at,
        fails=Role.READS if new else Role.NONE,
        before=None if new else {"default": flaw.value},
        after={"default": flaw.value} if new else None,
        base=None if new else place,
        revision=place if new else None,
    )
