"""The source of the models module."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty_codegen.layout import WIDTH, alternatives, fitted
from treaty_codegen.lifecycle import deprecation_text
from treaty_codegen.models.expressions import (
    AliasModel,
    ClassModel,
    Constrained,
    FieldModel,
    Generic,
    Literals,
    Name,
    OpenUnion,
    Reference,
    TypeExpression,
    Union,
    inner_expressions,
    optional,
    without_none,
)
from treaty_codegen.quoting import docstring, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from treaty_codegen.models.definitions import Definition
    from treaty_codegen.models.library import Types

__all__ = ["TypeWriter", "models_source", "order_of_definition", "referred_ids"]

_IMPORTS = {
    "Any": "typing",
    "Annotated": "typing",
    "ClassVar": "typing",
    "Literal": "typing",
    "TypeAlias": "typing",
    "UUID": "uuid",
    "Decimal": "decimal",
    "AwareDatetime": "pydantic",
    "Field": "pydantic",
    "Tag": "pydantic",
    "TypeAliasType": "typing_extensions",
    "deprecated": "typing_extensions",
    "Date": "datetime",
}
_OWN = ("UNKNOWN", "Base64", "DecimalNumber", "DecimalText", "Model", "OneOf", "RequestModel", "UnknownVariant")
_STANDARD = ("datetime", "decimal", "typing", "uuid")


@dataclass(slots=True)
class TypeWriter:
    """Types as source text.

    ``prefix`` stands before the names of the contract's types; ``plain`` leaves limits out; ``known`` are the names
    defined so far; ``shadowed`` are built-in names that mean something else where the text will stand. ``used``
    collects what has to be imported, ``referred`` the names of the contract.
    """

    types: Types
    prefix: str = ""
    plain: bool = False
    used: set[str] = field(default_factory=set)
    referred: set[str] = field(default_factory=set)
    known: set[str] | None = None
    shadowed: frozenset[str] = frozenset()
    qualified: bool = False

    def annotation(self, expression: TypeExpression) -> str:
        """As :meth:`text`, in quotes where a name in it is defined further down."""
        before, self.referred = self.referred, set()
        text = self.text(expression)
        referred, self.referred = self.referred, before | self.referred
        forward = self.known is not None and not referred <= self.known
        return literal(text) if forward else text

    def text(self, expression: TypeExpression) -> str:
        """The type as it stands in an annotation. ``plain`` leaves limits out: what a signature shows."""
        match expression:
            case Name(text=name):
                return self._name(name)
            case Reference(id=id_):
                return self._reference(id_)
            case Generic(origin=origin, arguments=arguments):
                return f"{self._builtin(origin)}[{', '.join(self.text(each) for each in arguments)}]"
            case Union(members=members):
                return " | ".join(self.text(each) for each in members)
            case Literals():
                return self._literals(expression)
            case Constrained(inner=inner, constraints=constraints):
                return self._constrained(inner, constraints)
            case OpenUnion():
                return self._open_union(expression)

    def _name(self, name: str) -> str:
        if name == "DecimalText" and not self.plain:
            return self._constrained(Name(name), ())
        if self.plain and name in ("DecimalText", "DecimalNumber", "Base64", "AwareDatetime"):
            name = {"Base64": "bytes", "AwareDatetime": "datetime"}.get(name, "Decimal")
        if name in _IMPORTS or name in _OWN or name in ("datetime", "Upload"):
            self.used.add(name)
        return self._builtin(name)

    def _builtin(self, name: str) -> str:
        """A built-in type, qualified where the class has a method of that name."""
        if name in self.shadowed:
            self.qualified = True
            return f"builtins.{name}"
        return name

    def _reference(self, id_: str) -> str:
        name = self.types.name(id_)
        if name is None:
            self.used.add("Any")
            return "Any"
        self.referred.add(name)
        return self.prefix + name

    def _literals(self, expression: Literals) -> str:
        self.used.add("Literal")
        written = f"Literal[{', '.join(literal(value) for value in expression.values)}]"
        if expression.open:
            kinds = dict.fromkeys(self._builtin(type(value).__name__) for value in expression.values)
            written = f"{written} | {' | '.join(kinds)}"
        return written

    def _constrained(self, inner: TypeExpression, constraints: tuple[tuple[str, object], ...]) -> str:
        if self.plain:
            return self.text(inner)
        arguments = ", ".join(f"{name}={literal(value)}" for name, value in constraints)
        if isinstance(inner, Name) and inner.text == "DecimalText":
            self.used |= {"Annotated", "Decimal", "DecimalText"}
            return f"Annotated[Decimal, DecimalText({arguments})]"
        self.used |= {"Annotated", "Field"}
        return f"Annotated[{self.text(inner)}, Field({arguments})]"

    def _open_union(self, expression: OpenUnion) -> str:
        if self.plain:
            self.used.add("UnknownVariant")
            return " | ".join([*(self.text(each) for _, each in expression.variants), "UnknownVariant"])
        self.used |= {"Annotated", "OneOf", "Tag", "UNKNOWN", "UnknownVariant"}
        branches = [
            f"Annotated[{self.text(variant)}, Tag({literal(tags[0])})]" for tags, variant in expression.variants
        ]
        known = ", ".join(literal(list(tags) if len(tags) > 1 else tags[0]) for tags, _ in expression.variants)
        branches.append("Annotated[UnknownVariant, Tag(UNKNOWN)]")
        return f"Annotated[{' | '.join(branches)}, OneOf({literal(expression.property)}, {known})]"


def models_source(
    types: Types,
    header: list[str],
    runtime: str,
    ids: list[str] | None = None,
    homes: Mapping[str, str] | None = None,
) -> str:
    """The models module: classes and aliases in the order of the contract, as far as Python's order of definition
    allows. ``runtime`` is the module that holds the base classes.

    ``ids``, in that order, are all it holds where the types are spread over several modules; ``homes`` says by name in
    which the others are.
    """
    elsewhere = homes or {}
    known: set[str] = set(elsewhere)
    writer = TypeWriter(types, known=known)
    body: list[str] = []
    after_class = True
    ids = order_of_definition(types) if ids is None else ids
    for id_ in ids:
        is_class = types.is_own_class(id_)
        body.extend(["", ""] if is_class or after_class else [""])
        body.extend(_model(id_, types, writer))
        after_class = is_class
        known.add(types.name(id_) or "")
    names = sorted(name for id_ in ids if (name := types.name(id_)) is not None)
    exported = ["__all__ = ["] + [f'    "{name}",' for name in names] + ["]"]
    foreign: dict[str, list[str]] = {}
    for name in writer.referred & elsewhere.keys():
        foreign.setdefault(f".{elsewhere[name]}", []).append(name)
    imports = _import_lines(writer.used, runtime, foreign)
    return "\n".join([*header, "", *imports, "", *exported, *body, ""])


def _import_lines(used: set[str], runtime: str, siblings: Mapping[str, list[str]]) -> list[str]:
    modules: dict[str, list[str]] = dict(siblings)
    for name in used:
        if name in _IMPORTS:
            modules.setdefault(_IMPORTS[name], []).append("date as Date" if name == "Date" else name)
        elif name in _OWN:
            modules.setdefault(runtime, []).append(name)
        elif name == "Upload":
            modules.setdefault(runtime.replace("models", "files"), []).append(name)
    standard = [module for module in sorted(modules) if module in _STANDARD]
    foreign = [module for module in sorted(modules) if module not in _STANDARD and not module.startswith(".")]
    own = [module for module in sorted(modules) if module.startswith(".")]
    lines: list[str] = []
    for group in (standard, foreign, own):
        if group and lines:
            lines.append("")
        for module in group:
            names = sorted(modules[module], key=import_order)
            lines.extend(fitted_import(module, names))
    return lines


def import_order(name: str) -> tuple[int, list[str | int], str]:
    """Constants, then classes, then functions, without case and with numbers as such: the order of import sorters."""
    bare = name.partition(" ")[0]
    kind = 0 if bare.isupper() and len(bare) > 1 else 1 if bare[0].isupper() else 2
    natural = [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", name.lower())]
    return kind, natural, name


def fitted_import(module: str, names: Iterable[str], indent: int = 0) -> list[str]:
    """One import statement, with brackets where it and ``indent`` blanks are too long for one line."""
    listed = list(names)
    line = f"from {module} import {', '.join(listed)}"
    if indent + len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in listed), ")"]


def order_of_definition(types: Types) -> list[str]:
    """Ids of what gets a name, each after what Python must know before it: bases, and the content of aliases."""
    named = [id_ for id_ in types.models if types.name(id_) is not None]
    rank = {id_: (definition.rank, index) for index, (id_, definition) in enumerate(types.definitions.items())}
    named.sort(key=lambda id_: rank.get(id_, (3, 0)))
    done: dict[str, None] = {}
    visiting: set[str] = set()

    def visit(id_: str) -> None:
        stack = [(id_, iter(referred_ids(id_, types)))]
        visiting.add(id_)
        while stack:
            at, waiting = stack[-1]
            needed = next((each for each in waiting if each not in done and each not in visiting), None)
            if needed is None:
                stack.pop()
                done[at] = None
            elif types.name(needed) is not None:
                visiting.add(needed)
                stack.append((needed, iter(referred_ids(needed, types))))

    for id_ in named:
        if id_ not in done:
            visit(id_)
    return _after_bases(list(done), types)


def _after_bases(order: list[str], types: Types) -> list[str]:
    """``order`` with every class after its bases: a circle of other references may have put one before them."""
    placed: dict[str, None] = {}
    begun: set[str] = set()

    def place(id_: str) -> None:
        if id_ in begun:
            return
        begun.add(id_)
        model = types.models[id_]
        for base in model.bases if isinstance(model, ClassModel) else ():
            final = types.final(base)
            if types.name(final) is not None:
                place(final)
        placed[id_] = None

    for id_ in order:
        place(id_)
    return list(placed)


def referred_ids(id_: str, types: Types) -> list[str]:
    """All that a class or alias refers to, bases first: what reads best, and resolves fastest, before it."""
    model = types.models[id_]
    if isinstance(model, AliasModel):
        parts = list(inner_expressions(model.type))
    else:
        parts = [Reference(types.final(base)) for base in model.bases]
        for each in model.fields:
            parts.extend(inner_expressions(each.type))
    return [part.id for part in parts if isinstance(part, Reference)]


def _model(id_: str, types: Types, writer: TypeWriter) -> list[str]:
    model = types.models[id_]
    name = types.name(id_)
    assert name is not None
    definition = types.definitions.get(id_)
    if isinstance(model, AliasModel):
        return _alias(name, model, definition, types, writer)
    return _class(name, model, definition, types, writer)


def _alias(name: str, model: AliasModel, definition: Definition | None, types: Types, writer: TypeWriter) -> list[str]:
    doc = docstring(definition.description) if definition is not None else []
    text = writer.annotation(model.type)
    if text.startswith('"'):
        writer.used.add("TypeAliasType")
        return [*fitted(f"{name} = TypeAliasType({literal(name)}, {text})"), *doc]
    writer.used.add("TypeAlias")
    line = f"{name}: TypeAlias = {text}"
    if len(line) > WIDTH and isinstance(model.type, Union | Literals) and " | " in text:
        line = f"{name}: TypeAlias = ({text})"
    return [*fitted(line), *doc]


def _class(name: str, model: ClassModel, definition: Definition | None, types: Types, writer: TypeWriter) -> list[str]:
    sent = definition is not None and "sent" in definition.roles
    bases = [base for each in model.bases if (base := types.name(types.final(each))) is not None]
    writer.referred.update(bases)
    if not bases:
        bases = ["RequestModel" if sent else "Model"]
        writer.used.update(bases)
    elif sent and not any(types.sent(types.final(each)) for each in model.bases):
        bases.append("RequestModel")
        writer.used.add("RequestModel")
    lines: list[str] = []
    if definition is not None and definition.lifecycle.deprecated:
        writer.used.add("deprecated")
        lines.extend(fitted(f"@deprecated({literal(deprecation_text(name, definition.lifecycle))})"))
    lines.extend(fitted(f"class {name}({', '.join(bases)}):"))
    doc = docstring(definition.description, 4) if definition is not None else []
    body: list[str] = list(doc)

    def blank() -> list[str]:
        return [""] if body else []

    if model.extra is not None and not any(types.is_own_class(types.final(each)) for each in model.bases):
        extra = writer.annotation(model.extra)
        body.extend([*blank(), f"    __pydantic_extra__: dict[str, {extra}]"] if extra != "Any" else [])
    nullable = [each.wire for each in model.fields if each.nullable and not each.required] if sent else []
    if nullable:
        writer.used.add("ClassVar")
        names = ", ".join(literal(wire) for wire in nullable)
        body.extend([*blank(), *fitted(f"nullable: ClassVar[frozenset[str]] = frozenset({{{names}}})", 4)])
    if body and model.fields:
        body.append("")
    # Fields without a default come first only where Pydantic's signature needs it: it does not, all are keywords.
    for each in model.fields:
        body.extend(_field(each, definition, writer))
    return [*lines, *(body or ["    pass"])]


def _field(each: FieldModel, definition: Definition | None, writer: TypeWriter) -> list[str]:
    known = definition.properties.get(each.wire) if definition is not None else None
    arguments: list[str] = []
    type_ = each.type
    if each.name != each.wire:
        # Not as the default of the field: type checkers would take the alias for the name of the argument (PEP 681).
        arguments.append(f"alias={literal(each.wire)}")
    if known is not None and known.lifecycle.deprecated:
        arguments.append(f"deprecated={literal(deprecation_text(each.wire, known.lifecycle))}")
    limited = without_none(type_)
    if isinstance(limited, Constrained) and limited.inner != Name("DecimalText"):
        arguments.extend(f"{name}={literal(value)}" for name, value in limited.constraints)
        type_ = limited.inner if limited == type_ else optional(limited.inner)
    text = writer.annotation(type_)
    value = "" if each.required else f" = {literal(each.default)}"
    if arguments:
        writer.used |= {"Annotated", "Field"}
        text = f"Annotated[{text}, Field({', '.join(arguments)})]"
    if len(f"    {each.name}: {text}{value}") > WIDTH:
        if value and len(f"    {each.name}: {text} = (") <= WIDTH:
            value = f" = ({literal(each.default)})"
        elif len(alternatives(text)) > 1 or not text.endswith(("]", '"')):
            text = f"({text})"
    lines = fitted(f"{each.name}: {text}{value}", 4)
    if known is not None and known.description:
        lines.extend(docstring(known.description, 4))
    return lines
