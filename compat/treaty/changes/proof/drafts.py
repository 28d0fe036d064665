"""Any draft of JSON Schema, read into one form: the assertions of 2020-12, its references, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from treaty.changes.proof import formats
from treaty.changes.proof.answers import Schema, Undecidable
from treaty.changes.proof.readable import has_numbers_beyond_reason, invalid, place, sign
from treaty.changes.proof.targets import Targets
from treaty.documents.location import JsonValue, Pointer
from treaty.model.schema.numbers import count

JsonSchema: TypeAlias = "dict[str, JsonValue] | bool"

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_DRAFTS = {"4": 4, "6": 6, "7": 7, "2019-09": 19, "2020-12": 20}
_DEEPEST = 120
_LARGEST = 20_000
_MOST_CONSTANTS = 20_000


@dataclass(slots=True)
class Modern:
    """A schema in the one form: every ``$ref`` is ``#/$defs/`` and a name in ``definitions``.

    ``hints`` are the examples and defaults its author gave, by the name of the property they were written at (""
    elsewhere). ``literal_integers`` says that an integer is a number written without a point (draft 4, section 3.5),
    so that 5.0 is none.
    """

    root: JsonSchema
    definitions: dict[str, JsonSchema] = field(default_factory=dict)
    hints: dict[str, list[JsonValue]] = field(default_factory=dict)
    literal_integers: bool = False


def modern(schema: Schema, *, assert_formats: bool) -> Modern:
    """Read ``schema``. Raises Undecidable for what has no equal in the one form, or is no schema."""
    if schema.draft not in _DRAFTS:
        raise Undecidable(f"the draft {schema.draft!r}")
    return _Reader(schema, assert_formats=assert_formats).read()


class _Reader:
    def __init__(self, schema: Schema, *, assert_formats: bool) -> None:
        self._body = schema.body
        self._draft = _DRAFTS[schema.draft]
        self._assert_formats = assert_formats
        self._left = _LARGEST
        self._constants = 0
        self._found = Modern(True, literal_integers=self._draft == 4)
        self._names: dict[int, str] = {}
        self._waiting: list[tuple[str, JsonValue, Pointer]] = []
        self._targets = Targets(schema.body, self._draft)

    def read(self) -> Modern:
        self._found.root = self._schema(self._body, ())
        while self._waiting:
            name, node, pointer = self._waiting.pop()
            self._found.definitions[name] = self._schema(node, pointer)
        return self._found

    def _schema(self, node: JsonValue, pointer: Pointer) -> JsonSchema:
        if isinstance(node, bool):
            return node
        if not isinstance(node, dict):
            raise Undecidable(f"no schema stands at {place(pointer)}")
        self._left -= 1
        if self._left < 0 or len(pointer) > _DEEPEST:
            raise Undecidable(
                "the schema is too large" if self._left < 0 else f"schemas nested too deeply at {place(pointer)}"
            )
        self._note(node, pointer)
        if self._draft <= 7 and "$ref" in node:
            return {"$ref": self._reference(node, "$ref", pointer)}
        written: dict[str, JsonValue] = {}
        demands: list[JsonValue] = []
        for keyword, value in node.items():
            known = _KEYWORDS.get(keyword)
            if known is not None and known[0] <= self._draft <= known[1]:
                known[2](self, keyword, value, (*pointer, keyword), written)
        self._bounds(node, pointer, written)
        self._tuple(node, pointer, written)
        self._dependencies(node, pointer, written)
        self._references(node, pointer, written, demands)
        if self._assert_formats and "format" in node:
            self._format(node, written, demands)
        if demands:
            own = written.get("allOf")
            written["allOf"] = [*(own if isinstance(own, list) else ()), *demands]
        return written or True

    # Keywords, one method per shape of value.

    def _one(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        written[keyword] = self._schema(value, pointer)

    def _list(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        if not isinstance(value, list):
            raise invalid(pointer)
        written[keyword] = [self._schema(item, (*pointer, index)) for index, item in enumerate(value)]

    def _map(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        if not isinstance(value, dict):
            raise invalid(pointer)
        written[keyword] = {name: self._schema(item, (*pointer, name)) for name, item in value.items()}

    def _type(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        names: list[JsonValue] = value if isinstance(value, list) else [value]
        if not all(isinstance(name, str) and name in TYPES for name in names):
            raise invalid(pointer)
        written[keyword] = names[0] if len(names) == 1 else names

    def _values(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        if not isinstance(value, list):
            raise invalid(pointer)
        self._constants += len(value)
        if self._constants > _MOST_CONSTANTS:
            raise Undecidable(f"more constants than can be compared, the last at {place(pointer)}")
        if has_numbers_beyond_reason(value):
            raise invalid(pointer)
        written[keyword] = value

    def _constant(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        if has_numbers_beyond_reason(value):
            raise invalid(pointer)
        written[keyword] = value

    def _number(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        if keyword == "multipleOf" and (sign(value, pointer) <= 0):
            raise invalid(pointer)
        sign(value, pointer)
        written[keyword] = value

    def _count(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        counted = count(value)
        if counted is None:
            raise invalid(pointer)
        written[keyword] = counted

    def _flag(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        if not isinstance(value, bool):
            raise invalid(pointer)
        if value:
            written[keyword] = True

    def _text(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        if not isinstance(value, str):
            raise invalid(pointer)
        written[keyword] = value

    def _names_list(self, keyword: str, value: JsonValue, pointer: Pointer, written: dict[str, JsonValue]) -> None:
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise invalid(pointer)
        if value:
            written[keyword] = list(dict.fromkeys(map(str, value)))

    # Keywords whose meaning changed between drafts.

    def _bounds(self, node: dict[str, JsonValue], pointer: Pointer, written: dict[str, JsonValue]) -> None:
        for plain, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            value = node.get(exclusive)
            if value is None:
                continue
            if self._draft > 4:
                sign(value, (*pointer, exclusive))
                written[exclusive] = value
            elif not isinstance(value, bool):
                raise invalid((*pointer, exclusive))
            elif value and plain in written:
                written[exclusive] = written.pop(plain)

    def _tuple(self, node: dict[str, JsonValue], pointer: Pointer, written: dict[str, JsonValue]) -> None:
        items = node.get("items")
        if isinstance(items, list) and self._draft < 20:
            self._list("prefixItems", items, (*pointer, "items"), written)
            if "additionalItems" in node:
                written["items"] = self._schema(node["additionalItems"], (*pointer, "additionalItems"))
        elif "items" in node:
            written["items"] = self._schema(items, (*pointer, "items"))

    def _dependencies(self, node: dict[str, JsonValue], pointer: Pointer, written: dict[str, JsonValue]) -> None:
        sources = {"dependentRequired", "dependentSchemas"} if self._draft > 7 else {"dependencies"}
        required: dict[str, JsonValue] = {}
        schemas: dict[str, JsonValue] = {}
        for keyword in sources & node.keys():
            value = node[keyword]
            if not isinstance(value, dict):
                raise invalid((*pointer, keyword))
            for name, wanted in value.items():
                where = (*pointer, keyword, name)
                if keyword == "dependentSchemas" or not isinstance(wanted, list):
                    schemas[name] = self._schema(wanted, where)
                else:
                    self._names_list(name, wanted, where, required)
        if required:
            written["dependentRequired"] = required
        if schemas:
            written["dependentSchemas"] = schemas

    def _references(
        self, node: dict[str, JsonValue], pointer: Pointer, written: dict[str, JsonValue], demands: list[JsonValue]
    ) -> None:
        keywords = ["$ref"]
        if self._draft == 19:
            keywords.append("$recursiveRef")
        elif self._draft == 20:
            keywords.append("$dynamicRef")
        for keyword in keywords:
            if keyword in node:
                target = self._reference(node, keyword, pointer)
                if "$ref" in written:
                    demands.append({"$ref": target})
                else:
                    written["$ref"] = target

    def _format(self, node: dict[str, JsonValue], written: dict[str, JsonValue], demands: list[JsonValue]) -> None:
        name = node["format"]
        if not isinstance(name, str) or name in formats.ANNOTATIONS:
            return
        kind = written.get("type")
        kinds = set(TYPES) if kind is None else set(kind if isinstance(kind, list) else [kind])
        limits = formats.NUMBERS.get(name)
        if limits is None or "string" in kinds:
            written["format"] = name
        if limits is not None and kinds & {"integer", "number"}:
            inside: dict[str, JsonValue] = {"maximum": limits.high, "minimum": limits.low}
            if limits.whole and "number" in kinds:
                others: list[JsonValue] = [other for other in TYPES if other not in ("integer", "number")]
                demands.append({"anyOf": [{"type": others}, {"type": "integer", **inside}]})
            else:
                demands.append(inside)

    def _reference(self, node: dict[str, JsonValue], keyword: str, pointer: Pointer) -> str:
        target, where = self._targets.followed(node[keyword], keyword, pointer)
        name = self._names.get(id(target))
        if name is None:
            name = self._names[id(target)] = f"d{len(self._names)}"
            self._waiting.append((name, target, where))
        return f"#/$defs/{name}"

    def _note(self, node: dict[str, JsonValue], pointer: Pointer) -> None:
        """Remember what the author gave as examples."""
        given = node.get("examples")
        values = list(given) if isinstance(given, list) else []
        values += [node[keyword] for keyword in ("example", "default") if keyword in node]
        values = [value for value in values if not has_numbers_beyond_reason(value)]
        if values:
            name = str(pointer[-1]) if len(pointer) > 1 and pointer[-2] == "properties" else ""
            self._found.hints.setdefault(name, []).extend(values)


_Read: TypeAlias = Callable[[_Reader, str, JsonValue, Pointer, dict[str, JsonValue]], None]

# From which draft to which a keyword asserts something, and how its value is read. What is read with its neighbours
# (bounds, tuples, dependencies, references, formats) is not listed; annotations and unknown keywords assert nothing.
_KEYWORDS: dict[str, tuple[int, int, _Read]] = {
    "type": (4, 20, _Reader._type),
    "enum": (4, 20, _Reader._values),
    "const": (6, 20, _Reader._constant),
    "multipleOf": (4, 20, _Reader._number),
    "minimum": (4, 20, _Reader._number),
    "maximum": (4, 20, _Reader._number),
    "minLength": (4, 20, _Reader._count),
    "maxLength": (4, 20, _Reader._count),
    "pattern": (4, 20, _Reader._text),
    "minItems": (4, 20, _Reader._count),
    "maxItems": (4, 20, _Reader._count),
    "uniqueItems": (4, 20, _Reader._flag),
    "contains": (6, 20, _Reader._one),
    "minContains": (19, 20, _Reader._count),
    "maxContains": (19, 20, _Reader._count),
    "prefixItems": (20, 20, _Reader._list),
    "unevaluatedItems": (19, 20, _Reader._one),
    "minProperties": (4, 20, _Reader._count),
    "maxProperties": (4, 20, _Reader._count),
    "required": (4, 20, _Reader._names_list),
    "properties": (4, 20, _Reader._map),
    "patternProperties": (4, 20, _Reader._map),
    "additionalProperties": (4, 20, _Reader._one),
    "propertyNames": (6, 20, _Reader._one),
    "unevaluatedProperties": (19, 20, _Reader._one),
    "allOf": (4, 20, _Reader._list),
    "anyOf": (4, 20, _Reader._list),
    "oneOf": (4, 20, _Reader._list),
    "not": (4, 20, _Reader._one),
    "if": (7, 20, _Reader._one),
    "then": (7, 20, _Reader._one),
    "else": (7, 20, _Reader._one),
}
