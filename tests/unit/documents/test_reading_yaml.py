"""YAML is read by the core schema of YAML 1.2, and stays what its author wrote."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import pytest

from treaty.documents.document import Document, read_document

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

SCALARS: list[tuple[str, JsonValue]] = [
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("off", "off"),
    ("y", "y"),
    ("N", "N"),
    ("true", True),
    ("True", True),
    ("TRUE", True),
    ("tRUE", "tRUE"),
    ("false", False),
    ("null", None),
    ("Null", None),
    ("NULL", None),
    ("nUll", "nUll"),
    ("~", None),
    ("", None),
    ("012", 12),
    ("0o14", 12),
    ("0O14", "0O14"),
    ("0o18", "0o18"),
    ("0x1F", 31),
    ("-0x1F", "-0x1F"),
    ("0b1", "0b1"),
    ("+12", 12),
    ("-12", -12),
    ("1_000", "1_000"),
    ("12:30", "12:30"),
    ("190:20:30", "190:20:30"),
    ("2024-01-01", "2024-01-01"),
    ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
    ("1e3", 1000.0),
    ("1.5", 1.5),
    ("1.", 1.0),
    (".5", 0.5),
    ("+.5", 0.5),
    (".", "."),
    ("-", "-"),
    ("+", "+"),
    ("1.2.3", "1.2.3"),
    ("1e", "1e"),
    ("e3", "e3"),
    ("1.7.0", "1.7.0"),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("+.Inf", math.inf),
    ("inf", "inf"),
    ("NaN", "NaN"),
    ("<<", "<<"),
    ("=", "="),
    ('"no"', "no"),
    ("'012'", "012"),
    ('"null"', "null"),
    ('"\\u00e9\\x41"', "éA"),
    ("'it''s'", "it's"),
    ("a # comment", "a"),
    ("a#b", "a#b"),
    ("!!str 12", "12"),
    ("! 12", "12"),
    ("!!int 12", 12),
    ('!!int "12"', 12),
    ("!!float 1", 1.0),
    ("!!bool true", True),
    ("!!null null", None),
    ("|\n  a\n  b\n", "a\nb\n"),
    (">-\n  a\n  b\n", "a b"),
]


@pytest.mark.parametrize(("written", "value"), [row for row in SCALARS if row[0] != "-"])
def test_value(written: str, value: JsonValue) -> None:
    tree = read(f"k: {written}")
    assert tree == {"k": value}
    assert isinstance(tree, dict)
    assert type(tree["k"]) is type(value)


def test_not_a_number_equals_itself_in_a_tree() -> None:
    assert read("k: .nan") == read("k: .NaN")


KEYS = [
    ("200: a", "200"),
    ("0200: a", "0200"),
    ("1.50: a", "1.50"),
    ("true: a", "true"),
    ("null: a", "null"),
    ("~: a", "~"),
    ("? \n: a", ""),
    ("? a b\n: a", "a b"),
    ('"on": a', "on"),
    ("2024-01-01: a", "2024-01-01"),
    ("!!str 200: a", "200"),
    ("/v1/{id}: a", "/v1/{id}"),
    ('"<<": a', "<<"),
]


@pytest.mark.parametrize(("written", "key"), KEYS)
def test_key_is_text(written: str, key: str) -> None:
    assert read(written) == {key: "a"}


MERGES: list[tuple[str, JsonValue]] = [
    ("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n", {"x": 1, "y": 3}),
    ("a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a\n", {"x": 1, "y": 3}),
    ("a: [&a {x: 1}, &c {x: 2, z: 3}]\nb:\n  <<: [*a, *c]\n", {"x": 1, "z": 3}),
    ("b:\n  <<: {x: 1}\n  w: 0\n", {"x": 1, "w": 0}),
    ("a: &a {x: 1}\nc: &c {<<: *a, y: 2}\nb: {<<: *c}\n", {"x": 1, "y": 2}),
    ("a: &a {}\nb: {<<: *a, x: 1}\n", {"x": 1}),
]


@pytest.mark.parametrize(("written", "value"), MERGES)
def test_merge_key(written: str, value: JsonValue) -> None:
    tree = read(written)
    assert isinstance(tree, dict)
    assert tree["b"] == value


def test_merged_members_stand_where_they_are_written() -> None:
    document = open_yaml("a: &a\n  x: 1\n  y: 2\nb:\n  <<: *a\n  y: 3\n")
    assert [document.locate(("b", key)).line for key in ("x", "y")] == [2, 6]


def test_aliases_share() -> None:
    tree = read("a: &a [1, {x: 2}]\nb: *a\nc: &t text\nd: *t\n*t : e\n")
    assert tree == {"a": [1, {"x": 2}], "b": [1, {"x": 2}], "c": "text", "d": "text", "text": "e"}
    assert isinstance(tree, dict)
    assert tree["a"] is tree["b"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks(line_break: str) -> None:
    document = open_yaml(line_break.join(["a: 1", "b:", "  - x", "  - é: ü", "    c: 2", ""]))
    assert document.tree == {"a": 1, "b": ["x", {"é": "ü", "c": 2}]}
    found = document.locate(("b", 1, "c"))
    assert (found.line, found.column) == (5, 5)


def test_byte_order_mark_is_no_column() -> None:
    document = read_document(b"\xef\xbb\xbfa: 1\nb: 2", "x.yaml", "x.yaml")
    assert document.tree == {"a": 1, "b": 2}
    assert document.locate(("a",)).column == 1


def test_one_document_may_have_its_markers() -> None:
    assert read("%YAML 1.2\n---\na: 1\n...\n") == {"a": 1}


def test_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml._yaml", None)
    with pytest.warns(RuntimeWarning, match="without libyaml"):
        document = open_yaml("a: &a {x: no}\nb:\n  <<: *a\n  é: [012, 1e3]\n")
    assert document.tree == {"a": {"x": "no"}, "b": {"x": "no", "é": [12, 1000.0]}}
    assert str(document.locate(("b", "é", 1))) == "x.yaml:4:12"


def open_yaml(text: str) -> Document:
    return read_document(text.encode(), "x.yaml", "x.yaml")


def read(text: str) -> JsonValue:
    return open_yaml(text).tree
