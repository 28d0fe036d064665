"""Pieces of OpenAPI contracts, as pages and cases show them, made whole documents and compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from treaty.changes.comparison import Settings, Side, compare_documents
from treaty.documents.library import Library
from treaty.documents.source import TextSource
from treaty.model.openapi.contract import METHODS
from treaty.model.roles import Standing

if TYPE_CHECKING:
    from treaty.changes.change import Change

Json: TypeAlias = Any  # trees of documents, taken apart and put together

NAME = "openapi.yaml"
_DOCUMENT = {"openapi", "info", "paths", "webhooks", "components", "servers", "security", "tags"}
_OPERATION = {
    "callbacks", "operationId", "parameters", "requestBody", "responses", "security", "servers", "summary",
    "x-stability-level",
}  # fmt: skip


class _Plain(yaml.SafeDumper):
    """Writes what is used twice twice, as people do."""

    def ignore_aliases(self, data: Json) -> bool:
        return True


# What schemas of pages and cases may refer to without bringing it along.
COMPONENTS: Json = {
    "Card": {
        "type": "object",
        "required": ["kind", "card"],
        "properties": {"kind": {"type": "string"}, "type": {"type": "string"}, "card": {"type": "string"}},
    },
    "Iban": {
        "type": "object",
        "required": ["kind", "iban"],
        "properties": {"kind": {"type": "string"}, "type": {"type": "string"}, "iban": {"type": "string"}},
    },
}
_ANSWERED = {"200": {"description": "as asked"}}


def document(fragment: Json, *, version: str = "3.1.0") -> Json:
    """The whole contract around a piece of one.

    Told by its keys, a piece is a document, path items by path, one path item, one operation (`POST /bets`), one
    parameter of `GET /bets`, or else a schema, which is then the body of a request and of its answer.
    """
    keys = set(fragment)
    if keys & {"paths", "webhooks"} or (keys and keys <= _DOCUMENT - {"security"}):
        return {"openapi": version, "info": {"title": "Bets", "version": "1.0.0"}, "paths": {}} | fragment
    if keys and all(key.startswith("/") for key in keys):
        return document({"paths": fragment}, version=version)
    if keys & set(METHODS):
        return document({"/bets": fragment}, version=version)
    if keys & _OPERATION:
        return document({"post": {"responses": _ANSWERED} | fragment}, version=version)
    if {"name", "in"} <= keys:
        path = f"/bets/{{{fragment['name']}}}" if fragment["in"] == "path" else "/bets"
        return document({path: {"get": {"parameters": [fragment], "responses": _ANSWERED}}}, version=version)
    return placed(fragment, Standing.REQUEST | Standing.ANSWER, version=version)


def placed(schema: Json, standing: Standing, *, version: str = "3.1.0", components: Json = None) -> Json:
    """A contract in which values of ``schema`` stand as asked; a field is called ``it``."""
    body = {"content": {"application/json": {"schema": schema}}}
    field = {"type": "object", "properties": {"it": schema}}
    operation: Json = {"responses": _ANSWERED}
    if standing & Standing.REQUEST:
        operation = operation | {"requestBody": body | {"required": True}}
    if standing & Standing.ANSWER:
        operation = operation | {"responses": {"200": body | _ANSWERED["200"]}}
    if standing & Standing.FIELD:
        held = {"content": {"application/json": {"schema": field}}}
        operation = operation | {"responses": {"200": held | _ANSWERED["200"]}}
    parts: Json = {"paths": {"/bets": {"post": operation}}}
    if standing is Standing.DELIVERY:
        parts = {"webhooks": {"settled": {"post": {"requestBody": body | {"required": True}, "responses": _ANSWERED}}}}
    parts["components"] = {"schemas": COMPONENTS | (components or {})}
    return document(parts, version=version)


def in_yaml(tree: Json) -> str:
    return yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True)


def side(tree: Json, *, as_json: bool = False, files: dict[str, str] | None = None) -> Side:
    """One side of a comparison, by way of its text, so that places have lines."""
    text = (
        json.dumps(tree, indent=2) if as_json else yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True)
    )
    library = Library(
        TextSource({NAME: text.encode(), **{name: each.encode() for name, each in (files or {}).items()}})
    )
    return Side(library, library.open(NAME))


def compare(old: Json, new: Json, settings: Settings | None = None) -> tuple[Change, ...]:
    return compare_documents(side(old), side(new), settings or Settings())


def told(changes: tuple[Change, ...]) -> list[str]:
    """``level rule: element`` of each, in order."""
    return sorted(f"{change.level} {change.rule}: {change.element}" for change in changes)
