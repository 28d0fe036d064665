"""From text to model: errors with their place, imports, features, positions, lifecycle; the compiler process."""

from __future__ import annotations

import base64
import re
import tempfile
from pathlib import Path

import pytest

import treaty.model.protobuf.compiler as compiler_module
from treaty.documents.schema_text import SchemaText
from treaty.errors import InvalidContract, LimitExceeded, TreatyError, UnresolvedReference, UsageError
from treaty.model.protobuf import canonical_text, imports, normalized_text, parse, parse_files, serialized
from treaty.model.protobuf.compiler import Compiler
from treaty.model.protobuf.import_statements import import_statements
from treaty.model.protobuf.nodes import Cardinality, Kind
from treaty.model.protobuf.positions import character_column

P3 = 'syntax = "proto3";\n'
SLOW = 'syntax = "proto2";\nmessage A { ' + "optional group A = 1 {" * 4000 + "}" * 4000 + " }"
WALLET = Path(__file__).parents[3] / "contracts" / "wallet" / "v1" / "wallet.proto"

BAD = [
    ("no number", P3 + "message A { string a = ; }", InvalidContract, "bad.proto:2:24", "Expected field number"),
    (
        "unknown type",
        P3 + "message A { strin a = 1; }",
        UnresolvedReference,
        "bad.proto:2:13",
        '"strin" is not defined',
    ),
    ("after a tab", P3 + "\tmessage A {\n\t\tFoo a = 1; }", UnresolvedReference, "bad.proto:3:3", '"Foo"'),
    ("after an accent", P3 + "/* é */ message A { Foo a = 1; }", UnresolvedReference, "bad.proto:2:21", '"Foo"'),
    (
        "same number",
        P3 + "message A { string a = 1; int32 b = 1; }",
        InvalidContract,
        "bad.proto:2:37",
        "already been used",
    ),
    ("unclosed", P3 + "message A {", InvalidContract, "bad.proto:2:12", "Reached end of input"),
    ("unknown option", P3 + "message A { string a = 1 [(foo) = 1]; }", UnresolvedReference, "bad.proto:2:27", "foo"),
    ("closed enum in proto3", P3 + "enum E { A = 1; }", InvalidContract, "bad.proto:2:14", "zero"),
    ("future edition", 'edition = "2099";', InvalidContract, "bad.proto:1:11", "2099"),
    ("JSON", '{"type": "record"}', InvalidContract, "bad.proto:1:1", "Expected top-level statement"),
    ("empty", "  \n", InvalidContract, "bad.proto", "empty"),
    ("base64 of something else", "aGVsbG8gd29ybGQh", InvalidContract, "bad.proto", "neither"),
    ("lone word", "hello", InvalidContract, "bad.proto", "neither"),
    ("unknown import", P3 + '  import "x.proto";', UnresolvedReference, "bad.proto:2:3", "x.proto"),
    ("out of the files", 'import "../../etc/passwd";', UnresolvedReference, "bad.proto:1:1", "refused"),
    ("absolute", 'import "/etc/passwd";', UnresolvedReference, "bad.proto:1:1", "refused"),
    ("drive", 'import "C:/a.proto";', UnresolvedReference, "bad.proto:1:1", "refused"),
    ("backslash", 'import "a\\\\b.proto";', UnresolvedReference, "bad.proto:1:1", "refused"),
    ("an option for protoc", 'import "--version";', UnresolvedReference, "bad.proto:1:1", "refused"),
    ("well-known that is not", 'import "google/protobuf/x.proto";', UnresolvedReference, "bad.proto:1:1", "nothing"),
]


@pytest.mark.parametrize(("text", "kind", "place", "problem"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_text_is_one_located_error(text: str, kind: type[TreatyError], place: str, problem: str) -> None:
    with pytest.raises(kind) as caught:
        parse(SchemaText(text, name="bad.proto"))
    assert str(caught.value.location) == place
    assert problem in str(caught.value)


def test_a_tree_is_no_protobuf() -> None:
    with pytest.raises(InvalidContract, match="base64"):
        parse(SchemaText({"type": "string"}))


def test_further_errors_are_listed() -> None:
    with pytest.raises(UnresolvedReference) as caught:
        parse(SchemaText(P3 + "message A {\n  B b = 1;\n  C c = 2;\n}", name="a.proto"))
    assert str(caught.value) == 'a.proto:3:3: "B" is not defined\n  a.proto:4:3: "C" is not defined.'


def test_circles_and_wrong_paths_among_references() -> None:
    circle = {"b.proto": P3 + 'import "c.proto";', "c.proto": P3 + '\nimport "b.proto";'}
    with pytest.raises(UnresolvedReference, match=re.escape("b.proto -> c.proto -> b.proto")) as caught:
        parse(SchemaText(P3 + 'import "b.proto";', circle, name="main.proto"))
    assert str(caught.value.location) == "c.proto:3:1"
    with pytest.raises(UnresolvedReference, match=re.escape("there is 'common/money.proto'")):
        parse(SchemaText(P3 + 'import "money.proto";', {"common/money.proto": P3}))
    with pytest.raises(UnresolvedReference, match="refused"):
        parse_files({"../up.proto": P3})
    with pytest.raises(InvalidContract, match=r"no \.proto file"):
        parse_files({})


def test_errors_in_a_reference_name_the_reference() -> None:
    with pytest.raises(InvalidContract) as caught:
        parse(SchemaText(P3 + 'import "money.proto";', {"money.proto": P3 + "message {}"}, name="version 2"))
    assert str(caught.value.location) == "money.proto:2:9"


@pytest.mark.parametrize(
    ("path", "type_name"),
    [
        ("google/protobuf/timestamp.proto", "google.protobuf.Timestamp"),
        ("google/type/money.proto", "google.type.Money"),
        ("google/rpc/status.proto", "google.rpc.Status"),
        ("confluent/type/decimal.proto", "confluent.type.Decimal"),
        ("treaty/lifecycle.proto", "treaty.Lifecycle"),
    ],
)
def test_imports_that_need_no_reference(path: str, type_name: str) -> None:
    schema = parse(SchemaText(f'{P3}import "{path}";\nmessage A {{ {type_name} a = 1; }}'))
    assert schema.messages["A"].fields[1].type_name == type_name
    assert type_name in schema.messages
    assert schema.roots == ("schema.proto",)


def test_own_reference_before_a_shipped_one_but_never_before_a_well_known_type() -> None:
    own = {
        "google/type/money.proto": P3 + "package google.type;\nmessage Money { string text = 9; }",
        "google/protobuf/any.proto": "not even Protobuf",
    }
    text = P3 + 'import "google/type/money.proto";\nimport "google/protobuf/any.proto";\n'
    schema = parse(SchemaText(text, own))
    assert list(schema.messages["google.type.Money"].fields) == [9]
    assert "google.protobuf.Any" in schema.messages


def test_a_reference_may_be_a_serialized_descriptor() -> None:
    money = serialized(SchemaText(P3 + "package m;\nmessage Money { int64 amount = 1; }"))
    schema = parse(SchemaText(P3 + 'import "money.proto";\nmessage A { m.Money a = 1; }', {"money.proto": money}))
    assert schema.messages["m.Money"].fields[1].name == "amount"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('import "a.proto";\nimport public "b.proto"; import weak "c.proto";', ["a.proto", "b.proto", "c.proto"]),
        ('// import "no.proto";\n/* import "no.proto"; */ import\n"a" ".proto";', ["a.proto"]),
        ('option x = "import \\"no.proto\\";"; message A { string import = 1; } import "a.proto";', ["a.proto"]),
        ('import option "o.proto";', ["o.proto"]),
        ("message import_me {}", []),
        ('import "unclosed', []),
    ],
)
def test_import_statements(text: str, found: list[str]) -> None:
    assert [one.path for one in import_statements(text)] == found


FIELDS = [
    ("proto3", "int32 a = 1;", Cardinality.IMPLICIT, False),
    ("proto3", "optional int32 a = 1;", Cardinality.EXPLICIT, False),
    ("proto3", "M a = 1;", Cardinality.EXPLICIT, False),
    ("proto3", "repeated int32 a = 1;", Cardinality.REPEATED, True),
    ("proto3", "repeated string a = 1;", Cardinality.REPEATED, False),
    ("proto3", "map<string, int32> a = 1;", Cardinality.MAP, False),
    ("proto2", "optional int32 a = 1;", Cardinality.EXPLICIT, False),
    ("proto2", "required int32 a = 1;", Cardinality.REQUIRED, False),
    ("proto2", "repeated int32 a = 1;", Cardinality.REPEATED, False),
    ("proto2", "repeated int32 a = 1 [packed = true];", Cardinality.REPEATED, True),
    ("2023", "int32 a = 1;", Cardinality.EXPLICIT, False),
    ("2023", "int32 a = 1 [features.field_presence = IMPLICIT];", Cardinality.IMPLICIT, False),
    ("2023", "int32 a = 1 [features.field_presence = LEGACY_REQUIRED];", Cardinality.REQUIRED, False),
    ("2023", "repeated int32 a = 1 [features.repeated_field_encoding = EXPANDED];", Cardinality.REPEATED, False),
    ("2024", "int32 a = 1;", Cardinality.EXPLICIT, False),
]


@pytest.mark.parametrize(("syntax", "written", "cardinality", "packed"), FIELDS)
def test_cardinality_and_packing(syntax: str, written: str, cardinality: Cardinality, packed: bool) -> None:
    keyword = "syntax" if syntax.startswith("proto") else "edition"
    schema = parse(SchemaText(f'{keyword} = "{syntax}";\nmessage M {{}}\nmessage A {{ {written} }}'))
    field = schema.messages["A"].fields[1]
    assert (field.cardinality, field.packed) == (cardinality, packed)
    assert schema.root_files[0].syntax == syntax


def test_features_are_inherited_and_overridden() -> None:
    text = (
        'edition = "2023";\noption features.enum_type = CLOSED;\noption features.utf8_validation = NONE;\n'
        "enum Closed { A = 1; }\nenum Open { option features.enum_type = OPEN; B = 0; }\n"
        "message M {\n  string a = 1;\n  string b = 2 [features.utf8_validation = VERIFY];\n"
        "  M c = 3 [features.message_encoding = DELIMITED];\n  map<string, M> d = 4;\n}"
    )
    schema = parse(SchemaText(text))
    assert (schema.enums["Closed"].closed, schema.enums["Open"].closed) == (True, False)
    fields = schema.messages["M"].fields
    assert [fields[number].features.utf8_validation for number in (1, 2)] == ["NONE", "VERIFY"]
    assert [fields[number].kind for number in (3, 4)] == [Kind.GROUP, Kind.MESSAGE]


def test_declarations_have_places_comments_options_and_lifecycle() -> None:
    text = (
        'syntax = "proto3";\npackage shop;\nimport "treaty/lifecycle.proto";\n\n// A bet.\nmessage Bet {\n'
        "\tstring id = 1; // the name\n\n  oneof way {\n    string card = 2;\n  }\n"
        "  string remark = 3 [deprecated = true, (treaty.field_lifecycle) = "
        '{deprecated_since: "1.7", removed_in: "2.0", sunset: "2027-01-31"}];\n'
        '  reserved 4, 6 to max;\n  reserved "x";\n}\n'
    )
    schema = parse(SchemaText(text, name="bet.proto"))
    bet = schema.messages["shop.Bet"]
    assert (str(bet.location()), bet.doc.strip()) == ("bet.proto:6:1", "A bet.")
    assert (str(bet.fields[1].location()), bet.fields[1].doc.strip()) == ("bet.proto:7:2", "the name")
    assert bet.fields[2].oneof == "way"
    assert bet.oneofs[0].numbers == (2,)
    assert bet.reserved_ranges == ((4, 4), (6, 536870911))
    assert bet.reserved_names == {"x"}
    lifecycle = bet.fields[3].lifecycle
    assert (lifecycle.deprecated, lifecycle.deprecated_since, lifecycle.removed_in) == (True, "1.7", "2.0")
    assert str(lifecycle.sunset) == "2027-01-31"
    assert not bet.fields[1].lifecycle.deprecated


def test_flat_lifecycle_options_of_others_are_read() -> None:
    text = (
        f'{P3}import "google/protobuf/descriptor.proto";\n'
        "extend google.protobuf.FieldOptions { string deprecated_since = 50001; string removed_in = 50002; }\n"
        'message A { string a = 1 [(deprecated_since) = "1.2", (removed_in) = "2.0"]; }'
    )
    lifecycle = parse(SchemaText(text)).messages["A"].fields[1].lifecycle
    assert (lifecycle.deprecated, lifecycle.deprecated_since, lifecycle.removed_in) == (True, "1.2", "2.0")


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [("abc", 0, 1), ("\tabc", 8, 2), ("  \tabc", 8, 4), ("éa", 2, 2), ("日本x", 6, 3), ("abc", 99, 4)],
)
def test_columns_are_characters(text: str, column: int, expected: int) -> None:
    assert character_column(f"\n{text}\n", 2, column) == expected


RICH = """
syntax = "proto2";
package rich;
import "google/protobuf/descriptor.proto";
option java_package = "com.rich";
extend google.protobuf.FieldOptions { optional Limit limit = 50001; repeated string tag = 50002; optional bytes raw = 50003; }
message Limit { optional int32 most = 1; optional string text = 2; }
message Outer {
  option deprecated = true;
  message First { optional int32 a = 1; }
  optional group Pair = 1 { optional string left = 1; }
  message Second {}
  map<string, Second> by_name = 2;
  message Third { enum Inside { X = 0; reserved -5 to -1, 7; reserved "Y"; } }
  oneof choice { string text = 3; group Other = 4 { optional Third third = 1; } }
  required int32 must = 5 [default = -7, json_name = "musst", (limit) = { most: 3 text: "a\\"b" }, (tag) = "x", (tag) = "y"];
  optional bytes data = 6 [default = "\\001\\377", (raw) = "\\000\\001"];
  optional double far = 7 [default = inf];
  optional string text_default = 8 [default = "tab\\there"];
  repeated int32 packed = 9 [packed = true];
  optional Status status = 10 [default = ACTIVE];
  extensions 100 to 199 [verification = UNVERIFIED];
  extensions 300 to max;
  reserved 20, 30 to 39;
  reserved "old";
  extend Outer { optional string inside = 101; }
}
enum Status { option allow_alias = true; UNKNOWN = 0; ACTIVE = 1 [deprecated = true]; RUNNING = 1; }
extend Outer { optional string ext = 100; }
service Calls {
  option deprecated = true;
  rpc One(Outer) returns (stream Limit);
  rpc Two(stream Outer) returns (Limit) { option idempotency_level = IDEMPOTENT; }
}
"""  # noqa: E501 -- a .proto text, as people write it
EDITION = (
    'edition = "2024";\npackage e;\nimport option "google/protobuf/cpp_features.proto";\n'
    "option features.field_presence = IMPLICIT;\nexport message A {\n"
    "  string s = 1 [features.(pb.cpp).string_type = VIEW];\n  reserved x, y;\n}\nlocal message B {}\n"
)


@pytest.mark.parametrize(
    "text", [RICH, EDITION, WALLET.read_text(encoding="utf-8")], ids=["proto2", "edition", "wallet"]
)
def test_what_is_printed_compiles_to_the_same_descriptor(text: str) -> None:
    canonical = canonical_text(SchemaText(text))
    assert serialized(SchemaText(canonical)) == serialized(SchemaText(text))
    assert canonical_text(SchemaText(canonical)) == canonical
    sent = SchemaText(serialized(SchemaText(text)))
    assert canonical_text(sent) == canonical
    assert imports(sent) == imports(SchemaText(text))
    documented = canonical_text(SchemaText(text), comments=True)
    assert canonical_text(SchemaText(documented)) == canonical


def test_comments_and_layout_are_no_part_of_the_identity() -> None:
    text = WALLET.read_text(encoding="utf-8")
    bare = re.sub(r"//[^\n]*", "", text).replace("\n\n", "\n").replace("  ", "\t")
    assert canonical_text(SchemaText(bare)) == canonical_text(SchemaText(text))
    assert "// The amount in minor units" in canonical_text(SchemaText(text), comments=True)


def test_normalized_text_sorts_what_has_no_order() -> None:
    one = P3 + (
        'import "google/protobuf/any.proto";\nimport "google/protobuf/duration.proto";\n'
        "message B { string b = 2; oneof w { int32 d = 4; int32 a = 1; } reserved 9, 7; }\nmessage A {}\n"
        "enum E { Z = 0; Y = 2; X = 1; }"
    )
    two = P3 + (
        'import "google/protobuf/duration.proto";\nimport "google/protobuf/any.proto";\n'
        "message B { oneof w { int32 a = 1; int32 d = 4; } string b = 2; reserved 7, 9; }\nmessage A {}\n"
        "enum E { Z = 0; X = 1; Y = 2; }"
    )
    assert canonical_text(SchemaText(one)) != canonical_text(SchemaText(two))
    assert normalized_text(SchemaText(one)) == normalized_text(SchemaText(two))
    assert normalized_text(SchemaText(one)).index("message B") < normalized_text(SchemaText(one)).index("message A")


def test_a_custom_option_that_no_import_declares_is_refused_when_sent_serialized() -> None:
    meta = {
        "meta.proto": P3
        + 'import "google/protobuf/descriptor.proto";\nextend google.protobuf.FieldOptions { int32 x = 50001; }'
    }
    whole = SchemaText(P3 + 'import "meta.proto";\nmessage A { string a = 1 [(x) = 5]; }', meta)
    sent = serialized(whole)
    assert "(.x) = 5" in canonical_text(SchemaText(sent, meta))
    torn = base64.b64encode(base64.b64decode(sent).replace(b"\x1a\nmeta.proto", b"")).decode()
    with pytest.raises(UnresolvedReference):
        canonical_text(SchemaText(torn))


def test_a_file_that_keeps_protoc_busy_is_stopped_and_the_next_one_compiles() -> None:
    compiler = Compiler(seconds=0.3)
    assert compiler.compile({"a.proto": P3}, ["a.proto"]).ok
    with pytest.raises(LimitExceeded, match=r"a\.proto"):
        compiler.compile({"a.proto": SLOW}, ["a.proto"])
    assert compiler.compile({"a.proto": P3}, ["a.proto"]).ok
    compiler.close()


def test_the_compiler_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    compiler = Compiler(seconds=0.3)
    compiler.compile({"deep/er/a.proto": P3}, ["deep/er/a.proto"])
    assert [folder.name[:14] for folder in tmp_path.iterdir()] == ["treaty-protoc-"]
    with pytest.raises(LimitExceeded):
        compiler.compile({"a.proto": SLOW}, ["a.proto"])
    assert not list(tmp_path.iterdir())
    compiler.compile({"a.proto": P3}, ["a.proto"])
    compiler.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text",
    [
        P3 + "message A {" + "".join(f"string f{number} = {number};" for number in range(1, 9000)) + "}",
        'syntax = "proto2"; message A { optional int32 foo = 1; optional int32 b = 2 [json_name = "foo"]; }',
    ],
    ids=["very many fields", "JSON names that collide"],
)
@pytest.mark.parametrize("imported", ["", 'import "google/protobuf/descriptor.proto";'])
def test_what_protoc_accepts_and_the_runtime_does_not_is_read(text: str, imported: str) -> None:
    semicolon = text.index(";") + 1
    schema = parse(SchemaText(text[:semicolon] + imported + text[semicolon:]))
    assert len(schema.messages["A"].fields) in (8999, 2)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler_module.well_known_types.cache_clear()
    monkeypatch.setattr(compiler_module, "find_spec", lambda name: None)
    try:
        with pytest.raises(UsageError) as caught:
            from treaty.model.protobuf import parse as again  # noqa: F401 -- the import is what is tried
    finally:
        compiler_module.well_known_types.cache_clear()
    assert caught.value.advice == "pip install 'treaty[protobuf]'"
    assert caught.value.exit_code == 2
