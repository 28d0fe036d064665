"""Differences that change no value: documentation, aliases, lifecycle marks, other attributes; and what values mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.avro.equality import same_value
from treaty.changes.avro.findings import Raw, at_visit
from treaty.model.avro.types import EnumType, Field, Fixed, Kind, Named, Record
from treaty.model.lifecycle import Lifecycle, lifecycle_of
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from treaty.changes.avro.findings import Finding
    from treaty.changes.avro.walk import Visit
    from treaty.documents.location import JsonValue
    from treaty.model.avro.types import AvroType

__all__ = ["field_annotations", "meaning_findings", "type_annotations"]

_NO_UUID = "no uuid"


def meaning_findings(visit: Visit) -> Iterator[Finding]:
    """The logical types of a pair."""
    old, new = visit.old, visit.new
    if old.logical == new.logical:
        return
    alters, sample = _sample(old, new)
    yield from at_visit(
        visit,
        "avro-logical-type-changed",
        alters=alters,
        before=str(old.logical) if old.logical else None,
        after=str(new.logical) if new.logical else None,
        base=old.place.location("logicalType"),
        revision=new.place.location("logicalType"),
        altered=sample,
    )


def _sample(old: AvroType, new: AvroType) -> tuple[Role, Raw]:
    """The directions in which a value may mean something else, and one that does."""
    if old.kind is not new.kind:
        return Role.NONE, None
    if isinstance(new, Fixed):
        return Role.BOTH, bytes(max(new.size - 1, 0)) + b"\x01"
    if new.kind is Kind.STRING:
        return (Role.READS if new.logical else Role.WRITES), _NO_UUID
    return Role.BOTH, b"\x01" if new.kind is Kind.BYTES else 1


def type_annotations(visit: Visit) -> Iterator[Finding]:
    """What is said about a pair of types beside how its values are written."""
    old, new = visit.old, visit.new
    if isinstance(old, Named) and isinstance(new, Named):
        yield from _doc(visit, "", old, new)
        yield from _aliases(visit, "", old, new, {old.name, new.name})
    yield from _attributes(visit, "", old, new)


def field_annotations(visit: Visit, old: Field, new: Field) -> Iterator[Finding]:
    """What is said about a pair of fields beside types, names, defaults and order."""
    yield from _doc(visit, new.name, old, new)
    yield from _attributes(visit, new.name, old, new)
    if old.aliases == new.aliases:
        return
    contested = [
        fields.contested.get(field.name) for fields, field in ((visit.reads, new), (visit.writes, old)) if fields
    ]
    told = {old.name, new.name, *(field.name for field in contested if field is not None)}
    yield from _aliases(visit, new.name, old, new, told)


def _doc(
    visit: Visit, at: str, old: Record | EnumType | Fixed | Field, new: Record | EnumType | Fixed | Field
) -> Iterator[Finding]:
    if old.doc != new.doc:
        yield from at_visit(
            visit,
            "documentation-changed",
            at=at,
            after=["doc"],
            base=old.place.location("doc"),
            revision=new.place.location("doc"),
        )


def _aliases(
    visit: Visit,
    at: str,
    old: Record | EnumType | Fixed | Field,
    new: Record | EnumType | Fixed | Field,
    told: set[str],
) -> Iterator[Finding]:
    """Aliases that came or went, without those that other findings tell about."""
    if old.aliases == new.aliases:
        return
    base, revision = old.place.location("aliases"), new.place.location("aliases")
    removed = [alias for alias in old.aliases if alias not in new.aliases and alias not in told]
    added = [alias for alias in new.aliases if alias not in old.aliases and alias not in told]
    if removed:
        yield from at_visit(visit, "avro-alias-removed", at=at, before=[*removed], base=base, revision=revision)
    if added:
        yield from at_visit(visit, "avro-alias-added", at=at, after=[*added], base=base, revision=revision)


def _attributes(visit: Visit, at: str, old: AvroType | Field, new: AvroType | Field) -> Iterator[Finding]:
    before, after = old.attributes, new.attributes
    if not before and not after:
        return
    changed = [
        name
        for name in {**before, **after}
        if (name in before) != (name in after) or not same_value(before[name], after[name])
    ]
    marks = [name for name in changed if _is_mark(name, before) or _is_mark(name, after)]
    if marks:
        deprecated, still = lifecycle_of({**before}).deprecated, lifecycle_of({**after}).deprecated
        if deprecated != still:
            rule = "element-deprecated" if still else "element-no-longer-deprecated"
        else:
            rule = "avro-lifecycle-changed"
        yield from at_visit(
            visit,
            rule,
            at=at,
            before={name: before[name] for name in marks if name in before} or None,
            after={name: after[name] for name in marks if name in after} or None,
            base=old.place.location(marks[0]),
            revision=new.place.location(marks[0]),
        )
    for name in changed:
        if name not in marks:
            yield from at_visit(
                visit,
                "avro-attribute-changed",
                at=at,
                before={name: before[name]} if name in before else None,
                after={name: after[name]} if name in after else None,
                base=old.place.location(name),
                revision=new.place.location(name),
            )


def _is_mark(name: str, attributes: Mapping[str, JsonValue]) -> bool:
    """Whether the attribute is one the lifecycle is read from."""
    return name in attributes and lifecycle_of({name: attributes[name]}) != Lifecycle()
