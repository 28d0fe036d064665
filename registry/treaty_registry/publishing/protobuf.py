"""Protobuf files: an import is a reference to the file it names, except for those that come with the compiler."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from treaty.documents.references import beside
from treaty.model.protobuf.import_statements import import_statements
from treaty_registry.publishing.units import Unit, Units, Use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.node import Node
    from treaty.documents.source import Source


def protobuf_unit(units: Units, node: Node) -> Unit:
    """The file, or the text inside of another document, at ``node``.

    What an import names and is nowhere in the folders around the file is left to the compiler.
    """
    path = node.document.path
    text = node.value if isinstance(node.value, str) else node.document.text.decode()
    uses: list[Use] = []
    root = posixpath.dirname(path)
    for statement in import_statements(text):
        found = _folder_of(units.library.source, path, statement.path)
        if found is not None:
            root = found
            uses.append(Use(statement.path, units.file(posixpath.join(found, statement.path))))
    return Unit(
        place=(path, node.pointer),
        location=node.location,
        type="PROTOBUF",
        text=text,
        uses=tuple(uses),
        fallback=posixpath.relpath(path, root) if root else path,
        as_written=not node.pointer,
    )


def payload_file(node: Node) -> str | None:
    """The .proto file that the schema of a message refers to; None where it stands there itself."""
    reference = node.value.get("$ref") if isinstance(node.value, dict) else None
    return beside(node.document.path, reference.partition("#")[0]) if isinstance(reference, str) else None


def _folder_of(source: Source, importer: str, imported: str) -> str | None:
    """The nearest folder around ``importer`` under which there is ``imported``."""
    for folder in _around(importer):
        path = posixpath.normpath(posixpath.join(folder, imported))
        if not path.startswith("..") and posixpath.basename(path) in source.names(posixpath.dirname(path)):
            return folder
    return None


def _around(path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
