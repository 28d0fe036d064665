"""The library: what ``import treaty`` offers. The command line and the HTTP routes translate and call this."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.schema_text import SchemaText
from treaty.errors import UsageError
from treaty.govern.comparison import Comparison, compare_sides
from treaty.govern.compatibility import Compatibility, Mode, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.changes.comparison import Settings, Side
    from treaty.documents.location import JsonValue
    from treaty.govern.outcome import RunOutcome

__all__ = ["Comparison", "Compatibility", "SchemaText", "check_compatibility", "diff", "diff_folders"]

_STRICT = {"STRICT": True, "LENIENT": False}


def diff(
    base: str | JsonValue,
    revision: str | JsonValue,
    *,
    format: str | None = None,  # noqa: A002 -- the published name of what documents are
    settings: Settings | None = None,
) -> Comparison:
    """Compare two versions of a contract.

    ``base`` and ``revision`` are paths, ``REF:path`` of the repository around the working directory, or parsed
    documents; parsed ones may name their ``format`` (openapi, asyncapi, avro, json-schema) where their content does not
    tell. Raises the errors of :mod:`treaty.errors` and nothing else.
    """
    from treaty.changes.comparison import Settings as Defaults
    from treaty.documents.collection import collection_paused

    with collection_paused():
        old = _side(base, "base", format)
        new = _side(revision, "revision", format, twin=old)
        return compare_sides(old, new, settings or Defaults())


def _side(contract: str | JsonValue, name: str, family: str | None, twin: Side | None = None) -> Side:
    """One side of a comparison; a file with the bytes of ``twin`` is not parsed again."""
    from treaty.changes.comparison import Side
    from treaty.documents.library import Library
    from treaty.documents.open import open_argument

    if isinstance(contract, str):
        library, path = open_argument(contract)
        return Side(library, library.open(path, twin=twin.document if twin is not None else None))
    library, document = Library.of_tree(contract, name)
    if family is not None:
        from treaty.documents.formats import Family

        if family not in list(Family):
            raise UsageError(f"no format {family!r}", advice=f"choose one of {', '.join(Family)}")
        document.declare(Family(family))
    return Side(library, document)


def diff_folders(base: str, revision: str, *, settings: Settings | None = None) -> RunOutcome | None:
    """Compare every contract inside two folders, matched by path.

    ``base`` and ``revision`` are folders of the working tree, or ``REF:folder``. None when they are not both folders,
    or when neither holds more than one contract, which :func:`diff` compares. Raises RevisionError and DocumentError;
    what is wrong with one contract is told in its outcome.
    """
    from treaty.documents.open import open_folder

    old, new = open_folder(base), open_folder(revision)
    if old is None or new is None or max(len(old.contracts), len(new.contracts)) <= 1:
        return None
    from treaty.changes.comparison import Settings as Defaults
    from treaty.govern.folders import compare_folders

    return compare_folders(old, new, settings or Defaults())


def check_compatibility(
    new: SchemaText | JsonValue,
    older: Sequence[SchemaText | JsonValue],
    *,
    type: str = "AVRO",  # noqa: A002 -- the registry's own word, part of the published signature
    mode: str = "BACKWARD",
    policy: str = "STRICT",
) -> Compatibility:
    """Whether ``new`` may follow the versions ``older`` (oldest first) of a subject.

    Schemas are source text or parsed trees, wrapped in :class:`SchemaText` when they refer to others. ``type`` is AVRO,
    JSON or PROTOBUF; ``mode`` one of the seven Confluent modes; ``policy`` STRICT (an open object may already carry
    anything) or LENIENT (writers send only declared properties). Raises UsageError for an unknown type, mode or policy
    and the CannotCheck errors of :mod:`treaty.errors` for a schema that cannot be read.
    """
    if mode.upper() not in Mode.__members__:
        raise UsageError(f"no compatibility mode {mode!r}", advice=f"choose one of {', '.join(Mode.__members__)}")
    if policy.upper() not in _STRICT:
        raise UsageError(f"no compatibility policy {policy!r}", advice="choose STRICT or LENIENT")
    named = [SchemaText.of(schema, f"version {number}") for number, schema in enumerate(older, 1)]
    return judge(SchemaText.of(new, "the new schema"), named, type, Mode[mode.upper()], strict=_STRICT[policy.upper()])
