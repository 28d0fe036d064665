"""The written forms of a schema: what registries store and compare, and what fingerprints are computed from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from treaty.errors import DocumentTooLarge, InvalidContract
from treaty.model.avro.types import (
    Array,
    AvroType,
    EnumType,
    Field,
    Fixed,
    Kind,
    Map,
    Named,
    Place,
    Record,
    Schema,
    Union,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec

    from treaty.documents.location import JsonValue

__all__ = [
    "Algorithm",
    "Style",
    "canonical_text",
    "fingerprint",
    "normalized_text",
    "parsing_attributes",
    "parsing_canonical_form",
    "written",
]

Algorithm: TypeAlias = Literal["CRC-64-AVRO", "MD5", "SHA-256"]


def canonical_text(schema: Schema) -> str:
    """The schema's own text without insignificant blanks, and with ``{"type": "string"}`` written as ``"string"``.

    Documentation, aliases, defaults, every other attribute and their order stay, and so do references to other texts.
    Raises DocumentTooLarge for a tree nested deeper than can be written, InvalidContract for half a surrogate pair.
    """
    holder: list[JsonValue] = [schema.document.tree]
    waiting: list[tuple[_Owner, str | int, JsonValue]] = [(holder, 0, schema.document.tree)]
    while waiting:
        owner, key, raw = waiting.pop()
        if isinstance(raw, list):
            branches = list(raw)
            _put(owner, key, branches)
            waiting.extend((branches, index, branch) for index, branch in enumerate(raw))
        elif isinstance(raw, dict) and len(raw) == 1:
            _put(owner, key, raw["type"])
        elif isinstance(raw, dict):
            copied = dict(raw)
            _put(owner, key, copied)
            waiting.extend((copied, member, raw[member]) for member in ("items", "values") if member in raw)
            fields = raw.get("fields")
            if raw["type"] in ("record", "error") and isinstance(fields, list):
                own = [dict(each) for each in fields if isinstance(each, dict)]
                copied["fields"] = [*own]
                waiting.extend((each, "type", each["type"]) for each in own)
    return _encoded(holder[0], schema)


def normalized_text(schema: Schema) -> str:
    """The schema with full names and one fixed order of attributes, so that schemas that say the same have one text.

    Everything the author said stays; attributes the specification does not know come last, sorted by name. Types that
    came by reference stay references. Raises as :func:`canonical_text`.
    """
    return _encoded(written(schema, _normalized, inline=False), schema)


def parsing_canonical_form(schema: Schema) -> str:
    """What matters to a parser and nothing else (Avro 1.12, "Transforming into Parsing Canonical Form").

    The form is complete in itself: types that came by reference are written where they are used first. Raises as
    :func:`canonical_text`.
    """
    return _encoded(written(schema, parsing_attributes, inline=True), schema)


def fingerprint(schema: Schema, algorithm: Algorithm = "CRC-64-AVRO") -> str:
    """The fingerprint of the Parsing Canonical Form, in lower-case hexadecimal (Avro 1.12, "Schema Fingerprints").

    The eight bytes of CRC-64-AVRO are in little-endian order, as single-object encoding writes them.
    """
    from fastavro.schema import fingerprint as computed

    return str(computed(parsing_canonical_form(schema), algorithm))


_WORDS = {kind: kind.value for kind in Kind}
Style: TypeAlias = Callable[["AvroType | Field"], "dict[str, JsonValue]"]
"""The attributes of one node in their order; None stands where :func:`written` will put the types inside."""

_Owner: TypeAlias = "dict[str, JsonValue] | list[JsonValue]"
_Waiting: TypeAlias = "list[tuple[_Owner, str | int, AvroType | Field]]"


def written(schema: Schema, style: Style, *, inline: bool, root: AvroType | None = None) -> JsonValue:
    """The tree of ``schema``, or of the type ``root`` in it, in ``style``; a named type is written at its first use.

    With ``inline`` off, types of other texts are names everywhere.
    """
    told: set[int] = set()
    holder: list[JsonValue] = [None]
    waiting: _Waiting = [(holder, 0, root or schema.root)]
    while waiting:
        owner, key, node = waiting.pop()
        if isinstance(node, Union):
            branches: list[JsonValue] = [None] * len(node.branches)
            _put(owner, key, branches)
            waiting.extend(_backwards(branches, node.branches))
            continue
        if isinstance(node, Named):
            if id(node) in told or not (inline or node.place.document is schema.document):
                _put(owner, key, style(node)["name"])
                continue
            told.add(id(node))
        members = style(node)
        bare = len(members) == 1
        _put(owner, key, members["type"] if bare else members)
        match node:
            case Field():
                waiting.append((members, "type", node.type))
            case Array():
                waiting.append((members, "items", node.items))
            case Map():
                waiting.append((members, "values", node.values))
            case Record():
                fields: list[JsonValue] = [None] * len(node.fields)
                members["fields"] = fields
                waiting.extend(_backwards(fields, node.fields))
    return holder[0]


def parsing_attributes(node: AvroType | Field) -> dict[str, JsonValue]:
    """The attributes a parser needs, ordered as in the Parsing Canonical Form."""
    match node:
        case Field():
            return {"name": node.name, "type": None}
        case Record():
            return {"name": node.name, "type": "error" if node.is_error else "record", "fields": None}
        case EnumType():
            return {"name": node.name, "type": "enum", "symbols": list(node.symbols)}
        case Fixed():
            return {"name": node.name, "type": "fixed", "size": node.size}
        case Array():
            return {"type": "array", "items": None}
        case Map():
            return {"type": "map", "values": None}
        case _:
            return {"type": _WORDS[node.kind]}


def _normalized(node: AvroType | Field) -> dict[str, JsonValue]:
    members = parsing_attributes(node)
    if isinstance(node, Field | Named):
        if node.doc is not None:
            members["doc"] = node.doc
        if node.aliases:
            members["aliases"] = [*node.aliases]
    if isinstance(node, Field | EnumType) and node.default is not None:
        members["default"] = node.default.value
    if isinstance(node, Field):
        if node.order != "ascending":
            members["order"] = node.order
    elif node.logical is not None:
        members["logicalType"] = node.logical.name
        if node.logical.name == "decimal":
            members["precision"] = node.logical.precision
            members["scale"] = node.logical.scale
    for name in sorted(node.attributes):
        members.setdefault(name, node.attributes[name])
    return members


def _backwards(owner: list[JsonValue], nodes: Sequence[AvroType | Field]) -> _Waiting:
    """What is pushed last is taken first: so that the first use of a type is the first in reading order."""
    return [(owner, index, nodes[index]) for index in range(len(nodes) - 1, -1, -1)]


def _put(owner: _Owner, key: str | int, value: JsonValue) -> None:
    if isinstance(owner, dict):
        owner[str(key)] = value
    else:
        owner[int(key)] = value


@cache
def _encoder() -> msgspec.json.Encoder:
    import msgspec

    return msgspec.json.Encoder(decimal_format="number")


def _encoded(tree: JsonValue, schema: Schema) -> str:
    place = Place(schema.document).location()
    try:
        return _encoder().encode(tree).decode()
    except RecursionError:
        raise DocumentTooLarge(
            "nested too deep to be written", location=place, advice="give the inner types names"
        ) from None
    except UnicodeEncodeError:
        raise InvalidContract("half of a surrogate pair is no text", location=place) from None
