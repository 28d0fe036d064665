"""Two documents in, every change out, whatever their format."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.documents.integrity import check_references
from treaty.errors import UnsupportedDocument
from treaty.model.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.changes.change import Change, Level
    from treaty.documents.document import Document
    from treaty.documents.library import Library


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a document, and the library its references are followed in."""

    library: Library
    document: Document


@dataclass(frozen=True, slots=True)
class Settings:
    """What the policy decides about a comparison.

    ``levels`` maps ``rule`` or ``rule@role`` to a level, None for off. ``strict`` is the content model, None for the
    format's own (strict for JSON Schema, tolerant for OpenAPI and AsyncAPI). ``roles`` matter to formats that are
    schemas without sites. ``mode_roles`` are asked about the messages of AsyncAPI beside the role of each operation.
    ``today`` is the day removals are judged on.
    """

    levels: Mapping[str, Level | None] = field(default_factory=dict)
    strict: bool | None = None
    roles: Role = Role.BOTH
    mode_roles: Role = Role.NONE
    today: datetime.date = field(default_factory=datetime.date.today)
    unstable: frozenset[str] = frozenset({"draft", "alpha"})
    sunset_required: bool = False
    assert_formats: bool = True
    surfaces: tuple[str, ...] = ()


_ELSEWHERE = re.compile(rb"""\$ref["']?\s*:\s*["']?[^"'#\s]""")


def _refers_elsewhere(document: Document) -> bool:
    """Whether other files take part in what the document says; its text tells, at worst once too often."""
    return not document.text or document.path.endswith((".avsc", ".proto")) or bool(_ELSEWHERE.search(document.text))


def compare_documents(old: Side, new: Side, settings: Settings) -> tuple[Change, ...]:
    """Every change from ``old`` to ``new``, most severe first.

    Raises UnsupportedDocument when the two are not of one family, UnresolvedReference where the new one refers to
    nothing, and the CannotCheck errors of reading them.
    """
    before, after = old.document.format.family, new.document.format.family
    if old.document.tree is new.document.tree and not _refers_elsewhere(old.document):
        return ()
    if before is not after:
        raise UnsupportedDocument(
            f"{old.document.name} is {before.value} and {new.document.name} is {after.value}",
            advice="compare two versions of the same contract",
        )
    if before in (Family.OPENAPI, Family.ASYNCAPI):
        check_references(new.library, new.document, (old.library, old.document))
    if before is Family.OPENAPI:
        from treaty.changes.openapi.entry import compare_openapi

        return compare_openapi(old, new, settings)
    if before is Family.JSON_SCHEMA:
        from treaty.changes.json_schema import compare_schema_documents

        return compare_schema_documents(old, new, settings)
    if before is Family.ASYNCAPI:
        from treaty.changes.asyncapi.entry import compare_asyncapi

        return compare_asyncapi(old, new, settings)
    from treaty.changes.schema_documents import compare_avro_documents, compare_protobuf_documents

    compare = compare_avro_documents if before is Family.AVRO else compare_protobuf_documents
    return compare(old, new, settings)
