"""Random Avro schemas, edits to them, and data."""

from __future__ import annotations

import copy
from typing import Any, TypeAlias

from hypothesis import strategies as st

from treaty.changes.avro.data import Chosen, Datum, Smallest
from treaty.model.avro.types import Array, AvroType, EnumType, Fixed, Kind, Map, Primitive, Record, Union

Json: TypeAlias = Any  # a tree that is taken apart and put together at random
PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]
_SYMBOLS = ["A", "B", "C", "D"]
_FIELDS = ["a", "b", "c", "d"]
_VALUES: dict[str, Json] = {
    "null": None,
    "boolean": False,
    "int": 1,
    "long": 1,
    "float": 1.5,
    "double": 1.5,
    "bytes": "x",
    "string": "x",
}


@st.composite
def schemas(draw: st.DrawFn) -> Json:
    """A valid schema of a few named types, some of them recursive, in one or two namespaces."""
    return _type(draw, [], 3, draw(st.booleans()))


def _type(draw: st.DrawFn, defined: list[str], depth: int, spaced: bool) -> Json:
    kinds = ["primitive", "primitive", "enum", "fixed"]
    if depth > 0:
        kinds += ["record", "record", "record", "array", "map", "union"]
    if defined:
        kinds.append("name")
    kind = draw(st.sampled_from(kinds))
    if kind == "primitive":
        return draw(st.sampled_from(PRIMITIVES))
    if kind == "name":
        # Through a union or array, so that recursion can end.
        name = draw(st.sampled_from(defined))
        return draw(st.sampled_from([["null", name], {"type": "array", "items": name}]))
    if kind == "array":
        return {"type": "array", "items": _type(draw, defined, depth - 1, spaced)}
    if kind == "map":
        return {"type": "map", "values": _type(draw, defined, depth - 1, spaced)}
    if kind == "union":
        branches = [_type(draw, defined, depth - 1, spaced) for _ in range(draw(st.integers(1, 3)))]
        return _union(branches)
    name = f"T{len(defined)}"
    full = f"{draw(st.sampled_from(['n', 'm']))}.{name}" if spaced else name
    defined.append(full)
    if kind == "enum":
        symbols = draw(st.lists(st.sampled_from(_SYMBOLS), min_size=1, unique=True))
        default = {"default": symbols[0]} if draw(st.booleans()) else {}
        return {"type": "enum", "name": full, "symbols": symbols, **default}
    if kind == "fixed":
        return {"type": "fixed", "name": full, "size": draw(st.integers(0, 3))}
    names = draw(st.lists(st.sampled_from(_FIELDS), max_size=3, unique=True))
    fields = [_field(draw, each, _type(draw, defined, depth - 1, spaced)) for each in names]
    return {"type": "record", "name": full, "fields": fields}


def _union(branches: list[Json]) -> Json:
    """The branches without nested unions and without a kind twice."""
    kept: dict[str, Json] = {}
    for branch in branches:
        for each in branch if isinstance(branch, list) else [branch]:
            key = each if isinstance(each, str) else each.get("name", each["type"])
            kept.setdefault(key, each)
    return list(kept.values())


def _field(draw: st.DrawFn, name: str, kind: Json) -> Json:
    field: Json = {"name": name, "type": kind}
    if isinstance(kind, str) and kind in _VALUES and draw(st.booleans()):
        field["default"] = _VALUES[kind]
    elif isinstance(kind, list) and kind and kind[0] == "null" and draw(st.booleans()):
        field["default"] = None
    return field


@st.composite
def edited(draw: st.DrawFn, schema: Json) -> Json:
    """``schema`` after up to three edits of the kinds people make; it may be invalid, which a test has to skip."""
    holder = [copy.deepcopy(schema)]
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(holder))
        owner, key = draw(st.sampled_from(places))
        owner[key] = _edit(draw, owner[key])
    return holder[0]


def _places(holder: Json) -> Any:
    """Every place that holds a type."""
    waiting: list[tuple[Json, Json]] = [(holder, 0)]
    while waiting:
        owner, key = waiting.pop()
        yield owner, key
        node = owner[key]
        if isinstance(node, list):
            waiting.extend((node, index) for index in range(len(node)))
        elif isinstance(node, dict):
            waiting.extend((node, member) for member in ("items", "values") if member in node)
            waiting.extend((field, "type") for field in node.get("fields", []))


def _edit(draw: st.DrawFn, node: Json) -> Json:
    if isinstance(node, dict) and node["type"] == "record":
        return _edited_record(draw, node)
    if isinstance(node, dict) and node["type"] == "enum":
        symbols = draw(st.lists(st.sampled_from(_SYMBOLS), min_size=1, unique=True))
        return {**node, "symbols": symbols, **({"default": symbols[-1]} if "default" in node else {})}
    if isinstance(node, dict) and node["type"] == "fixed":
        return {**node, "size": draw(st.integers(0, 3))}
    if isinstance(node, list):
        edit = draw(st.sampled_from(["drop", "reverse", "add"]))
        if edit == "add":
            return _union([*node, draw(st.sampled_from(PRIMITIVES))])
        return node[1:] if edit == "drop" else node[::-1]
    return draw(st.sampled_from([*PRIMITIVES, _union(["null", node])]))


def _edited_record(draw: st.DrawFn, node: Json) -> Json:
    fields = list(node["fields"])
    edit = draw(st.sampled_from(["add", "add", "drop", "rename", "reverse", "name", "alias", "namespace", "wrap"]))
    if edit == "add":
        name = draw(st.sampled_from(_FIELDS))
        fields = [each for each in fields if each["name"] != name]
        fields.append(_field(draw, name, draw(st.sampled_from(PRIMITIVES))))
    elif edit == "drop":
        fields = fields[1:]
    elif edit == "rename" and fields:
        name = draw(st.sampled_from(["x", "y", *_FIELDS]))
        if all(each["name"] != name for each in fields):
            aliases = {"aliases": [fields[0]["name"]]} if draw(st.booleans()) else {}
            fields[0] = {**fields[0], "name": name, **aliases}
    elif edit == "reverse":
        fields = fields[::-1]
    elif edit in ("name", "alias"):
        renamed = {**node, "name": node["name"] + "X"}
        return {**renamed, "aliases": [node["name"]]} if edit == "alias" else renamed
    elif edit == "namespace":
        return {**node, "name": "k." + node["name"].rpartition(".")[2]}
    else:
        return ["null", node]
    return {**node, "fields": fields}


@st.composite
def data(draw: st.DrawFn, node: AvroType, smallest: Smallest | None = None, depth: int = 6) -> Datum:
    """A datum of ``node``, smallest where it would become deep; bytes and strings are ASCII."""
    smallest = smallest or Smallest()
    if depth == 0:
        return smallest.datum(node)
    match node:
        case Record():
            return {field.name: draw(data(field.type, smallest, depth - 1)) for field in node.fields}
        case Union():
            branch = draw(st.sampled_from(node.branches))
            return Chosen(branch, draw(data(branch, smallest, depth - 1)))
        case EnumType():
            return draw(st.sampled_from(node.symbols))
        case Fixed():
            return draw(st.binary(min_size=node.size, max_size=node.size))
        case Array():
            return [draw(data(node.items, smallest, depth - 1)) for _ in range(draw(st.integers(0, 2)))]
        case Map():
            keys = draw(st.lists(st.sampled_from("pq"), unique=True))
            return {key: draw(data(node.values, smallest, depth - 1)) for key in keys}
        case Primitive():
            return draw(_RAW[node.kind])


_RAW: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.NULL: st.none(),
    Kind.BOOLEAN: st.booleans(),
    Kind.INT: st.integers(-(2**31), 2**31 - 1),
    Kind.LONG: st.integers(-(2**63), 2**63 - 1),
    Kind.FLOAT: st.floats(allow_nan=False, width=32),
    Kind.DOUBLE: st.floats(allow_nan=False),
    Kind.BYTES: st.text("ab", max_size=3).map(str.encode),
    Kind.STRING: st.text("ab", max_size=3),
}
