"""Reading objects of a document with a place for everything that is not what it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from treaty.errors import InvalidContract

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from treaty.documents.library import Library
    from treaty.documents.node import Node

__all__ = ["Objects"]

_KINDS = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}


class Objects:
    """Reads members of the kind the specification asks for, following references on the way.

    Every method raises InvalidContract at the member that is of another kind, and UnresolvedReference at a `$ref` that
    leads nowhere.
    """

    def __init__(self, library: Library) -> None:
        self.library = library

    def follow(self, node: Node) -> Node:
        """``node``, or what its `$ref` leads to."""
        return self.library.follow(node)

    def object(self, node: Node, what: str) -> Node:
        """The object at ``node``, its reference followed; ``what`` names it in the error."""
        found = self.follow(node)
        if not isinstance(found.value, dict):
            self.refuse(found, f"{what} is an object, not {_kind(found)}")
        return found

    def member(self, owner: Node, name: str, what: str) -> Node | None:
        """The object under ``name``, None where there is none."""
        if not isinstance(owner.value, dict) or owner.value.get(name) is None:
            return None
        return self.object(owner.child(name), what)

    def entries(self, owner: Node, name: str, what: str) -> Iterator[tuple[str, Node]]:
        """Each object in the map under ``name``, by key, references not yet followed; extensions are left out."""
        found = self.member(owner, name, what)
        if found is None:
            return
        assert isinstance(found.value, dict)
        for key in found.value:
            if not key.startswith("x-"):
                yield key, found.child(key)

    def items(self, owner: Node, name: str, what: str) -> Sequence[Node]:
        """Each item of the list under ``name``, references not yet followed; empty where there is no such member."""
        if not isinstance(owner.value, dict) or owner.value.get(name) is None:
            return []
        return self.list(owner.child(name), what)

    def list(self, node: Node, what: str) -> Sequence[Node]:
        """Each item of the list at ``node``, references not yet followed."""
        found = self.follow(node)
        if not isinstance(found.value, list):
            self.refuse(found, f"{what} is a list, not {_kind(found)}")
        return [found.child(index) for index in range(len(found.value))]

    def text(self, owner: Node, name: str, what: str) -> str | None:
        """The text under ``name``, None where there is none."""
        if not isinstance(owner.value, dict) or owner.value.get(name) is None:
            return None
        return self.written(owner.child(name), what)

    def written(self, node: Node, what: str) -> str:
        """The text at ``node``."""
        if not isinstance(node.value, str):
            self.refuse(node, f"{what} is text, not {_kind(node)}")
        return node.value

    def refuse(self, node: Node, problem: str, advice: str | None = None) -> NoReturn:
        raise InvalidContract(problem, location=node.location, advice=advice)


def _kind(node: Node) -> str:
    return _KINDS.get(type(node.value), "a number")
