"""Reading schemas: names, references, and every rule of the specification that a schema can break."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from treaty.documents.schema_text import SchemaText
from treaty.errors import DocumentError, DocumentTooLarge, InvalidContract, TreatyError, UnresolvedReference
from treaty.model.avro import parse, parsing_canonical_form
from treaty.model.avro.logical import LogicalType, logical_type, max_precision
from treaty.model.avro.types import Array, EnumType, Fixed, Kind, Map, Primitive, Record, Union, type_name

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue


def _record(*fields: JsonValue, **others: JsonValue) -> JsonValue:
    return {"type": "record", "name": "R", "fields": list(fields), **others}


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("int", Kind.INT),
        ('"int"', Kind.INT),
        (' "int"\n', Kind.INT),
        ('{"type": "long"}', Kind.LONG),
        ({"type": "bytes", "logicalType": "decimal", "precision": 4}, Kind.BYTES),
        ("[]", Kind.UNION),
        (["null", "string"], Kind.UNION),
        ({"type": "array", "items": "int"}, Kind.ARRAY),
        ({"type": "map", "values": "int"}, Kind.MAP),
        ({"type": "fixed", "name": "F", "size": 0}, Kind.FIXED),
        ({"type": "enum", "name": "E", "symbols": []}, Kind.ENUM),
        ({"type": "error", "name": "E", "fields": []}, Kind.RECORD),
    ],
)
def test_every_type_is_read_from_text_and_tree(schema: JsonValue, kind: Kind) -> None:
    assert parse(SchemaText(schema)).root.kind is kind
    if not isinstance(schema, str):
        assert parse(SchemaText(json.dumps(schema))).root.kind is kind


@pytest.mark.parametrize(
    ("name", "namespace", "enclosing", "full"),
    [
        ("X", None, "", "X"),
        ("X", "a.b", "", "a.b.X"),
        ("X", None, "n", "n.X"),
        ("X", "", "n", "X"),
        ("X", "m", "n", "m.X"),
        ("a.b.X", None, "n", "a.b.X"),
        ("a.b.X", "ignored", "n", "a.b.X"),
    ],
)
def test_full_names(name: str, namespace: str | None, enclosing: str, full: str) -> None:
    inner: JsonValue = {"type": "enum", "name": name, "symbols": ["A"]}
    if namespace is not None:
        inner = {**inner, "namespace": namespace}
    outer = _record({"name": "f", "type": inner}, namespace=enclosing)
    assert full in parse(SchemaText(outer)).names


def test_aliases_are_relative_to_the_namespace_of_their_own_type() -> None:
    root = parse(SchemaText(_record(namespace="n", aliases=["Old", "m.Older"]))).root
    assert isinstance(root, Record)
    assert root.aliases == ("n.Old", "m.Older")


def test_names_are_resolved_where_they_stand() -> None:
    inner = {"type": "record", "name": "I", "namespace": "n", "fields": [{"name": "back", "type": ["null", "I"]}]}
    root = parse(SchemaText(_record({"name": "a", "type": inner}, {"name": "b", "type": "n.I"}, namespace="m"))).root
    assert isinstance(root, Record)
    first, second = (field.type for field in root.fields)
    assert first is second
    assert isinstance(first, Record)
    back = first.fields[0].type
    assert isinstance(back, Union)
    assert back.branches[1] is first


def test_a_name_of_the_null_namespace_is_found_from_inside_another() -> None:
    """The Java library prints such schemas."""
    inner = {"type": "fixed", "name": "F", "namespace": "", "size": 2}
    schema = parse(SchemaText(_record({"name": "a", "type": inner}, {"name": "b", "type": "F"}, namespace="n")))
    assert isinstance(schema.root, Record)
    assert schema.root.fields[1].type is schema.names["F"]


def test_an_object_may_refer_by_name() -> None:
    inner = {"type": "fixed", "name": "F", "size": 2}
    schema = parse(SchemaText(_record({"name": "a", "type": inner}, {"name": "b", "type": {"type": "F"}})))
    assert isinstance(schema.root, Record)
    assert schema.root.fields[1].type is schema.names["F"]


MONEY = '{"type": "record", "name": "Money", "namespace": "n", "fields": [{"name": "of", "type": "Currency"}]}'
CURRENCY = '{"type": "enum", "name": "Currency", "namespace": "n", "symbols": ["EUR"]}'
BET = '{"type": "record", "name": "Bet", "namespace": "n", "fields": [{"name": "stake", "type": "Money"}]}'


def test_references_of_references() -> None:
    schema = parse(SchemaText(BET, {"n.Money": MONEY, "n.Currency": CURRENCY}, name="bet"))
    assert set(schema.names) == {"n.Bet", "n.Money", "n.Currency"}
    assert schema.names["n.Money"].place.document is not schema.document
    assert str(schema.names["n.Money"].place.location()) == "n.Money:1:1"


def test_a_type_inside_the_text_of_another_name() -> None:
    both = json.dumps(
        {"type": "record", "name": "Money", "namespace": "n", "fields": [{"name": "c", "type": json.loads(CURRENCY)}]}
    )
    bet = json.dumps(_record({"name": "c", "type": "n.Currency"}))
    assert set(parse(SchemaText(bet, {"n.Money": both})).names) == {"R", "n.Money", "n.Currency"}


def test_a_reference_nobody_needs_is_not_read() -> None:
    assert set(parse(SchemaText(CURRENCY, {"n.Broken": "{"})).names) == {"n.Currency"}


def test_ten_thousand_texts_that_need_each_other() -> None:
    last = 10_000
    texts = {
        f"R{i}": json.dumps({"type": "record", "name": f"R{i}", "fields": [{"name": "f", "type": f"R{i + 1}"}]})
        for i in range(last)
    }
    texts[f"R{last}"] = json.dumps({"type": "record", "name": f"R{last}", "fields": []})
    assert len(parse(SchemaText('"R0"', texts)).names) == last + 1


def test_ten_thousand_levels() -> None:
    tree: JsonValue = "int"
    for _ in range(10_000):
        tree = {"type": "array", "items": tree}
    node = parse(SchemaText(tree)).root
    for _ in range(10_000):
        assert isinstance(node, Array)
        node = node.items
    assert isinstance(node, Primitive)
    assert len(node.place.pointer) == 10_000
    text = '{"type":"array","items":' * 10_000 + '"int"' + "}" * 10_000
    with pytest.raises(DocumentTooLarge, match="nested deeper"):
        parse(SchemaText(text))


@pytest.mark.parametrize(
    ("schema", "error", "message", "line", "column"),
    [
        # Not a schema at all
        ("", InvalidContract, "neither a JSON text nor the name of a type", None, None),
        ("hello world", InvalidContract, "neither a JSON text nor the name of a type", None, None),
        ('{"type": "int"', DocumentError, "not valid JSON", 1, 15),
        ('{"type": "int", "type": "long"}', DocumentError, "stands twice", 1, 17),
        ('{"type": 5}', InvalidContract, "the `type` of a schema object is a name", 1, 1),
        ('{"type": {"type": "int"}}', InvalidContract, "the `type` of a schema object is a name", 1, 1),
        ("{}", InvalidContract, "a schema object needs a `type`", 1, 1),
        ("[1]", InvalidContract, "a name, an object or a list of branches, not 1", 1, 2),
        # Names
        ('"nope"', UnresolvedReference, "nothing defines the type nope", 1, 1),
        ('"record"', InvalidContract, "'record' needs an object", 1, 1),
        ('{"type": "record", "fields": []}', InvalidContract, "record needs a `name`", 1, 1),
        ('{"type": "record", "name": 1, "fields": []}', InvalidContract, "a name is text, not 1", 1, 20),
        ('{"type": "record", "name": "1x", "fields": []}', InvalidContract, "a type needs a valid name", 1, 20),
        ('{"type": "record", "name": "a-b", "fields": []}', InvalidContract, "a type needs a valid name", 1, 20),
        ('{"type": "record", "name": "a..b", "fields": []}', InvalidContract, "a type needs a valid name", 1, 20),
        ('{"type": "record", "name": "int", "fields": []}', InvalidContract, "may not be called 'int'", 1, 20),
        ('{"type": "enum", "name": "E", "namespace": "a b", "symbols": []}', InvalidContract, "a namespace", 1, 31),
        ('{"type": "enum", "name": "E", "aliases": "F", "symbols": []}', InvalidContract, "aliases are a list", 1, 31),
        (
            '{"type": "enum", "name": "E", "aliases": ["-"], "symbols": []}',
            InvalidContract,
            "an alias is a name",
            1,
            43,
        ),
        # Records
        ('{"type": "record", "name": "R"}', InvalidContract, "record needs `fields`", 1, 1),
        ('{"type": "record", "name": "R", "fields": {}}', InvalidContract, "`fields` is a list", 1, 33),
        ('{"type": "record", "name": "R", "fields": ["a"]}', InvalidContract, "each of `fields` is an object", 1, 44),
        ('{"type": "record", "name": "R", "fields": [{"name": "a"}]}', InvalidContract, "'a' has no `type`", 1, 44),
        ('{"type": "record", "name": "R", "fields": [{"type": "int"}]}', InvalidContract, "needs a `name`", 1, 44),
        (
            '{"type": "record", "name": "R", "fields": [{"name": "a.b", "type": "int"}]}',
            InvalidContract,
            "a field needs a valid name",
            1,
            45,
        ),
        (
            '{"type": "record", "name": "R", "fields":\n[{"name": "a", "type": "int"},\n {"name": "a", "type": ""}]}',
            InvalidContract,
            "two fields called 'a', the first at schema:2:2",
            3,
            3,
        ),
        (
            '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int", "order": "up"}]}',
            InvalidContract,
            "the order of a field is one of ascending, descending, ignore",
            1,
            73,
        ),
        (
            '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int", "aliases": ["x.y"]}]}',
            InvalidContract,
            "an alias is a name",
            1,
            85,
        ),
        # Enums, fixed types, arrays, maps
        ('{"type": "enum", "name": "E"}', InvalidContract, "an enum needs `symbols`", 1, 1),
        ('{"type": "enum", "name": "E", "symbols": ["A", "A"]}', InvalidContract, "stands twice in one enum", 1, 48),
        ('{"type": "enum", "name": "E", "symbols": ["a b"]}', InvalidContract, "a symbol is a name", 1, 43),
        (
            '{"type": "enum", "name": "E", "symbols": ["A"], "default": "Z"}',
            InvalidContract,
            "none of the symbols",
            1,
            49,
        ),
        ('{"type": "fixed", "name": "F"}', InvalidContract, "a fixed needs a `size`", 1, 1),
        ('{"type": "fixed", "name": "F", "size": -1}', InvalidContract, "a whole number of bytes, not -1", 1, 32),
        ('{"type": "fixed", "name": "F", "size": true}', InvalidContract, "a whole number of bytes, not true", 1, 32),
        ('{"type": "array"}', InvalidContract, "array needs `items`", 1, 1),
        ('{"type": "map"}', InvalidContract, "map needs `values`", 1, 1),
        # Unions
        ('["null", ["int"]]', InvalidContract, "a union may not stand directly in a union", 1, 10),
        ('["int", {"type": "int"}]', InvalidContract, "the union has the branch int twice", 1, 9),
        (
            '[{"type": "array", "items": "int"}, {"type": "array", "items": "string"}]',
            InvalidContract,
            "the union has the branch array twice",
            1,
            37,
        ),
        (
            '[{"type": "fixed", "name": "F", "size": 1}, {"type": "fixed", "name": "F", "size": 1}]',
            InvalidContract,
            "F is defined twice, first at schema:1:2",
            1,
            63,
        ),
        ('[{"type": "fixed", "name": "F", "size": 1}, "F"]', InvalidContract, "the branch F twice", 1, 45),
    ],
)
def test_what_is_refused_and_where(
    schema: str, error: type[TreatyError], message: str, line: int | None, column: int | None
) -> None:
    with pytest.raises(error) as raised:
        parse(SchemaText(schema))
    assert message in raised.value.problem
    assert raised.value.location is not None
    assert (raised.value.location.line, raised.value.location.column) == (line, column)


@pytest.mark.parametrize("schema", [5, None, True, {"type": "record", "name": "R", "fields": None}])
def test_trees_that_are_no_schema(schema: JsonValue) -> None:
    with pytest.raises(InvalidContract):
        parse(SchemaText(schema))


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("strng", "did you mean string?"),
        ("Later", "it is defined further down"),
        ("Mony", "did you mean n.Money?"),
        ("somewhere.Else", "define it before its first use, or give its text as a reference"),
    ],
)
def test_a_missing_name_says_what_to_do(name: str, advice: str) -> None:
    fields: list[JsonValue] = [
        {"name": "m", "type": {"type": "fixed", "name": "n.Money", "size": 1}},
        {"name": "a", "type": name},
        {
            "name": "b",
            "type": {
                "type": "record",
                "name": "Later",
                "fields": [{"name": "name", "type": {"type": "map", "values": "int"}}],
            },
        },
    ]
    with pytest.raises(UnresolvedReference) as raised:
        parse(SchemaText(json.dumps(_record(*fields)), name="bet.avsc"))
    assert raised.value.advice is not None
    assert raised.value.advice.startswith(advice)
    assert str(raised.value.location).startswith("bet.avsc:1:")


@pytest.mark.parametrize(
    ("references", "message"),
    [
        ({"n.Money": MONEY}, "nothing defines the type n.Currency"),
        ({"n.Money": CURRENCY}, "the text given for n.Money does not define it"),
        (
            {"n.Money": '["null", "n.Other"]', "n.Other": '["null", "n.Money"]'},
            "n.Money is needed to read itself: bet → n.Money → n.Other → n.Money",
        ),
    ],
)
def test_references_that_lead_nowhere(references: dict[str, str], message: str) -> None:
    with pytest.raises(UnresolvedReference, match="^.*" + message.replace(".", r"\.")):
        parse(SchemaText(BET, references, name="bet"))


def test_records_of_two_texts_may_hold_each_other() -> None:
    leaf = '{"type": "record", "name": "Leaf", "fields": [{"name": "tree", "type": ["null", "Tree"]}]}'
    tree = '{"type": "record", "name": "Tree", "fields": [{"name": "leaf", "type": "Leaf"}]}'
    schema = parse(SchemaText('"Tree"', {"Tree": tree, "Leaf": leaf}))
    assert parsing_canonical_form(schema) == (
        '{"name":"Tree","type":"record","fields":[{"name":"leaf","type":{"name":"Leaf","type":"record","fields":'
        '[{"name":"tree","type":["null","Tree"]}]}}]}'
    )


def test_a_type_that_two_texts_define() -> None:
    again = json.dumps(_record({"name": "m", "type": "n.Money"}, {"name": "c", "type": json.loads(CURRENCY)}))
    with pytest.raises(InvalidContract, match=r"n\.Currency is defined twice, first at n\.Currency:1:1"):
        parse(SchemaText(again, {"n.Money": MONEY, "n.Currency": CURRENCY}))


_ENUM: JsonValue = {"type": "enum", "name": "E", "symbols": ["A", "B"]}
_INNER: JsonValue = {
    "type": "record",
    "name": "I",
    "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": "int", "default": 1}],
}


@pytest.mark.parametrize(
    ("type_", "default", "problem"),
    [
        ("null", None, None),
        ("null", 0, "0 is not null"),
        ("boolean", True, None),
        ("boolean", 1, "1 is not a boolean"),
        ("int", 2**31 - 1, None),
        ("int", 2**31, "too large for int"),
        ("int", True, "true is not of type int"),
        ("int", 1.0, "1.0 is not of type int"),
        ("long", -(2**63), None),
        ("long", 2**63, "too large for long"),
        ("float", 1, None),
        ("double", 1.5, None),
        ("double", "NaN", '"NaN" is not of type double'),
        ("string", "é", None),
        ("string", None, "null is not a string"),
        ("bytes", "\u00ff", None),
        ("bytes", "\u0100", "is not bytes"),
        ({"type": "fixed", "name": "F", "size": 2}, "ab", None),
        ({"type": "fixed", "name": "F", "size": 2}, "abc", "3 bytes for F, which has 2"),
        (_ENUM, "A", None),
        (_ENUM, "Z", '"Z" is none of the symbols of E: A, B'),
        ({"type": "array", "items": "int"}, [], None),
        ({"type": "array", "items": "int"}, [1, "x"], '"x" is not of type int'),
        ({"type": "map", "values": "int"}, {"k": 1}, None),
        ({"type": "map", "values": "int"}, [], "a list is not a map"),
        (_INNER, {"x": 1}, None),
        (_INNER, {"x": 1, "unknown": 2}, None),
        (_INNER, {"y": 1}, "in I.x: it is missing and has no default of its own"),
        (_INNER, {"x": "1"}, "in I.x"),
        (["null", "string"], None, None),
        (["null", "string"], "x", None),
        (["null", "string"], 1, "1 fits no branch of the union"),
        ({"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}, "\u0001", None),
    ],
)
def test_defaults(type_: JsonValue, default: JsonValue, problem: str | None) -> None:
    source = SchemaText(json.dumps(_record({"name": "a", "type": type_, "default": default})))
    schema = parse(source, check_defaults=False)
    assert isinstance(schema.root, Record)
    assert schema.root.fields[0].usable_default == (problem is None)
    if problem is None:
        assert parse(source).flaws == ()
    else:
        with pytest.raises(InvalidContract) as raised:
            parse(source)
        assert problem in raised.value.problem
        assert raised.value.problem.startswith("the default of R.a is invalid")
        assert raised.value.location is not None
        assert raised.value.location.pointer == "/fields/0/default"


def test_a_default_that_fills_itself_in_without_end() -> None:
    endless = {"type": "record", "name": "A", "fields": [{"name": "a", "type": "A", "default": {}}]}
    assert [flaw.field for flaw in parse(SchemaText(endless), check_defaults=False).flaws] == ["a"]


def test_a_chain_of_defaults_is_checked_once_each() -> None:
    fields: list[JsonValue] = [{"name": "f0", "type": {"type": "record", "name": "R0", "fields": []}}]
    for i in range(1, 3_000):
        inner = [{"name": "a", "type": f"R{i - 1}", "default": {}}]
        fields.append({"name": f"f{i}", "type": {"type": "record", "name": f"R{i}", "fields": inner}})
    assert parse(SchemaText(_record(*fields))).flaws == ()


@pytest.mark.parametrize(
    ("kind", "raw", "wanted"),
    [
        (Kind.BYTES, {"logicalType": "decimal", "precision": 9, "scale": 2}, LogicalType("decimal", 9, 2)),
        (Kind.BYTES, {"logicalType": "decimal", "precision": 9}, LogicalType("decimal", 9, 0)),
        (Kind.BYTES, {"logicalType": "decimal"}, None),
        (Kind.BYTES, {"logicalType": "decimal", "precision": 0}, None),
        (Kind.BYTES, {"logicalType": "decimal", "precision": 2, "scale": 3}, None),
        (Kind.FIXED, {"logicalType": "decimal", "precision": 9, "size": 4}, LogicalType("decimal", 9, 0)),
        (Kind.FIXED, {"logicalType": "decimal", "precision": 10, "size": 4}, None),
        (Kind.INT, {"logicalType": "decimal", "precision": 9}, None),
        (Kind.STRING, {"logicalType": "uuid"}, LogicalType("uuid")),
        (Kind.FIXED, {"logicalType": "uuid", "size": 16}, LogicalType("uuid")),
        (Kind.FIXED, {"logicalType": "uuid", "size": 12}, None),
        (Kind.FIXED, {"logicalType": "duration", "size": 12}, LogicalType("duration")),
        (Kind.INT, {"logicalType": "date"}, LogicalType("date")),
        (Kind.LONG, {"logicalType": "date"}, None),
        (Kind.LONG, {"logicalType": "timestamp-nanos"}, LogicalType("timestamp-nanos")),
        (Kind.STRING, {"logicalType": "phone"}, None),
        (Kind.STRING, {"logicalType": 5}, None),
    ],
)
def test_logical_types(kind: Kind, raw: dict[str, JsonValue], wanted: LogicalType | None) -> None:
    assert logical_type(kind, raw) == wanted


@pytest.mark.parametrize(("size", "digits"), [(0, 0), (1, 2), (2, 4), (4, 9), (8, 18), (16, 38)])
def test_max_precision(size: int, digits: int) -> None:
    assert max_precision(size) == digits


def test_attributes_of_ones_own_are_kept_and_unknown_logical_types_are_attributes() -> None:
    schema = parse(
        SchemaText(
            _record(
                {
                    "name": "a",
                    "type": {"type": "string", "logicalType": "phone"},
                    "pii": True,
                    "deprecated_since": "1.7",
                },
                owner="@platform",
                doc="A record.",
            )
        )
    )
    root = schema.root
    assert isinstance(root, Record)
    assert (root.doc, dict(root.attributes)) == ("A record.", {"owner": "@platform"})
    assert dict(root.fields[0].attributes) == {"pii": True, "deprecated_since": "1.7"}
    assert dict(root.fields[0].type.attributes) == {"logicalType": "phone"}


def test_branches_are_named_as_in_the_json_encoding() -> None:
    union: JsonValue = [
        "null",
        {"type": "array", "items": "int"},
        {"type": "map", "values": "int"},
        {"type": "fixed", "name": "n.F", "size": 1},
        {"type": "enum", "name": "E", "symbols": ["A"]},
    ]
    root = parse(SchemaText(union)).root
    assert isinstance(root, Union)
    assert [type_name(branch) for branch in root.branches] == ["null", "array", "map", "n.F", "E"]
    assert [type(branch) for branch in root.branches] == [Primitive, Array, Map, Fixed, EnumType]
