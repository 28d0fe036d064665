"""Differences of two records: fields that came, went, were renamed, moved or got another default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.avro.annotations import field_annotations
from treaty.changes.avro.equality import same_value
from treaty.changes.avro.findings import at_visit
from treaty.changes.avro.matching import match_fields
from treaty.model.avro.types import type_name
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.avro.findings import Finding
    from treaty.changes.avro.matching import Fields
    from treaty.changes.avro.walk import Slot, Visit
    from treaty.documents.location import JsonValue
    from treaty.model.avro.types import Field, Record

__all__ = ["record_findings"]


def record_findings(visit: Visit, old: Record, new: Record) -> Iterator[Finding]:
    """Everything about the fields but their types."""
    assert visit.reads is not None
    assert visit.writes is not None
    counterparts = [slot for slot in visit.slots if slot.main]
    kept_old = {slot.old_field for slot in counterparts}
    kept_new = {slot.new_field for slot in counterparts}
    for field in old.fields:
        if field not in kept_old and field.name not in visit.writes.sources:
            yield from _removed(visit, field, new)
    for field in new.fields:
        if field not in kept_new and field.name not in visit.reads.sources:
            yield from _added(visit, field, visit.reads, old)
    for slot in counterparts:
        if slot.old_field is not None and slot.new_field is not None:
            yield from _pair(visit, slot, slot.old_field, slot.new_field)
    yield from _contested(visit, old, new)
    yield from _order(visit, old, new, counterparts)


def _added(visit: Visit, field: Field, reads: Fields, old: Record) -> Iterator[Finding]:
    if field.name in reads.contested:
        rule = "avro-alias-taken"
    elif field.default is None:
        rule = "avro-field-without-default-added"
    else:
        rule = "avro-field-with-default-added" if field.usable_default else "avro-default-invalid"
    yield from at_visit(
        visit,
        rule,
        at=field.name,
        fails=Role.NONE if field.usable_default else Role.READS,
        after=_value(field),
        missing=field.name,
        base=old.place.location("fields"),
        revision=field.place.location(),
    )


def _removed(visit: Visit, field: Field, new: Record) -> Iterator[Finding]:
    if field.default is None:
        rule = "avro-field-without-default-removed"
    else:
        rule = "avro-field-with-default-removed" if field.usable_default else "avro-invalid-default-removed"
    yield from at_visit(
        visit,
        rule,
        at=field.name,
        fails=Role.NONE if field.usable_default else Role.WRITES,
        before=_value(field),
        missing=field.name,
        base=field.place.location(),
        revision=new.place.location("fields"),
    )


def _value(field: Field) -> JsonValue:
    """What the message and the fingerprint say about a field that came or went."""
    if field.default is None:
        return type_name(field.type)
    return {"default": field.default.value}


def _pair(visit: Visit, slot: Slot, old: Field, new: Field) -> Iterator[Finding]:
    """A field and its counterpart."""
    if old.name != new.name:
        assert visit.reads is not None
        assert visit.writes is not None
        fails = Role.NONE
        if new.name not in visit.reads.sources and not new.usable_default:
            fails |= Role.READS
        if old.name not in visit.writes.sources and not old.usable_default:
            fails |= Role.WRITES
        yield from at_visit(
            visit,
            "avro-field-renamed" if Role.READS in slot.read else "avro-field-renamed-to-alias",
            at=new.name,
            fails=fails,
            before=old.name,
            after=new.name,
            base=old.place.location("name"),
            revision=new.place.location("name"),
            missing=new.name if Role.READS in fails else old.name,
        )
    yield from _default(visit, old, new)
    if old.order != new.order:
        yield from at_visit(
            visit,
            "avro-sort-order-changed",
            at=new.name,
            before=old.order,
            after=new.order,
            base=old.place.location("order"),
            revision=new.place.location("order"),
        )
    yield from field_annotations(visit, old, new)


def _default(visit: Visit, old: Field, new: Field) -> Iterator[Finding]:
    before, after = old.default, new.default
    # An invalid default, come or gone, is a finding of its own.
    if (before and before.problem) or (after and after.problem) or before is after is None:
        return
    if before is not None and after is not None:
        if same_value(before.value, after.value):
            return
        rule = "avro-field-default-changed"
    else:
        rule = "avro-field-default-added" if before is None else "avro-field-default-removed"
    yield from at_visit(
        visit,
        rule,
        at=new.name,
        before={"default": before.value} if before else None,
        after={"default": after.value} if after else None,
        base=old.place.location("default"),
        revision=new.place.location("default"),
    )


def _contested(visit: Visit, old: Record, new: Record) -> Iterator[Finding]:
    """Aliases that name a field of the other side although their own field is there as well."""
    assert visit.reads is not None
    assert visit.writes is not None
    reads = {name: field for name, field in visit.reads.contested.items() if name in visit.reads.sources}
    writes = {name: field for name, field in visit.writes.contested.items() if name in visit.writes.sources}
    if not reads and not writes:
        return
    # What each schema says about its own data is no difference between the two.
    known = match_fields(old, old).contested.keys() & match_fields(new, new).contested.keys()
    for name in dict.fromkeys([*reads, *writes]):
        if name not in known:
            other = reads.get(name) or writes[name]
            yield from at_visit(
                visit,
                "avro-alias-taken",
                at=name,
                before=other.name if name in reads else None,
                after=None if name in reads else other.name,
                base=old.place.location("fields"),
                revision=new.place.location("fields"),
            )


def _order(visit: Visit, old: Record, new: Record, counterparts: list[Slot]) -> Iterator[Finding]:
    position = {field: index for index, field in enumerate(old.fields)}
    partner = {slot.new_field: slot.old_field for slot in counterparts}
    order = [position[before] for field in new.fields if (before := partner.get(field)) is not None]
    if order != sorted(order):
        yield from at_visit(
            visit,
            "avro-fields-reordered",
            before=[field.name for field in old.fields],
            after=[field.name for field in new.fields],
            base=old.place.location("fields"),
            revision=new.place.location("fields"),
        )
