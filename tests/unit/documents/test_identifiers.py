"""`$id` and anchors, by dialect: what they name, and what a relative reference inside them means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from treaty.documents.library import Library
from treaty.documents.source import TextSource
from treaty.errors import UnresolvedReference

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue, Pointer

HOST = "https://example.com/schemas/"
ORDER: dict[str, JsonValue] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": f"{HOST}order.json",
    "$defs": {
        "line": {"$anchor": "line", "type": "object"},
        "node": {"$dynamicAnchor": "node"},
        "money": {
            "$id": "parts/money.json",
            "$defs": {"amount": {"$anchor": "amount"}, "cents": {"$anchor": "line"}},
            "properties": {"default": {"$id": "deep.json"}, "x": {"$ref": "#/$defs/amount"}},
            "default": {"$id": "data.json", "$anchor": "data"},
            "enum": [{"$id": "data.json"}],
        },
    },
    "properties": {"$id": {"type": "string"}, "$anchor": {"$anchor": "odd"}},
}
MONEY: Pointer = ("$defs", "money")

FOUND: list[tuple[Pointer, str, Pointer]] = [
    ((), "#line", ("$defs", "line")),
    ((), "#node", ("$defs", "node")),
    ((), "#odd", ("properties", "$anchor")),
    ((), "#/$defs/line", ("$defs", "line")),
    ((), "order.json", ()),
    ((), "order.json#line", ("$defs", "line")),
    ((), f"{HOST}order.json#/$defs/line", ("$defs", "line")),
    ((), "parts/money.json", MONEY),
    ((), "/schemas/parts/money.json", MONEY),
    ((), f"{HOST}parts/money.json#amount", (*MONEY, "$defs", "amount")),
    ((), "parts/money.json#/$defs/amount", (*MONEY, "$defs", "amount")),
    ((), "parts/deep.json", (*MONEY, "properties", "default")),
    (MONEY, "#", MONEY),
    (MONEY, "#line", (*MONEY, "$defs", "cents")),
    ((*MONEY, "properties", "x"), "#/$defs/amount", (*MONEY, "$defs", "amount")),
    (MONEY, "../order.json", ()),
    (MONEY, "deep.json", (*MONEY, "properties", "default")),
]


def order_library(**files: JsonValue) -> Library:
    texts = {name.replace("__", "/") + ".json": json.dumps(tree).encode() for name, tree in files.items()}
    return Library(TextSource({"schemas/order.json": json.dumps(ORDER).encode(), **texts}))


@pytest.mark.parametrize(("base", "reference", "pointer"), FOUND)
def test_found(base: Pointer, reference: str, pointer: Pointer) -> None:
    files = order_library()
    node = files.resolve(reference, files.root("schemas/order.json").child(*base))
    assert (node.document.path, node.pointer) == ("schemas/order.json", pointer)
    assert node.value == files.root("schemas/order.json").child(*pointer).value


@pytest.mark.parametrize(
    ("base", "reference", "problem"),
    [
        ((), "#amount", "no $anchor is called 'amount'"),
        ((), "#data", "no $anchor is called 'data'"),
        ((), "parts/data.json", "there is no schemas/parts/data.json"),
        ((), "other.json", "there is no schemas/other.json"),
        ((), "https://other.example/order.json", "leads to the network"),
    ],
)
def test_not_found(base: Pointer, reference: str, problem: str) -> None:
    files = order_library()
    with pytest.raises(UnresolvedReference) as caught:
        files.resolve(reference, files.root("schemas/order.json").child(*base))
    assert problem in caught.value.problem


def test_anchor_close_by_is_offered() -> None:
    files = order_library()
    with pytest.raises(UnresolvedReference) as caught:
        files.resolve("#lines", files.open("schemas/order.json"))
    assert caught.value.advice == "did you mean #line?"


NEIGHBOURS = [
    ("schemas__customer", {"$id": f"{HOST}customer.json"}, f"{HOST}customer.json", "schemas/customer.json"),
    ("schemas__customer", {"type": "object"}, f"{HOST}customer.json", "schemas/customer.json"),
    ("schemas__customer", {"type": "object"}, "customer.json", "schemas/customer.json"),
    ("schemas__customer", {"type": "object"}, "/schemas/customer.json", "schemas/customer.json"),
    ("shared__x", {"$id": "https://example.com/shared/x.json"}, "https://example.com/shared/x.json", "shared/x.json"),
    ("schemas__customer", {"$id": f"{HOST}else.json"}, f"{HOST}customer.json", None),
    ("schemas__customer", {}, "https://example.org/schemas/customer.json", None),
    ("customer", {}, "https://example.com/customer.json", "customer.json"),
    ("customer", {}, "https://example.com", None),
]


@pytest.mark.parametrize(("name", "tree", "reference", "path"), NEIGHBOURS)
def test_files_lie_to_each_other_as_their_identifiers_do(
    name: str, tree: JsonValue, reference: str, path: str | None
) -> None:
    files = order_library(**{name: tree})
    order = files.open("schemas/order.json")
    if path is None:
        with pytest.raises(UnresolvedReference):
            files.resolve(reference, order)
    else:
        assert files.resolve(reference, order).document.path == path


def test_neighbours_outside_of_the_root() -> None:
    files = Library(TextSource({"order.json": json.dumps(ORDER).encode(), "x.json": b"{}"}))
    with pytest.raises(UnresolvedReference, match="leads to the network"):
        files.resolve("https://example.com/x.json", files.open("order.json"))


DIALECTS = [
    ("http://json-schema.org/draft-04/schema#", {"id": "#a"}, True),
    ("http://json-schema.org/draft-04/schema#", {"$id": "#a"}, False),
    ("http://json-schema.org/draft-07/schema#", {"$id": "#a"}, True),
    ("http://json-schema.org/draft-07/schema#", {"id": "#a"}, False),
    ("http://json-schema.org/draft-07/schema#", {"$anchor": "a"}, False),
    ("https://json-schema.org/draft/2019-09/schema", {"$anchor": "a"}, True),
    ("https://json-schema.org/draft/2020-12/schema", {"$anchor": "a"}, True),
    ("https://json-schema.org/draft/2020-12/schema", {"$dynamicAnchor": "a"}, True),
]


@pytest.mark.parametrize(("dialect", "naming", "named"), DIALECTS)
def test_each_dialect_names_in_its_own_way(dialect: str, naming: JsonValue, named: bool) -> None:
    files = Library(TextSource({"x.json": json.dumps({"$schema": dialect, "definitions": {"A": naming}}).encode()}))
    document = files.open("x.json")
    if named:
        assert files.resolve("#a", document).pointer == ("definitions", "A")
    else:
        with pytest.raises(UnresolvedReference):
            files.resolve("#a", document)


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ({"openapi": "3.1.0"}, True),
        ({"openapi": "3.0.3"}, False),
        ({"asyncapi": "3.0.0"}, True),
        ({}, True),
        ({"openapi": "3.1.0", "jsonSchemaDialect": "http://json-schema.org/draft-07/schema#"}, True),
    ],
)
def test_schemas_inside_contracts(head: dict[str, JsonValue], named: bool) -> None:
    pet: JsonValue = {"$id": "https://example.com/pet"}
    tree: JsonValue = {
        **head,
        "components": {"schemas": {"Pet": pet}, "examples": {"x": {"value": {"$id": "https://example.com/data"}}}},
    }
    files = Library(TextSource({"x.json": json.dumps(tree).encode()}))
    document = files.open("x.json")
    if named:
        assert files.resolve("https://example.com/pet", document).pointer == ("components", "schemas", "Pet")
    for uri in ["https://example.com/data", *([] if named else ["https://example.com/pet"])]:
        with pytest.raises(UnresolvedReference):
            files.resolve(uri, document)


def test_identifier_of_a_document_that_was_opened_before() -> None:
    files = Library(
        TextSource(
            {"a.json": b'{"$ref": "b.json"}', "b.json": b'{"$id": "urn:example:b", "$defs": {"x": {"type": "null"}}}'}
        )
    )
    a = files.open("a.json")
    with pytest.raises(UnresolvedReference, match="none has this"):
        files.resolve("urn:example:b", a)
    files.resolve("b.json", a)
    assert files.resolve("urn:example:b#/$defs/x", a).value == {"type": "null"}


def test_documents_that_are_called_by_their_uri() -> None:
    """A registry holds the schemas that another refers to under the very URIs it uses."""
    files = Library(
        TextSource(
            {
                "version 1": b'{"$id": "https://example.com/order.json", "a": {"$ref": "money.json#/x"}}',
                "https://example.com/money.json": b'{"x": {"$ref": "deep/tax.json"}}',
                "https://example.com/deep/tax.json": b'{"type": "integer"}',
                "urn:example:y": b'{"type": "string"}',
            }
        )
    )
    root = files.root("version 1")
    assert files.follow(root.child("a")).value == {"type": "integer"}
    assert files.resolve("https://example.com/money.json#/x", root).document.path == "https://example.com/money.json"
    assert files.resolve("urn:example:y", root).value == {"type": "string"}


@pytest.mark.parametrize(
    "reference",
    [
        "http://json-schema.org/draft-07/schema#",
        "http://json-schema.org/draft-04/schema#/definitions/positiveInteger",
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2020-12/meta/core#/$defs/anchorString",
    ],
)
def test_meta_schemas_are_known_offline(reference: str) -> None:
    files = order_library()
    assert isinstance(files.resolve(reference, files.open("schemas/order.json")).value, dict)


def test_identifiers_that_are_no_text() -> None:
    tree: JsonValue = {"$id": 5, "$anchor": ["x"], "properties": {"$id": {"id": {}}}, "$schema": None}
    files = Library(TextSource({"x.json": json.dumps(tree).encode()}))
    assert files.resolve("#/properties", files.open("x.json")).value == {"$id": {"id": {}}}


def test_trees_without_text_have_identifiers_too() -> None:
    files, document = Library.of_tree(ORDER, "order")
    assert files.resolve("#line", document).pointer == ("$defs", "line")
