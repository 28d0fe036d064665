"""Rules about what Avro schemas say beside how values are written."""

from __future__ import annotations

from treaty.changes.catalogue import Deviation, Rule
from treaty.changes.change import Effect, Level
from treaty.changes.rules.avro.sources import ATTRIBUTES, LOGICAL
from treaty.model.roles import Role

RULES: tuple[Rule, ...] = (
    Rule(
        id="avro-logical-type-changed",
        effect=Effect.NONE,
        summary="The same bytes mean something else: another logical type, scale, precision or unit.",
        message="the logical type of {subject} was {before} and is now {after}",
        why="Schema resolution does not look at logical types, so every reader accepts the data and some get it wrong: a "
        "decimal with another scale is off by a power of ten, milliseconds read as microseconds by a factor of a "
        "thousand. No compatibility checker of a registry sees it.",
        before='{"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}',
        after='{"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 4}',
        safe="Add a field with the new logical type beside the old one, and let the old one go after its notice period.",
        source=LOGICAL,
        reverse="avro-logical-type-changed",
        deviations=(
            Deviation(
                Role.BOTH, Level.RISKY, "Every value is read, but may be taken for another; a policy may forbid it."
            ),
        ),
    ),
    Rule(
        id="avro-lifecycle-changed",
        effect=Effect.NONE,
        summary="A lifecycle mark changed: its version, sunset, replacement or reason.",
        message="the lifecycle of {subject} was {before} and is now {after}",
        why="No data is read differently. What was announced about the end of the element is no longer what is "
        "announced now.",
        before='{"name": "note", "type": "string", "deprecated_since": "1.7", "removed_in": "2.0"}',
        after='{"name": "note", "type": "string", "deprecated_since": "1.7", "removed_in": "3.0"}',
        safe="A date may move later, never earlier; say why in the release notes.",
        source=ATTRIBUTES,
        reverse="avro-lifecycle-changed",
    ),
    Rule(
        id="avro-attribute-changed",
        effect=Effect.NONE,
        summary="An attribute changed that the specification gives no meaning to.",
        message="an attribute of {subject} was {before} and is now {after}",
        why="Attributes of one's own do not affect how data is written or read. Tools and code generators may read them.",
        before='{"name": "email", "type": "string", "pii": true}',
        after='{"name": "email", "type": "string", "pii": false}',
        safe="Nothing to do, unless a tool of yours reads the attribute.",
        source=ATTRIBUTES,
        reverse="avro-attribute-changed",
    ),
)
