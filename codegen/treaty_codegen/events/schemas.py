"""The schemas beside the classes: every named type on its own, the others by full name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.model.avro.types import Array, AvroType, EnumType, Field, Fixed, Map, Named, Primitive, Record, Union
from treaty_codegen.quoting import literal

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

__all__ = ["definition_text", "schemas_module"]


def schemas_module(types: list[Named], header: list[str]) -> str:
    """The module of all definitions."""
    lines = [
        *header,
        "",
        '"""The Avro schemas of this package: each named type by its full name, the others in it by theirs."""',
        "",
        "from collections.abc import Mapping",
        "",
        "SCHEMAS: Mapping[str, str] = {",
    ]
    for each in types:
        lines.append(f"    {literal(each.name)}: (")
        text = definition_text(each)
        lines.extend(f"        {literal(part)}" for part in _parts(text))
        lines.append("    ),")
    return "\n".join([*lines, "}", ""])


def _parts(text: str) -> list[str]:
    """``text`` in pieces that fit a line, cut after commas."""
    parts: list[str] = []
    while len(text) > 80:
        cut = max((text.rfind(",", 0, 80) + 1, text.find(",", 80) + 1), key=lambda at: (0 < at <= 80, at))
        if cut <= 0:
            break
        parts.append(text[:cut])
        text = text[cut:]
    return [*parts, text]


def definition_text(node: Named) -> str:
    """The definition of one named type as compact JSON: full names, defaults and documentation kept."""
    return json.dumps(_definition(node), separators=(",", ":"), ensure_ascii=True, default=float)


def _definition(node: Named) -> dict[str, JsonValue]:
    members: dict[str, JsonValue] = {"name": node.name}
    match node:
        case Record():
            members["type"] = "record"
            members["fields"] = [_field(each) for each in node.fields]
        case EnumType():
            members |= {"type": "enum", "symbols": [*node.symbols]}
            if node.default is not None:
                members["default"] = node.default.value
        case Fixed():
            members |= {"type": "fixed", "size": node.size}
    if node.doc is not None:
        members["doc"] = node.doc
    if node.aliases:
        members["aliases"] = [*node.aliases]
    return members | _logical(node)


def _field(each: Field) -> dict[str, JsonValue]:
    members: dict[str, JsonValue] = {"name": each.name, "type": _written(each.type)}
    if each.doc is not None:
        members["doc"] = each.doc
    if each.default is not None:
        members["default"] = each.default.value
    if each.aliases:
        members["aliases"] = [*each.aliases]
    if each.order != "ascending":
        members["order"] = each.order
    return members


def _logical(node: AvroType) -> dict[str, JsonValue]:
    if node.logical is None:
        return {}
    members: dict[str, JsonValue] = {"logicalType": node.logical.name}
    if node.logical.name == "decimal":
        members |= {"precision": node.logical.precision, "scale": node.logical.scale}
    return members


def _written(node: AvroType) -> JsonValue:
    match node:
        case Primitive():
            logical = _logical(node)
            return {"type": node.kind.value, **logical} if logical else node.kind.value
        case Array():
            return {"type": "array", "items": _written(node.items)}
        case Map():
            return {"type": "map", "values": _written(node.values)}
        case Union():
            return [_written(each) for each in node.branches]
    return node.name
