"""Which places of a document a rule looks at: a JSONPath over its view (RFC 9535), or one of the named selections."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from treaty.documents.formats import Family
from treaty.govern.places import Kind
from treaty.model.openapi.contract import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonpath import CompoundJSONPath, JSONPath

    from treaty.documents.location import JsonValue, Location
    from treaty.documents.node import Node
    from treaty.govern.lint.document import LintDocument

_ANY_METHOD = ",".join(f"'{method}'" for method in METHODS)
NAMED_PATHS: dict[str, str] = {
    "operations": f"$.paths.*[{_ANY_METHOD}]",
    "reads": "$.paths.*['get','head','query']",
    "writes": "$.paths.*['post','put','patch','delete']",
    "webhooks": f"$.webhooks.*[{_ANY_METHOD}]",
    "parameters": f"$.paths.*[{_ANY_METHOD}].parameters.*",
    "responses": f"$.paths.*[{_ANY_METHOD}].responses.*",
    "request-bodies": f"$.paths.*[{_ANY_METHOD}].requestBody",
}
"""Selections in the objects of OpenAPI, as JSONPath over the view."""
NAMED_KINDS: dict[str, tuple[Kind, ...]] = {
    "schemas": (Kind.SCHEMA, Kind.PROPERTY),
    "properties": (Kind.PROPERTY,),
    "records": (Kind.RECORD,),
    "fields": (Kind.FIELD,),
    "enums": (Kind.ENUM,),
    "messages": (Kind.MESSAGE,),
    "channels": (Kind.CHANNEL,),
}
"""Selections of places by their kind, each written object once."""
NAMES = (*NAMED_PATHS, *NAMED_KINDS)


class Selected(NamedTuple):
    """A place to look at: what it holds, what it is called, and where it is written."""

    value: JsonValue
    element: str
    node: Node | None
    at: Location

    def locate(self, *tokens: str | int) -> Location:
        """Where a member stands, the place itself where it has no place in a tree."""
        if self.node is None:
            return self.at
        return self.node.document.locate((*self.node.pointer, *tokens))


def select(document: LintDocument, selection: str) -> Iterator[Selected]:
    """The places ``selection`` means. Raises JSONPathError, of the library, for an expression that is none."""
    kinds = NAMED_KINDS.get(selection)
    if kinds is not None:
        yield from _by_kind(document, kinds)
        return
    path = NAMED_PATHS.get(selection, selection)
    tree = document.view.tree
    if not isinstance(tree, dict | list):
        return
    for match in compiled(path).finditer(tree):
        node = document.view.written(match.parts)
        if document.family is Family.PROTOBUF:
            yield _declared(document, node.value)
            continue
        yield Selected(node.value, document.element_at(node), node, node.document.locate(node.pointer))


@lru_cache(maxsize=512)
def compiled(path: str) -> JSONPath | CompoundJSONPath:
    """A JSONPath, strictly by the standard."""
    from jsonpath import JSONPathEnvironment

    return JSONPathEnvironment(strict=True).compile(path)


def _by_kind(document: LintDocument, kinds: tuple[Kind, ...]) -> Iterator[Selected]:
    if document.family is Family.PROTOBUF:
        from treaty.govern.lint.protobuf_view import declared_value

        for place in document.of_kind(*kinds):
            yield Selected(declared_value(document, place.name), place.name, None, place.location)
        return
    for place in document.of_kind(*kinds):
        if place.node is not None:
            yield Selected(place.node.value, place.name, place.node, place.location)


def _declared(document: LintDocument, value: JsonValue) -> Selected:
    name = str(value.get("full_name")) if isinstance(value, dict) and "full_name" in value else "contract"
    place = next((place for place in document.places if place.name == name), document.places[0])
    return Selected(value, place.name, None, place.location)
