"""The source the model library writes, parsed into types. It is never imported or run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from treaty.errors import CannotCheck
from treaty_codegen.models.expressions import (
    ANY,
    NONE,
    AliasModel,
    ClassModel,
    Constrained,
    FieldModel,
    Generic,
    Literals,
    Name,
    Reference,
    TypeExpression,
    TypeModel,
    Union,
    optional,
    union_of,
    without_none,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["read_models"]

_NAMES = {
    "AwareDatetime": "AwareDatetime",
    "date": "Date",
    "date_aliased": "Date",
    "UUID": "UUID",
    "Decimal": "Decimal",
    "Any": "Any",
    "str": "str",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "bytes": "bytes",
    "None": "None",
}
_GENERICS = {"list": "list", "dict": "dict", "set": "list", "tuple": "tuple", "List": "list", "Dict": "dict"}
_CONSTRAINTS = frozenset(
    {"ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern", "discriminator"}
)


def read_models(source: str, known: Collection[str], wires: Mapping[str, str]) -> dict[str, TypeModel]:
    """Every class and type alias of ``source`` by its name there.

    ``known`` are the ids that were asked for, ``wires`` leads from the numbers of properties to their names. Raises
    CannotCheck for what the pinned version of the library never writes.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CannotCheck(
            f"datamodel-code-generator wrote source that does not parse (line {error.lineno})",
            advice="this is a defect of the generator: please report it with the contract",
        ) from None
    return _Reader(tree, known, wires).models()


class _Reader:
    def __init__(self, tree: ast.Module, known: Collection[str], wires: Mapping[str, str]) -> None:
        self._tree = tree
        self._wires = wires
        self._classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        self._ids = {*known, *self._classes}

    def models(self) -> dict[str, TypeModel]:
        found: dict[str, TypeModel] = {}
        for node in self._tree.body:
            if isinstance(node, ast.ClassDef):
                found[node.name] = self._class(node)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = node.value
                if isinstance(value, ast.Call) and len(value.args) == 2:
                    found[node.targets[0].id] = AliasModel(node.targets[0].id, self._type(value.args[1]))
        return found

    def _class(self, node: ast.ClassDef) -> TypeModel:
        for base in node.bases:
            if isinstance(base, ast.Subscript):  # RootModel[…]: a type with a name, not an object
                return AliasModel(node.name, self._type(base.slice))
        bases = tuple(base.id for base in node.bases if isinstance(base, ast.Name) and base.id in self._ids)
        model = ClassModel(node.name, bases)
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                model.fields.append(self._field(statement.target.id, statement))
            elif isinstance(statement, ast.Assign):
                model.extra = self._extra(statement) or model.extra
        return model

    def _extra(self, statement: ast.Assign) -> TypeExpression | None:
        """The type of further properties, which the library writes as an annotation set by hand."""
        if isinstance(statement.value, ast.Dict):
            for key, value in zip(statement.value.keys, statement.value.values, strict=True):
                if (
                    isinstance(key, ast.Constant)
                    and key.value == "__pydantic_extra__"
                    and isinstance(value, ast.Subscript)
                ):
                    inside = value.slice
                    return self._type(inside.elts[1]) if isinstance(inside, ast.Tuple) else None
        return None

    def _field(self, name: str, statement: ast.AnnAssign) -> FieldModel:
        type_ = self._type(statement.annotation)
        wire = self._wires.get(name.rstrip("_"), name)
        alias = self._alias(statement)
        if alias is not None:
            wire = self._wires.get(alias, alias)
        value = statement.value
        required = value is None or (
            isinstance(value, ast.Call)
            and not any(keyword.arg in ("default", "default_factory") for keyword in value.keywords)
            and (not value.args or (isinstance(value.args[0], ast.Constant) and value.args[0].value is Ellipsis))
        )
        return FieldModel(wire, type_, required)

    def _alias(self, statement: ast.AnnAssign) -> str | None:
        calls = [statement.value] if isinstance(statement.value, ast.Call) else []
        if isinstance(statement.annotation, ast.Subscript) and isinstance(statement.annotation.slice, ast.Tuple):
            calls.extend(each for each in statement.annotation.slice.elts if isinstance(each, ast.Call))
        for call in calls:
            for keyword in call.keywords:
                if keyword.arg == "alias" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
        return None

    def _type(self, node: ast.expr) -> TypeExpression:
        match node:
            case ast.Constant(value=None):
                return NONE
            case ast.Constant(value=str(text)):
                return self._type(ast.parse(text, mode="eval").body)
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(attr=name):
                return self._name(name)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return union_of([self._type(left), self._type(right)])
            case ast.Subscript(value=ast.Name(id=origin), slice=inside):
                return self._subscript(origin, inside)
        return ANY

    def _name(self, name: str) -> TypeExpression:
        if name in self._ids:
            return Reference(name)
        if name in _GENERICS:
            return Generic("dict", (Name("str"), ANY)) if name in ("dict", "Dict") else Generic("list", (ANY,))
        return Name(_NAMES[name]) if name in _NAMES else ANY

    def _subscript(self, origin: str, inside: ast.expr) -> TypeExpression:
        arguments = list(inside.elts) if isinstance(inside, ast.Tuple) else [inside]
        if origin == "Annotated":
            return self._annotated(arguments)
        if origin == "Literal":
            values = [each.value for each in arguments if isinstance(each, ast.Constant)]
            scalars = tuple(value for value in values if isinstance(value, str | int | bool))
            return Literals(scalars) if scalars and len(scalars) == len(arguments) else ANY
        if origin == "Optional":
            return optional(self._type(arguments[0]))
        if origin == "Union":
            return union_of([self._type(each) for each in arguments])
        if origin in _GENERICS:
            return Generic(_GENERICS[origin], tuple(self._type(each) for each in arguments))
        return ANY

    def _annotated(self, arguments: list[ast.expr]) -> TypeExpression:
        inner = self._type(arguments[0])
        constraints: list[tuple[str, object]] = []
        for call in arguments[1:]:
            for keyword in call.keywords if isinstance(call, ast.Call) else ():
                if keyword.arg in _CONSTRAINTS and keyword.arg is not None:
                    try:
                        value = ast.literal_eval(keyword.value)
                    except ValueError:
                        continue  # a Decimal bound of a type that is a Decimal here anyway
                    if keyword.arg == "discriminator":
                        value = self._wires.get(value, value)
                    constraints.append((keyword.arg, value))
        if not constraints or inner == ANY:
            return inner
        limits = tuple(sorted(constraints))
        if isinstance(inner, Union) and NONE in inner.members:
            return optional(Constrained(without_none(inner), limits))
        return Constrained(inner, limits)
