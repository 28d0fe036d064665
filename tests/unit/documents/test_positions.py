"""Every pointer's line and column point at the text that says it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.documents.document import Document, read_document
from treaty.documents.lines import Lines
from treaty.documents.location import JsonValue, Location, Pointer, pointer_text
from treaty.documents.yaml_scalars import plain_scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029\ufeff\ufffe\uffff"), max_size=8
) | st.sampled_from(
    ["a", "é", "😀", '"', "\\", "{", "]", ",", ": ", "no", "012", "1e3", "~", "<<", "# a", "\n", "\t", "'"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([Decimal("1E+400"), 2**64, 2**53 + 1])
    | TEXTS
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=20
)


def pointers(tree: JsonValue, at: Pointer = ()) -> Iterator[tuple[Pointer, JsonValue]]:
    yield at, tree
    for token, child in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from pointers(child, (*at, token))


def offset_of(document: Document, location: Location) -> int:
    """The character that a line and a column name, found the slow way."""
    assert location.line is not None
    assert location.column is not None
    lines = document.text.decode().split("\n")
    return sum(len(line) + 1 for line in lines[: location.line - 1]) + location.column - 1


def json_text(tree: JsonValue, indent: str | None, colon: str, comma: str, line_break: str, level: int = 0) -> str:
    """JSON as different writers lay it out."""
    outer = "" if indent is None else line_break + indent * level
    inner = "" if indent is None else outer + indent
    if isinstance(tree, dict):
        members = [
            json.dumps(key, ensure_ascii=level % 2 == 0)
            + colon
            + json_text(value, indent, colon, comma, line_break, level + 1)
            for key, value in tree.items()
        ]
        return "{" + (comma + inner).join([inner + members[0], *members[1:]]) + outer + "}" if members else "{ }"
    if isinstance(tree, list):
        items = [json_text(item, indent, colon, comma, line_break, level + 1) for item in tree]
        return "[" + (comma + inner).join([inner + items[0], *items[1:]]) + outer + "]" if items else "[]"
    return str(tree) if isinstance(tree, Decimal) else json.dumps(tree, ensure_ascii=level % 2 == 0)


LAYOUTS = st.tuples(
    st.sampled_from([None, "", "  ", "\t"]),
    st.sampled_from([":", ": ", " : ", "\t:\n"]),
    st.sampled_from([",", ", ", " ,"]),
    st.sampled_from(["\n", "\r\n"]),
)


@given(TREES, LAYOUTS, st.sampled_from(["", " ", "\n\n"]))
@settings(max_examples=300)
def test_json(tree: JsonValue, layout: tuple[str | None, str, str, str], before: str) -> None:
    document = read_document((before + json_text(tree, *layout) + "\n").encode(), "x.json", "x.json")
    assert document.tree == tree
    text = document.text.decode()
    decoder = json.JSONDecoder(parse_float=lambda literal: plain_scalar(literal))
    for pointer, value in pointers(tree):
        location = document.locate(pointer)
        assert location.pointer == pointer_text(pointer)
        offset = offset_of(document, location)
        if pointer and isinstance(pointer[-1], str):
            key, offset = decoder.raw_decode(text, offset)
            assert key == pointer[-1]
            offset = text.index(":", offset) + 1
            offset += len(text[offset:]) - len(text[offset:].lstrip())
        assert decoder.raw_decode(text, offset)[0] == value


class Quoting(yaml.SafeDumper):
    """Leaves unquoted what YAML 1.2 reads as the same text, and shares nothing."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    plain = bool(text) and plain_scalar(text) == text and text != "<<"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


def _number(dumper: yaml.SafeDumper, number: float | Decimal) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", str(number))


Quoting.add_representer(str, _text)
Quoting.add_representer(float, _number)
Quoting.add_representer(Decimal, _number)
# The dumper must not take words of YAML 1.1 for anything but words, nor 1.2's numbers for text.
Quoting.yaml_implicit_resolvers = {}
Quoting.add_implicit_resolver("tag:yaml.org,2002:null", yaml.SafeDumper.yaml_implicit_resolvers["n"][0][1], ["n"])


def _marks(node: yaml.Node, at: Pointer = ()) -> Iterator[tuple[Pointer, tuple[int, int]]]:
    """Pointer to place, from PyYAML's own composer."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = key.start_mark
            yield (*at, key.value), (place.line + 1, place.column + 1)
            yield from _marks(value, (*at, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*at, index), (item.start_mark.line + 1, item.start_mark.column + 1)
            yield from _marks(item, (*at, index))


@given(
    TREES.filter(lambda tree: isinstance(tree, (dict, list))), st.sampled_from([True, False, None]), st.integers(2, 6)
)
@settings(max_examples=300)
def test_yaml(tree: JsonValue, flow: bool | None, indent: int) -> None:
    text = yaml.dump(
        tree, Dumper=Quoting, default_flow_style=flow, indent=indent, allow_unicode=True, sort_keys=False, width=40,
        explicit_start=True,
    )  # fmt: skip
    document = read_document(text.encode(), "x.yaml", "x.yaml")
    assert document.tree == tree
    composed = yaml.compose(text, Loader=yaml.SafeLoader)
    assert composed is not None
    for pointer, place in _marks(composed):
        found = document.locate(pointer)
        assert (found.line, found.column) == place


@given(TREES, LAYOUTS)
@settings(max_examples=200)
def test_json_reads_the_same_as_yaml(tree: JsonValue, layout: tuple[str | None, str, str, str]) -> None:
    text = json_text(tree, *layout)
    if "\\ud" in text or "\t:\n" in layout or (layout[0] == "\t"):
        return  # surrogate escapes and tabs as indentation are JSON only
    assert (
        read_document(b"--- " + text.encode(), "x.yaml", "x").tree == read_document(text.encode(), "x.json", "x").tree
    )


NEAREST = [
    (("a", "b", 1, "c"), 4, 7),
    (("a", "b", "1", "c"), 4, 7),
    (("a", "b", 7, "c"), 3, 3),
    (("a", "b", 1, "zz"), 4, 5),
    (("a", "b", 1, "c", "deeper"), 4, 7),
    (("zz",), 1, 1),
    (("a", "b", "zz"), 3, 3),
    ((), 1, 1),
]


@pytest.mark.parametrize(("pointer", "line", "column"), NEAREST)
def test_pointer_that_leads_nowhere_has_the_place_of_its_nearest_ancestor(
    pointer: Pointer, line: int, column: int
) -> None:
    document = read_document(b'{\n"a": {\n  "b": [0,\n    { "c": 2}]}}', "x.json", "x.json")
    found = document.locate(pointer)
    assert (found.line, found.column, found.pointer) == (line, column, pointer_text(pointer))
    block = read_document(b"#\na:\n  b: [0,\n    { c: 2}]", "x.yaml", "x.yaml").locate(pointer)
    assert block.line == (2 if pointer in ((), ("zz",)) else line)


def test_document_without_text_has_pointers_only() -> None:
    document = Document.of_tree({"a": [1]}, "given")
    assert document.locate(("a", 0)) == Location("given", "/a/0")


@given(
    st.lists(
        st.sampled_from(["a", "é", "😀", "\n", "\r\n", "x" * 5000, "é" * 5000, "\n" * 700, "😀\n" * 3000]), max_size=12
    )
)
def test_lines(pieces: list[str]) -> None:
    text = "".join(pieces)
    raw = text.encode()
    lines = Lines(raw)
    for index in {0, len(text), *range(0, len(text), max(1, len(text) // 17))}:
        before = text[:index]
        place = (before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)
        assert lines.place_of_character(index) == place
        assert lines.offset_of_character(index) == len(before.encode())
        assert lines.place(len(before.encode())) == place


def test_lines_beyond_the_end() -> None:
    assert Lines(b"a\nbc").place(99) == (2, 3)
    assert Lines(b"").place(0) == (1, 1)
    assert Lines("é".encode()).place_of_character(7) == (1, 2)
    assert Lines(b"a\rb\rc").place(4) == (3, 1)
