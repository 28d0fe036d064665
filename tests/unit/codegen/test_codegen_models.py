"""What models do with values: exact where the contract is exact, open where it may grow."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from tests.unit.codegen.generated_code import emit, imported, openapi, operation, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

REF = "#/components/schemas/"


def ref(name: str) -> dict[str, str]:
    return {"$ref": REF + name}


SCHEMAS: dict[str, Any] = {
    "Kind": {"type": "string", "enum": ["card", "bank"]},
    "Status": {"type": "string", "maxLength": 8, "x-extensible-enum": ["open", "closed"]},
    "Sort": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
    "Amount": {"type": "string", "format": "decimal", "pattern": r"^\d{1,5}(\.\d{1,2})?$"},
    "Money": {
        "type": "object",
        "required": ["amount"],
        "properties": {"amount": ref("Amount"), "exact": {"type": "number", "format": "decimal"}},
    },
    "Card": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "card"}, "last4": {"type": "string"}},
    },
    "Bank": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "bank"}, "iban": {"type": "string"}},
    },
    "Method": {"oneOf": [ref("Card"), ref("Bank")], "discriminator": {"propertyName": "kind"}},
    "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
    "Child": {"allOf": [ref("Base"), {"type": "object", "properties": {"extra": {"type": "integer"}}}]},
    "Narrow": {
        "allOf": [ref("Base"), {"type": "object", "properties": {"id": {"const": "fixed"}}}],
    },
    "Clash": {
        "allOf": [ref("Base"), {"type": "object", "properties": {"id": ref("Money")}}],
    },
    "Tree": {"type": "object", "properties": {"children": {"type": "array", "items": ref("Tree")}}},
    "Answer": {
        "type": "object",
        "required": ["status", "kind"],
        "properties": {
            "status": ref("Status"),
            "kind": ref("Kind"),
            "inline": {"enum": ["a", "b", None]},
            "method": ref("Method"),
            "methods": {"type": "array", "items": ref("Method")},
            "when": {"type": "string", "format": "date-time"},
            "day": {"type": "string", "format": "date"},
            "date": {"type": "string", "format": "date"},
            "data": {"type": "string", "format": "byte"},
            "nested": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
            "map": {"type": "object", "additionalProperties": {"type": "integer"}},
            "class": {"type": "string"},
            "copy": {"type": "boolean"},
            "camelCase": {"type": "integer", "minimum": 3},
            "tree": ref("Tree"),
            "child": ref("Child"),
            "narrow": ref("Narrow"),
            "clash": ref("Clash"),
            "old": {
                "type": "string",
                "deprecated": True,
                "x-lifecycle": {"deprecated_since": "1.2.0", "removed_in": "2.0.0", "replaced_by": "status"},
            },
        },
    },
    "Request": {
        "type": "object",
        "required": ["kind", "money"],
        "properties": {
            "kind": {"type": "string", "enum": ["new", "old"]},
            "money": ref("Money"),
            "note": {"type": "string"},
            "comment": {"type": ["string", "null"]},
            "limit": {"type": "integer", "default": 200, "maximum": 500},
            "sort": ref("Sort"),
            "id": {"type": "string", "readOnly": True},
        },
    },
    "Gone": {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "x-lifecycle": {"state": "deprecated", "deprecated_since": "1.1.0"},
    },
}
SCHEMAS["Request"]["required"].append("id")
PATHS: dict[str, Any] = {
    "/things": {
        "get": operation(ref("Answer"), operationId="things.get"),
        "post": operation(ref("Request"), ref("Request"), operationId="things.make"),
        "put": operation(None, ref("Gone"), operationId="things.put"),
    }
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("models")
    emitted = emit(openapi(SCHEMAS, PATHS), folder, "models")
    with imported(emitted, folder) as package:
        yield package


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    return source_of(emit(openapi(SCHEMAS, PATHS), tmp_path_factory.mktemp("source"), "models"), "models.py")


def answer(models: ModuleType, **values: Any) -> Any:
    return models.Answer.model_validate({"status": "open", "kind": "card", **values})


ROUND_TRIPS: list[dict[str, Any]] = [
    {"status": "paused and more than eight"},
    {"kind": "crypto"},
    {"inline": "c"},
    {"inline": None},
    {"unknown": {"deep": [1, 2]}},
    {"method": {"kind": "card", "last4": "1234"}},
    {"method": {"kind": "wallet", "owner": {"x": 1}}},
    {"methods": [{"kind": "bank"}, {"kind": "new"}, {"no": "tag"}]},
    {"data": "+/8="},
    {"map": {"a": 1}},
    {"nested": {"a": 1, "b": 2}},
    {"class": "x", "copy": True, "camelCase": 3, "date": "2026-01-02"},
    {"tree": {"children": [{"children": []}]}},
    {"child": {"id": "i", "extra": 1}},
    {"narrow": {"id": "fixed"}},
]


@pytest.mark.parametrize("values", ROUND_TRIPS, ids=lambda values: next(iter(values)))
def test_what_is_received_is_kept_and_written_back(models: ModuleType, values: dict[str, Any]) -> None:
    assert answer(models, **values).to_wire() == {"status": "open", "kind": "card", **values}


def test_known_variants_are_classes_and_new_ones_are_not(models: ModuleType) -> None:
    assert isinstance(answer(models, method={"kind": "card"}).method, models.Card)
    assert type(answer(models, method={"kind": "new"}).method).__name__ == "UnknownVariant"


def test_names_in_python(models: ModuleType) -> None:
    found = answer(models, **{"class": "x", "copy": True, "camelCase": 3, "date": "2026-01-02", "data": "aGk="})
    assert (found.class_, found.copy_, found.camel_case, found.date.year, found.data) == ("x", True, 3, 2026, b"hi")


REFUSED = [
    {"when": "2026-01-01T00:00:00"},
    {"camelCase": 2},
    {"status": 1},
    {"narrow": {"id": "other"}},
    {"data": "no base64!"},
    {"nested": {}},
    {"day": "tomorrow"},
]


@pytest.mark.parametrize("values", REFUSED, ids=lambda values: next(iter(values)))
def test_what_breaks_the_contract_is_refused(models: ModuleType, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        answer(models, **values)


def test_absent_null_and_default_are_told_apart(models: ModuleType) -> None:
    money = models.Money(amount="1.00")
    request = models.Request(kind="new", money=money, note=None, comment=None)
    assert request.to_wire() == {"kind": "new", "money": {"amount": "1.00"}, "comment": None}
    assert (request.limit, request.sort) == (200, None)
    assert models.Request(kind="new", money=money, limit=3).to_wire()["limit"] == 3
    assert request.model_dump()["note"] is None


def test_what_is_sent_is_closed(models: ModuleType) -> None:
    with pytest.raises(ValidationError, match="new"):
        models.Request(kind="neither", money=models.Money(amount="1"))


@pytest.mark.parametrize("value", ["12.30", 12, Decimal("12.3"), Decimal("1E+1")])
def test_decimals_stay_exact(models: ModuleType, value: Any) -> None:
    money = models.Money(amount=value)
    written = money.to_wire()["amount"]
    assert isinstance(written, str)
    assert Decimal(written) == Decimal(str(value)) == money.amount


@pytest.mark.parametrize("value", [1.5, "1.234", "x", "NaN", True, "123456"])
def test_what_is_no_exact_decimal_is_refused(models: ModuleType, value: Any) -> None:
    with pytest.raises(ValidationError):
        models.Money(amount=value)


def test_a_number_is_sent_as_itself_or_not_at_all(models: ModuleType) -> None:
    assert models.Money(amount="1", exact=Decimal("0.1")).to_wire()["exact"] == 0.1
    with pytest.raises(Exception, match="cannot be sent"):
        models.Money(amount="1", exact=Decimal("0.1000000000000000000001")).to_wire()


def test_deprecation_is_told_when_it_is_used(models: ModuleType) -> None:
    found = answer(models, old="x")
    with pytest.warns(DeprecationWarning, match=r"old is deprecated since 1\.2\.0, removed in 2\.0\.0; use status"):
        assert found.old == "x"
    with pytest.warns(DeprecationWarning, match=r"Gone is deprecated since 1\.1\.0"):
        models.Gone(a="x")


def test_inheritance_only_where_types_agree(models: ModuleType) -> None:
    assert issubclass(models.Child, models.Base)
    assert issubclass(models.Narrow, models.Base)
    assert not issubclass(models.Clash, models.Base)
    assert models.Clash.model_fields.keys() == {"id"}


SOURCES = [
    ('Status: TypeAlias = Literal["open", "closed"] | str', "an extensible list is open"),
    ('Sort: TypeAlias = Literal["asc", "desc"]\n', "what is sent is closed"),
    ("class Answer(Model):", "only received"),
    ("class Money(RequestModel):", "sent too"),
    ('class_: Annotated[str | None, Field(alias="class")] = None', "an alias that type checkers do not mistake"),
    ('camel_case: Annotated[int | None, Field(alias="camelCase", ge=3)] = None', "limits"),
    ("id: str | None = None", "readOnly is not asked of the sender"),
    ('children: "list[Tree] | None" = None', "recursion"),
    ('nullable: ClassVar[frozenset[str]] = frozenset({"comment"})', "null means something"),
    ("class AnswerNested(Model):", "inner objects are named after where they stand"),
]


@pytest.mark.parametrize(("text", "why"), SOURCES, ids=[why for _, why in SOURCES])
def test_source(source: str, text: str, why: str) -> None:
    assert text in source


def test_nothing_is_rebuilt_by_hand(source: str) -> None:
    assert "model_rebuild" not in source


def test_every_type_can_be_built(models: ModuleType) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in models.__all__:
            kind = getattr(models, name)
            schema = kind.model_json_schema() if isinstance(kind, type) and issubclass(kind, BaseModel) else None
            assert schema is not None or TypeAdapter(kind) is not None


def test_openapi_3_0_says_null_and_bounds_in_its_own_way(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "required": ["a", "b", "c"],
        "properties": {
            "a": {"type": "string", "nullable": True},
            "b": {"allOf": [ref("Sort")], "nullable": True, "description": "A described reference."},
            "c": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        },
    }
    document = openapi({"Old": schema, "Sort": SCHEMAS["Sort"]}, version="3.0.3")
    emitted = emit(document, tmp_path, "models")
    with imported(emitted, tmp_path) as package:
        assert package.Old.model_validate({"a": None, "b": None, "c": 1}).b is None
        with pytest.raises(ValidationError):
            package.Old.model_validate({"a": None, "b": None, "c": 0})
    assert "b: Sort | None" in source_of(emitted, "models.py")


def test_a_pattern_no_engine_here_runs_is_left_to_the_server_and_told(tmp_path: Path) -> None:
    document = openapi({"Code": {"type": "string", "pattern": r"^(?!x)\w+$"}})
    emitted = emit(document, tmp_path, "models")
    assert "pattern" not in source_of(emitted, "models.py")
    assert any("(?!x)" in note for note in emitted.notes)


def test_json_schemas_of_a_folder_become_one_package(tmp_path: Path) -> None:
    from treaty_codegen.generating import generate
    from treaty_codegen.jobs import Job

    (tmp_path / "money.schema.json").write_text('{"type": "object", "properties": {"amount": {"type": "string"}}}')
    (tmp_path / "bet.schema.json").write_text(
        '{"title": "Bet", "type": "object", "properties": {"stake": {"$ref": "money.schema.json"}}}'
    )
    documents = (tmp_path / "bet.schema.json", tmp_path / "money.schema.json")
    job = Job("c", "models", documents, "folder/", tmp_path / "out", "folder_models", "folder-models")
    emitted = generate(job, {})
    assert "stake: Money | None = None" in source_of(emitted, "models.py")
    assert emitted.names == {"bet.schema.json#": "Bet", "money.schema.json#": "Money"}
