"""The written forms of schemas, against the specification and another implementation."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import fastavro.schema
import pytest
from hypothesis import given, settings
from tests.unit.avro.avro_strategies import schemas

from treaty.documents.schema_text import SchemaText
from treaty.errors import DocumentTooLarge, InvalidContract
from treaty.model.avro import canonical_text, fingerprint, normalized_text, parse, parsing_canonical_form

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty.model.avro.canonical import Algorithm


@pytest.mark.parametrize(
    ("schema", "canonical", "normalized", "parsing"),
    [
        ("int", '"int"', '"int"', '"int"'),
        ({"type": "int"}, '"int"', '"int"', '"int"'),
        (["null", {"type": "string"}], '["null","string"]', '["null","string"]', '["null","string"]'),
        (
            {"items": {"type": "string"}, "type": "array"},
            '{"items":"string","type":"array"}',
            '{"type":"array","items":"string"}',
            '{"type":"array","items":"string"}',
        ),
        (
            {"type": "string", "logicalType": "uuid", "pii": True},
            '{"type":"string","logicalType":"uuid","pii":true}',
            '{"type":"string","logicalType":"uuid","pii":true}',
            '"string"',
        ),
        (
            {
                "namespace": "n",
                "type": "record",
                "zeta": 1,
                "alpha": {"type": "string"},
                "name": "R",
                "aliases": ["Old"],
                "doc": "A record.",
                "fields": [
                    {"type": {"type": "long"}, "name": "a", "order": "ignore", "default": 0, "doc": "one"},
                    {"name": "b", "type": {"type": "enum", "name": "E", "symbols": ["A"], "default": "A"}},
                    {"name": "c", "type": "E", "order": "ascending"},
                ],
            },
            '{"namespace":"n","type":"record","zeta":1,"alpha":{"type":"string"},"name":"R","aliases":["Old"],'
            '"doc":"A record.","fields":[{"type":"long","name":"a","order":"ignore","default":0,"doc":"one"},'
            '{"name":"b","type":{"type":"enum","name":"E","symbols":["A"],"default":"A"}},'
            '{"name":"c","type":"E","order":"ascending"}]}',
            '{"name":"n.R","type":"record","fields":[{"name":"a","type":"long","doc":"one","default":0,"order":"ignore"},'
            '{"name":"b","type":{"name":"n.E","type":"enum","symbols":["A"],"default":"A"}},{"name":"c","type":"n.E"}],'
            '"doc":"A record.","aliases":["n.Old"],"alpha":{"type":"string"},"zeta":1}',
            '{"name":"n.R","type":"record","fields":[{"name":"a","type":"long"},'
            '{"name":"b","type":{"name":"n.E","type":"enum","symbols":["A"]}},{"name":"c","type":"n.E"}]}',
        ),
        (
            {"type": "fixed", "size": 8, "name": "F", "logicalType": "decimal", "scale": 2, "precision": 9},
            '{"type":"fixed","size":8,"name":"F","logicalType":"decimal","scale":2,"precision":9}',
            '{"name":"F","type":"fixed","size":8,"logicalType":"decimal","precision":9,"scale":2}',
            '{"name":"F","type":"fixed","size":8}',
        ),
    ],
)
def test_forms(schema: JsonValue, canonical: str, normalized: str, parsing: str) -> None:
    for source in (schema, json.dumps(schema, indent=2)):
        read = parse(SchemaText(source))
        assert canonical_text(read) == canonical
        assert normalized_text(read) == normalized
        assert parsing_canonical_form(read) == parsing


def test_references_stay_references_except_in_the_parsing_form() -> None:
    money = '{"type":"record","name":"n.Money","fields":[{"name":"amount","type":"long"}]}'
    bet = '{"type":"record","name":"n.Bet","fields":[{"name":"stake","type":"Money"},{"name":"win","type":"Money"}]}'
    schema = parse(SchemaText(bet, {"n.Money": money}))
    assert canonical_text(schema) == bet
    assert normalized_text(schema) == (
        '{"name":"n.Bet","type":"record","fields":[{"name":"stake","type":"n.Money"},{"name":"win","type":"n.Money"}]}'
    )
    assert parsing_canonical_form(schema) == (
        '{"name":"n.Bet","type":"record","fields":[{"name":"stake","type":{"name":"n.Money","type":"record",'
        '"fields":[{"name":"amount","type":"long"}]}},{"name":"win","type":"n.Money"}]}'
    )


def test_numbers_of_defaults_stay_exact() -> None:
    text = '{"type":"record","name":"R","fields":[{"name":"a","type":"double","default":0.12345678901234567890}]}'
    assert '"default":0.12345678901234567890' in canonical_text(parse(SchemaText(text)))
    read = json.loads(normalized_text(parse(SchemaText(text))), parse_float=Decimal)
    assert read["fields"][0]["default"] == Decimal("0.12345678901234567890")


# Of the specification's own test data for the Java library: share/test/data/schema-tests.txt.
@pytest.mark.parametrize(
    ("schema", "crc"),
    [
        ('"null"', 7195948357588979594),
        ('"boolean"', -6970731678124411036),
        ('"int"', 8247732601305521295),
        ('"long"', -3434872931120570953),
        ('"string"', -8142146995180207161),
    ],
)
def test_crc_of_the_primitives(schema: str, crc: int) -> None:
    little_endian = crc.to_bytes(8, "little", signed=True).hex()
    assert fingerprint(parse(SchemaText(schema))) == little_endian


@pytest.mark.parametrize(("algorithm", "name"), [("MD5", "md5"), ("SHA-256", "sha256")])
def test_hashes(algorithm: Algorithm, name: str) -> None:
    schema = parse(SchemaText('{"type": "fixed", "name": "F", "size": 2}'))
    expected = hashlib.new(name, b'{"name":"F","type":"fixed","size":2}', usedforsecurity=False).hexdigest()
    assert fingerprint(schema, algorithm) == expected


@settings(max_examples=200, deadline=None)
@given(schemas())
def test_the_parsing_form_is_that_of_another_implementation(schema: Any) -> None:
    ours = parse(SchemaText(schema))
    assert parsing_canonical_form(ours) == fastavro.schema.to_parsing_canonical_form(schema)
    assert fingerprint(ours) == fastavro.schema.fingerprint(parsing_canonical_form(ours), "CRC-64-AVRO")


def test_what_cannot_be_written() -> None:
    tree: JsonValue = "int"
    for _ in range(10_000):
        tree = {"type": "array", "items": tree}
    with pytest.raises(DocumentTooLarge, match="too deep to be written"):
        normalized_text(parse(SchemaText(tree)))
    with pytest.raises(InvalidContract, match="surrogate"):
        canonical_text(parse(SchemaText({"type": "map", "values": "int", "note": "\ud800"})))
