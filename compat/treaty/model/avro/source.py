"""From what a caller holds, a text, a parsed tree or a bare type name, to a document with places in it."""

from __future__ import annotations

from treaty.documents.document import Document, read_document
from treaty.documents.location import JsonValue, Location
from treaty.errors import InvalidContract
from treaty.model.avro.names import NAMESPACE

__all__ = ["schema_document"]


def schema_document(schema: JsonValue, name: str) -> Document:
    """``schema`` as a document called ``name``.

    A string is JSON text, or the bare name of a type (``string``), which registries and tools pass around as well.
    Raises DocumentError for text that is not JSON and InvalidContract for a string that is neither.
    """
    if not isinstance(schema, str):
        return Document.of_tree(schema, name)
    if schema.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", '"'):
        # The suffix says that the text is JSON, whatever its first character.
        return read_document(schema.encode("utf-8", "surrogatepass"), "schema.json", name)
    if not NAMESPACE.fullmatch(schema.strip()):
        raise InvalidContract(
            "neither a JSON text nor the name of a type",
            location=Location(name),
            advice='give the schema as JSON, like {"type": "record", …}',
        )
    return Document.of_tree(schema.strip(), name)
