"""Types as they stand in generated code, before the classes in them have their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

__all__ = [
    "ANY",
    "NONE",
    "Constrained",
    "Generic",
    "Literals",
    "Name",
    "OpenUnion",
    "Reference",
    "TypeExpression",
    "Union",
    "inner_expressions",
    "mapped",
    "optional",
    "union_of",
    "without_none",
]

Scalar: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Name:
    """A name that is imported or built in."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A definition of the contract, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Generic:
    """``origin[arguments]``."""

    origin: str
    arguments: tuple[TypeExpression, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """``a | b``; never nested, never of one member."""

    members: tuple[TypeExpression, ...]


@dataclass(frozen=True, slots=True)
class Literals:
    """``Literal[…]``; ``open`` adds the type of all values, so that unknown ones are kept."""

    values: tuple[Scalar, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Constrained:
    """``Annotated[inner, Field(…)]``."""

    inner: TypeExpression
    constraints: tuple[tuple[str, object], ...]

    def get(self, name: str) -> object:
        return dict(self.constraints).get(name)


@dataclass(frozen=True, slots=True)
class OpenUnion:
    """A union told apart by a property, whose unknown variants are kept: tag values to variants."""

    property: str
    variants: tuple[tuple[tuple[str, ...], TypeExpression], ...]


TypeExpression: TypeAlias = Name | Reference | Generic | Union | Literals | Constrained | OpenUnion

ANY = Name("Any")
NONE = Name("None")


def union_of(members: list[TypeExpression]) -> TypeExpression:
    """The union of ``members``, flat and each once; None comes last."""
    flat: dict[TypeExpression, None] = {}
    for member in members:
        for each in member.members if isinstance(member, Union) else (member,):
            flat[each] = None
    if ANY in flat:
        return ANY
    found = [each for each in flat if each != NONE] + ([NONE] if NONE in flat else [])
    return found[0] if len(found) == 1 else Union(tuple(found))


def optional(expression: TypeExpression) -> TypeExpression:
    """``expression | None``."""
    return union_of([expression, NONE])


def without_none(expression: TypeExpression) -> TypeExpression:
    """``expression`` without its ``| None``."""
    if isinstance(expression, Constrained):
        return replace(expression, inner=without_none(expression.inner))
    if isinstance(expression, Union):
        left = [member for member in expression.members if member != NONE]
        return union_of(left) if left else NONE
    return expression


def inner_expressions(expression: TypeExpression) -> Iterator[TypeExpression]:
    """``expression`` and every expression in it."""
    yield expression
    match expression:
        case Generic(arguments=inside) | Union(members=inside):
            for each in inside:
                yield from inner_expressions(each)
        case Constrained(inner=inner):
            yield from inner_expressions(inner)
        case OpenUnion(variants=variants):
            for _, each in variants:
                yield from inner_expressions(each)


def mapped(expression: TypeExpression, change: Callable[[TypeExpression], TypeExpression]) -> TypeExpression:
    """``expression`` with ``change`` applied to every part, innermost first."""
    match expression:
        case Generic(arguments=inside):
            expression = replace(expression, arguments=tuple(mapped(each, change) for each in inside))
        case Union(members=inside):
            expression = union_of([mapped(each, change) for each in inside])
        case Constrained(inner=inner):
            expression = replace(expression, inner=mapped(inner, change))
        case OpenUnion(variants=variants):
            expression = replace(expression, variants=tuple((tags, mapped(each, change)) for tags, each in variants))
    return change(expression)


@dataclass(slots=True)
class FieldModel:
    """One field of a class; ``wire`` is the property's name in the contract."""

    wire: str
    type: TypeExpression
    required: bool
    nullable: bool = False
    default: Scalar = None
    name: str = ""


@dataclass(slots=True)
class ClassModel:
    """One class; ``bases`` are ids of definitions."""

    id: str
    bases: tuple[str, ...] = ()
    fields: list[FieldModel] = field(default_factory=list)
    extra: TypeExpression | None = None


@dataclass(slots=True)
class AliasModel:
    """A name for a type that is no class."""

    id: str
    type: TypeExpression


TypeModel: TypeAlias = ClassModel | AliasModel
TypeModels: TypeAlias = Mapping[str, TypeModel]
