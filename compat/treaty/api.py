"""The library: what ``import treaty`` offers. The command line and the HTTP routes translate and call this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.schema_text import SchemaText
from treaty.errors import UsageError
from treaty.govern.compatibility import Compatibility, Mode, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.documents.location import JsonValue

__all__ = ["Compatibility", "SchemaText", "check_compatibility"]

_STRICT = {"STRICT": True, "LENIENT": False}


def check_compatibility(
    new: SchemaText | JsonValue,
    older: Sequence[SchemaText | JsonValue],
    *,
    type: str = "AVRO",  # noqa: A002 -- the registry's own word, part of the published signature
    mode: str = "BACKWARD",
    policy: str = "STRICT",
) -> Compatibility:
    """Whether ``new`` may follow the versions ``older`` (oldest first) of a subject.

    Schemas are source text or parsed trees, wrapped in :class:`SchemaText` when they refer to others. ``type`` is AVRO, JSON or
    PROTOBUF; ``mode`` one of the seven Confluent modes; ``policy`` STRICT (an open object may already carry anything) or LENIENT
    (writers send only declared properties). Raises UsageError for an unknown type, mode or policy and the CannotCheck errors of
    :mod:`treaty.errors` for a schema that cannot be read.
    """
    if mode.upper() not in Mode.__members__:
        raise UsageError(f"no compatibility mode {mode!r}", advice=f"choose one of {', '.join(Mode.__members__)}")
    if policy.upper() not in _STRICT:
        raise UsageError(f"no compatibility policy {policy!r}", advice="choose STRICT or LENIENT")
    named = [SchemaText.of(schema, f"version {number}") for number, schema in enumerate(older, 1)]
    return judge(
        SchemaText.of(new, "the new schema"), named, type, Mode[mode.upper()], strict=_STRICT[policy.upper()]
    )
