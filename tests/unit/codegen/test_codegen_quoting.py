"""Text of a contract in source: it stays text, and it fits the page."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty_codegen.layout import WIDTH, fitted
from treaty_codegen.quoting import comment, docstring, first_sentences, literal, one_line, plain

ATTACKS = [
    '"""\nimport os; os.system("true")\n"""',
    'ends with a quote"',
    "ends with a backslash\\",
    '\\"""',
    "line\rfeed\x0cform\x00null",
    "\u202eright to left\u202c and zero\u200bwidth",
    "\ud800 half a surrogate",
    "'''",
    "{injected} %s {0}",
    "# comment\nclass X: pass",
    '"' * 7,
    r"ends with \"other\"",
    r'or \\"',
    "\\" * 5,
]


def read_back(lines: list[str]) -> str:
    """What Python makes of a docstring."""
    module = ast.parse("\n".join(lines))
    assert len(module.body) == 1
    statement = module.body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert isinstance(statement.value.value, str)
    return statement.value.value


@pytest.mark.parametrize("text", ATTACKS)
def test_a_docstring_is_one_string_whatever_it_says(text: str) -> None:
    lines = docstring(text)
    if plain(text):
        assert read_back(lines).split() == plain(text).split()


@given(st.text(min_size=1))
def test_any_docstring_reads_back(text: str) -> None:
    lines = docstring(text, 4)
    if not plain(text):
        assert lines == []
        return
    dedented = [line[4:] for line in lines]
    assert read_back(dedented).split() == plain(text).split()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_literal_reads_back(value: object) -> None:
    assert ast.literal_eval(literal(value)) == value


@pytest.mark.parametrize("text", ATTACKS)
def test_a_literal_shows_no_invisible_characters(text: str) -> None:
    written = literal(text)
    assert ast.literal_eval(written) == text
    assert written.isprintable()


@given(st.text())
def test_a_comment_is_never_code(text: str) -> None:
    assert ast.parse("\n".join(comment(text))).body == []
    assert "\n" not in one_line(text)


LAYOUTS = [
    ("x = f(a, b)", ["x = f(a, b)"]),
    (
        f"x = function({'a' * 40}, {'b' * 40}, {'c' * 40})",
        ["x = function(", f"    {'a' * 40},", f"    {'b' * 40},", f"    {'c' * 40},", ")"],
    ),
    (
        f"value = function_name_that_is_long({'a' * 40}, {'b' * 30})",
        ["value = function_name_that_is_long(", f"    {'a' * 40}, {'b' * 30}", ")"],
    ),
    (
        f"value = {{'{'a' * 40}': 1, '{'b' * 60}': 2}}",
        ["value = {", f"    '{'a' * 40}': 1,", f"    '{'b' * 60}': 2,", "}"],
    ),
    (
        f"name: Alias = ({'A' * 60} | {'B' * 60})",
        ["name: Alias = (", f"    {'A' * 60}", f"    | {'B' * 60}", ")"],
    ),
    (f"x = '{'a' * 120}'", [f"x = '{'a' * 120}'"]),
]


# What formatters make of lines that no bracket breaks well: with names as long as those of machine-made contracts.
LONG = "A" * 80
AWKWARD = [
    f"def get(self, name: str, **options: Unpack[CallOptions]) -> list[models.{'B' * 40}]:",
    f"def get(self, name: str, **options: Unpack[CallOptions]) -> (models.{LONG} | models.{LONG}):",
    f"class {LONG}{LONG}(Model):",
    f"_{LONG}: Operation[models.Thing] = Operation('id', 'GET', '/path/to/something')",
    f"_{LONG[:40]}: Operation[models.{LONG[:42]}] = Operation('id', 'GET', '/path', answers={{'200': models.X}})",
    f"answer = client.{LONG}{LONG}('text')",
    f"answer = client.{LONG}()",
    f"X = [models.{LONG}{LONG}(name='x', text='y = z | w')]",
    "X: Annotated[Literal['aaaaaaaaaaaa', 'bbbbbbbbbbbbb', 'cccccccccccccccccccc'] | str | None, Field(alias='type')]",
    f"X = {{('GET', '/{LONG}{LONG}'): Answer(200, {{'a': 1, 'text': 'a = b'}})}}",
    "answer = client.query(models.Query(text='summary ~ test AND (labels in (urgent, blocker) OR by = (me()) | x)'))",
]


@pytest.mark.parametrize("line", AWKWARD)
def test_a_formatter_would_break_it_the_same_way(line: str) -> None:
    import subprocess
    import sys

    body = ["    pass"] if line.endswith(":") else []
    written = "\n".join([*fitted(line.replace("'", '"')), *body, ""])
    compile(written, "<written>", "exec")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100", "-"]
    done = subprocess.run(command, input=written, capture_output=True, text=True, check=True)
    assert written == done.stdout


@pytest.mark.parametrize(("line", "expected"), LAYOUTS)
def test_layout(line: str, expected: list[str]) -> None:
    assert fitted(line) == expected


arguments = st.lists(st.text("abcxyz_", min_size=1, max_size=30), min_size=1, max_size=8)


@given(arguments, arguments, st.text(max_size=20))
def test_breaking_lines_changes_no_meaning(one: list[str], other: list[str], text: str) -> None:
    names = [f"v_{each}" for each in one]
    inner = f"inner({', '.join(f'v_{each}' for each in other)}, {literal(text)})"
    line = f"result = call({', '.join(names)}, key={inner}, items=[{', '.join(names)}])"
    lines = fitted(line)
    assert ast.dump(ast.parse("\n".join(lines))) == ast.dump(ast.parse(line))
    if len(literal(text)) < 60:
        assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize(
    ("text", "longest", "found"),
    [
        ("One. Two.", 0, "One."),
        ("See (RFC 1. 2). Next.", 0, "See (RFC 1. 2)."),
        ("One. Two. Three.", 10, "One. Two."),
        ("no end", 0, "no end"),
        ("", 0, ""),
        ("v1.2 is out. Yes.", 0, "v1.2 is out."),
    ],
)
def test_first_sentences(text: str, longest: int, found: str) -> None:
    assert first_sentences(text, longest=longest) == found
