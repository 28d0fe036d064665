"""Witnesses and examples a person can read: small, realistic, with nothing in them that does not matter."""

from __future__ import annotations

import jsonschema
import pytest

from treaty.changes.proof import Answer, Prover, Schema

ORDER = {
    "type": "object",
    "required": ["id", "amount"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "amount": {"type": "integer", "minimum": 1, "maximum": 1000},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]},
        "placed": {"type": "string", "format": "date-time"},
        "lines": {
            "type": "array",
            "items": {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}},
        },
        "status": {"enum": ["open", "paid", "closed"]},
    },
}
ID = "123e4567-e89b-42d3-a456-426614174000"


def changed(**properties: object) -> dict:
    return ORDER | {"properties": ORDER["properties"] | properties}


WITNESSES = [
    ("just above the new maximum", {"type": "integer"}, {"type": "integer", "maximum": 50}, 51),
    ("just below the new minimum", {"type": "integer", "minimum": 0}, {"type": "integer", "minimum": 10}, 9),
    ("the bound itself", {"type": "number", "minimum": 5}, {"type": "number", "exclusiveMinimum": 5}, 5),
    ("a whole number where one will do", {"type": "number"}, {"type": "number", "maximum": 0.5}, 1),
    ("few digits where none will do", {"type": "number", "maximum": 1}, {"type": "number", "maximum": 0.75}, 1),
    ("between close bounds", {"type": "number", "minimum": 0.1, "exclusiveMaximum": 0.3}, {"multipleOf": 0.1}, 0.11),
    ("a multiple of the old step", {"type": "integer", "multipleOf": 5, "minimum": 1}, {"multipleOf": 15}, 5),
    ("one character too many", {"type": "string"}, {"type": "string", "maxLength": 3}, "aaaa"),
    ("too few", {"type": "string", "minLength": 1}, {"type": "string", "minLength": 3}, "a"),
    (
        "astral characters count once",
        {"type": "string", "pattern": "^😀*$"},
        {"type": "string", "maxLength": 1},
        "😀😀",
    ),
    ("a lost constant", {"enum": ["a", "b"]}, {"enum": ["a"]}, "b"),
    ("a date", {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, "2026-01-31"),
    (
        "an address of some length",
        {"type": "string", "format": "email"},
        {"type": "string", "maxLength": 5},
        "user@example.com",
    ),
    ("out of the pattern", {"type": "string", "pattern": "^[a-z]+$"}, {"type": "string", "pattern": "^[a-m]+$"}, "x"),
    ("an empty object", {"type": "object"}, {"type": "object", "required": ["a"]}, {}),
    ("one item", {"type": "array"}, {"type": "array", "items": {"type": "string"}}, [0]),
    ("no item", {"type": "array"}, {"type": "array", "minItems": 1}, []),
    (
        "two equal items",
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "uniqueItems": True},
        ["a", "a"],
    ),
    (
        "nothing beside the property",
        {"type": "object"},
        {"type": "object", "additionalProperties": False},
        {"extra": "a"},
    ),
    (
        "a removed property of a closed object",
        {"type": "object", "properties": {"a": {}, "b": {}}, "additionalProperties": False},
        {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
        {"b": "a"},
    ),
    (
        "required ones and the one that matters",
        ORDER,
        changed(status={"enum": ["open", "paid"]}),
        {"id": ID, "amount": 1, "status": "closed"},
    ),
    (
        "the author's example",
        ORDER,
        changed(currency={"type": "string", "enum": ["USD"]}),
        {"id": ID, "amount": 1, "currency": "EUR"},
    ),
    (
        "in an item",
        ORDER,
        changed(lines={"type": "array", "items": {"type": "object", "required": ["sku", "count"]}}),
        {"id": ID, "amount": 1, "lines": [{"sku": "a"}]},
    ),
    (
        "a moment",
        ORDER,
        changed(placed={"type": "string", "format": "date"}),
        {"id": ID, "amount": 1, "placed": "2026-01-31T12:30:00Z"},
    ),
]


@pytest.mark.parametrize(("old", "new", "value"), [case[1:] for case in WITNESSES], ids=[case[0] for case in WITNESSES])
def test_witnesses(old, new, value):
    proof = Prover().covers(Schema(new), Schema(old))
    assert proof.answer is Answer.NO
    assert proof.witness is not None
    if value == 0.11:  # any number of two digits between the tenths is as good
        assert 0.1 < proof.witness.value < 0.3
        assert len(str(proof.witness.value)) == 4
    else:
        assert proof.witness.value == value
        assert type(proof.witness.value) is type(value)


REASONS = [
    (51, {"type": "integer", "maximum": 50}, "51 is greater than the maximum of 50 at $"),
    (
        {"a": {"b": [1]}},
        {"properties": {"a": {"properties": {"b": {"items": {"type": "string"}}}}}},
        "1 is not of type 'string' at $.a.b[0]",
    ),
    (0.3, {"multipleOf": 0.2}, "0.3 is not a multiple of 0.2 at $"),
    (
        {"x": 1},
        {"additionalProperties": False, "patternProperties": {"^a": {}}},
        "Additional properties are not allowed: 'x' at $",
    ),
]


@pytest.mark.parametrize(("value", "refusing", "reason"), REASONS)
def test_reasons(value, refusing, reason):
    found = Prover().confirm(value, Schema({}), Schema(refusing))
    assert found is not None
    assert found.reason == reason


def test_reasons_are_short():
    found = Prover().confirm("x", Schema({}), Schema({"enum": [f"value-{index}" for index in range(500)]}))
    assert found is not None
    assert len(found.reason) < 200
    assert " … " in found.reason


def test_recursion_is_shown_at_its_shallowest():
    def node(maximum: int) -> Schema:
        body = {
            "type": "object",
            "required": ["v"],
            "properties": {"v": {"type": "integer", "maximum": maximum}, "next": {"$ref": "#/$defs/node"}},
        }
        return Schema({"$ref": "#/$defs/node", "$defs": {"node": body}})

    proof = Prover().covers(node(5), node(6))
    assert proof.witness is not None
    assert proof.witness.value == {"v": 6}


EXAMPLES = [
    ({"type": "string"}, "a"),
    ({"type": "integer"}, 0),
    ({"type": "string", "format": "uuid"}, ID),
    ({"type": "string", "default": "x"}, "x"),
    ({"type": "string", "default": 5}, "a"),
    ({"type": "array", "minItems": 2, "uniqueItems": True, "items": {"type": "integer"}}, [0, 1]),
    ({"type": "object", "required": ["a"], "properties": {"a": {"enum": ["x"]}, "b": {}}}, {"a": "x"}),
    ({"type": "object", "minProperties": 2, "additionalProperties": {"type": "null"}}, {"extra": None, "other": None}),
    ({"oneOf": [{"minimum": 0}, {"type": "integer"}], "type": "number"}, None),
    ({"type": "array", "contains": {"const": 7}, "items": {"type": "integer"}}, [7]),
    ({"type": "object", "propertyNames": {"pattern": "^x-"}, "minProperties": 1}, {"x-": "a"}),
    ({"const": None}, None),
    ({"type": "object", "required": ["a"], "dependentRequired": {"a": ["b"]}}, {"a": "a", "b": "a"}),
    ({"if": {"type": "string"}, "then": {"minLength": 2}, "type": "string"}, "aa"),
    ({"type": "string", "minLength": 12, "pattern": "^(?=.*[A-Z])(?=.*[0-9])"}, None),
    (
        {"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}], "minItems": 2, "items": False},
        ["a", None],
    ),
    ({"type": "array", "items": {"type": "integer"}, "minItems": 30, "uniqueItems": True}, None),
    (
        {
            "type": "object",
            "patternProperties": {"^[a-c]$": {"type": "integer"}},
            "additionalProperties": False,
            "minProperties": 2,
        },
        None,
    ),
    ({"not": {"type": ["string", "number", "object", "array", "boolean"]}}, None),
    (
        {"properties": {"a": {"type": "string"}}, "unevaluatedProperties": False, "type": "object", "minProperties": 1},
        {"a": "a"},
    ),
]


@pytest.mark.parametrize(("schema", "value"), EXAMPLES)
def test_examples(schema, value):
    example = Prover().example(Schema(schema))
    assert example is not None
    jsonschema.validate(example.value, schema, jsonschema.Draft202012Validator)
    if value is not None:
        assert example.value == value


IMPOSSIBLE = [
    False,
    {"type": "string", "minLength": 3, "maxLength": 2},
    {"type": "string", "pattern": "^a$", "not": {"const": "a"}},
    {
        "$ref": "#/$defs/endless",
        "$defs": {"endless": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/endless"}}},
    },
    {"type": "array", "uniqueItems": True, "minItems": 3, "items": {"type": "boolean"}},
    {"type": "object", "required": ["a"], "properties": {"a": False}},
]


@pytest.mark.parametrize("schema", IMPOSSIBLE)
def test_no_example_of_the_impossible(schema):
    assert Prover().example(Schema(schema)) is None


def test_answers_do_not_vary():
    first, second = Prover(), Prover()
    for _, old, new, _value in WITNESSES:
        assert first.covers(Schema(new), Schema(old)) == second.covers(Schema(new), Schema(old))
        assert first.example(Schema(old)) == second.example(Schema(old))
