"""Facts about discriminators: the property that tells the branches apart, and what each of its values stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Effect
from treaty.changes.schemas.facts import Fact
from treaty.model.schema.shape import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.schemas.scalars import Sides
    from treaty.changes.schemas.walk import SchemaWalk


def discriminator_facts(walk: SchemaWalk, sides: Sides) -> Iterator[Fact]:
    """A value of the property is a promise about the rest of the object (OpenAPI 3.1, section 4.8.25)."""
    old, new = sides.old.discriminator, sides.new.discriminator
    if old is None and new is None:
        return
    if old is None or new is None:
        rule = "discriminator-added" if old is None else "discriminator-removed"
        yield Fact(
            rule=rule,
            effect=Effect.NONE,
            before=old.property if old else None,
            after=new.property if new else None,
            base=old.origin if old else sides.old.origin(""),
            revision=new.origin if new else sides.new.origin(""),
        )
        return
    if old.property != new.property:
        yield Fact(
            rule="discriminator-property-changed",
            effect=Effect.REPLACES,
            before=old.property,
            after=new.property,
            base=old.origin,
            revision=new.origin,
            provable=False,
        )
        return
    remapped = [
        value
        for value in sorted(old.mapping.keys() & new.mapping.keys())
        if not walk.equal((Part(old.mapping[value]),), (Part(new.mapping[value]),))
        and old.mapping[value].pointer != new.mapping[value].pointer
    ]
    # A value that is not mapped names a component, so a mapping to the component of the same name says nothing.
    lost = sorted(
        value for value, target in old.mapping.items() if value not in new.mapping and target.pointer[-1] != value
    )
    gained = sorted(
        value for value, target in new.mapping.items() if value not in old.mapping and target.pointer[-1] != value
    )
    for rule, effect, before, after in (
        ("discriminator-value-remapped", Effect.REPLACES, remapped, remapped),
        ("discriminator-value-removed", Effect.NARROWS, lost, None),
        ("discriminator-value-added", Effect.WIDENS, None, gained),
    ):
        if before or after:
            yield Fact(
                rule=rule,
                effect=effect,
                before=list(before) if before else None,
                after=list(after) if after else None,
                base=old.origin,
                revision=new.origin,
                provable=False,
            )
