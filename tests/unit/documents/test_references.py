"""References lead where RFC 3986, JSON Pointer and JSON Schema say, and nowhere else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from treaty.documents.library import Library, Node
from treaty.documents.source import TextSource
from treaty.errors import DocumentError, DocumentNotFound, UnresolvedReference

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue, Pointer

FILES = {
    "api/openapi.yaml": """\
openapi: 3.1.0
paths:
  /v1/{id}:
    get: {}
  "a b":
    - x
    - y: 1
components:
  schemas:
    Order: {type: object}
    Owner: {type: object}
    Money: {$ref: ../shared/money.yaml#/Amount}
""",
    "shared/money.yaml": "Amount: {type: integer}\nLoop: {$ref: '#/Loop'}\nBack: {$ref: ../api/openapi.yaml}\n",
    "shared/ä b.json": '{"x~/y": 1, "100%": 2}',
    "bad.yaml": "a: [",
    "openapi.json": '{"top": true}',
}


def library(files: dict[str, str] | None = None) -> Library:
    return Library(TextSource({path: text.encode() for path, text in (files or FILES).items()}))


FOUND: list[tuple[str, str, str, Pointer]] = [
    # written in, reference, document, pointer
    ("api/openapi.yaml", "#", "api/openapi.yaml", ()),
    ("api/openapi.yaml", "", "api/openapi.yaml", ()),
    ("api/openapi.yaml", "#/", "api/openapi.yaml", ("",)),
    ("api/openapi.yaml", "#/components/schemas/Order", "api/openapi.yaml", ("components", "schemas", "Order")),
    ("api/openapi.yaml", "#/paths/~1v1~1{id}/get", "api/openapi.yaml", ("paths", "/v1/{id}", "get")),
    ("api/openapi.yaml", "#/paths/~1v1~1%7Bid%7D", "api/openapi.yaml", ("paths", "/v1/{id}")),
    ("api/openapi.yaml", "#/paths/a%20b/1/y", "api/openapi.yaml", ("paths", "a b", 1, "y")),
    ("api/openapi.yaml", "openapi.yaml#/openapi", "api/openapi.yaml", ("openapi",)),
    ("api/openapi.yaml", "./openapi.yaml#/openapi", "api/openapi.yaml", ("openapi",)),
    ("api/openapi.yaml", "../shared/money.yaml#/Amount", "shared/money.yaml", ("Amount",)),
    ("api/openapi.yaml", "../shared/../openapi.json", "openapi.json", ()),
    ("api/openapi.yaml", "../shared/%C3%A4%20b.json#/x~0~1y", "shared/ä b.json", ("x~/y",)),
    ("api/openapi.yaml", "../shared/ä b.json#/100%25", "shared/ä b.json", ("100%",)),
    ("shared/money.yaml", "../api/openapi.yaml#/components", "api/openapi.yaml", ("components",)),
    ("openapi.json", "shared/money.yaml", "shared/money.yaml", ()),
]


@pytest.mark.parametrize(("path", "reference", "document", "pointer"), FOUND)
def test_found(path: str, reference: str, document: str, pointer: Pointer) -> None:
    files = library({path: '{"": 1}'}) if pointer == ("",) else library()
    node = files.resolve(reference, files.open(path))
    assert (node.document.path, node.pointer) == (document, pointer)
    assert node.value == Node(node.document, (), node.document.tree).child(*pointer).value
    assert files.resolve(reference, files.open(path)) is node


NOT_FOUND: list[tuple[str, str, str | None]] = [
    ("#/components/schemas/Ordr", "/components/schemas of api.yaml has no 'Ordr'", "#/components/schemas/Order"),
    ("#/components/schemas/order", "has no 'order'", "did you mean #/components/schemas/Order?"),
    ("#/component", "the document of api.yaml has no 'component'", "did you mean #/components?"),
    ("#/list/2", "/list has 2 items, and no '2'", None),
    ("#/list/-", "/list has 2 items, and no '-'", None),
    ("#/list/01", "/list has 2 items, and no '01'", None),
    ("#/list/x", "/list has 2 items", None),
    ("#/openapi/x", "/openapi is neither an object nor a list", None),
    ("#Order", "no $anchor is called 'Order'", None),
    (
        "#components/schemas/Order",
        "no $anchor is called",
        "a JSON Pointer begins with a slash: #/components/schemas/Order",
    ),
    ("money.yml#/Amount", "there is no money.yml", "did you mean money.yaml?"),
    ("sub/x.yaml", "there is no sub/x.yaml", None),
    ("../x.yaml", "leads out of the root", "below their root"),
    ("a/../../x.yaml", "leads out of the root", None),
    ("%2e%2e/x.yaml", "leads out of the root", None),
    ("/etc/passwd", "leads out of the root", None),
    ("//example.com/x.yaml", "leads out of the root", None),
    ("file:///etc/passwd", "a path of one machine", "./schemas/money.yaml"),
    ("FILE:///etc/passwd", "a path of one machine", None),
    ("C:\\schemas\\x.yaml", "a path of one machine", None),
    ("c:/schemas/x.yaml", "a path of one machine", None),
    (".\\x.yaml", "a path of one machine", None),
    ("https://example.com/x.yaml#/A", "leads to the network (https://example.com/x.yaml)", "treaty.yaml"),
    ("http://[", "leads to the network", None),
    ("urn:example:order", "none has this $id", None),
    ("ftp://example.com/x.yaml", "none has this $id", None),
]


@pytest.mark.parametrize(("reference", "problem", "advice"), NOT_FOUND)
def test_not_found(reference: str, problem: str, advice: str | None) -> None:
    text = (
        "openapi: 3.1.0\nlist: [a, b]\ncomponents:\n  schemas:\n    Order: {}\n    Owner: {}\nuser:\n  $ref: "
        + json.dumps(reference)
    )
    files = library({"api.yaml": text, "money.yaml": "Amount: {}"})
    node = files.root("api.yaml").child("user")
    with pytest.raises(UnresolvedReference) as caught:
        files.resolve(reference, node)
    assert str(caught.value.location) == "api.yaml:8:3"
    assert caught.value.location is not None
    assert caught.value.location.pointer == "/user/$ref"
    assert repr(reference) in caught.value.problem
    assert problem in caught.value.problem
    if advice is not None:
        assert advice in (caught.value.advice or "")


def test_place_of_a_reference_that_is_no_ref() -> None:
    files = library({"a.yaml": "mapping:\n  cat: '#/Cat'\n"})
    with pytest.raises(UnresolvedReference) as caught:
        files.resolve("#/Cat", files.root("a.yaml").child("mapping", "cat"))
    assert str(caught.value.location) == "a.yaml:2:3"


def test_broken_target_says_where_it_is_broken() -> None:
    files = library()
    with pytest.raises(DocumentError) as caught:
        files.resolve("../bad.yaml", files.open("api/openapi.yaml"))
    assert str(caught.value.location) == "bad.yaml:1:5"


def test_follow() -> None:
    files = library()
    money = files.root("api/openapi.yaml").child("components", "schemas", "Money")
    found = files.follow(money)
    assert (found.document.path, found.pointer, found.value) == ("shared/money.yaml", ("Amount",), {"type": "integer"})
    assert str(found.location) == "shared/money.yaml:1:1"
    order = files.root("api/openapi.yaml").child("components", "schemas", "Order")
    assert files.follow(order) is order


def test_circle_is_named() -> None:
    files = library(
        {"a.yaml": "x: {$ref: 'b.yaml#/y'}\n", "b.yaml": "y:\n  $ref: c.json\n", "c.json": '{"$ref": "a.yaml#/x"}'}
    )
    with pytest.raises(UnresolvedReference) as caught:
        files.follow(files.root("a.yaml").child("x"))
    assert "a.yaml#/x → b.yaml#/y → c.json# → a.yaml#/x" in caught.value.problem
    assert str(caught.value.location) == "a.yaml:1:5"


def test_self_reference() -> None:
    files = library()
    with pytest.raises(UnresolvedReference, match="only to itself"):
        files.follow(files.root("shared/money.yaml").child("Loop"))


def test_long_chains_end() -> None:
    tree: dict[str, JsonValue] = {f"s{n}": {"$ref": f"#/s{n + 1}"} for n in range(20_000)}
    tree["s20000"] = {"type": "string"}
    files = library({"x.json": json.dumps(tree)})
    assert files.follow(files.root("x.json").child("s0")).value == {"type": "string"}


def test_documents_are_read_once() -> None:
    files = library()
    assert files.open("api/../openapi.json") is files.open("openapi.json")
    with pytest.raises(DocumentNotFound) as caught:
        files.open("opnapi.json")
    assert caught.value.advice == "did you mean openapi.json?"


def test_library_of_a_tree() -> None:
    files, document = Library.of_tree({"a": {"$ref": "#/b"}, "b": 1}, "given")
    assert files.follow(Node(document, ("a",), {"$ref": "#/b"})).value == 1
    assert files.open("given") is document
    with pytest.raises(UnresolvedReference) as caught:
        files.resolve("x.yaml", document)
    assert str(caught.value.location) == "given"


def test_child() -> None:
    node = library().root("api/openapi.yaml")
    assert node.child("paths", "a b", 1, "y").pointer == ("paths", "a b", 1, "y")
    for tokens in (("nope",), ("paths", "a b", 9), ("openapi", "x")):
        with pytest.raises(LookupError):
            node.child(*tokens)
