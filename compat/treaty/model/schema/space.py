"""All schemas of one side of a comparison: references followed, `allOf` opened, shapes remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.schema.dialects import Dialect, dialect_by_uri
from treaty.model.schema.reading import is_vacuous, null_branch, read_object, settle
from treaty.model.schema.shape import (
    ATOMS,
    NUMERIC,
    Conjunction,
    Discriminator,
    Origin,
    Part,
    Shape,
    Union,
)

if TYPE_CHECKING:
    from collections.abc import Hashable

    from treaty.documents.library import Library, Node
    from treaty.documents.location import JsonValue

_OPENED = frozenset({"$ref", "$recursiveRef", "allOf", "anyOf", "oneOf"})
_PASSED_ON = frozenset({"$ref", "$recursiveRef", "allOf"})
_NEVER = Shape(types=frozenset())


class SchemaSpace:
    """Gives the shape of any schema of one library, read in one dialect unless its file names another.

    Shapes are remembered by the identity of the written objects, so each is built once however many places use it.
    """

    def __init__(self, library: Library, dialect: Dialect) -> None:
        self.library = library
        self.dialect = dialect
        self._dialects: dict[str, Dialect] = {}
        self._shapes: dict[Hashable, Shape] = {}
        self._building: set[Hashable] = set()

    def shape(self, conjunction: Conjunction) -> Shape:
        """The settled shape of ``conjunction``. Raises UnresolvedReference where a `$ref` leads nowhere."""
        key = tuple(part.key for part in conjunction)
        known = self._shapes.get(key)
        if known is None:
            self._building.add(key)
            try:
                known = self._build(conjunction)
            finally:
                self._building.discard(key)
            self._shapes[key] = known
        return known

    def _build(self, conjunction: Conjunction) -> Shape:
        shape: Shape | None = None
        unions: list[Union] = []
        for part in self.written(conjunction):
            if part.node.value is False:
                return Shape(types=frozenset(), parts=(part.node,))
            read = read_object(part.node, part.without, self.dialect_of(part.node))
            read.discriminator = self._discriminator(part.node)
            unions.extend(self._unions(part))
            shape = read if shape is None else shape.meet(read)
        if shape is None:
            return Shape(parts=tuple(part.node for part in conjunction[:1]))
        for union in unions:
            joined = self._join(union)
            if joined is None:
                shape.unions += (union,)
            else:
                origins = {"type": union.origin, "enum": union.origin}
                shape = shape.meet(joined)
                shape.origins = {**origins, **shape.origins}
        self._close_evaluated(conjunction, shape)
        settle(shape, self.dialect)
        return shape

    def _close_evaluated(self, conjunction: Conjunction, shape: Shape) -> None:
        """Read `unevaluatedProperties` as `additionalProperties` where the shape already holds every property
        evaluated.

        That is so when it stands at the outermost schema object and nothing beside it is conditional.
        """
        if len(conjunction) != 1 or shape.unions or len(shape.residue) != 1:
            return
        (residue,) = shape.residue
        if residue.keywords == ("unevaluatedProperties",) and residue.node is shape.parts[0]:
            shape.residue = ()
            rest = (Part(residue.node.child("unevaluatedProperties")),)
            shape.objects.additional = (shape.objects.additional or ()) + rest
            shape.origins["additionalProperties"] = Origin(residue.node, "unevaluatedProperties")

    def written(self, conjunction: Conjunction) -> list[Part]:
        """Every schema object or `false` that takes part, references followed and `allOf` opened, each once.

        A schema object stands for its own keywords only: its `$ref`, `allOf` and one-member unions are opened into
        further parts.
        """
        if len(conjunction) == 1:
            raw = conjunction[0].node.value
            if isinstance(raw, dict) and _OPENED.isdisjoint(raw):
                return [conjunction[0]]
        parts: list[Part] = []
        seen: set[Hashable] = set()
        waiting = list(reversed(conjunction))
        while waiting:
            part = waiting.pop()
            value = part.node.value
            if not isinstance(value, dict):
                if value is False:
                    parts.append(part)
                continue
            if part.key in seen:
                continue
            seen.add(part.key)
            more: list[Part] = []
            reference = value.get("$ref", value.get("$recursiveRef"))
            if isinstance(reference, str) and "$ref" not in part.without:
                more.append(Part(self.library.resolve(reference, part.node)))
                if self.dialect_of(part.node).ref_hides_siblings:
                    waiting.extend(more)
                    continue
            if self.dialect.nullable and self._null_beside(value) and "nullable" not in part.without:
                # OpenAPI 3.0: `nullable` beside `allOf` means null, or what the rest says.
                parts.append(part)
                continue
            members = value.get("allOf")
            if isinstance(members, list) and "allOf" not in part.without:
                more.extend(Part(part.node.child("allOf", index)) for index in range(len(members)))
            for kind in ("anyOf", "oneOf"):
                branches = value.get(kind)
                if isinstance(branches, list) and len(branches) == 1 and kind not in part.without:
                    more.append(Part(part.node.child(kind, 0)))
            parts.append(part)
            waiting.extend(reversed(more))
        return parts

    def dialect_of(self, node: Node) -> Dialect:
        """The dialect ``node`` is written in: the one its file names with `$schema`, else that of the space."""
        path = node.document.path
        known = self._dialects.get(path)
        if known is None:
            tree = node.document.tree
            named = dialect_by_uri(tree.get("$schema")) if isinstance(tree, dict) else None
            known = self._dialects[path] = named or self.dialect
        return known

    def accepts_everything(self, conjunction: Conjunction) -> bool:
        """Whether nothing is asked of a value at all."""
        return all(is_vacuous(_own(part.node.value)) for part in self.written(conjunction))

    def _null_beside(self, value: dict[str, JsonValue]) -> bool:
        return (
            self.dialect.nullable
            and value.get("nullable") is True
            and "type" not in value
            and any(keyword in value for keyword in ("allOf", "anyOf", "oneOf"))
        )

    def _unions(self, part: Part) -> list[Union]:
        raw = part.node.value
        assert isinstance(raw, dict)
        if self._null_beside(raw) and "nullable" not in part.without:
            rest = (Part(part.node, part.without | {"nullable"}),)
            return [Union("anyOf", (rest, null_branch(part.node)), ATOMS, Origin(part.node, "nullable"))]
        unions = []
        for kind in ("anyOf", "oneOf"):
            branches = raw.get(kind)
            if isinstance(branches, list) and len(branches) > 1 and kind not in part.without:
                conjunctions = tuple((Part(part.node.child(kind, index)),) for index in range(len(branches)))
                unions.append(Union(kind, conjunctions, ATOMS, Origin(part.node, kind)))
        return unions

    def _join(self, union: Union) -> Shape | None:
        """One shape for a union whose branches share no type, None where they do and it must stay a union."""
        shapes: list[Shape] = []
        for branch in union.branches:
            if tuple(part.key for part in branch) in self._building:
                continue  # a union that contains itself adds nothing to itself
            shapes.append(self.shape(branch))
        taken: frozenset[str] = frozenset()
        for shape in shapes:
            types = shape.types | NUMERIC if shape.types & NUMERIC else shape.types
            if taken & types:
                return None
            taken |= types
        return join_disjoint(shapes)

    def _discriminator(self, node: Node) -> Discriminator | None:
        raw = node.value
        assert isinstance(raw, dict)
        written = raw.get("discriminator")
        if isinstance(written, str):  # AsyncAPI names the property alone (3.0.0, Schema Object)
            return Discriminator(written, {}, Origin(node, "discriminator"))
        if not isinstance(written, dict) or not isinstance(written.get("propertyName"), str):
            return None
        mapping: dict[str, Node] = {}
        named = written.get("mapping")
        if isinstance(named, dict):
            base = node.child("discriminator", "mapping")
            for value, target in named.items():
                if isinstance(target, str):
                    mapping[value] = self._mapped(target, base.child(value))
        return Discriminator(str(written["propertyName"]), mapping, Origin(node, "discriminator"))

    def _mapped(self, target: str, base: Node) -> Node:
        if "/" not in target and "#" not in target and not target.endswith((".json", ".yaml", ".yml")):
            target = f"#/components/schemas/{target}"
        return self.library.resolve(target, base)


def join_disjoint(shapes: list[Shape]) -> Shape:
    """The shape of values that one of ``shapes`` accepts, where no two accept the same JSON type."""
    if not shapes:
        return _NEVER
    if len(shapes) == 1:
        return shapes[0].binding(shapes[0].types)
    joined = Shape(types=frozenset().union(*(shape.types for shape in shapes)))
    for shape in shapes:
        bound = shape.binding(shape.types)
        if shape.types & {"integer", "fraction"}:
            joined.numbers = bound.numbers
        if "string" in shape.types:
            joined.strings = bound.strings
        if "array" in shape.types:
            joined.arrays = bound.arrays
        if "object" in shape.types:
            joined.objects, joined.discriminator = bound.objects, bound.discriminator
        joined.enums |= bound.enums
        joined.unions += bound.unions
        joined.residue += bound.residue
        joined.extensible = bound.extensible if joined.extensible is None else joined.extensible
        joined.origins = {**bound.origins, **joined.origins}
        joined.parts += bound.parts
    return joined


def _own(value: JsonValue) -> JsonValue:
    """What a schema says beside the references and the `allOf` that are opened into schemas of their own."""
    if not isinstance(value, dict) or _PASSED_ON.isdisjoint(value):
        return value
    return {keyword: said for keyword, said in value.items() if keyword not in _PASSED_ON}
