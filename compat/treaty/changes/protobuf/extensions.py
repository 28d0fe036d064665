"""Facts about extensions, which are matched by the message they extend and their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.protobuf.facts import Fact
from treaty.changes.protobuf.fields import compare_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.changes.protobuf.comparison import Comparison
    from treaty.model.protobuf.nodes import Field, Schema


def compare_extensions(comparison: Comparison) -> None:
    """Compare the extensions declared in the files asked for."""
    from treaty.changes.protobuf.declarations import moved, parent_location

    old, new, matching = comparison.old, comparison.new, comparison.matching
    after = {(one.extendee, one.number): one for one in _own(new)}
    met: set[tuple[str, int]] = set()
    for one in _own(old):
        subject = f"extension `{one.full_name}` = {one.number} of `{one.extendee}`"
        key = (matching.messages.get(one.extendee, one.extendee), one.number)
        other = after.get(key)
        if other is not None:
            met.add(key)
            moved(comparison, one, other, subject)
            compare_fields(comparison, one, other, None, subject)
            continue
        announced = comparison.question.may_go(one.lifecycle)
        renumbered = new.extensions.get(one.full_name)
        if renumbered is not None and renumbered.extendee == key[0]:
            met.add((renumbered.extendee, renumbered.number))
            rule, before, now = "proto-field-renumbered", one.number, renumbered.number
            place = renumbered.location()
            comparison.add(Fact(rule, one.full_name, subject, before, now, one.location(), place))
            continue
        comparison.add(
            Fact(
                "proto-deprecated-declaration-removed" if announced else "proto-extension-removed",
                one.full_name,
                subject,
                one.lifecycle.deprecated_since,
                base=one.location(),
                revision=parent_location(comparison, old.files[old.file_of[one.full_name]], one.full_name),
            )
        )
    for key, one in after.items():
        if key not in met:
            subject = f"extension `{one.full_name}` = {one.number} of `{one.extendee}`"
            comparison.add(Fact("proto-declaration-added", one.full_name, subject, revision=one.location()))


def _own(schema: Schema) -> Iterator[Field]:
    for one in schema.extensions.values():
        if schema.file_of[one.full_name] in schema.roots:
            yield one
