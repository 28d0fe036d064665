"""Compatibility modes: which older versions are asked, and in which direction."""

from __future__ import annotations

import enum
import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from treaty.changes.change import Change, Level
from treaty.errors import UsageError
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.documents.schema_text import SchemaText


class Mode(enum.StrEnum):
    """The modes of the Confluent registries: new schema N against the older O.

    BACKWARD: N reads what O wrote. FORWARD: O reads what N writes. FULL: both. The plain modes ask about the latest
    older version, the transitive ones about all of them.
    """

    NONE = "NONE"
    BACKWARD = "BACKWARD"
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD = "FORWARD"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL = "FULL"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"

    @property
    def roles(self) -> Role:
        """READS for BACKWARD, WRITES for FORWARD, both for FULL, none for NONE."""
        direction = self.value.removesuffix("_TRANSITIVE")
        return {"NONE": Role.NONE, "BACKWARD": Role.READS, "FORWARD": Role.WRITES, "FULL": Role.BOTH}[direction]

    @property
    def transitive(self) -> bool:
        return self.value.endswith("_TRANSITIVE")


class SchemaComparison(Protocol):
    """What the comparison of each schema format looks like."""

    def __call__(self, old: SchemaText, new: SchemaText, *, roles: Role, strict: bool) -> tuple[Change, ...]: ...


COMPARISONS = {
    "AVRO": "treaty.changes.avro",
    "JSON": "treaty.changes.json_schema",
    "PROTOBUF": "treaty.changes.protobuf",
}
"""Schema type to the module whose ``compare`` answers for it; imported by the first question about that type."""


@dataclass(frozen=True, slots=True)
class Compatibility:
    """The answer: ``compatible`` is None where it cannot be decided. ``findings`` hold every change with its level."""

    compatible: bool | None
    findings: tuple[Change, ...] = ()


def comparison_for(schema_type: str) -> SchemaComparison:
    """The comparison of ``schema_type`` (AVRO, JSON, PROTOBUF). Raises UsageError for any other."""
    module = COMPARISONS.get(schema_type.upper())
    if module is None:
        raise UsageError(f"no schema type {schema_type!r}", advice=f"choose one of {', '.join(sorted(COMPARISONS))}")
    compare: SchemaComparison = importlib.import_module(module).compare
    return compare


def judge(
    new: SchemaText, older: Sequence[SchemaText], schema_type: str, mode: Mode, *, strict: bool = True
) -> Compatibility:
    """Whether ``new`` may follow ``older`` (oldest first) under ``mode``.

    The findings of the latest older version come first; each distinct finding is given once.
    """
    compare = comparison_for(schema_type)
    if mode.roles is Role.NONE or not older:
        return Compatibility(True)
    asked = reversed(older) if mode.transitive else older[-1:]
    findings: dict[str, Change] = {}
    for old in asked:
        for change in compare(old, new, roles=mode.roles, strict=strict):
            known = findings.get(change.fingerprint)
            if known is None or change.level.severity > known.level.severity:
                findings[change.fingerprint] = change
    levels = {change.level for change in findings.values()}
    compatible = False if Level.BREAKING in levels else None if Level.UNKNOWN in levels else True
    return Compatibility(compatible, tuple(findings.values()))
