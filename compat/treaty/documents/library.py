"""Every document of one source, read once, and the references between them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from treaty.documents.document import Document, read_document
from treaty.documents.limits import Limits
from treaty.documents.location import pointer_text
from treaty.documents.node import Node
from treaty.documents.references import file_uri
from treaty.documents.resolution import Resolution
from treaty.errors import UnresolvedReference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.identifiers import Identifiers
    from treaty.documents.location import JsonValue, Pointer
    from treaty.documents.remote import RemotePolicy
    from treaty.documents.source import Source

__all__ = ["Library", "Node"]


class Library:
    """Opens the documents of one source and follows the references in them.

    ``remote`` says whether a reference may lead to the network: False, True, or the URLs below which it may. Everything
    else stays inside the root of the source.
    """

    def __init__(self, source: Source, *, remote: RemotePolicy = False, limits: Limits | None = None) -> None:
        self.source = source
        self._remote = remote
        self._limits = limits or Limits()
        self._documents: dict[str, Document] = {}
        self._identifiers: dict[str, Identifiers | None] = {}
        self._resources: dict[str, Node] = {}
        self._resolved: dict[tuple[str, str, str], Node] = {}

    @classmethod
    def of_tree(cls, tree: JsonValue, name: str) -> tuple[Library, Document]:
        """A library of one parsed document, without files around it."""
        from treaty.documents.source import TextSource

        library = cls(TextSource({}))
        document = Document.of_tree(tree, name)
        library._documents[document.path] = document
        return library, document

    def open(self, path: str, twin: Document | None = None) -> Document:
        """The document under ``path``, a POSIX path from the root of the source; read by the first call.

        When it has the same bytes as ``twin``, a document of another library, it shares the tree of that one.

        Raises the DocumentError of the source, or of reading.
        """
        if path not in self._documents and "://" not in path:
            path = posixpath.normpath(path)
        if path not in self._documents:
            data, name = self.source.read(path), self.source.display(path)
            self._documents[path] = (twin.again(path, name) if twin is not None and twin.has(data) else None) or (
                read_document(data, path, name, self._limits)
            )
        return self._documents[path]

    def documents(self) -> list[Document]:
        """Every document read so far, by path."""
        return [self._documents[path] for path in sorted(self._documents)]

    def may_fetch(self, url: str) -> bool:
        """Whether the policy lets ``url`` be fetched."""
        if not self._remote:
            return False
        from treaty.documents.remote import permits

        return permits(self._remote, url)

    def open_remote(self, url: str) -> Document:
        """The document behind ``url``, whose path and name are the URL itself; fetched by the first call.

        Ask :meth:`may_fetch` first. Raises UnresolvedReference, without location, where nothing answers.
        """
        known = self._documents.get(url)
        if known is None:
            from treaty.documents.remote import fetch

            data = fetch(url, self._remote, self._limits)
            known = self._documents[url] = read_document(data, url, url, self._limits)
        return known

    def identifiers(self, document: Document) -> Identifiers | None:
        """The `$id`s and anchors of ``document``, None where it has none."""
        if document.path not in self._identifiers:
            from treaty.documents.identifiers import identifiers_of

            base = document.path if document.path.startswith(("http://", "https://")) else file_uri(document.path)
            found = self._identifiers[document.path] = identifiers_of(document, base)
            for uri, pointer in found.resources.items() if found is not None else ():
                self._resources.setdefault(uri, Node(document, (), document.tree).child(*pointer))
        return self._identifiers[document.path]

    def resources(self) -> Mapping[str, Node]:
        """The schema resources of all documents opened so far, by the absolute URI of their `$id`."""
        if len(self._identifiers) < len(self._documents):
            for document in list(self._documents.values()):
                self.identifiers(document)
        return self._resources

    def root(self, path: str) -> Node:
        """The whole document under ``path``, as :meth:`open` gives it."""
        document = self.open(path)
        return Node(document, (), document.tree)

    def resolve(self, reference: str, base: Node | Document) -> Node:
        """What ``reference``, a `$ref` that stands at ``base``, leads to: one hop.

        Raises UnresolvedReference at the place of the `$ref` when it leads nowhere, or where the policy does not let
        it; a document it leads to that cannot be read raises its own DocumentError.
        """
        node = base if isinstance(base, Node) else Node(base, (), base.tree)
        identifiers = self.identifiers(node.document)
        scope = identifiers.scope(node.pointer) if identifiers is not None else None
        key = (node.document.path, scope.uri if scope is not None else "", reference)
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = Resolution(self, reference, node, scope).target()
        return found

    def follow(self, node: Node) -> Node:
        """``node``, or what its `$ref` leads to in the end, through any number of references.

        Raises UnresolvedReference, as :meth:`resolve` does, and with the whole chain when it leads back to itself.
        """
        chain: dict[tuple[str, Pointer], Node] = {}
        while isinstance(node.value, dict) and isinstance(reference := node.value.get("$ref"), str):
            place = (node.document.path, node.pointer)
            if place in chain:
                steps = [*chain.values(), node]
                raise UnresolvedReference(
                    f"the reference leads only to itself: {' → '.join(map(_shown, steps))}",
                    location=steps[0].document.locate((*steps[0].pointer, "$ref")),
                    advice="let one of them hold the definition itself",
                )
            chain[place] = node
            node = self.resolve(reference, node)
        return node


def _shown(node: Node) -> str:
    return f"{node.document.name}#{pointer_text(node.pointer)}"
