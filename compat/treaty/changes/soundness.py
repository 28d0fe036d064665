"""Whether a document that has nothing to be compared with can be read at all: a new contract is no silent pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.documents.integrity import check_references
from treaty.documents.node import Node

if TYPE_CHECKING:
    from treaty.changes.comparison import Side
    from treaty.documents.location import JsonValue


def check_sound(side: Side) -> None:
    """Read everything a document says.

    Raises InvalidContract, UnresolvedReference and UnsupportedDocument at the first place that cannot be read.
    """
    root = Node(side.document, (), side.document.tree)
    match side.document.format.family:
        case Family.OPENAPI:
            check_references(side.library, side.document)
        case Family.ASYNCAPI:
            check_references(side.library, side.document)
            _check_asyncapi(side)
        case Family.JSON_SCHEMA:
            from treaty.changes.json_schema.comparison import check_schema_document

            check_references(side.library, side.document)
            check_schema_document(side)
        case Family.AVRO:
            from treaty.model.avro.files import AvroFiles
            from treaty.model.avro.parsing import check_flaws

            check_flaws(AvroFiles(side.library).read(root))
        case Family.PROTOBUF:
            from treaty.model.protobuf.files import read_files

            read_files(side.library, [side.document.path])


def _check_asyncapi(side: Side) -> None:
    """Held against a document that says nothing, everything is new, and what is new is read."""
    from treaty.changes.asyncapi.entry import compare_asyncapi
    from treaty.changes.comparison import Settings, Side
    from treaty.documents.library import Library

    nothing: JsonValue = {"asyncapi": "3.0.0", "info": {"title": "nothing", "version": "0.0.0"}}
    compare_asyncapi(Side(*Library.of_tree(nothing, "nothing")), side, Settings())
