"""Whether a document is what its specification asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.documents.node import Node
from treaty.govern.lint.rule import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.location import JsonValue
    from treaty.govern.lint.document import LintDocument

_MOST = 50


def read_throughly(document: LintDocument) -> None:
    """Read everything of a document. Raises InvalidContract or UnresolvedReference where that cannot be done."""
    if document.family is Family.AVRO:
        from treaty.model.avro.files import AvroFiles

        AvroFiles(document.side.library).read(document.root)
    elif document.family is Family.JSON_SCHEMA:
        from treaty.model.schema.validity import Validity

        Validity(document.side.library).check(document.root, document.space.dialect)
    _ = document.places


def openapi_valid(document: LintDocument) -> Iterator[Violation]:
    """What openapi-spec-validator objects to, in the document as one piece; the first fifty."""
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator, OpenAPIV32SpecValidator

    tree = document.view.tree
    assert isinstance(tree, dict)
    version = document.side.document.format.version
    kinds = {"3.0": OpenAPIV30SpecValidator, "3.1": OpenAPIV31SpecValidator, "3.2": OpenAPIV32SpecValidator}
    validator = kinds[version[:3]]({name: _plain(value) for name, value in tree.items()})
    for number, error in enumerate(validator.iter_errors()):
        if number == _MOST:
            return
        path = tuple(error.absolute_path)
        node = document.view.written(path)
        message = " ".join(str(error.message).split())
        yield Violation(
            document.element_at(node),
            document.locate(Node(node.document, node.pointer, node.value)),
            message if len(message) <= 300 else f"{message[:299]}…",
        )


def _plain(value: JsonValue) -> object:
    """Numbers as the validator's JSON Schemas know them; Decimal is none of theirs."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else float(value)
