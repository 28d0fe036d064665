"""The comparison of two Avro schemas: the walk, every finding of every place, and changes with their levels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.avro.annotations import meaning_findings, type_annotations
from treaty.changes.avro.enums import enum_findings
from treaty.changes.avro.evidence import Evidence
from treaty.changes.avro.findings import THE_VALUE
from treaty.changes.avro.flaws import flaw_findings
from treaty.changes.avro.kinds import type_findings
from treaty.changes.avro.records import record_findings
from treaty.changes.avro.walk import walk
from treaty.changes.catalogue import rules
from treaty.changes.change import Change, Effect, Level
from treaty.changes.levels import level_of
from treaty.documents.location import Location
from treaty.errors import DocumentTooLarge
from treaty.model.avro.parsing import parse
from treaty.model.avro.types import EnumType, Record
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.avro.findings import Finding
    from treaty.documents.location import JsonValue
    from treaty.documents.schema_text import SchemaText
    from treaty.model.avro.types import Schema

__all__ = ["compare", "compare_schemas"]

_EFFECTS = {Role.NONE: Effect.NONE, Role.READS: Effect.NARROWS, Role.WRITES: Effect.WIDENS, Role.BOTH: Effect.REPLACES}
_PROVEN = (Level.BREAKING, Level.RISKY)


def compare(old: SchemaText, new: SchemaText, *, roles: Role, strict: bool) -> tuple[Change, ...]:
    """Every change from ``old`` to ``new``, most severe first, with levels for the directions ``roles``.

    READS is the new schema reading what the old one wrote (BACKWARD), WRITES the old one reading what the new one
    writes (FORWARD). ``strict`` changes nothing: an Avro record has the fields of its schema and no others, so there
    is no content model to choose. An invalid default is a finding, not an error: it matters only to a reader.

    Raises DocumentError, InvalidContract and UnresolvedReference for a schema that cannot be read.
    """
    try:
        if _same_text(old, new):
            return ()
        return compare_schemas(parse(old, check_defaults=False), parse(new, check_defaults=False), roles=roles)
    except RecursionError:
        raise DocumentTooLarge(
            "nested too deep to be compared", location=Location(new.name), advice="give the inner types names"
        ) from None


def _same_text(old: SchemaText, new: SchemaText) -> bool:
    """Whether the two are one text; trees are not compared, because Python takes True for 1."""
    texts = isinstance(old.schema, str) and isinstance(new.schema, str)
    return texts and old.schema == new.schema and old.references == new.references


def compare_schemas(old: Schema, new: Schema, *, roles: Role) -> tuple[Change, ...]:
    """As :func:`compare`, for schemas that have been read."""
    # One edit may be seen where several pairs of types meet.
    causes: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in _findings(old, new):
        key = (finding.rule, finding.element, repr((finding.before, finding.after)))
        causes.setdefault(key, []).append(finding)
    evidence = Evidence(old, new)
    judged = [_judged(cause, roles) for cause in causes.values()]
    judged.sort(key=_order)
    return tuple(_change(each, evidence) for each in judged)


class _Judged(NamedTuple):
    """One cause: the directions in which any of its findings fails, the worst level, and the roles that have it."""

    cause: list[Finding]
    fails: Role
    level: Level
    roles: Role


def _order(judged: _Judged) -> tuple[int, str, str, str]:
    first = judged.cause[0]
    return -judged.level.severity, first.element, first.rule, repr((first.before, first.after))


def _findings(old: Schema, new: Schema) -> Iterator[Finding]:
    root, visits = walk(old.root, new.root)
    yield from type_findings(root)
    for visit in visits:
        before, after = visit.old, visit.new
        if isinstance(before, Record) and isinstance(after, Record):
            yield from record_findings(visit, before, after)
        elif isinstance(before, EnumType) and isinstance(after, EnumType):
            yield from enum_findings(visit, before, after)
        for slot in visit.slots:
            yield from type_findings(slot)
        yield from meaning_findings(visit)
        yield from type_annotations(visit)
    yield from flaw_findings(old, new)


def _judged(cause: list[Finding], roles: Role) -> _Judged:
    fails = Role.NONE
    for finding in cause:
        fails |= finding.fails
    rule, effect = rules()[cause[0].rule], _EFFECTS[fails]
    levels = {role: level_of(rule, effect, role) for role in (Role.READS, Role.WRITES) if role in roles}
    worst = max(levels.values(), key=lambda level: level.severity, default=Level.DOCS)
    felt = Role.NONE
    for role, level in levels.items():
        if level is worst:
            felt |= role
    return _Judged(cause, fails, worst, felt)


def _change(judged: _Judged, evidence: Evidence) -> Change:
    first = judged.cause[0]
    sites = dict.fromkeys(site for finding in judged.cause for site in finding.sites)
    return Change(
        rule=first.rule,
        level=judged.level,
        effect=_EFFECTS[judged.fails],
        role=judged.roles,
        element=first.element,
        message=rules()[first.rule].message.format(
            subject=first.subject if first.subject == THE_VALUE else f"`{first.subject}`",
            before=_shown(first.before),
            after=_shown(first.after),
        ),
        before=first.before,
        after=first.after,
        witness=evidence.witness(judged.cause, judged.roles) if judged.level in _PROVEN else None,
        base=first.base,
        revision=first.revision,
        sites=tuple(sites),
        count=max(len(sites), 1),
    )


def _shown(value: JsonValue) -> str:
    """A value in a sentence."""
    if isinstance(value, dict) and value.keys() == {"default"}:
        value = value["default"]
    elif value is None:
        return "none"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(str(item) for item in value)
    if isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "..."
