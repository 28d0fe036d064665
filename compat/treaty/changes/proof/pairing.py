"""Two schemas side by side: one set of definitions, in which what says the same is the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty.changes.proof.answers import Undecidable
from treaty.model.schema.dialects import SCHEMA_KEYWORDS, SCHEMA_LIST_KEYWORDS, SCHEMA_MAP_KEYWORDS
from treaty.model.schema.numbers import value_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from treaty.changes.proof.drafts import JsonSchema, Modern
    from treaty.documents.location import JsonValue

PREFIX = "#/$defs/"
# jsonschema-rs follows references on the machine stack: chains of 5,000 crash the process, 1,000 do not.
_LONGEST_CHAIN = 500
_ROUNDS = 12

_SAME_VALUE = frozenset({"allOf", "anyOf", "dependentSchemas", "else", "if", "not", "oneOf", "then"})
"""Keywords whose schemas judge the very value their owner judges."""


@dataclass(slots=True)
class Side:
    """One schema of a question, its references into the definitions the question shares."""

    root: JsonSchema
    literal_integers: bool = False


@dataclass(slots=True)
class Pairing:
    """Several schemas over one set of definitions; equal definitions have one name."""

    sides: tuple[Side, ...]
    definitions: dict[str, JsonSchema]
    hints: dict[str, list[JsonValue]] = field(default_factory=dict)

    def same(self) -> bool:
        """Whether all sides are written alike, up to the order of members and the names of definitions."""
        first, *others = [(key(side.root), side.literal_integers) for side in self.sides]
        return all(other == first for other in others)


def paired(*schemas: Modern) -> Pairing:
    """Put ``schemas`` side by side. Raises Undecidable for references that only lead back to themselves."""
    definitions: dict[str, JsonSchema] = {}
    roots: list[JsonSchema] = []
    for index, schema in enumerate(schemas):
        names = {name: f"{index}.{name}" for name in schema.definitions}
        roots.append(_renamed(schema.root, names))
        definitions |= {names[name]: _renamed(body, names) for name, body in schema.definitions.items()}
    if definitions:
        classes = _classes(definitions)
        # Draft 4 and later drafts write one `integer` for two things; only equal meanings may share a name.
        if len({schema.literal_integers for schema in schemas}) > 1:
            classes = {name: index for index, name in enumerate(definitions)}
        names = {name: f"d{number}" for name, number in classes.items()}
        roots = [_renamed(root, names) for root in roots]
        definitions = {names[name]: _renamed(body, names) for name, body in definitions.items()}
        check_references(definitions)
    hints: dict[str, list[JsonValue]] = {}
    for schema in schemas:
        for name, values in schema.hints.items():
            hints.setdefault(name, []).extend(values)
    sides = tuple(Side(root, schema.literal_integers) for root, schema in zip(roots, schemas, strict=True))
    return Pairing(sides, definitions, hints)


def standalone(root: JsonSchema, definitions: dict[str, JsonSchema]) -> JsonSchema:
    """``root`` with the definitions it reaches, as one document."""
    if isinstance(root, bool):
        return root
    reached = reachable(root, definitions)
    return {**root, "$defs": {name: definitions[name] for name in reached}} if reached else root


def reachable(root: JsonSchema, definitions: dict[str, JsonSchema]) -> list[str]:
    """The names of the definitions ``root`` refers to, directly or not, in the order they are met."""
    found: dict[str, None] = {}
    waiting: list[JsonValue] = [root]
    while waiting:
        for name, _ in references(waiting.pop()):
            if name not in found:
                found[name] = None
                waiting.append(definitions[name])
    return list(found)


def nodes(root: JsonSchema, definitions: dict[str, JsonSchema]) -> Iterator[dict[str, JsonValue]]:
    """Every schema object in ``root`` and in the definitions it reaches."""
    waiting: list[JsonValue] = [root, *(definitions[name] for name in reachable(root, definitions))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(inner for _, _, inner in children(node))


def children(schema: dict[str, JsonValue]) -> Iterator[tuple[str, str | int | None, JsonValue]]:
    """The schemas directly inside ``schema``: keyword, name or index where there are several, schema."""
    for keyword, value in schema.items():
        if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            for name, inner in value.items():
                yield keyword, name, inner
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            for index, inner in enumerate(value):
                yield keyword, index, inner
        elif keyword in SCHEMA_KEYWORDS:
            yield keyword, None, value


def references(schema: JsonValue, *, same_value: bool = False) -> Iterator[tuple[str, JsonValue]]:
    """The names ``schema`` refers to and the schema that does; with ``same_value`` only about the very same value."""
    waiting: list[JsonValue] = [schema]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            continue
        target = node.get("$ref")
        if isinstance(target, str):
            yield target.removeprefix(PREFIX), node
        waiting.extend(inner for keyword, _, inner in children(node) if not same_value or keyword in _SAME_VALUE)


def key(node: JsonValue) -> Hashable:
    """A key that is equal for schemas written alike, up to the order of members; references compare by name."""
    names: list[str] = []
    return _outline(node, names), tuple(names)


def _outline(node: JsonValue, names: list[str]) -> Hashable:
    """What a schema says but for where its references lead: these go into ``names``, in an order of their own."""
    if not isinstance(node, dict):
        return "v", value_key(node)
    found: list[tuple[str, Hashable]] = []
    for keyword, value in sorted(node.items()) if len(node) > 1 else node.items():
        if keyword == "$ref":
            names.append(str(value).removeprefix(PREFIX))
            found.append((keyword, None))
        elif keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            found.append((keyword, tuple([(name, _outline(inner, names)) for name, inner in sorted(value.items())])))
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            found.append((keyword, tuple([_outline(inner, names) for inner in value])))
        elif keyword in SCHEMA_KEYWORDS:
            found.append((keyword, _outline(value, names)))
        elif keyword in ("enum", "required", "type") and isinstance(value, list):
            found.append((keyword, frozenset([value_key(item) for item in value])))
        else:
            found.append((keyword, value_key(value)))
    return tuple(found)


def _classes(definitions: dict[str, JsonSchema]) -> dict[str, int]:
    """Number the definitions so that those that say the same share a number (partition refinement)."""
    targets: dict[str, list[str]] = {}
    numbers: dict[Hashable, int] = {}
    classes: dict[str, int] = {}
    for name, body in definitions.items():
        names: list[str] = []
        classes[name] = numbers.setdefault(_outline(body, names), len(numbers))
        targets[name] = names
    for _ in range(_ROUNDS):
        known = len(numbers)
        numbers = {}
        refined: dict[str, int] = {}
        for name, names in targets.items():
            refined[name] = numbers.setdefault((classes[name], *[classes[target] for target in names]), len(numbers))
        if len(numbers) == known:
            return refined
        classes = refined
    return {name: index for index, name in enumerate(definitions)}


def _renamed(node: JsonSchema, names: dict[str, str]) -> JsonSchema:
    if not names or isinstance(node, bool):
        return node
    renamed = _rename(node, names)
    assert isinstance(renamed, dict)
    return renamed


def _rename(node: JsonValue, names: dict[str, str]) -> JsonValue:
    if not isinstance(node, dict):
        return node
    written: dict[str, JsonValue] = {}
    for keyword, value in node.items():
        if keyword == "$ref":
            written[keyword] = PREFIX + names[str(value).removeprefix(PREFIX)]
        elif keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            written[keyword] = {name: _rename(inner, names) for name, inner in value.items()}
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            written[keyword] = [_rename(inner, names) for inner in value]
        elif keyword in SCHEMA_KEYWORDS:
            written[keyword] = _rename(value, names)
        else:
            written[keyword] = value
    return written


def check_references(definitions: dict[str, JsonSchema]) -> None:
    """Raise Undecidable for definitions that lead back to themselves without looking into the value, or too far."""
    immediate = {
        name: [target for target, _ in references(body, same_value=True)] for name, body in definitions.items()
    }
    for component in components(immediate):
        if len(component) > 1 or component[0] in immediate[component[0]]:
            raise Undecidable("references that only lead back to themselves")
    every = {name: [target for target, _ in references(body)] for name, body in definitions.items()}
    lengths: dict[str, int] = {}
    for component in components(every):
        behind = max((lengths.get(target, 0) for name in component for target in every[name]), default=0)
        lengths |= dict.fromkeys(component, behind + len(component))
    if max(lengths.values(), default=0) > _LONGEST_CHAIN:
        raise Undecidable("a chain of references that is too long")


def components(graph: dict[str, list[str]]) -> list[list[str]]:
    """The strongly connected components of ``graph``, each after those it leads to (Tarjan 1972, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in graph:
        if root in order:
            continue
        path = [(root, iter(graph[root]))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while path:
            node, following = path[-1]
            for target in following:
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    on_stack.add(target)
                    path.append((target, iter(graph[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], order[target])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == order[node]:
                    component: list[str] = []
                    while not component or component[-1] != node:
                        component.append(stack.pop())
                        on_stack.discard(component[-1])
                    found.append(component)
    return found
