"""Whatever a file holds, reading it ends in a tree or in one clear error with its place."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treaty.documents.document import read_document
from treaty.documents.limits import MAX_DEPTH, Limits
from treaty.errors import DocumentError, DocumentTooLarge, TreatyError

BAD: list[tuple[str, str | bytes, str, str, str | None]] = [
    # file, content, place, part of the problem, part of the advice
    ("x.yaml", b"", "x.yaml", "the file is empty", None),
    ("x.json", b" \n ", "x.json", "the file is empty", None),
    ("x.yaml", "# only\n# words\n", "x.yaml:1:1", "nothing but comments", None),
    ("x.yaml", "a: 1".encode("utf-16"), "x.yaml:1:1", "UTF-16", "save it as UTF-8"),
    ("x.yaml", b"\xfe\xff\0a", "x.yaml:1:1", "UTF-16", None),
    ("x.yaml", "a: 1".encode("utf-32"), "x.yaml:1:1", "UTF-32", None),
    ("x.yaml", "a: 1".encode("utf-16-le"), "x.yaml:1:2", "NUL byte", None),
    ("x.json", b'{"a": 1,\n "b": "\0"}', "x.json:2:8", "NUL byte", None),
    ("x.yaml", b"a: 1\nb: \xe9t\xe9\n", "x.yaml:2:4", "not UTF-8: byte 0xe9", "save it as UTF-8"),
    ("x.json", b'{"a": 1,\n "b": "\xff"}', "x.json:2:8", "not UTF-8: byte 0xff", None),
    ("x.json", b'{"\xff": 1}', "x.json:1:3", "not UTF-8", None),
    ("x.json", b'["\xed\xa0\x80"]', "x.json:1:3", "not UTF-8", None),
    # JSON
    ("x.json", '{"a": 1,\n "b": 2,\n "a": 3}', "x.json:3:2", "stands twice in one object, first on line 1", "keep one"),
    ("x.json", '{"a" : 1, "a": 2}', "x.json:1:11", "'a' stands twice", None),
    ("x.json", '{"x": [{"k":1, "\\u006b":2}]}', "x.json:1:16", "'k' stands twice", None),
    ("x.json", '{"q": "\\u0022\\u0022", "a": 1, "a": 2}', "x.json:1:31", "'a' stands twice", None),
    ("x.json", '{"n": 1e400, "a": 1, "a": 2}', "x.json:1:22", "'a' stands twice", None),
    ("x.json", '{"a": 1,}', "x.json:1:9", "expecting property name", "remove the comma"),
    ("x.json", "[1, 2,\n]", "x.json:2:1", "expecting value", "remove the comma"),
    ("x.json", '{"a": 1 "b": 2}', "x.json:1:9", "expecting ',' delimiter", None),
    ("x.json", "{'a': 1}", "x.json:1:2", "expecting property name", "double quotes"),
    ("x.json", '{"a": 1 // why\n}', "x.json:1:9", "not valid JSON", "no comments"),
    ("x.json", '{"a": ', "x.json:1:7", "expecting value", "cut off"),
    ("x.json", '{"a": "b', "x.json:1:7", "unterminated string", None),
    ("x.json", '{"a": "b\nc"}', "x.json:1:9", "invalid control character", None),
    ("x.json", '{"a": 01}', "x.json:1:8", "not valid JSON", None),
    ("x.json", '[NaN]', "x.json:1:2", "NaN is not a JSON number", None),
    ("x.json", '{"a": -Infinity}', "x.json:1:7", "-Infinity is not a JSON number", None),
    ("x.json", '["a", "\\ud800"]', "x.json:1:8", "half of a surrogate pair", None),
    ("x.json", '["\\ud83d\\ude00", "\\udc00"]', "x.json:1:19", "half of a surrogate pair", None),
    ("x.json", '["\\ud800\\ud800"]', "x.json:1:3", "half of a surrogate pair", None),
    ("x.json", '{} {}', "x.json:1:4", "extra data", None),
    ("x.json", "openapi: 3.1.0", "x.json:1:1", "not valid JSON", None),
    ("x", '{"a": 1,}', "x:1:9", "not valid JSON", None),
    ("x.json", "[\n" * 300 + "]" * 300, f"x.json:{MAX_DEPTH + 1}:1", "nested deeper than 254", "$ref"),
    ("x.json", '{"a":' * 10_000, f"x.json:1:{MAX_DEPTH * 5 + 1}", "nested deeper than 254", None),
    ("x.json", "[" * 1_000_000, f"x.json:1:{MAX_DEPTH + 1}", "nested deeper than 254", None),
    # YAML
    ("x.yaml", "a: 1\nb: 2\na: 3\n", "x.yaml:3:1", "'a' stands twice in one mapping, first on line 1", "keep one"),
    ("x.yaml", "a: {b: 1, b: 2}", "x.yaml:1:11", "'b' stands twice in one mapping, first on line 1", None),
    ("x.yaml", "200: a\n'200': b", "x.yaml:2:1", "'200' stands twice", None),
    ("x.yaml", "k: &k b\nb: 1\n*k : 2", "x.yaml:3:1", "'b' stands twice", None),
    ("x.yaml", "a: &a {}\nb:\n  <<: *a\n  <<: *a", "x.yaml:4:3", "'<<' stands twice", None),
    ("x.yaml", "a: 1\n---\nb: 2\n", "x.yaml:2:1", "a second document", "one contract in one file"),
    ("x.yaml", "a: *b", "x.yaml:1:4", "the alias *b has no anchor", None),
    ("x.yaml", "a: &a\n  b: *a", "x.yaml:2:6", "*a stands inside its own anchor", "$ref"),
    ("x.yaml", "a: &a [*a]", "x.yaml:1:8", "inside its own anchor", None),
    ("x.yaml", "a: &a\n  <<: *a", "x.yaml:2:7", "inside its own anchor", None),
    ("x.yaml", "a:\n  <<: 1", "x.yaml:2:3", "merge key", None),
    ("x.yaml", "a:\n  <<: [{}, 1]", "x.yaml:2:3", "merge key", None),
    ("x.yaml", "? [a]\n: 1", "x.yaml:1:3", "a mapping or a list as a key", "quote it"),
    ("x.yaml", "a: {{b}: 1}", "x.yaml:1:5", "a mapping or a list as a key", None),
    ("x.yaml", "a: &a []\n*a : 1", "x.yaml:2:1", "a mapping or a list as a key", None),
    ("x.yaml", "a: !!timestamp 2024-01-01", "x.yaml:1:4", "the tag !!timestamp", "quote the value"),
    ("x.yaml", "a: !Ref b", "x.yaml:1:4", "the tag !Ref", None),
    ("x.yaml", "a: !!set {b}", "x.yaml:1:4", "the tag !!set", None),
    ("x.yaml", "a: !!int no", "x.yaml:1:4", "'no' is no !!int", None),
    ("x.yaml", "a: !!bool 1", "x.yaml:1:4", "'1' is no !!bool", None),
    ("x.yaml", "a: !!null 1", "x.yaml:1:4", "'1' is no !!null", None),
    ("x.yaml", "a: !!float x", "x.yaml:1:4", "'x' is no !!float", None),
    ("x.yaml", "!!timestamp a: 1", "x.yaml:1:1", "the tag !!timestamp", None),
    ("x.yaml", "a:\n\t- b", "x.yaml:2:1", "not valid YAML", "indent with spaces"),
    ("x.yaml", "a: b: c", "x.yaml:1:5", "mapping values are not allowed", "quote"),
    ("x.yaml", "a: @b", "x.yaml:1:4", "cannot start any token", "quote"),
    ("x.yaml", "a: [1, 2", "x.yaml:1:9", "not valid YAML", None),
    ("x.yaml", 'a: "b', "x.yaml:1:6", "end of stream", None),
    ("x.yaml", "a: 1\n b: 2", "x.yaml:2:3", "not valid YAML", None),
    ("x.yaml", "a: 1\nb: \x01", "x.yaml:2:4", "control character '\\x01'", "escape"),
    ("x.yaml", "<<<<<<< HEAD\na: 1\n=======\n", "x.yaml:2:2", "not valid YAML", None),
    ("x.yaml", "- " * 10_000, "x.yaml:1:509", "nested deeper than 254", "$ref"),
    ("x.yaml", "a: " + "[" * 10_000, "x.yaml:1:257", "nested deeper than 254", None),
    ("x.yaml", '{"a": 1, b}\n{', "x.yaml:2:1", "not valid YAML", None),
]  # fmt: skip


@pytest.mark.parametrize(("path", "content", "place", "problem", "advice"), BAD, ids=range(len(BAD)))
def test_error(path: str, content: str | bytes, place: str, problem: str, advice: str | None) -> None:
    with pytest.raises(DocumentError) as caught:
        read_document(content.encode() if isinstance(content, str) else content, path, path)
    assert str(caught.value.location) == place
    assert problem in caught.value.problem
    if advice is not None:
        assert advice in (caught.value.advice or "")


def test_depth_is_the_same_in_both_syntaxes() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read_document(deep.encode(), "x.json", "x").tree == read_document(f"--- {deep}".encode(), "x.yaml", "x").tree
    for text in (f"[{deep}]", f"--- [{deep}]"):
        with pytest.raises(DocumentTooLarge):
            read_document(text.encode(), "x.yaml", "x")


def test_flow_mapping_in_a_yaml_file() -> None:
    assert read_document(b"{openapi: 3.1.0, paths: {},}", "x.yaml", "x").tree == {"openapi": "3.1.0", "paths": {}}


def test_json_without_a_name() -> None:
    assert read_document(b'\n {"a": "\\ud83d\\ude00"}', "-", "-").tree == {"a": "😀"}


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_alias_bomb() -> None:
    began = time.process_time()
    with pytest.raises(DocumentTooLarge, match="stand for more than 1,000,000 nodes") as caught:
        read_document(bomb(10).encode(), "x.yaml", "x.yaml")
    assert time.process_time() - began < 1
    assert str(caught.value.location).startswith("x.yaml:6:")


def test_merge_bomb() -> None:
    lines = ["m0: &m0 {" + ", ".join(f"k{n}: 1" for n in range(1000)) + "}"]
    lines += [f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 100)}]}}" for n in range(1, 50)]
    with pytest.raises(DocumentTooLarge, match="stand for more than"):
        read_document("\n".join(lines).encode(), "x.yaml", "x.yaml")


def test_aliases_do_not_nest_deeper_than_text() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 300))]
    with pytest.raises(DocumentTooLarge, match="nested deeper") as caught:
        read_document("\n".join(lines).encode(), "x.yaml", "x.yaml")
    assert caught.value.location is not None
    assert caught.value.location.line == MAX_DEPTH


def test_ordinary_aliases_are_fine() -> None:
    tree = read_document(bomb(4).encode(), "x.yaml", "x").tree
    assert isinstance(tree, dict)
    assert len(str(tree["a3"])) > 10_000


def test_size() -> None:
    with pytest.raises(DocumentTooLarge, match="11 bytes, more than the 10 bytes") as caught:
        read_document(b'["aaaaaaa"]', "x.json", "x.json", Limits(size=10))
    assert str(caught.value.location) == "x.json"


def test_long_single_lines() -> None:
    text = "x" * 5_000_000
    assert read_document(f"a: {text}".encode(), "x.yaml", "x").tree == {"a": text}
    assert read_document(json.dumps({"a": text}).encode(), "x.json", "x").tree == {"a": text}


def read_or_refuse(data: bytes) -> None:
    """Read under every kind of name; anything but a tree and one of our own errors fails the test."""
    for path in ("x.json", "x.yaml", "-"):
        with contextlib.suppress(TreatyError):
            read_document(data, path, path)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(max_examples=400)
def test_any_bytes(data: bytes) -> None:
    read_or_refuse(data)


@given(st.text(alphabet="{}[]\":,\\ \n\tab01eE.-+&*!|>%@`#?'~<=u", max_size=40))
@settings(max_examples=600)
def test_any_structure(text: str) -> None:
    read_or_refuse(text.encode())
