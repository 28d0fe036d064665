"""Names as the house writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.govern.lint.checks.openapi import operations
from treaty.govern.lint.rule import Violation
from treaty.govern.places import Kind
from treaty.model.openapi.contract import member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.lint.document import LintDocument
    from treaty.govern.places import Place

_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\Z")
_CAMEL = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
_KEBAB = re.compile(r"[A-Z][A-Za-z0-9]*(?:-[A-Z][A-Za-z0-9]*)*\Z")
_OPERATION = re.compile(r"([a-z][a-z0-9_]*)\.[a-z][a-z0-9_]*\Z")
_STYLES = {"snake_case": _SNAKE, "UpperCamelCase": _CAMEL, "Words-With-Dashes": _KEBAB}
_KINDS: dict[Family, dict[Kind, str]] = {
    Family.OPENAPI: {Kind.PROPERTY: "snake_case", Kind.PARAMETER: "snake_case", Kind.HEADER: "Words-With-Dashes"},
    Family.ASYNCAPI: {Kind.PROPERTY: "snake_case"},
    Family.JSON_SCHEMA: {Kind.PROPERTY: "snake_case"},
    Family.AVRO: {Kind.FIELD: "snake_case", Kind.RECORD: "UpperCamelCase", Kind.ENUM: "UpperCamelCase"},
    Family.PROTOBUF: {
        Kind.FIELD: "snake_case",
        Kind.MESSAGE: "UpperCamelCase",
        Kind.ENUM: "UpperCamelCase",
        Kind.SERVICE: "UpperCamelCase",
        Kind.METHOD: "UpperCamelCase",
    },
}


def names(document: LintDocument) -> Iterator[Violation]:
    """Names in another style than their kind has in the house."""
    for place in document.places:
        style = _style(place, document.family)
        if style is not None and not _STYLES[style].match(place.key) and not place.key.startswith("$"):
            yield Violation(place.name, place.location, f"{place.key} is not {style}", place.key)


def _style(place: Place, family: Family) -> str | None:
    if place.kind is Kind.PARAMETER and " header parameter " in f" {place.name}":
        return "Words-With-Dashes"
    if place.kind is Kind.PROPERTY and place.node is not None and "patternProperties" in place.node.pointer[-2:]:
        return None
    if family is Family.OPENAPI and place.kind is Kind.SCHEMA and place.owner is None:
        return "UpperCamelCase"
    return _KINDS[family].get(place.kind)


def operation_names(document: LintDocument) -> Iterator[Violation]:
    """Operations that are not called `resource.action`, or not tagged with their resource."""
    for section, before in (("paths", ""), ("webhooks", "webhook ")):
        for operation in operations(document, section):
            name = member(operation.node, "operationId")
            found = _OPERATION.match(name) if isinstance(name, str) else None
            label = f"{before}{operation.label}"
            if isinstance(name, str) and found is None:
                where = document.locate(operation.node, "operationId")
                yield Violation(label, where, f"{name} is not resource.action", name)
            tags = member(operation.node, "tags")
            if found is not None and tags != [found[1]]:
                where = document.locate(operation.node, "tags")
                yield Violation(label, where, f"its only tag is not its resource, {found[1]}", found[1])
