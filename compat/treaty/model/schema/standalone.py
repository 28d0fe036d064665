"""A schema as its author wrote it, made self-contained: the form in which independent validators are asked.

Nothing is merged or simplified. References become definitions, and what a dialect writes differently (`nullable`,
exclusive bounds as flags) is written as JSON Schema 2020-12 writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.errors import LimitExceeded
from treaty.model.roles import Role
from treaty.model.schema.dialects import (
    ANNOTATIONS,
    ASSERTED_FORMATS,
    SCHEMA_KEYWORDS,
    SCHEMA_LIST_KEYWORDS,
    SCHEMA_MAP_KEYWORDS,
    Dialect,
)
from treaty.model.schema.shape import Conjunction, Part

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treaty.documents.library import Node
    from treaty.documents.location import JsonValue
    from treaty.model.schema.space import SchemaSpace

_HIDDEN = {Role.READS: "readOnly", Role.WRITES: "writeOnly"}
_DROPPED = ANNOTATIONS - {"contentEncoding", "example", "examples", "default", "description", "title"} | {"nullable"}


class Standalone:
    """Writes schemas of one space as self-contained JSON Schema 2020-12.

    ``role`` leaves out what that role never sees: `readOnly` properties when reading, `writeOnly` ones when writing.
    Raises LimitExceeded beyond ``limit`` schema objects.
    """

    def __init__(self, space: SchemaSpace, role: Role = Role.NONE, *, limit: int = 3000) -> None:
        self._space = space
        self._role = role
        self._left = limit
        self._names: dict[Hashable, str] = {}
        self._definitions: dict[str, JsonValue] = {}
        self._waiting: list[tuple[str, Node]] = []

    def schema(self, conjunction: Conjunction) -> dict[str, JsonValue]:
        """One schema for all parts of ``conjunction``; keywords a part sets aside are left out."""
        written = [self._part(part) for part in conjunction]
        while self._waiting:
            name, node = self._waiting.pop()
            self._definitions[name] = self._object(node, frozenset())
        body: dict[str, JsonValue] = {"allOf": written} if len(written) != 1 else _as_object(written[0])
        if not written:
            body = {}
        if self._definitions:
            body["$defs"] = self._definitions
        return body

    def _part(self, part: Part) -> JsonValue:
        return self._object(part.node, part.without)

    def _object(self, node: Node, without: frozenset[str]) -> JsonValue:
        raw = node.value
        if not isinstance(raw, dict):
            return raw if isinstance(raw, bool) else True
        self._left -= 1
        if self._left < 0:
            raise LimitExceeded("the schema is too large to validate in one piece")
        dialect = self._space.dialect_of(node)
        reference = raw.get("$ref", raw.get("$recursiveRef", raw.get("$dynamicRef")))
        if isinstance(reference, str) and "$ref" not in without:
            target = self._definition(self._space.library.resolve(reference, node))
            if dialect.ref_hides_siblings:
                return target
            rest = self._keywords(node, raw, without | {"$ref", "$recursiveRef", "$dynamicRef"})
            if "allOf" not in rest:
                return rest | target
            return {"allOf": [target, rest]}
        written: JsonValue = self._keywords(node, raw, without)
        if dialect.nullable and raw.get("nullable") is True and "nullable" not in without:
            written = _nullable(_as_object(written))
        return written

    def _definition(self, target: Node) -> dict[str, JsonValue]:
        key: Hashable = id(target.value) if isinstance(target.value, dict) else (target.document.path, target.pointer)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"d{len(self._names)}"
            self._waiting.append((name, target))
        return {"$ref": f"#/$defs/{name}"}

    def _keywords(self, node: Node, raw: dict[str, JsonValue], without: frozenset[str]) -> dict[str, JsonValue]:
        written: dict[str, JsonValue] = {}
        hidden = self._hidden(node, raw)
        for keyword, value in raw.items():
            if keyword in without or keyword in _DROPPED or keyword.startswith("x-"):
                continue
            if keyword == "format" and value not in ASSERTED_FORMATS:
                continue
            if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
                base = node.child(keyword)
                written[keyword] = {
                    name: schema if isinstance(schema, list) else self._object(base.child(name), frozenset())
                    for name, schema in value.items()
                    if keyword != "properties" or name not in hidden
                }
            elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
                base = node.child(keyword)
                written[keyword] = [self._object(base.child(index), frozenset()) for index in range(len(value))]
            elif keyword in SCHEMA_KEYWORDS and isinstance(value, dict | bool):
                written[keyword] = self._object(node.child(keyword), frozenset())
            elif keyword == "required" and isinstance(value, list):
                written[keyword] = [name for name in value if name not in hidden]
            else:
                written[keyword] = value
        self._translate(written, self._space.dialect_of(node))
        return written

    def _translate(self, written: dict[str, JsonValue], dialect: Dialect) -> None:
        """What older dialects write in another way."""
        if dialect.exclusive_is_flag:
            for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
                flag = written.pop(exclusive, None)
                if flag is True and bound in written:
                    written[exclusive] = written.pop(bound)
        if dialect.items_may_be_array and isinstance(written.get("items"), list):
            written["prefixItems"] = written.pop("items")
            if "additionalItems" in written:
                written["items"] = written.pop("additionalItems")
        written.pop("additionalItems", None)
        dependencies = written.pop("dependencies", None)
        if isinstance(dependencies, dict):
            lists: dict[str, JsonValue] = {
                name: value for name, value in dependencies.items() if isinstance(value, list)
            }
            schemas: dict[str, JsonValue] = {
                name: value for name, value in dependencies.items() if not isinstance(value, list)
            }
            if lists:
                written["dependentRequired"] = lists
            if schemas:
                written["dependentSchemas"] = schemas

    def _hidden(self, node: Node, raw: dict[str, JsonValue]) -> frozenset[str]:
        mark = _HIDDEN.get(self._role)
        properties = raw.get("properties")
        if mark is None or not isinstance(properties, dict):
            return frozenset()
        base = node.child("properties")
        return frozenset(
            name
            for name in properties
            if any(
                isinstance(part.node.value, dict) and part.node.value.get(mark) is True
                for part in self._space.written((Part(base.child(name)),))
            )
        )


def _as_object(schema: JsonValue) -> dict[str, JsonValue]:
    if isinstance(schema, dict):
        return schema
    return {} if schema is not False else {"not": {}}


def _nullable(schema: dict[str, JsonValue]) -> JsonValue:
    kind = schema.get("type")
    if isinstance(kind, str):
        return schema | {"type": [kind, "null"]}
    if kind is None and any(keyword in schema for keyword in ("allOf", "anyOf", "oneOf")):
        return {"anyOf": [schema, {"type": "null"}]}
    return schema
