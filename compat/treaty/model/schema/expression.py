"""Writing a conjunction down again as one plain JSON Schema 2020-12, for the questions asked of a prover.

The expression is made from shapes, so it carries what the model understood. Confirmation uses the schemas as their
authors wrote them (:mod:`treaty.model.schema.standalone`), so that a mistake of the model cannot confirm itself.
"""

from __future__ import annotations

from collections import deque
from functools import cache
from typing import TYPE_CHECKING

from treaty.documents.location import JsonValue
from treaty.documents.node import Node
from treaty.errors import LimitExceeded
from treaty.model.roles import Role
from treaty.model.schema.dialects import ASSERTED_FORMATS
from treaty.model.schema.numbers import Bound, number_json
from treaty.model.schema.shape import ATOMS, NUMERIC, Conjunction, Part, Residue, Shape, Union, type_names

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treaty.model.schema.space import SchemaSpace

_OBJECT = frozenset({"object"})


class Expression:
    """One self-contained schema under construction.

    ``role`` leaves out what the role never sees (`readOnly` when reading, `writeOnly` when writing). ``closed`` reads
    every object whose author left `additionalProperties` open as sending declared properties only (the tolerant content
    model). ``sparse`` leaves out optional properties, which a witness need not carry, but not those called as in
    ``kept``. Definitions are named from ``prefix``. Raises LimitExceeded beyond ``limit`` schema objects.
    """

    def __init__(
        self,
        space: SchemaSpace,
        *,
        role: Role = Role.NONE,
        closed: bool = False,
        sparse: bool = False,
        kept: frozenset[str] = frozenset(),
        limit: int = 2000,
        prefix: str = "s",
    ) -> None:
        self._space = space
        self._role = role
        self._closed = closed
        self._sparse = sparse
        self._kept = kept
        self._left = limit
        self._prefix = prefix
        self._names: dict[Hashable, str] = {}
        self._definitions: dict[str, JsonValue] = {}
        self._waiting: deque[tuple[str, Shape, Conjunction, bool]] = deque()

    def schema(self, conjunction: Conjunction) -> dict[str, JsonValue]:
        """The whole schema for ``conjunction``, its definitions inside."""
        return self.whole(self._express(conjunction, closed=self._closed))

    def shape(self, shape: Shape) -> dict[str, JsonValue]:
        """The whole schema for one shape that no written conjunction has."""
        return self.whole(self._facets(shape, (), closed=self._closed))

    def whole(self, root: JsonValue) -> dict[str, JsonValue]:
        """``root`` as a schema of its own, with the definitions it needs."""
        while self._waiting:
            name, shape, conjunction, closed = self._waiting.popleft()
            self._definitions[name] = self._facets(shape, conjunction, closed=closed)
        body: dict[str, JsonValue] = dict(root) if isinstance(root, dict) else {} if root else {"not": {}}
        if self._definitions:
            body["$defs"] = self._definitions
        return body

    def _express(self, conjunction: Conjunction, *, closed: bool) -> JsonValue:
        if all(part.node.value is True for part in conjunction):
            return True
        key = (frozenset(part.key for part in conjunction), closed)
        name = self._names.get(key)
        if name is None:
            shape = self._space.shape(conjunction)
            if not shape.types & {"object", "array"} and not shape.unions and not shape.residue:
                return self._facets(shape, conjunction, closed=closed)
            name = self._names[key] = f"{self._prefix}{len(self._names)}"
            # Later, or a chain of definitions would be as deep as the stack.
            self._waiting.append((name, shape, conjunction, closed))
        return {"$ref": f"#/$defs/{name}"}

    def _facets(self, shape: Shape, conjunction: Conjunction, *, closed: bool) -> JsonValue:
        self._left -= 1
        if self._left < 0:
            raise LimitExceeded("the schema is too large to prove in one piece")
        if not shape.types:
            return False
        schema: dict[str, JsonValue] = {}
        if shape.types != ATOMS:
            names: list[JsonValue] = list(type_names(shape.types))
            schema["type"] = names[0] if len(names) == 1 else names
        if self._sparse:
            self._examples(shape, schema)
        demands: list[JsonValue] = []
        if "fraction" in shape.types and "integer" not in shape.types:
            demands.append({"not": {"type": "integer"}})
        for group, values in shape.enums.items():
            listed: list[JsonValue] = list(values.values())
            others: list[JsonValue] = [
                name for name in ("null", "boolean", "number", "string", "array", "object") if name != group
            ]
            rest = [name for name in type_names(shape.types) if _group(name) != group]
            demands.append({"enum": listed} if not rest else {"anyOf": [{"type": others}, {"enum": listed}]})
        self._numbers(shape, schema)
        self._strings(shape, schema, demands)
        self._arrays(shape, schema)
        self._objects(shape, schema, closed=closed and not _unions_over_objects(shape))
        demands.extend(self._union(union, closed=False) for union in shape.unions)
        if closed and _unions_over_objects(shape):
            demands.append(self._closed_cases(shape, conjunction))
        demands.extend(self._residue(residue) for residue in shape.residue)
        if len(demands) == 1 and isinstance(demands[0], dict) and not demands[0].keys() & schema.keys():
            schema |= demands[0]
        elif demands:
            schema["allOf"] = demands
        return schema or True

    def _examples(self, shape: Shape, schema: dict[str, JsonValue]) -> None:
        """What the author gave as examples: the most readable values a witness can be made of."""
        for part in shape.parts:
            raw = part.value
            if isinstance(raw, dict):
                listed = raw.get("examples")
                found = listed[:3] if isinstance(listed, list) else []
                if found or "example" in raw:
                    schema["examples"] = found or [raw["example"]]
                    return

    def _numbers(self, shape: Shape, schema: dict[str, JsonValue]) -> None:
        for bound, plain, exclusive in (
            (shape.numbers.lower, "minimum", "exclusiveMinimum"),
            (shape.numbers.upper, "maximum", "exclusiveMaximum"),
        ):
            if isinstance(bound, Bound):
                schema[exclusive if bound.exclusive else plain] = bound.json()
        if shape.numbers.multiple_of is not None:
            schema["multipleOf"] = number_json(shape.numbers.multiple_of)

    def _strings(self, shape: Shape, schema: dict[str, JsonValue], demands: list[JsonValue]) -> None:
        strings = shape.strings
        if strings.min_length:
            schema["minLength"] = strings.min_length
        if strings.max_length is not None:
            schema["maxLength"] = strings.max_length
        patterns = sorted(strings.patterns)
        if len(patterns) == 1:
            schema["pattern"] = patterns[0]
        else:
            demands.extend({"pattern": pattern} for pattern in patterns)
        formats = strings.formats if "string" in shape.types else frozenset()
        if shape.types & NUMERIC:
            formats |= shape.numbers.formats
        asserted = sorted(formats & ASSERTED_FORMATS)
        if len(asserted) == 1:
            schema["format"] = asserted[0]
        else:
            demands.extend({"format": name} for name in asserted)

    def _arrays(self, shape: Shape, schema: dict[str, JsonValue]) -> None:
        arrays = shape.arrays
        if arrays.min_items:
            schema["minItems"] = arrays.min_items
        if arrays.max_items is not None:
            schema["maxItems"] = arrays.max_items
        if arrays.unique:
            schema["uniqueItems"] = True
        if arrays.prefix:
            schema["prefixItems"] = [self._express(item, closed=self._closed) for item in arrays.prefix]
        if arrays.items is not None:
            schema["items"] = self._express(arrays.items, closed=self._closed)

    def _objects(self, shape: Shape, schema: dict[str, JsonValue], *, closed: bool) -> None:
        objects = shape.objects
        properties: dict[str, JsonValue] = {}
        absent: set[str] = set()
        for name, conjunction in objects.properties.items():
            if self._hidden(conjunction):
                absent.add(name)
            elif not self._sparse or name in objects.required or name in self._kept:
                properties[name] = self._express(conjunction, closed=self._closed)
            elif closed or objects.additional is not None:
                properties[name] = True
        if properties:
            schema["properties"] = properties
        required: list[JsonValue] = [name for name in objects.required if name not in absent]
        if required:
            schema["required"] = required
        if objects.patterns:
            schema["patternProperties"] = {
                pattern: self._express(conjunction, closed=self._closed)
                for pattern, conjunction in objects.patterns.items()
            }
        if objects.additional is not None:
            schema["additionalProperties"] = self._express(objects.additional, closed=self._closed)
        elif closed and "object" in shape.types:
            schema["additionalProperties"] = False
        if objects.min_properties:
            schema["minProperties"] = objects.min_properties
        if objects.max_properties is not None:
            schema["maxProperties"] = objects.max_properties
        if objects.dependent_required:
            schema["dependentRequired"] = {
                name: list[JsonValue](sorted(others)) for name, others in sorted(objects.dependent_required.items())
            }

    def _hidden(self, conjunction: Conjunction) -> bool:
        hidden = {Role.READS: "readOnly", Role.WRITES: "writeOnly"}.get(self._role)
        if hidden is None:
            return False
        return any(
            isinstance(part.node.value, dict) and part.node.value.get(hidden) is True
            for part in self._space.written(conjunction)
        )

    def _union(self, union: Union, *, closed: bool) -> JsonValue:
        written: dict[str, JsonValue] = {
            union.kind: [self._express(branch, closed=closed) for branch in union.branches]
        }
        free: list[JsonValue] = list(type_names(ATOMS - union.types))
        return {"anyOf": [{"type": free}, written]} if free else written

    def _closed_cases(self, shape: Shape, conjunction: Conjunction) -> JsonValue:
        """A value sends what the base and one of its branches declare together, and nothing else."""
        cases: list[JsonValue] = []
        for union in shape.unions:
            if not union.types & _OBJECT:
                continue
            rest = without_union(conjunction, self._space, union)
            cases.append({"anyOf": [self._express(rest + branch, closed=True) for branch in union.branches]})
        return cases[0] if len(cases) == 1 else {"anyOf": cases}

    def _residue(self, residue: Residue) -> JsonValue:
        raw = residue.node.value
        assert isinstance(raw, dict)
        written: dict[str, JsonValue] = {}
        for keyword in residue.keywords:
            value = raw[keyword]
            if keyword in ("dependentSchemas", "dependencies") and isinstance(value, dict):
                written["dependentSchemas"] = {
                    name: self._express((Part(residue.node.child(keyword, name)),), closed=False)
                    for name, schema in value.items()
                    if not isinstance(schema, list)
                }
            elif isinstance(value, dict | bool):
                written[keyword] = self._express((Part(residue.node.child(keyword)),), closed=False)
            else:
                written[keyword] = value
        free: list[JsonValue] = list(type_names(ATOMS - residue.types)) if residue.keywords[0] in ("not", "if") else []
        return {"anyOf": [{"type": free}, written]} if free else written


def _group(name: str) -> str:
    return "number" if name == "integer" else name


def _unions_over_objects(shape: Shape) -> bool:
    return any(union.types & _OBJECT for union in shape.unions)


def without_union(conjunction: Conjunction, space: SchemaSpace, union: Union) -> Conjunction:
    """``conjunction`` with one of its unions set aside, for putting a branch in its place."""
    rest: list[Part] = []
    for part in space.written(conjunction):
        raw = part.node.value
        if not isinstance(raw, dict):
            rest.append(part)
            continue
        opened = frozenset({"$ref", "allOf"}) & raw.keys()
        if raw is union.origin.node.value:
            if union.origin.keyword == "nullable":
                continue  # its branches hold the rest of the object
            opened |= {union.kind}
        for kind in ("anyOf", "oneOf"):
            branches = raw.get(kind)
            if isinstance(branches, list) and len(branches) == 1:
                opened |= {kind}
        rest.append(Part(part.node, part.without | opened))
    return tuple(rest)


@cache
def _typed(types: frozenset[str]) -> dict[str, JsonValue]:
    names: list[JsonValue] = [*type_names(types)]
    return {"type": names}


def restricted(conjunction: Conjunction, types: frozenset[str]) -> Conjunction:
    """A part that keeps of ``conjunction`` the values of ``types``; empty when that is every type."""
    if types >= ATOMS or not conjunction:
        return ()
    place = conjunction[0].node
    return (Part(Node(place.document, place.pointer, _typed(types))),)
