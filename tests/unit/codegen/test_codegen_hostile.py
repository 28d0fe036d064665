"""Contracts that try: odd names, collisions, circles, and text that would like to be code."""

from __future__ import annotations

import ast
import builtins
import importlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.codegen.generated_code import emit, imported, openapi, operation, source_of

from treaty.errors import CannotCheck, TreatyError

if TYPE_CHECKING:
    from pathlib import Path

PAYLOADS = [
    '"""\nimport builtins; builtins.PWNED = 1\n"""',
    '"; import builtins; builtins.PWNED = 1; "',
    "'; import builtins; builtins.PWNED = 1; '",
    "\\\nimport builtins; builtins.PWNED = 1",
    "{__import__('builtins').__dict__.update(PWNED=1)}",
    "{{ cycler.__init__.__globals__ }}{% set x = 1 %}",
    "x\r\nimport builtins; builtins.PWNED = 1",
    "\u2028import builtins; builtins.PWNED = 1",
    "__import__('builtins').__setattr__('PWNED', 1)",
    "]\n[project.scripts]\nevil = 'x:y'\n",
]


def hostile(text: str) -> dict[str, Any]:
    """A contract that says ``text`` wherever text is allowed."""
    lifecycle = {"deprecated_since": text, "removed_in": text, "replaced_by": text, "migration": text}
    schema = {
        "title": text,
        "description": text,
        "type": "object",
        "x-lifecycle": lifecycle,
        "required": [text],
        "properties": {
            text: {"type": "string", "description": text, "default": text, "x-lifecycle": lifecycle},
            "enum": {"enum": [text, "plain"]},
            "const": {"const": text},
            "open": {"type": "string", "x-extensible-enum": [text]},
            "pattern": {"type": "string", "pattern": text},
            "inner": {"title": text, "type": "object", "properties": {text: {"type": "integer"}}},
            "union": {"oneOf": [{"$ref": "#/components/schemas/A"}], "discriminator": {"propertyName": text}},
        },
    }
    error = {"type": "object", "properties": {"code": {"x-extensible-enum": [text], "type": "string"}}}
    parameter = {"name": text, "in": "query", "description": text, "schema": {"type": "string", "default": text}}
    header = {"name": "X-Thing", "in": "header", "description": text, "required": True, "schema": {"type": "string"}}
    found = operation(
        {"$ref": "#/components/schemas/A"},
        {"$ref": "#/components/schemas/A"},
        operationId=text,
        tags=[text],
        summary=text,
        description=text,
        deprecated=True,
        parameters=[parameter, header],
        security=[{text: []}],
        **{"x-lifecycle": lifecycle},
    )
    found["responses"]["400"] = {"description": text, "content": {"application/json": {"schema": error}}}
    delivery = operation(None, {"$ref": "#/components/schemas/A"}, summary=text)
    document = openapi(
        {"A": schema},
        {"/a": {"get": dict(found), "post": found}},
        components={
            "securitySchemes": {
                text: {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": text, "scopes": {}}}},
            }
        },
        servers=[{"url": f"https://x.example/{text}", "description": text}],
        tags=[{"name": text, "description": text}],
        webhooks={text: {"post": delivery}},
    )
    document["info"] = {"title": text, "version": text, "description": text, "summary": text, "x-lifecycle": lifecycle}
    return document


@pytest.mark.parametrize("text", PAYLOADS)
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    emitted = emit(hostile(text), tmp_path)
    for path, source in emitted.files.items():
        if path.endswith(".py"):
            for node in ast.walk(ast.parse(source)):
                assert not (isinstance(node, ast.Name) and node.id == "PWNED"), path
                assert not (isinstance(node, ast.Attribute) and node.attr == "PWNED"), path
    with imported(emitted, tmp_path) as package:
        assert package.models.__all__
        client = importlib.import_module(f"{package.__name__}.client")
        assert client.CONTRACT.name == text
        assert package.webhooks.TOPICS.keys() == {text}
    assert not hasattr(builtins, "PWNED")
    assert "\n[project.scripts]" not in emitted.files["pyproject.toml"]


@given(text=st.text(min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_compiles_and_reads_back(tmp_path: Path, text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return  # JSON files hold no half surrogates
    emitted = emit(hostile(text), tmp_path)
    strings = {
        node.value
        for node in ast.walk(ast.parse(source_of(emitted, "models.py")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert text in strings


NAMES = [
    ["class", "Class", "CLASS", "class_"],
    ["a-b", "a_b", "a.b", "aB", "AB"],
    ["None", "True", "import", "type", "Any", "Field", "Model", "RequestModel", "Literal"],
    ["str", "int", "list", "dict", "Decimal", "UUID", "Date", "datetime", "date"],
    ["self", "options", "body", "timeout", "headers", "idempotency_key", "model_config", "model_fields"],
    ["copy", "json", "dict", "schema", "validate", "construct", "to_wire", "nullable", "parse_obj"],
    ["größe", "grÖße", "Ünïcödé", "名前", "имя", "a\u0301", "\u00e1"],
    ["1", "1a", "01", "-1", "_", "__", "___x", "$", "@type", "#", "/", ".", " ", "💥"],
    ["__class__", "__init__", "__annotations__", "__pydantic_extra__", "__slots__", "__doc__"],
]


@pytest.mark.parametrize("names", NAMES, ids=lambda names: names[0])
def test_names_of_schemas_properties_parameters_and_operations(tmp_path: Path, names: list[str]) -> None:
    properties: dict[str, Any] = {name: {"type": "string"} for name in names}
    schemas: dict[str, Any] = {
        name: {"type": "object", "required": names[:1], "properties": properties} for name in names
    }
    every = {"type": "object", "properties": {name: {"$ref": pointer(name)} for name in names}}
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    paths = {
        f"/p{index}": {
            "get": operation(every, operationId=name, tags=[name], parameters=parameters),
            "post": operation({"$ref": pointer(name)}, {"$ref": pointer(name)}, operationId=f"x.{name}"),
        }
        for index, name in enumerate(names)
    }
    emitted = emit(openapi(schemas, paths), tmp_path)
    assert len(emitted.elements) == 2 * len(names)
    assert len({element.becomes.lower() for element in emitted.elements}) == 2 * len(names)
    with imported(emitted, tmp_path) as package:
        models = [getattr(package.models, name) for name in package.models.__all__]
        value = dict.fromkeys(names, "x")
        full = next(model for model in models if len(model.model_fields) >= len(names))
        assert set(full.model_fields)
        for model in models:
            if all(not str(field.annotation).startswith("generated") for field in model.model_fields.values()):
                kept = model.model_validate(value | {"new": 1}).to_wire()
                assert kept.items() >= value.items() or "__pydantic_extra__" in str(kept)
                break


def pointer(name: str) -> str:
    return "#/components/schemas/" + name.replace("~", "~0").replace("/", "~1").replace("%", "%25").replace("#", "%23")


SHAPES: dict[str, Any] = {
    "empty": {},
    "true": True,
    "false": False,
    "no type": {"properties": {"a": {}}},
    "array of anything": {"type": "array"},
    "tuple": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
    "old tuple": {"type": "array", "items": [{"type": "string"}]},
    "self": {"$ref": "#/components/schemas/Shape"},
    "list of self": {"type": "array", "items": {"$ref": "#/components/schemas/Shape"}},
    "map of self": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Shape"}},
    "union with self": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Shape"}]},
    "all of self": {"allOf": [{"$ref": "#/components/schemas/Shape"}, {"properties": {"a": {}}}]},
    "required only": {"type": "object", "required": ["ghost"]},
    "mixed enum": {"enum": [1, "1", True, None, 1.5, [], {}]},
    "numbers": {"enum": [1, 2, 2.5]},
    "one null": {"enum": [None]},
    "const object": {"const": {"a": 1}},
    "const null": {"const": None},
    "conflict": {"allOf": [{"type": "string"}, {"type": "integer"}]},
    "closed": {"type": "object", "additionalProperties": False},
    "patterned": {"type": "object", "patternProperties": {"^x-": {"type": "string"}}},
    "typed extras": {
        "type": "object",
        "properties": {"a": {"type": "integer"}},
        "additionalProperties": {"type": "string"},
    },
    "everything": {"type": ["string", "integer", "object", "array", "null", "boolean", "number"]},
    "not": {"not": {"type": "string"}},
    "conditional": {"if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}},
    "deep union": {"oneOf": [{"oneOf": [{"type": "string"}, {"anyOf": [{"type": "integer"}, {"type": "null"}]}]}]},
    "bad bounds": {"type": "integer", "minimum": 5, "maximum": 1},
    "huge bound": {"type": "integer", "maximum": 10**400, "minimum": -(10**400)},
    "default of another type": {"type": "object", "properties": {"a": {"type": "integer", "default": "x"}}},
    "three parents": {
        "allOf": [
            {"$ref": "#/components/schemas/P1"},
            {"$ref": "#/components/schemas/P2"},
            {"$ref": "#/components/schemas/P1"},
        ]
    },
    "tagged without tags": {
        "oneOf": [{"$ref": "#/components/schemas/P1"}, {"type": "string"}],
        "discriminator": {"propertyName": "kind"},
    },
    "tags to nowhere": {
        "oneOf": [{"$ref": "#/components/schemas/P1"}, {"$ref": "#/components/schemas/P2"}],
        "discriminator": {"propertyName": "a", "mapping": {"x": "P1", "y": "#/components/schemas/P2"}},
    },
}
REFUSED = {"self"}
PARENT = {"type": "object", "properties": {"a": {"type": "string"}}}


@pytest.mark.parametrize("name", SHAPES)
def test_odd_schemas(tmp_path: Path, name: str) -> None:
    """They come out as code that imports and builds, or are refused as no contract; nothing else."""
    schemas = {"P1": PARENT, "P2": PARENT, "Shape": SHAPES[name]}
    paths = {"/s": {"post": operation({"$ref": "#/components/schemas/Shape"}, {"$ref": "#/components/schemas/Shape"})}}
    document = openapi(schemas, paths)
    try:
        emitted = emit(document, tmp_path)
    except TreatyError:
        refused = True
    else:
        refused = False
    assert refused == (name in REFUSED)
    if refused:
        return
    with imported(emitted, tmp_path) as package:
        from pydantic import BaseModel, TypeAdapter

        for kind in (getattr(package.models, each) for each in package.models.__all__):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                kind.model_rebuild()
            else:
                TypeAdapter(kind)
        assert package.SampleAPI(base_url="http://x").s is not None


def test_deep_nesting(tmp_path: Path) -> None:
    deep: dict[str, Any] = {"type": "string"}
    for index in range(60):
        deep = {"type": "object", "properties": {f"p{index}": deep}}
    lists: dict[str, Any] = {"type": "string"}
    for _ in range(80):
        lists = {"type": "array", "items": lists}
    emitted = emit(openapi({"Deep": deep, "Lists": lists}), tmp_path, "models")
    assert any("nested deeper" in note for note in emitted.notes)
    with imported(emitted, tmp_path) as package:
        assert len(package.__all__) == 61


def test_a_wide_circle_of_schemas(tmp_path: Path) -> None:
    schemas = {
        f"N{index}": {
            "type": "object",
            "properties": {"next": {"$ref": f"#/components/schemas/N{(index + 1) % 30}"}},
        }
        for index in range(30)
    }
    with imported(emit(openapi(schemas), tmp_path, "models"), tmp_path) as package:
        assert package.N0.model_validate({"next": {"next": {}}}).next.next.next is None


BROKEN: list[tuple[str, Any]] = [
    ("no such schema", {"$ref": "#/components/schemas/Nothing"}),
    ("another file", {"$ref": "other.yaml#/X"}),
]


@pytest.mark.parametrize(("why", "schema"), BROKEN)
def test_a_broken_operation_is_downgraded_not_dropped(tmp_path: Path, why: str, schema: Any) -> None:
    paths = {
        "/good": {"get": operation({"type": "string"}, operationId="good.get")},
        "/bad": {"get": operation(schema, operationId="bad.get")},
        "/worse": {"post": operation(None, schema, operationId="worse.post")},
    }
    emitted = emit(openapi({}, paths), tmp_path)
    states = {element.becomes: element.state for element in emitted.elements}
    assert states == {"good.get": "emitted", "bad.get": "downgraded", "worse.post": "downgraded"}
    assert all(element.reasons for element in emitted.elements if element.state == "downgraded")
    with imported(emitted, tmp_path) as package:
        assert package.SampleAPI(base_url="http://x").bad.get


def test_a_broken_component_says_where(tmp_path: Path) -> None:
    document = openapi({"Bad": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Gone"}}}})
    with pytest.raises(CannotCheck) as raised:
        emit(document, tmp_path, "models")
    assert raised.value.location is not None
    assert raised.value.location.line is not None


def test_a_broken_component_concerns_those_that_use_it(tmp_path: Path) -> None:
    good = {"type": "object", "properties": {"a": {"type": "string"}}}
    schemas = {
        "Bad": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Gone"}}},
        "Holder": {"type": "object", "properties": {"bad": {"$ref": "#/components/schemas/Bad"}}},
        "Good": good,
    }
    paths = {
        "/first": {"get": operation({"$ref": "#/components/schemas/Good"}, operationId="first.get")},
        "/second": {"get": operation({"$ref": "#/components/schemas/Holder"}, operationId="second.get")},
    }
    emitted = emit(openapi(schemas, paths), tmp_path)
    assert {element.becomes: element.state for element in emitted.elements} == {
        "first.get": "emitted",
        "second.get": "downgraded",
    }
    assert [note.partition(":")[0] for note in emitted.notes] == ["#/components/schemas/Bad"]
    with imported(emitted, tmp_path) as package:
        assert package.models.Holder.model_validate({"bad": [1]}).bad == [1]


def test_what_the_model_library_refuses_is_any_and_the_rest_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from treaty_codegen.models import asking

    real = asking.python_source

    def refusing(schemas: dict[str, Any]) -> str:
        if any(schema.get("maxLength") == 13 for schema in schemas.values()):
            raise CannotCheck("thirteen", advice="choose another")
        return real(schemas)

    monkeypatch.setattr(asking, "python_source", refusing)
    schemas = {
        "Odd": {"type": "string", "maxLength": 13},
        "Good": {
            "type": "object",
            "properties": {"odd": {"$ref": "#/components/schemas/Odd"}, "next": {"$ref": "#/components/schemas/Good"}},
        },
    }
    emitted = emit(openapi(schemas), tmp_path, "models")
    assert emitted.notes == ["#/components/schemas/Odd: typed as Any, because thirteen"]
    source = source_of(emitted, "models.py")
    assert "    odd: Any = None" in source
    assert '    next: "Good | None" = None' in source


COLLIDING = [
    "Core",
    "Settings",
    "contract",
    "Resource",
    "operation",
    "options",
    "clock",
    "close",
    "Sample API",
    "upload",
]


def test_resources_called_like_what_their_modules_import(tmp_path: Path) -> None:
    paths = {f"/r{index}": {"get": operation(tags=[tag])} for index, tag in enumerate(COLLIDING)}
    emitted = emit(openapi({}, paths), tmp_path)
    with imported(emitted, tmp_path) as package, package.SampleAPI(base_url="http://x") as client:
        for element in emitted.elements:
            resource, _, method = element.becomes.partition(".")
            assert callable(getattr(getattr(client, resource), method))
    assert len({element.becomes for element in emitted.elements}) == len(COLLIDING)


# Examples and patterns that Python cannot read: they are no reason to fail, and no value in a test.
EXAMPLES: list[dict[str, Any]] = [
    {"type": "string", "format": "byte", "example": "ü"},
    {"type": "string", "format": "uuid", "example": "nobody"},
    {"type": "string", "format": "date-time", "example": "yesterday"},
    {"type": "string", "format": "date-time", "example": "2026-11-21T09:30:00"},
    {"type": "string", "format": "date", "example": "21.11.2026"},
    {"type": "string", "format": "decimal", "example": "a lot"},
    {"type": "string", "pattern": r"^[\p{L}]+$", "example": "abc"},
    {"type": "string", "pattern": r"\Aabc\z", "example": "abc"},
    {"type": "string", "pattern": "^/v1/things", "maxLength": 20},
    {"type": "string", "pattern": "^[a-z]{3}-[0-9]{2}$"},
    {"type": "integer", "example": "7"},
]


@pytest.mark.parametrize("schema", EXAMPLES, ids=[f"{each.get('format', each.get('pattern'))}" for each in EXAMPLES])
def test_odd_examples(tmp_path: Path, schema: dict[str, Any]) -> None:
    thing = {"type": "object", "required": ["value"], "properties": {"value": schema}}
    emitted = emit(openapi({}, {"/t": {"post": operation(thing, thing, operationId="t.send")}}), tmp_path)
    test = emitted.files["tests/test_t.py"]
    with imported(emitted, tmp_path) as package:
        module = importlib.import_module(f"{package.__name__}.resources.t")
        found = [node for node in ast.walk(ast.parse(test)) if isinstance(node, ast.Call)]
        calls = [ast.unparse(node) for node in found if ast.unparse(node).startswith("models.")]
        names = {"models": module.models, **vars(importlib.import_module("datetime")), "UUID": str}
        for call in calls:
            built = eval(call, {**names, "Decimal": importlib.import_module("decimal").Decimal})
            assert built.value == built.value
    assert calls or "no example can be made" in test


def test_paths_that_hold_more_than_a_path(tmp_path: Path) -> None:
    """Some contracts tell operations apart by a query or a fragment in the path; a fragment is never sent."""
    paths = {
        "/?action=list": {"get": operation({"type": "string"}, operationId="actions.list")},
        "/#one": {"post": operation({"type": "string"}, operationId="fragments.one")},
        "/#two": {"post": operation({"type": "integer"}, operationId="fragments.two")},
    }
    emitted = emit(openapi({}, paths), tmp_path)
    assert {element.becomes: element.state for element in emitted.elements} == {
        "actions.list": "emitted",
        "fragments.one": "downgraded",
        "fragments.two": "downgraded",
    }
    assert "def test_list(" in emitted.files["tests/test_actions.py"]
    assert "def test_" not in emitted.files["tests/test_fragments.py"]
    with imported(emitted, tmp_path) as package:
        import httpx2

        seen: list[str] = []
        transport = httpx2.MockTransport(
            lambda request: (seen.append(str(request.url)), httpx2.Response(200, json="x"))[1]
        )
        with package.SampleAPI(base_url="http://x", http_client=httpx2.Client(transport=transport)) as client:
            assert client.actions.list() == "x"
        assert seen == ["http://x/?action=list"]


def test_a_class_comes_after_its_bases_whatever_refers_to_what(tmp_path: Path) -> None:
    """Thing has an Image, and an Image is a Work, which is a Thing; a Work has a provider, which is a Thing again."""

    def derived(base: str, **properties: Any) -> dict[str, Any]:
        own = {"type": "object", "properties": properties}
        return {"allOf": [{"$ref": f"#/components/schemas/{base}"}, own]}

    schemas = {
        "Work": derived("Thing", provider={"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}),
        "Image": derived("Work", width={"type": "integer"}),
        "Thing": derived("Root", image={"$ref": "#/components/schemas/Image"}),
        "Root": {"type": "object", "properties": {"id": {"type": "string"}}},
    }
    with imported(emit(openapi(schemas), tmp_path, "models"), tmp_path) as package:
        assert [kind.__name__ for kind in package.Image.__mro__[:4]] == ["Image", "Work", "Thing", "Root"]
        assert package.Thing.model_validate({"image": {"width": 1, "provider": [{}]}}).image.width == 1


def test_credentials_that_no_test_can_make(tmp_path: Path) -> None:
    """With client certificates alone the tests that come with the package bring an HTTP client instead."""
    import subprocess
    import sys

    schemes = {"certificate": {"type": "mutualTLS"}}
    paths = {"/a": {"get": operation({"type": "string"}, operationId="a.get", security=[{"certificate": []}])}}
    emitted = emit(openapi({}, paths, components={"securitySchemes": schemes}), tmp_path)
    with imported(emitted, tmp_path):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
        done = subprocess.run(command, cwd=tmp_path / "imported", capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout


def test_nothing_of_the_working_directory_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large contracts are typed in a process of their own, which must not take files beside them for modules."""
    from treaty_codegen.models import datamodel

    for module in ("json", "pydantic", "datamodel_code_generator"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('a file of the contract was run')")
    monkeypatch.setattr(datamodel, "_LARGE", 0)
    monkeypatch.chdir(tmp_path)
    emitted = emit(openapi({"Thing": {"type": "object", "properties": {"a": {"type": "string"}}}}), tmp_path, "models")
    assert "class Thing(Model):" in source_of(emitted, "models.py")
