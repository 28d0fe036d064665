"""What a document says it is, and what is said of one that is nothing Treaty compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from treaty.documents.document import Document, read_document
from treaty.documents.formats import Family, Format, family
from treaty.errors import UnsupportedDocument

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

KNOWN: list[tuple[str, JsonValue | bytes, Family, str]] = [
    ("x", {"openapi": "3.0.3"}, Family.OPENAPI, "3.0.3"),
    ("x", {"openapi": "3.1.1"}, Family.OPENAPI, "3.1.1"),
    ("x", {"openapi": "3.2.0"}, Family.OPENAPI, "3.2.0"),
    ("x", {"openapi": "3.0.0-rc2"}, Family.OPENAPI, "3.0.0-rc2"),
    ("x", {"openapi": 3.1}, Family.OPENAPI, "3.1"),
    ("x.avsc", {"openapi": "3.1.0"}, Family.OPENAPI, "3.1.0"),
    ("x", {"openapi": "3.1.0", "$schema": "https://example.com/dialect"}, Family.OPENAPI, "3.1.0"),
    ("x", {"asyncapi": "2.6.0"}, Family.ASYNCAPI, "2.6.0"),
    ("x", {"asyncapi": "3.0.0"}, Family.ASYNCAPI, "3.0.0"),
    ("x", {"$schema": "http://json-schema.org/draft-04/schema#"}, Family.JSON_SCHEMA, "4"),
    ("x", {"$schema": "http://json-schema.org/draft-06/schema#"}, Family.JSON_SCHEMA, "6"),
    ("x", {"$schema": "https://json-schema.org/draft-07/schema"}, Family.JSON_SCHEMA, "7"),
    ("x", {"$schema": "https://json-schema.org/draft/2019-09/schema"}, Family.JSON_SCHEMA, "2019-09"),
    ("x", {"$schema": "https://json-schema.org/draft/2020-12/schema"}, Family.JSON_SCHEMA, "2020-12"),
    ("x", {"$schema": "http://json-schema.org/schema#"}, Family.JSON_SCHEMA, "2020-12"),
    ("x", {"type": "object"}, Family.JSON_SCHEMA, "2020-12"),
    ("x", {"type": "string"}, Family.JSON_SCHEMA, "2020-12"),
    ("x", {"type": ["null", "string"]}, Family.JSON_SCHEMA, "2020-12"),
    ("x", {"type": "array", "items": {"type": "string"}}, Family.JSON_SCHEMA, "2020-12"),
    ("x", {"properties": {}}, Family.JSON_SCHEMA, "2020-12"),
    ("x.schema.json", {}, Family.JSON_SCHEMA, "2020-12"),
    ("x", True, Family.JSON_SCHEMA, "2020-12"),
    ("x", {"type": "record", "name": "R", "fields": []}, Family.AVRO, "1"),
    ("x", {"type": "enum", "name": "E", "symbols": ["A"]}, Family.AVRO, "1"),
    ("x", {"type": "array", "items": "string"}, Family.AVRO, "1"),
    ("x", {"type": "array", "items": {"type": "record", "name": "R", "fields": []}}, Family.AVRO, "1"),
    ("x", {"type": "map", "values": "long"}, Family.AVRO, "1"),
    ("x", {"type": "long", "logicalType": "timestamp-millis"}, Family.AVRO, "1"),
    ("x", {"type": {"type": "record", "name": "R", "fields": []}}, Family.AVRO, "1"),
    ("x", ["null", "string"], Family.AVRO, "1"),
    ("x", ["null", {"type": "record", "name": "R", "fields": []}], Family.AVRO, "1"),
    ("x", ["null", {"type": "string"}], Family.AVRO, "1"),
    ("x", "string", Family.AVRO, "1"),
    ("x.avsc", {"type": "string"}, Family.AVRO, "1"),
    ("x.avsc", "com.example.Order", Family.AVRO, "1"),
    ("x.proto", b'// a comment\nsyntax = "proto3";\n', Family.PROTOBUF, "proto3"),
    ("x", b"/* syntax = 'proto2'; */ edition = '2023';", Family.PROTOBUF, "2023"),
    ("x", b"package a.b;\nmessage M {}", Family.PROTOBUF, "proto2"),
    ("x.proto", b"", Family.PROTOBUF, "proto2"),
]


@pytest.mark.parametrize(("path", "content", "kind", "version"), KNOWN)
def test_known(path: str, content: JsonValue | bytes, kind: Family, version: str) -> None:
    assert family(content, path) == Format(kind, version)


REFUSED: list[tuple[str, str, str, str]] = [
    (
        "swagger: '2.0'\ninfo: {}",
        "x.yaml:1:1",
        "Swagger 2.0 is not supported: Treaty reads OpenAPI 3.0",
        "swagger2openapi",
    ),
    ("info: {}\nswagger: 2.0", "x.yaml:2:1", "Swagger 2.0", "swagger2openapi"),
    ("a: 1\nopenapi: 4.0.0", "x.yaml:2:1", "openapi '4.0.0' is not supported", "info.version"),
    ("openapi: 3.3.0", "x.yaml:1:1", "openapi '3.3.0' is not supported", "info.version"),
    ("openapi: 1.7.0", "x.yaml:1:1", "openapi '1.7.0'", "info.version"),
    ("openapi: {}", "x.yaml:1:1", "openapi {} is not supported", '`openapi: "3.0.0"`'),
    ("openapi: 3", "x.yaml:1:1", "openapi 3 is not supported", "as text"),
    ("openapi: null", "x.yaml:1:1", "openapi None", "as text"),
    ("asyncapi: 1.2.0", "x.yaml:1:1", "asyncapi '1.2.0' is not supported: Treaty reads 2.x and 3.x", "info.version"),
    ("$schema: http://json-schema.org/draft-03/schema#", "x.yaml:1:1", "the dialect", "written for"),
    (
        "x: 1\n$schema: https://example.com/mine",
        "x.yaml:2:1",
        "'https://example.com/mine' is not supported",
        "written for",
    ),
    ("hello: world", "x.yaml:1:1", "no contract of a family Treaty knows", "`openapi: 3.x`"),
    ("just words", "x.yaml:1:1", "no contract of a family", "Avro"),
    ("- 1\n- 2", "x.yaml:1:1", "no contract of a family", ".proto"),
    ("[]", "x.yaml:1:1", "no contract of a family", "$schema"),
    ("null", "x.yaml:1:1", "no contract of a family", "Avro"),
    ("12", "x.yaml:1:1", "no contract of a family", "Avro"),
]


@pytest.mark.parametrize(("text", "place", "problem", "advice"), REFUSED)
def test_refused(text: str, place: str, problem: str, advice: str) -> None:
    document = read_document(text.encode(), "x.yaml", "x.yaml")
    with pytest.raises(UnsupportedDocument) as caught:
        document.format  # noqa: B018  # reading it is the question
    assert str(caught.value.location) == place
    assert problem in caught.value.problem
    assert advice in (caught.value.advice or "")


def test_bytes_that_are_no_protobuf() -> None:
    with pytest.raises(UnsupportedDocument, match="neither JSON, YAML nor Protobuf"):
        family(b"hello", "x.txt")


def test_place_without_a_document() -> None:
    with pytest.raises(UnsupportedDocument) as caught:
        family({"swagger": "2.0"}, "given")
    assert str(caught.value.location) == "given#/swagger"


def test_document_knows_its_format() -> None:
    assert Document.of_tree({"openapi": "3.1.0"}, "given").format == (Family.OPENAPI, "3.1.0")
