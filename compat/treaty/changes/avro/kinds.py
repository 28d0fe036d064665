"""Differences of the types at one place: kinds, promotions, names, sizes, branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.avro.findings import Finding, Raw, Target, at_slot
from treaty.changes.avro.matching import LOSSY, promotable
from treaty.model.avro.types import Fixed, Kind, Named, Primitive, Union, type_name
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.avro.joints import Link
    from treaty.changes.avro.walk import Slot

__all__ = ["type_findings"]

# The first whole number that a float, and a double, cannot hold; and a byte that starts no character in UTF-8.
_LOST = {(Kind.INT, Kind.FLOAT): 2**24 + 1, (Kind.LONG, Kind.FLOAT): 2**24 + 1, (Kind.LONG, Kind.DOUBLE): 2**53 + 1}
_NO_TEXT = b"\xff"


def type_findings(slot: Slot) -> Iterator[Finding]:
    """What happened to the types at ``slot``: to each link and loss, and to the order of branches."""
    for link in slot.joint.links:
        yield from _link(slot, link)
    for loss in slot.joint.losses:
        name = type_name(loss.branch)
        yield from at_slot(
            slot,
            "avro-union-branch-added" if loss.added else "avro-union-branch-removed",
            fails=loss.fails,
            before=None if loss.added else name,
            after=name if loss.added else None,
            target=Target(slot.owner, slot, loss.branch, loss.branch),
        )
    if isinstance(slot.old, Union) and isinstance(slot.new, Union):
        yield from _order(slot, slot.old, slot.new)


def _order(slot: Slot, old: Union, new: Union) -> Iterator[Finding]:
    """Whether the branches that both unions have stand in another order."""
    counterparts = {id(link.new): id(link.old) for link in slot.joint.links if link.main}
    kept = set(counterparts.values())
    before = [id(branch) for branch in old.branches if id(branch) in kept]
    after = [counterparts[id(branch)] for branch in new.branches if id(branch) in counterparts]
    if before != after:
        yield from at_slot(
            slot,
            "avro-union-branches-reordered",
            before=[type_name(branch) for branch in old.branches],
            after=[type_name(branch) for branch in new.branches],
        )


def _link(slot: Slot, link: Link) -> Iterator[Finding]:
    old, new, fails = link.old, link.new, link.fails
    if old.kind is not new.kind:
        yield from _kinds(slot, link)
    elif isinstance(old, Named) and isinstance(new, Named):
        target = Target(slot.owner, slot, old, new)
        if isinstance(old, Fixed) and isinstance(new, Fixed) and old.size != new.size:
            rule = "avro-fixed-size-changed"
            yield from at_slot(slot, rule, fails=fails, before=old.size, after=new.size, target=target)
            # By name alone they may well belong together; what fails then is the size.
            fails = fails if old.short != new.short and not _aliased(old, new) else Role.NONE
        naming = _naming(old, new)
        if naming is not None and link.main:
            yield from at_slot(slot, naming, fails=fails, before=old.name, after=new.name, target=target)


def _naming(old: Named, new: Named) -> str | None:
    if old.name == new.name:
        return None
    if old.short == new.short:
        return "avro-namespace-changed"
    if old.name in new.aliases:
        return "avro-type-renamed"
    return "avro-type-renamed-to-alias" if new.name in old.aliases else "avro-name-changed"


def _aliased(old: Named, new: Named) -> bool:
    return old.name in new.aliases or new.name in old.aliases


def _kinds(slot: Slot, link: Link) -> Iterator[Finding]:
    """Two kinds: a promotion in one direction or both, or nothing in common."""
    old, new = link.old, link.new
    rule, alters, altered = "avro-type-changed", Role.NONE, None
    if isinstance(old, Primitive) and isinstance(new, Primitive):
        rule, alters, altered = _promotion(old, new)
    if link.main or alters & link.read:
        yield from at_slot(
            slot,
            rule,
            fails=link.fails,
            alters=alters & link.read,
            before=type_name(old),
            after=type_name(new),
            target=Target(slot.owner, slot, old, new, altered=altered),
        )


def _promotion(old: Primitive, new: Primitive) -> tuple[str, Role, Raw]:
    """The rule, the directions in which some value comes out as another, and one that does."""
    before, after = old.kind, new.kind
    if (before, after) in LOSSY:
        return "avro-promotion-lossy", Role.READS, _LOST[before, after]
    if (after, before) in LOSSY:
        return "avro-lossy-promotion-undone", Role.WRITES, _LOST[after, before]
    if (before, after) == (Kind.BYTES, Kind.STRING):
        return "avro-bytes-became-string", Role.READS, _NO_TEXT
    if (before, after) == (Kind.STRING, Kind.BYTES):
        return "avro-string-became-bytes", Role.WRITES, _NO_TEXT
    if promotable(old, new):
        return "avro-type-widened", Role.NONE, None
    return ("avro-type-narrowed" if promotable(new, old) else "avro-type-changed"), Role.NONE, None
