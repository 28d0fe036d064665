"""Documents nobody can compare: one located sentence, exit code 3, and never a word of compatibility."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Scratch

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: 1.0.0}\n"
OPERATION = """\
paths:
  /things:
    get:
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Thing"}
"""
CYCLE = """\
components:
  schemas:
    Thing: {$ref: "#/components/schemas/Other"}
    Other: {$ref: "#/components/schemas/Thing"}
"""
DATA = """\
              examples: {one: {value: {$ref: "#/nowhere"}}}
      responses: {"204": {description: done}}
"""
BOMB = "".join(f"x-{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9 if i else ['x'] * 9)}]\n" for i in range(12))
BODY = "paths:\n  /things:\n    post:\n      requestBody:\n          content:\n            application/json:\n"

NESTED = "[" * 10_000 + "]" * 10_000
START = '{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "x": '

CASES: dict[str, tuple[str | bytes, str]] = {
    "no yaml": ("openapi: 3.1.0\ninfo: {title: [\n", "new.yaml:3:1: not valid YAML"),
    "a key twice": (f"{HEAD}paths: {{}}\npaths: {{}}\n", "new.yaml:4:1: "),
    "no utf-8": (b"openapi: 3.1.0\ninfo: {title: '\xff', version: 1.0.0}\n", "new.yaml:2:16: not UTF-8"),
    "empty": ("", "new.yaml: the file is empty"),
    "swagger": ("swagger: '2.0'\ninfo: {title: T, version: 1.0.0}\npaths: {}\n", "new.yaml:1:1: Swagger 2.0"),
    "no contract": ("name: something\n", "new.yaml"),
    "a reference to nothing": (HEAD + OPERATION, "new.yaml:11:24: the reference '#/components/schemas/Thing' leads"),
    "a reference to no file": (
        HEAD + OPERATION.replace("#/components/schemas/Thing", "thing.yaml"),
        "new.yaml:11:24: the reference 'thing.yaml'",
    ),
    "a reference out of the root": (
        HEAD + OPERATION.replace("#/components/schemas/Thing", "../../../../../../etc/passwd"),
        "new.yaml:11:24: ",
    ),
    "a reference to the network": (
        HEAD + OPERATION.replace("#/components/schemas/Thing", "http://127.0.0.1:9/thing.yaml"),
        "new.yaml:11:24: ",
    ),
    "references in a circle": (HEAD + OPERATION + CYCLE, "leads only to itself"),
    "deep json": (
        START + NESTED + "}",
        "nested deeper than 254 levels",
    ),
    "deep yaml": (f"{HEAD}paths: {{}}\nx-a: {NESTED}\n", "new.yaml:4:259: nested deeper"),
    "aliases that multiply": (f"{HEAD}paths: {{}}\n{BOMB}", "stand for more than 1,000,000 nodes"),
}  # fmt: skip


@pytest.fixture
def documents(scratch: Scratch) -> Scratch:
    scratch.write("old.yaml", f"{HEAD}paths: {{}}\n")
    return scratch


@pytest.mark.parametrize(("content", "message"), CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("side", ["base", "revision"])
def test_it_is_told_and_not_compared(documents: Scratch, content: str | bytes, message: str, side: str) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (documents.root / "new.yaml").write_bytes(data)
    if side == "base" and ("reference" in message or "itself" in message or "11:24" in message):
        pytest.skip("what the base refers to counts only where it is compared")

    ran = documents.treaty("diff", *(("new.yaml", "old.yaml") if side == "base" else ("old.yaml", "new.yaml")))

    assert (ran.code, ran.out) == (3, "")
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert len(ran.err.splitlines()) <= 2


def test_too_large(documents: Scratch) -> None:
    with (documents.root / "new.yaml").open("wb") as file:
        file.truncate(200_000_000)

    ran = documents.treaty("diff", "old.yaml", "new.yaml")

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("treaty: new.yaml: the file has 191 MB, more than the 64 MB one document may have")


def test_what_only_looks_like_a_reference_is_data(documents: Scratch) -> None:
    documents.write("new.yaml", HEAD + BODY + DATA)

    ran = documents.treaty("diff", "old.yaml", "new.yaml")

    assert (ran.code, ran.err) == (0, "")


def test_a_reference_that_led_nowhere_before_is_not_what_this_change_did(documents: Scratch) -> None:
    unused = f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{Unused: {{$ref: nowhere.yaml}}}}}}\n"
    documents.write("old.yaml", unused)
    documents.write("new.yaml", f"{unused}tags: [{{name: new}}]\n")

    ran = documents.treaty("diff", "old.yaml", "new.yaml")

    assert (ran.code, ran.err) == (0, "")
