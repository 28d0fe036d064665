"""Avro types as source: one class per record, one alias per enum and fixed, one module per namespace."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from treaty.model.avro.names import enclosing_namespace
from treaty.model.avro.types import Array, AvroType, EnumType, Field, Fixed, Kind, Map, Named, Primitive, Record, Union
from treaty.model.lifecycle import lifecycle_of
from treaty_codegen.layout import WIDTH, fitted
from treaty_codegen.lifecycle import deprecation_text
from treaty_codegen.models.emitting import fitted_import, import_order
from treaty_codegen.models.library import field_names_taken
from treaty_codegen.naming import module_name, python_name, unique
from treaty_codegen.quoting import docstring, literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import JsonValue

__all__ = ["RecordWriter", "class_of", "module_of"]

_PRIMITIVES = {
    Kind.NULL: "None",
    Kind.BOOLEAN: "bool",
    Kind.INT: "Int32",
    Kind.LONG: "Int64",
    Kind.FLOAT: "float",
    Kind.DOUBLE: "float",
    Kind.BYTES: "bytes",
    Kind.STRING: "str",
}
_LOGICAL = {
    "uuid": "UUID",
    "date": "Date",
    "time-millis": "TimeMillis",
    "time-micros": "Time",
    "timestamp-millis": "TimestampMillis",
    "timestamp-micros": "TimestampMicros",
    "local-timestamp-millis": "LocalTimestampMillis",
    "local-timestamp-micros": "LocalTimestampMicros",
}
_RUNTIME = frozenset(
    {"AvroDecimal", "AvroRecord", "AvroSchema", "Int32", "Int64", "LocalTimestampMicros", "LocalTimestampMillis"}
    | {"OneRecord", "TimeMillis", "TimestampMicros", "TimestampMillis"}
)
_RESERVED = _RUNTIME | {
    "Annotated", "Any", "ClassVar", "Date", "Decimal", "Field", "Literal", "SCHEMAS", "Time", "TypeAlias", "UUID",
    "deprecated",
}  # fmt: skip


def class_of(name: str) -> str:
    """The class of a full name: its short name, free of what Python and the module need."""
    short = name.rpartition(".")[2]
    taken = keyword.iskeyword(short) or short in _RESERVED or short.startswith("_")
    return f"{short.strip('_') or 'Type'}_" if taken else short


def module_of(name: str) -> str:
    """The module of a full name: its namespace, dots written as underscores."""
    return module_name(enclosing_namespace(name) or "records")


class RecordWriter:
    """The source of one namespace."""

    def __init__(self, types: list[Named], fingerprints: Mapping[str, str]) -> None:
        self._types = types
        self._fingerprints = fingerprints
        self._module = module_of(types[0].name)
        self._used: set[str] = set()
        self._others: set[str] = set()
        self._known: set[str] = set()
        self._forward = False

    def source(self, header: list[str]) -> str:
        """The whole module."""
        body: list[str] = []
        after_class = True
        for each in self._ordered():
            is_class = isinstance(each, Record)
            body.extend(["", ""] if is_class or after_class else [""])
            body.extend(self._class(each) if isinstance(each, Record) else self._alias(each))
            self._known.add(each.name)
            after_class = is_class
        names = sorted(class_of(each.name) for each in self._types)
        namespace = enclosing_namespace(self._types[0].name) or "no namespace"
        about = docstring(f"The types of {namespace}.")
        exported = ["__all__ = [", *(f'    "{name}",' for name in names), "]"]
        return "\n".join([*header, "", *about, "", *self._imports(), "", *exported, *body, ""])

    def _ordered(self) -> list[Named]:
        """Each type after those it uses, as far as circles allow."""
        own = {each.name: each for each in self._types}
        done: dict[str, Named] = {}
        visiting: set[str] = set()

        def visit(each: Named) -> None:
            if each.name in done or each.name in visiting:
                return
            visiting.add(each.name)
            for name in _used_names(each):
                if name in own:
                    visit(own[name])
            done[each.name] = each

        for each in self._types:
            visit(each)
        return list(done.values())

    def _imports(self) -> list[str]:
        used = self._used
        dates = [f"{name.lower()} as {name}" for name in ("Date", "Time") if name in used]
        lines = [f"from datetime import {', '.join(dates)}"] if dates else []
        if "Decimal" in used:
            lines.append("from decimal import Decimal")
        typing = used & {"Annotated", "Any", "ClassVar", "Literal", "TypeAlias"}
        if typing:
            lines.append(f"from typing import {', '.join(sorted(typing, key=import_order))}")
        if "UUID" in used:
            lines.append("from uuid import UUID")
        foreign = ["from pydantic import Field"] if "Field" in used else []
        if "deprecated" in used:
            foreign.append("from typing_extensions import deprecated")
        own = [f"from . import {', '.join(sorted(self._others))}"] if self._others else []
        if used & _RUNTIME:
            own.extend(fitted_import("._runtime.avro", sorted(used & _RUNTIME, key=import_order)))
        if "SCHEMAS" in used:
            own.append("from ._schemas import SCHEMAS")
        groups = [group for group in (lines, foreign, own) if group]
        return [line for index, group in enumerate(groups) for line in ([""] if index else []) + group]

    def _use(self, *names: str) -> str:
        self._used.update(names)
        return names[0]

    # Types.
    def _text(self, node: AvroType) -> str:
        match node:
            case Primitive(kind=kind, logical=logical):
                if logical is not None and logical.name == "decimal":
                    return self._decimal(logical.precision, logical.scale)
                if logical is not None and logical.name in _LOGICAL:
                    return self._use(_LOGICAL[logical.name])
                return self._use(_PRIMITIVES[kind])
            case Array():
                return f"list[{self._text(node.items)}]"
            case Map():
                return f"dict[str, {self._text(node.values)}]"
            case Union():
                return self._union(node)
        return self._named(node)

    def _decimal(self, precision: int, scale: int) -> str:
        self._use("Annotated", "AvroDecimal", "Decimal")
        return f"Annotated[Decimal, AvroDecimal({precision}, {scale})]"

    def _union(self, node: Union) -> str:
        texts = list(dict.fromkeys(self._text(each) for each in node.branches))
        texts.sort(key=lambda text: text == "None")
        joined = " | ".join(texts)
        records = [each for each in node.branches if isinstance(each, Record)]
        if len(records) < 2:
            return joined
        self._use("Annotated", "OneRecord")
        return f"Annotated[{joined}, OneRecord({literal(tuple(each.name for each in records))})]"

    def _named(self, node: Named) -> str:
        module, name = module_of(node.name), class_of(node.name)
        if module != self._module:
            self._others.add(module)
            self._forward = True
            return f"{module}.{name}"
        if node.name not in self._known:
            self._forward = True
        return name

    def _annotation(self, node: AvroType) -> str:
        """The type, in quotes where a name in it is not defined yet."""
        self._forward = False
        text = self._text(node)
        return literal(text) if self._forward else text

    # Definitions.
    def _alias(self, node: EnumType | Fixed) -> list[str]:
        self._use("TypeAlias")
        if isinstance(node, EnumType):
            self._use("Literal")
            text = f"Literal[{', '.join(literal(symbol) for symbol in node.symbols)}]"
        elif node.logical is not None and node.logical.name == "decimal":
            text = self._decimal(node.logical.precision, node.logical.scale)
        elif node.logical is not None and node.logical.name == "uuid":
            text = self._use("UUID")
        else:
            self._use("Annotated", "Field")
            text = f"Annotated[bytes, Field(min_length={node.size}, max_length={node.size})]"
        return [*fitted(f"{class_of(node.name)}: TypeAlias = {text}"), *docstring(node.doc or "")]

    def _class(self, record: Record) -> list[str]:
        name = class_of(record.name)
        lifecycle = lifecycle_of(dict(record.attributes))
        lines: list[str] = []
        if lifecycle.deprecated:
            self._use("deprecated")
            lines.extend(fitted(f"@deprecated({literal(deprecation_text(name, lifecycle))})"))
        self._use("AvroRecord", "AvroSchema", "ClassVar", "SCHEMAS")
        lines.append(f"class {name}(AvroRecord):")
        doc = docstring(record.doc or "", 4)
        schema = f"AvroSchema({literal(record.name)}, {literal(self._fingerprints[record.name])}, SCHEMAS)"
        lines.extend([*doc, *([""] if doc else []), *fitted(f"avro: ClassVar[AvroSchema] = {schema}", 4)])
        if record.fields:
            lines.append("")
        taken: set[str] = {"avro"}
        for each in record.fields:
            own = unique(python_name(each.name, "field", field_names_taken() | _TAKEN), taken)
            taken.add(own)
            lines.extend(self._field(each, own))
        return lines

    def _field(self, each: Field, name: str) -> list[str]:
        text = self._annotation(each.type)
        lifecycle = lifecycle_of(dict(each.attributes))
        arguments = [f"alias={literal(each.name)}"] if name != each.name else []
        if lifecycle.deprecated:
            arguments.append(f"deprecated={literal(deprecation_text(each.name, lifecycle))}")
        value = ""
        if each.default is not None and each.default.problem is None:
            value, factory = self._default(each.default.value, each.type)
            if factory:
                arguments.append(factory)
        if arguments:
            self._use("Annotated", "Field")
            text = f"Annotated[{text}, Field({', '.join(arguments)})]"
        elif len(f"    {name}: {text}{value}") > WIDTH and " | " in text and not text.startswith(("Annotated[", '"')):
            text = f"({text})"
        return [*fitted(f"{name}: {text}{value}", 4), *docstring(each.doc or "", 4)]

    def _default(self, value: JsonValue, node: AvroType) -> tuple[str, str]:
        """How a default is written: as a value, or as an argument of `Field`; neither where Python has no short way."""
        if isinstance(node, Union):
            node = node.branches[0]
        if value is None:
            return " = None", ""
        if isinstance(node, Array | Map) and not value:
            return "", f"default_factory={'list' if isinstance(node, Array) else 'dict'}"
        plain = isinstance(node, EnumType) or (isinstance(node, Primitive) and node.logical is None)
        if plain and isinstance(value, str | int | float | bool):
            if isinstance(node, Primitive) and node.kind is Kind.BYTES and isinstance(value, str):
                return f" = {value.encode('latin-1', 'replace')!r}", ""
            if isinstance(node, Primitive) and node.kind in (Kind.FLOAT, Kind.DOUBLE):
                return f" = {float(value)!r}", ""
            return f" = {literal(value)}", ""
        return "", ""


_TAKEN = frozenset({"avro", "decode", "encode", "from_datum", "to_datum"})


def _used_names(node: Named) -> list[str]:
    found: list[str] = []
    waiting: list[AvroType] = [each.type for each in node.fields] if isinstance(node, Record) else []
    while waiting:
        each = waiting.pop(0)
        match each:
            case Array():
                waiting.append(each.items)
            case Map():
                waiting.append(each.values)
            case Union():
                waiting.extend(each.branches)
            case Record() | EnumType() | Fixed():
                found.append(each.name)
    return found
