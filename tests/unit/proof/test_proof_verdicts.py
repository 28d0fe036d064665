"""Pairs over every keyword: what the prover answers, and that each NO carries a witness both validators confirm."""

from __future__ import annotations

import jsonschema
import pytest

from treaty.changes.proof import Answer, Prover, Schema

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

VALIDATORS = {
    "4": jsonschema.Draft4Validator,
    "6": jsonschema.Draft6Validator,
    "7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}


def person(**more: object) -> dict:
    return {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}} | more


# Does the second accept everything the first accepts, and does the first accept everything the second accepts?
PAIRS = [
    # types
    ("same", {"type": "string"}, {"type": "string"}, YES, YES),
    ("integer within number", {"type": "integer"}, {"type": "number"}, YES, NO),
    ("null added", {"type": "string"}, {"type": ["string", "null"]}, YES, NO),
    ("disjoint types", {"type": "string"}, {"type": "integer"}, NO, NO),
    ("anything", {"type": "string"}, {}, YES, NO),
    ("everything and nothing", False, True, YES, NO),
    ("impossible is within anything", {"type": "string", "enum": [1]}, {"type": "null"}, YES, NO),
    # constants
    ("enum extended", {"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}, YES, NO),
    ("enum of one is const", {"enum": ["a"]}, {"const": "a"}, YES, YES),
    ("true is not 1", {"const": True}, {"const": 1}, NO, NO),
    ("1.0 is 1", {"enum": [1.0, 2]}, {"enum": [1, 2]}, YES, YES),
    ("objects as constants", {"enum": [{"a": 1}]}, {"enum": [{"a": 1}, {"a": 2}]}, YES, NO),
    ("enum dropped", {"type": "string", "enum": ["a"]}, {"type": "string"}, YES, NO),
    # numbers
    ("minimum lowered", {"type": "integer", "minimum": 5}, {"type": "integer", "minimum": 4}, YES, NO),
    ("minimum and exclusive", {"type": "integer", "minimum": 5}, {"type": "integer", "exclusiveMinimum": 4}, YES, YES),
    ("not for fractions", {"type": "number", "minimum": 5}, {"type": "number", "exclusiveMinimum": 4}, YES, NO),
    ("beyond 2^53", {"maximum": 2**53}, {"maximum": 2**53 + 1}, YES, NO),
    ("bounds only bind numbers", {"type": "string"}, {"minimum": 7}, YES, NO),
    ("multiples", {"multipleOf": 6}, {"multipleOf": 3}, YES, NO),
    ("multiples are rationals", {"multipleOf": 0.3}, {"multipleOf": 0.1}, YES, NO),
    ("multiples in a range", {"type": "integer", "minimum": 6, "maximum": 8, "multipleOf": 7}, {"const": 7}, YES, YES),
    ("no multiple in range", {"type": "integer", "minimum": 8, "maximum": 13, "multipleOf": 7}, False, YES, YES),
    ("integers are multiples of 1", {"type": "integer"}, {"type": "number", "multipleOf": 1}, YES, YES),
    # strings
    ("lengths", {"type": "string", "maxLength": 3}, {"type": "string", "maxLength": 4}, YES, NO),
    ("length 0", {"type": "string", "minLength": 0}, {"type": "string"}, YES, YES),
    ("pattern within pattern", {"pattern": "^[a-f]+$"}, {"pattern": "^[a-z]*$"}, YES, NO),
    ("same language", {"pattern": "^\\d$"}, {"pattern": "^[0-9]$"}, YES, YES),
    (
        "pattern implies length",
        {"type": "string", "pattern": "^[A-Z]{3}$"},
        {"type": "string", "maxLength": 3},
        YES,
        NO,
    ),
    ("pattern implies minimal length", {"pattern": "^ab+$"}, {"minLength": 2}, YES, NO),
    (
        "patterns exclude each other",
        {"type": "string", "pattern": "^a"},
        {"not": {"type": "string", "pattern": "^b"}},
        YES,
        NO,
    ),
    ("looking ahead", {"pattern": "^(?=.*\\d).{8,}$"}, {"minLength": 8}, YES, NO),
    ("constant matches", {"const": "abc"}, {"pattern": "^a.c$"}, YES, NO),
    # arrays
    ("items", {"type": "array", "items": {"type": "integer"}}, {"type": "array", "items": {"type": "number"}}, YES, NO),
    ("item counts", {"minItems": 2}, {"minItems": 1}, YES, NO),
    ("unique", {"type": "array", "uniqueItems": True}, {"type": "array"}, YES, NO),
    ("prefix", {"prefixItems": [{"type": "string"}]}, {"prefixItems": [{}]}, YES, NO),
    ("prefix and rest", {"type": "array", "items": {"type": "string"}}, {"prefixItems": [{"type": "string"}]}, YES, NO),
    ("closed tuple", {"prefixItems": [{}], "items": False}, {"maxItems": 1}, YES, YES),
    ("contains", {"type": "array", "contains": {"const": 1}}, {"type": "array", "minItems": 1}, YES, NO),
    ("minContains", {"contains": {"const": 1}, "minContains": 2}, {"contains": {"const": 1}}, YES, NO),
    (
        "maxContains",
        {"contains": {"const": 1}, "maxContains": 1},
        {"contains": {"const": 1}, "maxContains": 2},
        YES,
        NO,
    ),
    ("few booleans", {"type": "array", "uniqueItems": True, "items": {"type": "boolean"}}, {"maxItems": 2}, YES, NO),
    # objects
    ("required", person(required=["name"]), person(), YES, NO),
    ("property type", person(), {"type": "object", "properties": {"age": {"type": "number"}}}, YES, NO),
    ("closed", person(additionalProperties=False), person(), YES, NO),
    (
        "additional",
        {"additionalProperties": {"type": "integer"}},
        {"additionalProperties": {"type": "number"}},
        YES,
        NO,
    ),
    (
        "pattern properties",
        {"patternProperties": {"^x": {"type": "integer"}}},
        {"properties": {"xa": {"type": "number"}}},
        YES,
        NO,
    ),
    ("names", {"propertyNames": {"enum": ["a"]}}, {"propertyNames": {"maxLength": 1}}, YES, NO),
    (
        "closed is names",
        {"type": "object", "propertyNames": {"enum": ["a"]}},
        {"properties": {"a": {}}, "additionalProperties": False},
        YES,
        NO,
    ),
    ("property counts", {"minProperties": 2}, {"minProperties": 1}, YES, NO),
    ("dependentRequired", {"required": ["b"]}, {"dependentRequired": {"a": ["b"]}}, YES, NO),
    ("dependentSchemas", {"maxProperties": 1}, {"dependentSchemas": {"a": {"maxProperties": 1}}}, YES, NO),
    # combinations
    (
        "allOf flattened",
        {"allOf": [{"type": "string"}, {"minLength": 1}]},
        {"type": "string", "minLength": 1},
        YES,
        YES,
    ),
    ("anyOf with null", {"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["null", "string"]}, YES, YES),
    ("branch added", {"anyOf": [{"type": "string"}]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}, YES, NO),
    ("oneOf of one", {"oneOf": [{"type": "string"}]}, {"type": "string"}, YES, YES),
    ("branches overlap", {"type": "integer"}, {"oneOf": [{"minimum": 0}, {"maximum": 5}]}, NO, NO),
    (
        "disjoint oneOf is anyOf",
        {"oneOf": [{"type": "string"}, {"type": "null"}]},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        YES,
        YES,
    ),
    ("not", {"type": "string"}, {"not": {"type": "integer"}}, YES, NO),
    ("not widened", {"not": {"minimum": 5}}, {"not": {"minimum": 6}}, YES, NO),
    ("not of a constant", {"not": {"enum": [1, 2]}}, {"not": {"const": 1}}, YES, NO),
    ("if and then", {"required": ["b"]}, {"if": {"required": ["a"]}, "then": {"required": ["b"]}}, YES, NO),
    ("else", {"if": {"type": "string"}, "else": {"type": "null"}}, {"type": ["string", "null"]}, YES, YES),
    # references
    ("inlined", {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}}, {"type": "string"}, YES, YES),
    (
        "renamed",
        {"$ref": "#/$defs/a", "$defs": {"a": {"minLength": 1}}},
        {"$ref": "#/$defs/b", "$defs": {"b": {"minLength": 1}}},
        YES,
        YES,
    ),
    (
        "siblings of a reference",
        {"$ref": "#/$defs/a", "maxLength": 2, "$defs": {"a": {"minLength": 1}}},
        {"minLength": 1, "maxLength": 3},
        YES,
        NO,
    ),
    (
        "unevaluated",
        {"properties": {"a": {}}, "unevaluatedProperties": False},
        {"properties": {"a": {}, "b": {}}, "unevaluatedProperties": False},
        YES,
        NO,
    ),
    (
        "unevaluated through allOf",
        {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False},
        {"properties": {"a": {}}, "additionalProperties": False},
        YES,
        YES,
    ),
    (
        "unevaluated items",
        {"prefixItems": [{}], "unevaluatedItems": False},
        {"prefixItems": [{}, {}], "unevaluatedItems": False},
        YES,
        NO,
    ),
    ("annotations", {"type": "string", "title": "a", "default": "x"}, {"type": "string", "description": "b"}, YES, YES),
]


@pytest.mark.parametrize(
    ("old", "new", "forwards", "backwards"), [pair[1:] for pair in PAIRS], ids=[p[0] for p in PAIRS]
)
def test_pairs(old, new, forwards, backwards):
    prover = Prover()
    for accepting, refusing, expected in ((old, new, forwards), (new, old, backwards)):
        proof = prover.covers(Schema(refusing), Schema(accepting))
        assert proof.answer is expected, proof
        assert (proof.witness is not None) is (expected is NO)
        if proof.witness is not None:
            assert jsonschema.Draft202012Validator(accepting).is_valid(proof.witness.value)
            assert not jsonschema.Draft202012Validator(refusing).is_valid(proof.witness.value)
            assert proof.witness.reason
            assert "jsonschema " in proof.witness.confirmed_by


UNDECIDED = [
    ("looking behind", {"pattern": "(?<=a)b"}, {"pattern": "(?<=[ac])b"}, "pattern at the root"),
    ("an unknown format", {"type": "string"}, {"type": "string", "format": "phone"}, "format"),
    ("no reference leads there", {"$ref": "#/$defs/gone"}, {"type": "string"}, "/$ref"),
    ("a reference outside", {"$ref": "https://example.com/a.json"}, {"type": "string"}, "/$ref"),
    ("a circle", {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, {"type": "string"}, "lead back"),
    ("no schema", {"properties": {"a": 5}}, {}, "/properties/a"),
    ("no type", {"properties": {"a": {"type": "strin"}}}, {}, "`type` at /properties/a"),
    ("no number", {"minimum": "5"}, {}, "`minimum` at the root"),
    ("no count", {"minLength": -1}, {}, "`minLength` at the root"),
    ("no multiple", {"multipleOf": 0}, {}, "`multipleOf` at the root"),
    ("no list", {"required": True}, {}, "`required` at the root"),
    ("not a regular expression", {"pattern": "("}, {"pattern": ")"}, "pattern at the root"),
    (
        "too long to write",
        {"type": "string", "minLength": 10**9},
        {"type": "string", "minLength": 10**9 + 1},
        "minLength",
    ),
]


@pytest.mark.parametrize(("old", "new", "named"), [case[1:] for case in UNDECIDED], ids=[case[0] for case in UNDECIDED])
def test_what_cannot_be_decided_says_where(old, new, named):
    proof = Prover().covers(Schema(new), Schema(old))
    assert proof.answer is UNKNOWN
    assert proof.witness is None
    assert any(named in reason for reason in proof.undecided), proof.undecided


def test_an_unknown_draft_is_not_guessed():
    proof = Prover().covers(Schema({}, "3"), Schema({"type": "string"}, "7"))
    assert proof.answer is UNKNOWN
    assert "'3'" in proof.undecided[0]


def test_equal_shows_the_difference_whichever_side_has_it():
    prover = Prover()
    assert prover.equal(Schema({"enum": ["a"]}), Schema({"const": "a"})).answer is YES
    for one, other in (({"enum": ["a", "b"]}, {"const": "a"}), ({"const": "a"}, {"enum": ["a", "b"]})):
        proof = prover.equal(Schema(one), Schema(other))
        assert proof.answer is NO
        assert proof.witness is not None
        assert proof.witness.value == "b"


def test_a_given_value_is_confirmed_or_not():
    prover = Prover()
    narrow, wide = Schema({"type": "integer", "maximum": 9}), Schema({"type": "integer"})
    found = prover.confirm(10, wide, narrow)
    assert found is not None
    assert found.reason == "10 is greater than the maximum of 9 at $"
    assert prover.confirm(9, wide, narrow) is None
    assert prover.confirm("x", wide, narrow) is None
    assert prover.confirm(10, Schema({"type": "int"}), narrow) is None


def test_search_alone_finds_a_witness_or_nothing():
    prover = Prover()
    found = prover.witness_with(Schema({"type": "integer"}), Schema({"type": "integer", "maximum": 9}))
    assert found is not None
    assert found.value == 10
    assert prover.witness_with(Schema({"type": "integer", "maximum": 9}), Schema({"type": "integer"})) is None
