"""A place in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from treaty.documents.document import Document
    from treaty.documents.location import JsonValue, Location, Pointer

__all__ = ["Node"]


class Node(NamedTuple):
    """A place in a document and what stands there."""

    document: Document
    pointer: Pointer
    value: JsonValue

    def child(self, *tokens: str | int) -> Node:
        """The member further in. Raises LookupError (KeyError, IndexError) where there is none."""
        value = self.value
        for token in tokens:
            if isinstance(value, dict):
                value = value[str(token)]
            elif isinstance(value, list):
                value = value[int(token)]
            else:
                raise LookupError(token)
        return Node(self.document, self.pointer + tokens, value)

    @property
    def location(self) -> Location:
        """Where it stands, with line and column."""
        return self.document.locate(self.pointer)
