"""Each schema in the form the model library is given: structure only, every inner object a definition of its own.

No text of the contract gets through: no descriptions, no names of properties, no enum values. What the library does not
do well is taken out and typed here: enums, decimals, base64.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from treaty.model.lifecycle import lifecycle_of
from treaty_codegen.models.definitions import Definition, Property, is_object
from treaty_codegen.models.expressions import NONE, Constrained, Literals, Name, TypeExpression, union_of

if TYPE_CHECKING:
    from treaty.documents.library import Node
    from treaty.documents.location import JsonValue
    from treaty_codegen.models.definitions import Definitions

__all__ = ["rewrite"]

_KEPT_FORMATS = frozenset({"date-time", "date", "uuid", "int32", "int64", "float", "double"})
_TYPED_FORMATS = frozenset({"date-time", "date", "uuid"})
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_SIZES = ("minLength", "maxLength", "minItems", "maxItems")
_OBJECT_KEYS = frozenset({"properties", "additionalProperties", "patternProperties", "allOf", "oneOf", "anyOf"})
_DEEPEST = 40
_SCALARS = (str, int, float, bool)


def rewrite(definitions: Definitions, definition: Definition) -> None:
    """Fill in ``definition``: its schema, the definitions it refers to, its properties, or its type if that is ours."""
    node = definition.node
    same = definitions.reference(node, definition.hint)
    rewriting = _Rewriting(definitions, definition)
    if same is not None and same is not definition:
        raw = node.value
        if definitions.dialect.nullable and isinstance(raw, dict) and raw.get("nullable") is True and "$ref" not in raw:
            definition.schema = rewriting.schema(node, definition.hint, 0)
            return
        definition.same_as = same.id
        definition.references[same.id] = None
        return
    own = own_type(node, definitions)
    if own is not None:
        definition.own = own
        definition.schema = {"type": "string"}
        return
    definition.schema = rewriting.structure(node, definition.hint, 0)


class _Rewriting:
    """The rewriting of one definition."""

    def __init__(self, definitions: Definitions, definition: Definition) -> None:
        self._all = definitions
        self._definition = definition
        self._dialect = definitions.dialect

    def schema(self, node: Node, hint: str, depth: int) -> dict[str, JsonValue]:
        """A schema inside the definition: a reference where it is a definition of its own."""
        raw = node.value
        if not isinstance(raw, dict):
            return {} if raw is not False else {"not": {}}
        if depth > _DEEPEST:
            self._all.note(f"{self._definition.key}: nested deeper than {_DEEPEST} levels, typed as Any from there on")
            return {}
        known = self._all.reference(node, hint)
        if known is not None:
            return self._nullable(raw, self._refer(known))
        own = own_type(node, self._all)
        if own is not None:
            return self._refer(self._all.inline(node, hint, named=False, own=own))
        if is_object(raw):
            return self._nullable(raw, self._refer(self._all.inline(node, hint, named=True)))
        return self.structure(node, hint, depth)

    def _refer(self, definition: Definition) -> dict[str, JsonValue]:
        self._definition.references[definition.id] = None
        return {"$ref": f"#/components/schemas/{definition.id}"}

    def _nullable(self, raw: dict[str, JsonValue], schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
        null = self._dialect.nullable and raw.get("nullable") is True and "$ref" not in raw
        listed = isinstance(kinds := raw.get("type"), list) and "null" in kinds
        return {"anyOf": [schema, {"type": "null"}]} if null or listed else schema

    def structure(self, node: Node, hint: str, depth: int) -> dict[str, JsonValue]:
        """The keywords of a schema object that say something about the type."""
        raw = node.value
        if not isinstance(raw, dict):
            return {} if raw is not False else {"not": {}}
        written: dict[str, JsonValue] = {}
        kind = raw.get("type")
        if isinstance(kind, str | list):
            written["type"] = kind
        reference = raw.get("$ref")
        if isinstance(reference, str):
            target = self._all.inline(self._all.library.resolve(reference, node), _last(reference) or hint, named=True)
            rest = self._keywords(node, raw, hint, depth)
            return {"allOf": [self._refer(target), *([written | rest] if written | rest else [])]}
        written |= self._keywords(node, raw, hint, depth)
        if self._dialect.nullable and raw.get("nullable") is True:
            if isinstance(kind, str):
                written["type"] = [kind, "null"]
            elif "type" not in written and written:
                return {"anyOf": [written, {"type": "null"}]}
        return written

    def _keywords(self, node: Node, raw: dict[str, JsonValue], hint: str, depth: int) -> dict[str, JsonValue]:
        written = self._scalars(raw)
        written |= self._object(node, raw, hint, depth)
        items = raw.get("items")
        if isinstance(items, dict):
            written["items"] = self.schema(node.child("items"), _singular(hint), depth + 1)
        prefix = raw.get("prefixItems", items if isinstance(items, list) else None)
        if isinstance(prefix, list):
            key = "prefixItems" if "prefixItems" in raw else "items"
            written["prefixItems"] = [
                self.schema(node.child(key, index), f"{hint} item {index + 1}", depth + 1)
                for index in range(len(prefix))
            ]
        for keyword in ("allOf", "anyOf", "oneOf"):
            branches = raw.get(keyword)
            if isinstance(branches, list) and branches:
                written[keyword] = self._branches(node, keyword, branches, hint, depth)
        discriminator = raw.get("discriminator")
        if isinstance(discriminator, dict) and ("oneOf" in written or "anyOf" in written):
            written |= self._discriminator(node, discriminator, "oneOf" if "oneOf" in written else "anyOf")
        return written

    def _scalars(self, raw: dict[str, JsonValue]) -> dict[str, JsonValue]:
        written: dict[str, JsonValue] = {}
        form = raw.get("format")
        if form in _KEPT_FORMATS:
            written["format"] = form
        for keyword in _BOUNDS:
            value = raw.get(keyword)
            if isinstance(value, int | float) and not isinstance(value, bool):
                written[keyword] = value
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if raw.get(exclusive) is True and bound in written:
                written[exclusive] = written.pop(bound)
        if form not in _TYPED_FORMATS:
            for keyword in _SIZES:
                value = raw.get(keyword)
                if isinstance(value, int) and not isinstance(value, bool):
                    written[keyword] = value
            pattern = raw.get("pattern")
            if isinstance(pattern, str):
                if _compiles(pattern):
                    written["pattern"] = pattern
                else:
                    self._all.note(f"{self._definition.key}: the pattern {pattern!r} is left to the server to check")
        return written

    def _object(self, node: Node, raw: dict[str, JsonValue], hint: str, depth: int) -> dict[str, JsonValue]:
        written: dict[str, JsonValue] = {}
        properties = raw.get("properties")
        if isinstance(properties, dict) and properties:
            inside: dict[str, JsonValue] = {}
            for wire in properties:
                child = node.child("properties", wire)
                schema = self.schema(child, f"{hint} {wire}", depth + 1)
                inside[self._all.opaque(wire)] = schema
                self._definition.properties[wire] = self._property(child, schema)
            written["properties"] = inside
            written.setdefault("type", "object")
        required = raw.get("required")
        if isinstance(required, list):
            written["required"] = [self._all.opaque(name) for name in required if isinstance(name, str)]
        additional = raw.get("additionalProperties")
        patterns = raw.get("patternProperties")
        if isinstance(additional, dict) and additional:
            written["additionalProperties"] = self.schema(
                node.child("additionalProperties"), f"{hint} value", depth + 1
            )
        elif isinstance(patterns, dict) and len(patterns) == 1 and not properties:
            key = next(iter(patterns))
            written["additionalProperties"] = self.schema(
                node.child("patternProperties", key), f"{hint} value", depth + 1
            )
        elif additional is False:
            written["additionalProperties"] = False
        return written

    def _property(self, node: Node, schema: dict[str, JsonValue]) -> Property:
        raw = node.value if isinstance(node.value, dict) else {}
        followed = raw
        while isinstance(members := followed.get("allOf"), list) and len(members) == 1 and "$ref" not in followed:
            first = members[0]
            followed = first if isinstance(first, dict) else {}
            raw = {**followed, **raw}
        description = raw.get("description")
        return Property(
            description if isinstance(description, str) else "",
            lifecycle_of(raw),
            raw.get("default"),
            self._admits_null(schema),
            raw.get("readOnly") is True,
            raw.get("writeOnly") is True,
        )

    def _admits_null(self, schema: dict[str, JsonValue]) -> bool:
        kinds = schema.get("type")
        if (isinstance(kinds, list) and "null" in kinds) or kinds == "null":
            return True
        reference = schema.get("$ref")
        if isinstance(reference, str):
            own = self._all.by_id[_last(reference)].own
            return own is not None and union_of([own, NONE]) == own
        for keyword in ("anyOf", "oneOf"):
            branches = schema.get(keyword)
            if isinstance(branches, list):
                return any(isinstance(branch, dict) and self._admits_null(branch) for branch in branches)
        return not schema

    def _branches(self, node: Node, keyword: str, branches: list[JsonValue], hint: str, depth: int) -> list[JsonValue]:
        written: list[JsonValue] = []
        for index, branch in enumerate(branches):
            child = node.child(keyword, index)
            if keyword == "allOf" and isinstance(branch, dict) and "$ref" not in branch and _is_plain(branch):
                written.append(self.structure(child, hint, depth + 1))
            else:
                written.append(self.schema(child, f"{hint} {_branch_hint(branch, index)}", depth + 1))
        return written

    def _discriminator(self, node: Node, raw: dict[str, JsonValue], keyword: str) -> dict[str, JsonValue]:
        """The discriminator with every tag spelled out, or nothing when a branch has none."""
        wire = raw.get("propertyName")
        if not isinstance(wire, str):
            return {}
        tags: dict[str, JsonValue] = {}
        named = raw.get("mapping")
        for value, target in named.items() if isinstance(named, dict) else ():
            if isinstance(target, str):
                base = node.child("discriminator", "mapping", value)
                if "/" not in target and "#" not in target and not target.endswith((".json", ".yaml", ".yml")):
                    target = f"#/components/schemas/{target}"
                found = self._all.reference(base._replace(value={"$ref": target}), "")
                if found is not None:
                    tags[value] = f"#/components/schemas/{found.id}"
        node_branches = node.child(keyword)
        for index in range(len(node_branches.value) if isinstance(node_branches.value, list) else 0):
            branch = self._all.reference(node_branches.child(index), "")
            if branch is None:
                return {}
            target = f"#/components/schemas/{branch.id}"
            if target not in tags.values():
                for value in _tags(self._all.library.follow(branch.node), wire, self._all) or [branch.hint]:
                    tags[value] = target
        return {"discriminator": {"propertyName": self._all.opaque(wire), "mapping": tags}}


def _tags(node: Node, wire: str, definitions: Definitions) -> list[str]:
    """The values a branch allows for the discriminator."""
    try:
        raw = definitions.library.follow(node.child("properties", wire)).value
    except LookupError:
        return []
    if not isinstance(raw, dict):
        return []
    values = [raw["const"]] if "const" in raw else raw.get("enum")
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def own_type(node: Node, definitions: Definitions) -> TypeExpression | None:
    """The type of a schema that is a list of values, a decimal or base64; None for what the library types."""
    raw = node.value
    if not isinstance(raw, dict) or not _OBJECT_KEYS.isdisjoint(raw):
        return None
    null = _is_nullable(raw, nullable=definitions.dialect.nullable)
    found = _values(raw) or _text(raw)
    if found is None:
        return None
    return union_of([found, NONE]) if null else found


def _is_nullable(raw: dict[str, JsonValue], *, nullable: bool) -> bool:
    kinds = raw.get("type")
    return (isinstance(kinds, list) and "null" in kinds) or (nullable and raw.get("nullable") is True)


def _values(raw: dict[str, JsonValue]) -> TypeExpression | None:
    if "const" in raw and isinstance(raw["const"], str | int | bool | None):
        return NONE if raw["const"] is None else Literals((raw["const"],))
    extensible = raw.get("x-extensible-enum")
    listed = extensible if isinstance(extensible, list) else raw.get("enum")
    if not isinstance(listed, list) or not listed:
        return None
    values = tuple(dict.fromkeys((type(value), value) for value in listed if isinstance(value, str | int | bool)))
    if len(values) < len([value for value in listed if value is not None]):
        # Numbers with a point, lists and objects are no literals: the type says what it can.
        return (
            Name("float")
            if all(isinstance(v, int | float) and not isinstance(v, bool) for v in listed)
            else Name("Any")
        )
    if not values:
        return NONE
    literals = Literals(tuple(value for _, value in values), open=isinstance(extensible, list))
    return union_of([literals, NONE]) if None in listed else literals


def _text(raw: dict[str, JsonValue]) -> TypeExpression | None:
    kinds = raw.get("type")
    kind = next((each for each in kinds if each != "null"), None) if isinstance(kinds, list) else kinds
    form = raw.get("format")
    if form in ("decimal", "money") and kind == "number":
        return Name("DecimalNumber")
    if form == "decimal" and kind == "string":
        limits = [
            (name, raw[keyword])
            for name, keyword in (("min_length", "minLength"), ("max_length", "maxLength"))
            if isinstance(raw.get(keyword), int)
        ]
        pattern = raw.get("pattern")
        if isinstance(pattern, str) and _python_compiles(pattern):
            limits.append(("pattern", pattern))
        return Constrained(Name("DecimalText"), tuple(limits)) if limits else Name("DecimalText")
    if kind == "string" and form == "binary":
        return Name("Upload")
    if kind == "string" and (form == "byte" or raw.get("contentEncoding") == "base64"):
        return Name("Base64")
    return None


def _is_plain(raw: dict[str, JsonValue]) -> bool:
    """Whether a part of an `allOf` only adds properties and limits to the whole."""
    return not {"oneOf", "anyOf", "allOf", "enum", "const"} & raw.keys()


def _branch_hint(branch: JsonValue, index: int) -> str:
    if isinstance(branch, dict):
        title = branch.get("title")
        if isinstance(title, str) and len(title) <= 60:
            return title
        properties = branch.get("properties")
        for schema in properties.values() if isinstance(properties, dict) else ():
            value = schema.get("const") if isinstance(schema, dict) else None
            if isinstance(value, str) and len(value) <= 40:
                return value
        kind = branch.get("type")
        if isinstance(kind, str) and kind != "object":
            return kind
    return f"option {index + 1}"


def _singular(hint: str) -> str:
    return f"{hint} item"


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


@lru_cache(maxsize=4096)
def _compiles(pattern: str) -> bool:
    """Whether the engine that will run the pattern takes it."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError:
        return False
    return True


@lru_cache(maxsize=4096)
def _python_compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
