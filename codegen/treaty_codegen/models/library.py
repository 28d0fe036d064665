"""All types of a contract: collected, handed to the model library, read back, and made ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from treaty_codegen.models.asking import found_models
from treaty_codegen.models.expressions import (
    ANY,
    NONE,
    AliasModel,
    ClassModel,
    Constrained,
    Literals,
    Name,
    OpenUnion,
    Reference,
    TypeExpression,
    TypeModel,
    Union,
    inner_expressions,
    mapped,
    optional,
    without_none,
)
from treaty_codegen.models.inheritance import break_inheritance_circles, flatten_conflicts
from treaty_codegen.naming import class_name, python_name, unique

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from treaty.documents.location import JsonValue
    from treaty_codegen.models.definitions import Definition, Definitions

__all__ = ["RESERVED", "Types", "build_types", "field_names_taken"]

RESERVED = frozenset(
    {"Annotated", "Any", "AwareDatetime", "Base64", "BaseModel", "ClassVar", "Date", "Decimal", "DecimalNumber"}
    | {"DecimalText", "Field", "Literal", "Model", "OneOf", "RequestModel", "Tag", "TypeAlias", "TypeAliasType"}
    | {"UNKNOWN", "UUID", "UnknownVariant", "Upload", "None", "True", "False", "deprecated"}
)
"""Names the generated module imports: no class of a contract may take them."""

_PREFIX = "#/components/schemas/"
_SHADOWED = frozenset({"str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "object", "type", "self"})


@dataclass(slots=True)
class Types:
    """The types of a contract.

    ``models`` are classes and aliases by id, ``definitions`` what the contract says about them, ``names`` the new name
    lock, ``merged`` the definitions only the model library knows: id to name.
    """

    definitions: dict[str, Definition]
    models: dict[str, TypeModel]
    names: dict[str, str]
    notes: list[str]
    merged: dict[str, str] = field(default_factory=dict)
    _class_names: frozenset[str] | None = None
    _uncased_names: frozenset[str] | None = None

    def name(self, id_: str) -> str | None:
        """The name of a definition in generated code; None where it is written out."""
        definition = self.definitions.get(id_)
        return (definition.name or None) if definition is not None else self.merged.get(id_)

    @property
    def class_names(self) -> frozenset[str]:
        """The names of all definitions."""
        if self._class_names is None:
            self._class_names = frozenset({*self.names.values(), *self.merged.values()})
        return self._class_names

    @property
    def uncased_names(self) -> frozenset[str]:
        """The names of definitions in scripts that may have no cases."""
        if self._uncased_names is None:
            self._uncased_names = frozenset(name for name in self.class_names if not name.isascii())
        return self._uncased_names

    def of(self, id_: str) -> TypeExpression:
        """The type to write where the definition ``id_`` is used."""
        if self.name(id_) is not None:
            return Reference(id_)
        model = self.models[id_]
        return model.type if isinstance(model, AliasModel) else Reference(id_)

    def is_class(self, id_: str) -> bool:
        return isinstance(self.models.get(self.final(id_)), ClassModel)

    def is_own_class(self, id_: str) -> bool:
        """Whether the id itself is a class, not another name for one."""
        return isinstance(self.models.get(id_), ClassModel)

    def final(self, id_: str) -> str:
        """Through aliases that are just another name."""
        model = self.models.get(id_)
        seen = {id_}
        while isinstance(model, AliasModel) and isinstance(model.type, Reference) and model.type.id not in seen:
            id_ = model.type.id
            seen.add(id_)
            model = self.models.get(id_)
        return id_

    def sent(self, id_: str) -> bool:
        definition = self.definitions.get(id_)
        return definition is not None and "sent" in definition.roles


def build_types(definitions: Definitions, lock: Mapping[str, str], reserved: Collection[str] = ()) -> Types:
    """Type everything that ``definitions`` has collected. Raises CannotCheck when the model library refuses."""
    names = definitions.settle(lock, RESERVED | frozenset(reserved))
    _relax_access(definitions)
    inputs = {each.id: _input(each, definitions) for each in definitions.by_id.values()}
    break_inheritance_circles(inputs, definitions)
    models = found_models(inputs, definitions)
    types = Types(definitions.by_id, models, names, list(definitions.notes))
    for definition in definitions.by_id.values():
        if definition.same_as is not None:
            models[definition.id] = AliasModel(definition.id, Reference(definition.same_as))
        elif definition.own is not None:
            models[definition.id] = AliasModel(definition.id, _opened(definition))
        elif definition.id not in models:
            models[definition.id] = AliasModel(definition.id, ANY)
    _name_merged(types)
    _write_out(types)
    for id_, model in models.items():
        if isinstance(model, ClassModel):
            _finish_class(model, definitions.by_id.get(id_), types)
    for model in models.values():
        if isinstance(model, ClassModel):
            flatten_conflicts(model, types)
    return types


def _relax_access(definitions: Definitions) -> None:
    """What only the other side fills in is never required of the user: readOnly when sending, writeOnly when
    receiving."""
    for definition in definitions.by_id.values():
        required = definition.schema.get("required")
        if not isinstance(required, list):
            continue
        left = set(required)
        for wire, known in definition.properties.items():
            absent = (known.read_only and "sent" in definition.roles) or (
                known.write_only and "received" in definition.roles
            )
            if absent:
                left.discard(definitions.opaque(wire))
        definition.schema["required"] = [each for each in required if each in left]


def _input(definition: Definition, definitions: Definitions) -> dict[str, JsonValue]:
    if definition.same_as is not None:
        return {"type": "string"}
    return _direct_parents(definition.schema, definitions)


def _direct_parents(schema: dict[str, JsonValue], definitions: Definitions) -> dict[str, JsonValue]:
    """References in `allOf` and unions lead to the schema itself, past definitions that are another name for it."""
    changed = dict(schema)
    for keyword in ("allOf", "oneOf", "anyOf"):
        branches = schema.get(keyword)
        if isinstance(branches, list):
            changed[keyword] = [_direct(branch, definitions) for branch in branches]
    return changed


def _direct(branch: JsonValue, definitions: Definitions) -> JsonValue:
    reference = branch.get("$ref") if isinstance(branch, dict) else None
    if not isinstance(reference, str):
        return branch
    definition = definitions.by_id[reference.removeprefix(_PREFIX)]
    seen = {definition.id}
    while definition.same_as is not None and definition.same_as not in seen:
        definition = definitions.by_id[definition.same_as]
        seen.add(definition.id)
    structural = definition.own is None and definition.schema.get("type") not in (
        "string",
        "integer",
        "number",
        "boolean",
    )
    return {"$ref": _PREFIX + definition.id} if structural else branch


def _opened(definition: Definition) -> TypeExpression:
    """An enum that is only ever received takes values nobody knows yet."""
    assert definition.own is not None
    if "sent" in definition.roles or not isinstance(definition.node.value, dict) or "const" in definition.node.value:
        return definition.own

    def opened(expression: TypeExpression) -> TypeExpression:
        return Literals(expression.values, open=True) if isinstance(expression, Literals) else expression

    return mapped(definition.own, opened)


def _name_merged(types: Types) -> None:
    """Names for classes the library makes when it merges two schemas of one property: owner and property."""
    strays = [id_ for id_ in types.models if id_ not in types.definitions]
    taken = {name.lower() for name in types.names.values()} | {name.lower() for name in RESERVED}
    owners = [definition.id for definition in types.definitions.values() if definition.same_as is None]
    waiting = list(owners)
    used: set[str] = set()
    known = {id_: types.definitions[id_].name or class_name(types.definitions[id_].hint) for id_ in owners}
    keys = {id_: types.definitions[id_].key for id_ in owners}
    while waiting and strays:
        owner = waiting.pop(0)
        model = types.models.get(owner)
        fields = model.fields if isinstance(model, ClassModel) else []
        inside = [(each.wire, each.type) for each in fields]
        if isinstance(model, AliasModel):
            inside.append(("option", model.type))
        for wire, type_ in inside:
            for part in inner_expressions(type_):
                if isinstance(part, Reference) and part.id in strays and part.id not in known:
                    key = f"{keys[owner]}~{wire}"
                    while key in used:
                        key += "~"
                    used.add(key)
                    name = types.names.get(key) or unique(known[owner] + class_name(wire), taken)
                    taken.add(name.lower())
                    known[part.id] = types.merged[part.id] = types.names[key] = name
                    keys[part.id] = key
                    waiting.append(part.id)
    for id_ in strays:
        if id_ not in known and isinstance(types.models[id_], ClassModel):
            known[id_] = types.merged[id_] = unique(class_name(f"Merged {id_}"), taken)
            taken.add(known[id_].lower())


def _write_out(types: Types) -> None:
    """Put the types of unnamed definitions where they are used."""
    writing: set[str] = set()

    def write(expression: TypeExpression) -> TypeExpression:
        if not isinstance(expression, Reference) or types.name(expression.id) is not None:
            return expression
        model = types.models.get(expression.id)
        if not isinstance(model, AliasModel) or expression.id in writing:
            return ANY
        writing.add(expression.id)
        written = mapped(model.type, write)
        writing.discard(expression.id)
        return written

    for model in types.models.values():
        if isinstance(model, AliasModel):
            model.type = _united(mapped(model.type, write), model.id, types)
        else:
            for each in model.fields:
                each.type = _united(mapped(each.type, write), model.id, types)
            if model.extra is not None:
                model.extra = mapped(model.extra, write)


def _united(expression: TypeExpression, owner: str, types: Types) -> TypeExpression:
    """Discriminated unions: open ones where the value is received, plain ones where no tags are known."""

    def change(part: TypeExpression) -> TypeExpression:
        if not isinstance(part, Constrained) or part.get("discriminator") is None:
            return part
        rest = tuple(each for each in part.constraints if each[0] != "discriminator")
        inner = part.inner
        wire = str(part.get("discriminator"))
        variants = _variants(inner, wire, types)
        if variants is None or types.sent(owner):
            # A union that is sent stays closed; Pydantic finds the variant by trying, which needs no tags.
            return Constrained(inner, rest) if rest else inner
        union: TypeExpression = OpenUnion(wire, variants)
        if isinstance(inner, Union) and NONE in inner.members:
            union = optional(union)
        return union

    return mapped(expression, change)


def _variants(
    inner: TypeExpression, wire: str, types: Types
) -> tuple[tuple[tuple[str, ...], TypeExpression], ...] | None:
    """Each class of a union with its values of the discriminator; None where one has no values of its own."""
    found: list[tuple[tuple[str, ...], TypeExpression]] = []
    for member in inner.members if isinstance(inner, Union) else (inner,):
        if member == NONE:
            continue
        tags = _tags_of(types.models.get(types.final(member.id)), wire, types) if isinstance(member, Reference) else ()
        if not tags:
            return None
        found.append((tags, member))
    return tuple(found) or None


def _tags_of(model: TypeModel | None, wire: str, types: Types) -> tuple[str, ...]:
    for each in model.fields if isinstance(model, ClassModel) else ():
        type_ = without_none(each.type)
        if isinstance(type_, Reference):
            alias = types.models.get(types.final(type_.id))
            type_ = without_none(alias.type) if isinstance(alias, AliasModel) else type_
        if each.wire == wire and isinstance(type_, Literals) and all(isinstance(value, str) for value in type_.values):
            return tuple(str(value) for value in type_.values)
    return ()


def _finish_class(model: ClassModel, definition: Definition | None, types: Types) -> None:
    """Python names, defaults and nullability of the fields."""
    # In scripts without cases a field may be spelled like a class, which would hide the class from annotations.
    forbidden = field_names_taken() | types.uncased_names
    taken: set[str] = set()
    for each in model.fields:
        known = definition.properties.get(each.wire) if definition is not None else None
        each.nullable = known.nullable if known is not None else each.required
        each.name = unique(python_name(each.wire, "field", forbidden), taken)
        taken.add(each.name)
        if not each.required and known is not None and not known.nullable:
            default = _default(known.default, each.type, types)
            if default is not None:
                each.default = default
                each.type = without_none(each.type)
            else:
                each.type = optional(each.type)
        elif not each.required:
            each.type = optional(each.type)


def _default(value: JsonValue, type_: TypeExpression, types: Types) -> str | int | float | bool | None:
    """The default, where the type takes it as it is."""
    bare = without_none(type_)
    if isinstance(bare, Constrained):
        bare = bare.inner
    if isinstance(bare, Reference):
        model = types.models.get(types.final(bare.id))
        bare = without_none(model.type) if isinstance(model, AliasModel) else bare
        bare = bare.inner if isinstance(bare, Constrained) else bare
    if isinstance(bare, Literals):
        fits = value in bare.values and isinstance(value, str | int | bool)
        return value if fits and isinstance(value, str | int | bool) else None
    if not isinstance(bare, Name) or not isinstance(value, str | int | float | bool):
        return None
    fits = type(value).__name__ == bare.text or (bare.text == "float" and type(value) is int)
    return value if fits else None


@cache
def field_names_taken() -> frozenset[str]:
    """Names a field cannot have: those of Pydantic's own methods, and of the types written in annotations."""
    from pydantic import BaseModel

    return _SHADOWED | {"nullable", "to_wire"} | {name for name in dir(BaseModel) if not name.startswith("__")}
