"""Classes that inherit only where a type checker agrees; the others repeat the fields of their bases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from treaty_codegen.models.expressions import (
    ANY,
    AliasModel,
    ClassModel,
    Constrained,
    FieldModel,
    Generic,
    Literals,
    Name,
    Reference,
    TypeExpression,
    Union,
)

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty_codegen.models.definitions import Definitions
    from treaty_codegen.models.library import Types

__all__ = ["break_inheritance_circles", "flatten_conflicts"]

_PREFIX = "#/components/schemas/"


def break_inheritance_circles(inputs: dict[str, dict[str, JsonValue]], definitions: Definitions) -> None:
    """Take out of `allOf` what leads back to the schema itself: it adds nothing, and no class inherits from itself."""

    def parents(id_: str) -> list[str]:
        members = inputs[id_].get("allOf")
        references = (
            [each.get("$ref") for each in members if isinstance(each, dict)] if isinstance(members, list) else []
        )
        return [each.removeprefix(_PREFIX) for each in references if isinstance(each, str)]

    def reaches(start: str, goal: str) -> bool:
        waiting, seen = [start], set[str]()
        while waiting:
            at = waiting.pop()
            if at == goal:
                return True
            if at not in seen:
                seen.add(at)
                waiting.extend(parents(at))
        return False

    for id_, schema in inputs.items():
        for parent in parents(id_):
            if reaches(parent, id_):
                members = schema["allOf"]
                assert isinstance(members, list)
                schema["allOf"] = [each for each in members if each != {"$ref": _PREFIX + parent}] or [{}]
                definitions.note(f"{definitions.by_id[id_].key}: its allOf leads back to itself; that part is left out")


def flatten_conflicts(model: ClassModel, types: Types) -> None:
    """Give up inheritance where a field of ``model``, or of two of its bases, is no narrower form of the inherited."""
    if not model.bases:
        return
    lines = [_line(base, types) for base in model.bases]
    inherited: dict[str, FieldModel] = {}
    conflict = any(not line for line in lines) or any(
        set(map(id, one)) & set(map(id, other)) for index, one in enumerate(lines) for other in lines[index + 1 :]
    )
    for line in lines:
        fields = {each.wire: each for ancestor in line for each in ancestor.fields}
        conflict = conflict or any(wire in inherited and inherited[wire].type != fields[wire].type for wire in fields)
        inherited |= fields
    conflict = conflict or any(
        each.wire in inherited and not _narrower(each.type, inherited[each.wire].type, types) for each in model.fields
    )
    names = {each.name: wire for wire, each in inherited.items()}
    conflict = conflict or any(names.get(each.name, each.wire) != each.wire for each in model.fields)
    own = types.definitions.get(model.id)
    for line in lines:
        for ancestor in line:
            parent = types.definitions.get(ancestor.id)
            for wire, known in parent.properties.items() if parent is not None and own is not None else ():
                if own is not None:
                    own.properties.setdefault(wire, known)
    if conflict:
        mine = {each.wire: each for each in model.fields}
        model.fields = [mine.pop(wire, replace(each)) for wire, each in inherited.items()] + list(mine.values())
        model.bases = ()


def _line(base: str, types: Types) -> list[ClassModel]:
    """A class and all it inherits from, the most general first; empty where a base is no class."""
    found: list[ClassModel] = []
    waiting = [types.final(base)]
    seen: set[str] = set()
    while waiting:
        id_ = waiting.pop()
        model = types.models.get(id_)
        if not isinstance(model, ClassModel) or id_ in seen:
            return []
        seen.add(id_)
        found.append(model)
        waiting.extend(types.final(each) for each in model.bases)
    return found[::-1]


def _narrower(one: TypeExpression, other: TypeExpression, types: Types) -> bool:
    """Whether every value of ``one`` is a value of ``other``, as far as that is plain to see."""
    one, other = _seen_through(one, types), _seen_through(other, types)
    if one == other or ANY in (one, other):
        return True
    if isinstance(one, Union):
        return all(_narrower(each, other, types) for each in one.members)
    if isinstance(other, Union):
        return any(_narrower(one, each, types) for each in other.members)
    if isinstance(one, Literals):
        kinds = {Name(type(value).__name__) for value in one.values}
        if isinstance(other, Literals):
            return other.open or (not one.open and set(one.values) <= set(other.values))
        return kinds == {other}
    if isinstance(one, Reference) and isinstance(other, Reference):
        return any(model.id == other.id for model in _line(one.id, types))
    if isinstance(one, Generic) and isinstance(other, Generic) and one.origin == other.origin:
        return one.arguments == other.arguments
    return False


def _seen_through(expression: TypeExpression, types: Types) -> TypeExpression:
    while True:
        if isinstance(expression, Constrained):
            expression = expression.inner
            continue
        if isinstance(expression, Reference):
            model = types.models.get(expression.id)
            if isinstance(model, AliasModel) and model.type != expression:
                expression = model.type
                continue
        return expression
