"""Good practice for Avro schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.govern.lint.rule import Violation
from treaty.govern.places import Kind
from treaty.model.avro.files import AvroFiles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.lint.document import LintDocument


def invalid_defaults(document: LintDocument) -> Iterator[Violation]:
    """Defaults that do not fit their type, with which no reader can fill anything in."""
    for flaw in AvroFiles(document.side.library).read(document.root).flaws:
        if flaw.place.document is document.side.document:
            name = f"{flaw.owner}.{flaw.field}" if flaw.field else flaw.owner
            yield Violation(name, flaw.place.location("default"), f"the default does not fit: {flaw.problem}")


def nullable_without_default(document: LintDocument) -> Iterator[Violation]:
    """Fields that may be null and have no default, so that they can neither be added nor left out later."""
    for place in document.of_kind(Kind.FIELD):
        raw = place.node.value if place.node is not None else None
        if place.node is None or not isinstance(raw, dict):
            continue
        branches = raw.get("type")
        if isinstance(branches, list) and "null" in branches and "default" not in raw:
            message = "the field may be null and has no default"
            yield Violation(
                place.name, document.locate(place.node), message, None, 'put "null" first and default to null'
            )
