"""Every draft says what it says, also next to another."""

from __future__ import annotations

import pytest

from treaty.changes.proof import Answer, Prover, Schema

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

# Written in two drafts, meaning the same.
SAME = [
    ("exclusive bounds", "4", {"minimum": 5, "exclusiveMinimum": True}, "6", {"exclusiveMinimum": 5}),
    ("a flag without a bound", "4", {"exclusiveMaximum": True, "type": "string"}, "7", {"type": "string"}),
    ("inclusive bounds", "4", {"maximum": 5, "exclusiveMaximum": False}, "2020-12", {"maximum": 5}),
    (
        "tuples",
        "7",
        {"items": [{"type": "string"}], "additionalItems": False},
        "2020-12",
        {"prefixItems": [{"type": "string"}], "items": False},
    ),
    ("open tuples", "2019-09", {"items": [{"type": "string"}]}, "2020-12", {"prefixItems": [{"type": "string"}]}),
    (
        "additionalItems alone",
        "7",
        {"items": {"type": "string"}, "additionalItems": False},
        "2020-12",
        {"items": {"type": "string"}},
    ),
    (
        "dependencies",
        "7",
        {"dependencies": {"a": ["b"], "c": {"required": ["d"]}}},
        "2019-09",
        {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}},
    ),
    ("dependencies no more", "7", {}, "2020-12", {"dependencies": {"a": ["b"]}}),
    ("const was no keyword", "4", {"const": 1}, "7", {}),
    ("nor contains", "4", {"contains": {"type": "string"}}, "7", {}),
    ("nor if", "6", {"if": True, "then": False}, "7", {}),
    (
        "nor minContains",
        "7",
        {"contains": {"type": "string"}, "minContains": 2},
        "2019-09",
        {"contains": {"type": "string"}},
    ),
    ("nor prefixItems", "2019-09", {"prefixItems": [False]}, "2020-12", {}),
    ("nor unevaluated", "7", {"unevaluatedProperties": False}, "2019-09", {}),
    (
        "references hid their siblings",
        "7",
        {"$ref": "#/definitions/a", "minimum": 5, "definitions": {"a": {"type": "number"}}},
        "2019-09",
        {"type": "number"},
    ),
    (
        "identifiers as anchors",
        "6",
        {"allOf": [{"$ref": "#a"}], "definitions": {"x": {"$id": "#a", "type": "string"}}},
        "2019-09",
        {"$ref": "#b", "$defs": {"y": {"$anchor": "b", "type": "string"}}},
    ),
    (
        "the root by name",
        "7",
        {"$id": "http://example.com/s", "type": "array", "items": {"$ref": "http://example.com/s"}},
        "7",
        {"type": "array", "items": {"$ref": "#"}},
    ),
    (
        "recursive and dynamic",
        "2019-09",
        {"type": "array", "items": {"$recursiveRef": "#"}},
        "2020-12",
        {"$dynamicAnchor": "x", "type": "array", "items": {"$dynamicRef": "#x"}},
    ),
    ("$schema counts for nothing", "4", {"$schema": "http://json-schema.org/draft-07/schema#", "const": 1}, "4", {}),
    ("counts with a point", "7", {"minLength": 2.0}, "7", {"minLength": 2}),
]


@pytest.mark.parametrize(
    ("one", "first", "other", "second"), [case[1:] for case in SAME], ids=[case[0] for case in SAME]
)
def test_the_same_in_two_drafts(one, first, other, second):
    assert Prover().equal(Schema(first, one), Schema(second, other)).answer is YES


@pytest.mark.parametrize("draft", ["4", "6", "7", "2019-09", "2020-12"])
def test_differences_are_found_in_every_draft(draft):
    old = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"enum": [1, 2]}}}
    new = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}, "b": {"enum": [1]}}}
    proof = Prover().covers(Schema(new, draft), Schema(old, draft))
    assert proof.answer is NO
    assert proof.witness is not None
    assert proof.witness.value == {"a": 0, "b": 2}
    assert Prover().covers(Schema(old, draft), Schema(new, draft)).answer is YES


class TestIntegersOfDraft4:
    """Draft 4, section 3.5: an integer is a number without a fraction or exponent part, so 1.0 is none."""

    def test_a_whole_number_is_no_integer(self):
        proof = Prover().covers(Schema({"type": "integer"}, "4"), Schema({"type": "number", "multipleOf": 1}, "4"))
        assert proof.answer is NO
        assert proof.witness is not None
        assert type(proof.witness.value) is float
        assert proof.witness.value.is_integer()

    def test_from_draft_6_on_it_is(self):
        assert (
            Prover().covers(Schema({"type": "integer"}, "6"), Schema({"type": "number", "multipleOf": 1}, "6")).answer
            is YES
        )

    def test_constants_compare_by_value(self):
        proof = Prover().covers(Schema({"type": "integer", "enum": [5]}, "4"), Schema({"enum": [5]}, "4"))
        assert proof.witness is not None
        assert repr(proof.witness.value) == "5.0"

    def test_drafts_that_disagree(self):
        integer = {"type": "object", "properties": {"a": {"type": "integer"}}}
        proof = Prover().covers(Schema(integer, "4"), Schema(integer, "7"))
        assert proof.witness is not None
        assert repr(proof.witness.value) == "{'a': 0.0}"
        assert Prover().covers(Schema(integer, "7"), Schema(integer, "4")).answer is YES

    def test_no_integer_no_difference(self):
        text = {"type": "object", "properties": {"a": {"type": "string"}}}
        assert Prover().covers(Schema(text, "4"), Schema(text, "7")).answer is YES

    def test_what_cannot_be_shown_is_not_called_equal(self):
        hidden = {"type": "string", "not": {"type": "integer", "minimum": 5}}
        assert Prover().covers(Schema(hidden, "4"), Schema(hidden, "7")).answer is UNKNOWN


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            {
                "definitions": {"a": {"$id": "http://example.com/a", "$ref": "#/definitions/b"}},
                "$ref": "#/definitions/a",
            },
            "embedded `$id`",
        ),
        ({"$ref": "http://json-schema.org/draft-07/schema#"}, "out of the schema"),
        ({"$ref": "#nowhere"}, "leads nowhere"),
        ({"items": {"$ref": "#/items/0"}}, "leads nowhere"),
    ],
)
def test_references_that_are_not_followed(body, reason):
    proof = Prover().covers(Schema({"type": "string"}, "7"), Schema(body, "7"))
    assert proof.answer is UNKNOWN
    assert reason in proof.undecided[0]


RECURSIVE = [
    ("widened", {"v": {"maximum": 5}}, {"v": {"maximum": 6}}, YES, NO),
    ("dropped", {"v": {"type": "string"}, "w": {"type": "null"}}, {"v": {"type": "string"}}, YES, NO),
    ("changed", {"v": {"enum": ["a", "b"]}}, {"v": {"enum": ["b", "c"]}}, NO, NO),
    ("the same", {"v": {"type": "string"}}, {"v": {"type": "string", "title": "V"}}, YES, YES),
]


@pytest.mark.parametrize(
    ("old", "new", "forwards", "backwards"), [c[1:] for c in RECURSIVE], ids=[c[0] for c in RECURSIVE]
)
@pytest.mark.parametrize("way", ["property", "item", "union", "mutual"])
def test_recursion_is_proven_by_induction(old, new, forwards, backwards, way):
    def schema(properties: dict, name: str) -> Schema:
        me = {"$ref": f"#/$defs/{name}"}
        if way == "property":
            definitions = {name: {"type": "object", "properties": {**properties, "next": me}}}
        elif way == "item":
            definitions = {
                name: {"type": "object", "properties": {**properties, "children": {"type": "array", "items": me}}}
            }
        elif way == "union":
            definitions = {
                name: {"anyOf": [{"type": "null"}, {"type": "object", "properties": {**properties, "next": me}}]}
            }
        else:
            other = {"type": "object", "required": ["leaf"], "properties": {"leaf": me}}
            definitions = {
                name: {"type": "object", "properties": {**properties, "other": {"$ref": "#/$defs/other"}}},
                "other": other,
            }
        return Schema({**me, "$defs": definitions})

    prover = Prover()
    assert prover.covers(schema(new, "node"), schema(old, "tree")).answer is forwards
    assert prover.covers(schema(old, "tree"), schema(new, "node")).answer is backwards
