"""One reference on its way: by identifier, by file, by neighbourhood, over the network, then by pointer or anchor."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn, cast
from urllib.parse import urldefrag, urljoin

from treaty.documents.document import Document
from treaty.documents.location import pointer_text, pointer_tokens
from treaty.documents.nearby import did_you_mean
from treaty.documents.node import Node
from treaty.documents.references import OutsideRootError, Reference, beside, file_uri, neighbour, path_of
from treaty.errors import DocumentNotFound, UnresolvedReference

if TYPE_CHECKING:
    from treaty.documents.identifiers import Scope
    from treaty.documents.library import Library
    from treaty.documents.location import JsonValue, Location, Pointer

__all__ = ["Resolution"]

_REFERRING = ("$ref", "$dynamicRef", "$recursiveRef")


class Resolution:
    """Resolves one reference, written at ``base`` in the schema resource ``scope`` (None: a document without `$id`s).

    A relative reference means, in this order: the resource of that `$id` (RFC 3986, JSON Schema core section 8.2), the
    file beside the document, the file that lies to the document as the one `$id` to the other, and the URL if the
    network is allowed.
    """

    def __init__(self, library: Library, written: str, base: Node, scope: Scope | None) -> None:
        self._library = library
        self._written = written
        self._reference = Reference.parse(written)
        self._base = base
        self._scope = scope

    def target(self) -> Node:
        """What the reference leads to. Raises UnresolvedReference at the place where it is written."""
        resource = self._resource()
        fragment = self._reference.fragment
        if not fragment:
            return resource
        return self._at_pointer(resource, fragment) if fragment.startswith("/") else self._at_anchor(resource, fragment)

    def _resource(self) -> Node:
        """The document, or the schema resource in one, that the part before ``#`` names."""
        document = self._base.document
        target = self._reference.target
        if not target:
            return _root(document).child(*(self._scope.root if self._scope is not None else ()))
        base = self._scope.uri if self._scope is not None else document.path if _is_remote(document) else ""
        uri = urldefrag(urljoin(base, target))[0]
        scheme = self._reference.scheme
        if (scheme is not None or base) and uri in self._library.resources():
            return self._library.resources()[uri]
        if scheme == "file" or "\\" in target:
            self._fail(
                "is a path of one machine", "write it relative to this file, with slashes, like ./schemas/money.yaml"
            )
        if scheme is None and not _is_remote(document):
            return self._beside(target, uri)
        found = self._published(uri)
        if found is None and scheme in ("http", "https", None):
            self._fail(
                f"leads to the network ({uri}), and the policy does not allow that",
                "keep a copy beside the contract, or allow the URL in treaty.yaml",
            )
        if found is None:
            self._fail(
                "names no schema that has been read: none has this $id", did_you_mean(uri, self._library.resources())
            )
        return found

    def _beside(self, target: str, uri: str) -> Node:
        """The document under a relative path, else what its URI is published as."""
        origin = path_of(self._scope.uri) if self._scope is not None else None
        advice: str | None
        try:
            path = beside(origin or self._base.document.path, target)
        except OutsideRootError:
            problem = "leads out of the root of the contracts"
            advice = "keep what contracts share below their root"
        else:
            try:
                return _root(self._library.open(path))
            except DocumentNotFound as error:
                problem = f"leads to no file: there is no {self._library.source.display(path)}"
                advice = error.advice
        found = self._published(uri)
        if found is None:
            self._fail(problem, advice)
        return found

    def _published(self, uri: str) -> Node | None:
        """What an absolute URI stands for.

        A document that the source holds under that very name (a registry's references), a meta-schema, a file placed
        as its `$id` says, or a document on the network.
        """
        if Reference.parse(uri).scheme is None:
            return None
        with suppress(DocumentNotFound):
            return _root(self._library.open(uri))
        if "://json-schema.org/" in uri:
            from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # it ships no types

            if uri in REGISTRY:
                # The metaschemas are plain JSON; only their container is typed by what a schema may be.
                return _root(Document.of_tree(cast("JsonValue", REGISTRY.contents(uri)), uri))
        return self._neighbour(uri) or self._remote(uri)

    def _neighbour(self, uri: str) -> Node | None:
        identifiers = self._library.identifiers(self._base.document)
        path = neighbour(identifiers.scope(()).uri, self._base.document.path, uri) if identifiers is not None else None
        if path is None:
            return None
        try:
            document = self._library.open(path)
        except DocumentNotFound:
            return None
        named = self._library.identifiers(document)
        # A file that calls itself something else is not the one that was asked for.
        return _root(document) if named is None or named.scope(()).uri in (uri, file_uri(path)) else None

    def _remote(self, url: str) -> Node | None:
        if not self._library.may_fetch(url):
            return None
        try:
            return _root(self._library.open_remote(url))
        except UnresolvedReference as error:
            raise UnresolvedReference(error.problem, location=self._place(), advice=error.advice) from None

    def _at_pointer(self, resource: Node, fragment: str) -> Node:
        value = resource.value
        pointer: Pointer = resource.pointer
        for token in pointer_tokens(fragment):
            step: str | int = token
            if isinstance(value, dict) and token in value:
                value = value[token]
            elif isinstance(value, list) and token.isdecimal() and str(int(token)) == token and int(token) < len(value):
                step = int(token)
                value = value[step]
            else:
                self._fail_at(resource.document, pointer, value, token)
            pointer = (*pointer, step)
        return Node(resource.document, pointer, value)

    def _fail_at(self, document: Document, pointer: Pointer, value: JsonValue, token: str) -> NoReturn:
        where = pointer_text(pointer) or "the document"
        if isinstance(value, list):
            self._fail(f"leads nowhere: {where} has {len(value)} items, and no {token!r}", None)
        if not isinstance(value, dict):
            self._fail(f"leads nowhere: {where} is neither an object nor a list, so it has no {token!r}", None)
        prefix = f"{self._reference.target}#{pointer_text(pointer)}"
        offered = did_you_mean(pointer_text((token,)), (pointer_text((name,)) for name in value), prefix=prefix)
        self._fail(f"leads nowhere: {where} of {document.name} has no {token!r}", offered)

    def _at_anchor(self, resource: Node, name: str) -> Node:
        identifiers = self._library.identifiers(resource.document)
        scope = identifiers.scope(resource.pointer).root if identifiers is not None else ()
        pointer = identifiers.anchor(scope, name) if identifiers is not None else None
        if pointer is None:
            prefix = f"{self._reference.target}#"
            offered = did_you_mean(name, identifiers.anchors(scope), prefix=prefix) if identifiers is not None else None
            written_as_pointer = f"a JSON Pointer begins with a slash: {prefix}/{name}" if "/" in name else None
            self._fail(f"leads nowhere: no $anchor is called {name!r}", offered or written_as_pointer)
        return _root(resource.document).child(*pointer)

    def _fail(self, problem: str, advice: str | None) -> NoReturn:
        raise UnresolvedReference(f"the reference {self._written!r} {problem}", location=self._place(), advice=advice)

    def _place(self) -> Location:
        """Where the reference is written: the keyword that holds it, or the base itself when that is the reference."""
        value = self._base.value
        keyword = next(
            (name for name in _REFERRING if isinstance(value, dict) and value.get(name) == self._written), None
        )
        return self._base.document.locate(self._base.pointer if keyword is None else (*self._base.pointer, keyword))


def _root(document: Document) -> Node:
    return Node(document, (), document.tree)


def _is_remote(document: Document) -> bool:
    return document.path.startswith(("http://", "https://"))
