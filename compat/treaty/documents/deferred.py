"""A location whose line and column are looked up when somebody wants to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.location import Location, pointer_text

if TYPE_CHECKING:
    from treaty.documents.document import Document
    from treaty.documents.location import Pointer


class DeferredLocation(Location):
    """Where ``pointer`` stands in ``document``; most findings are never shown, so most positions are never computed."""

    __slots__ = ("_document", "_found", "_tokens")

    _document: Document
    _found: Location | None
    _tokens: Pointer

    def __init__(self, document: Document, pointer: Pointer) -> None:
        object.__setattr__(self, "file", document.name)
        object.__setattr__(self, "pointer", pointer_text((*document.prefix, *pointer)))
        object.__setattr__(self, "_document", document)
        object.__setattr__(self, "_tokens", pointer)
        object.__setattr__(self, "_found", None)

    @property
    def line(self) -> int | None:
        return self._located().line

    @property
    def column(self) -> int | None:
        return self._located().column

    def _located(self) -> Location:
        found = self._found
        if found is None:
            found = self._document.locate(self._tokens)
            object.__setattr__(self, "_found", found)
        return found
