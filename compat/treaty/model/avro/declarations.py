"""From one written schema object to its node, and the types inside it that wait to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from treaty.errors import InvalidContract
from treaty.model.avro.attributes import Attributes
from treaty.model.avro.logical import LOGICAL_ATTRIBUTES, logical_type
from treaty.model.avro.names import enclosing_namespace
from treaty.model.avro.types import (
    NO_ATTRIBUTES,
    PRIMITIVES,
    Array,
    AvroType,
    Default,
    EnumType,
    Field,
    Fixed,
    Kind,
    Map,
    Place,
    Primitive,
    Record,
)

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

__all__ = ["DECLARATIONS", "Slot", "Unread", "primitive"]

_RESERVED = {
    Kind.RECORD: frozenset({"type", "name", "namespace", "doc", "aliases", "fields"}),
    Kind.ENUM: frozenset({"type", "name", "namespace", "doc", "aliases", "symbols", "default"}),
    Kind.FIXED: frozenset({"type", "name", "namespace", "doc", "aliases", "size"}),
    Kind.ARRAY: frozenset({"type", "items"}),
    Kind.MAP: frozenset({"type", "values"}),
}
_PRIMITIVE_RESERVED = frozenset({"type"})
_LOGICAL_RESERVED = frozenset({"type", *LOGICAL_ATTRIBUTES})
_FIELD_RESERVED = frozenset({"name", "type", "doc", "default", "order", "aliases"})
_ORDERS = ("ascending", "descending", "ignore")


class Slot(NamedTuple):
    """Where a finished type goes: an attribute of ``owner``, or the end of a list of branches."""

    owner: object
    attribute: str = ""

    def fill(self, node: AvroType) -> None:
        if isinstance(self.owner, list):
            self.owner.append(node)
        else:
            # Nodes are frozen for everyone else; here they are still being made.
            object.__setattr__(self.owner, self.attribute, node)


class Unread(NamedTuple):
    """A written type that waits to be read."""

    raw: JsonValue
    place: Place
    namespace: str
    slot: Slot


def primitive(name: str, place: Place, raw: Mapping[str, JsonValue]) -> Primitive | None:
    """The primitive type called ``name`` with the attributes of ``raw``, None where none is called so."""
    kind = PRIMITIVES.get(name)
    if kind is None:
        return None
    logical = logical_type(kind, raw)
    reserved = _LOGICAL_RESERVED if logical else _PRIMITIVE_RESERVED
    return Primitive(kind=kind, place=place, logical=logical, attributes=_rest(raw, reserved))


def _record(given: Attributes, namespace: str) -> tuple[Record, list[Unread]]:
    name = given.full_name(namespace)
    inner = enclosing_namespace(name)
    fields: list[Field] = []
    waiting: list[Unread] = []
    seen: dict[str, Place] = {}
    for index, raw in enumerate(given.objects("fields")):
        place = given.place.inside("fields", index)
        field = _field(Attributes(raw, place))
        if field.name in seen:
            raise InvalidContract(
                f"{name} has two fields called {field.name!r}, the first at {seen[field.name].location()}",
                location=place.location("name"),
            )
        seen[field.name] = place
        fields.append(field)
        waiting.append(Unread(raw["type"], place.inside("type"), inner, Slot(field, "type")))
    record = Record(
        name=name,
        place=given.place,
        aliases=given.aliases(inner),
        doc=given.doc,
        is_error=given.raw["type"] == "error",
        fields=tuple(fields),
        attributes=_rest(given.raw, _RESERVED[Kind.RECORD]),
    )
    return record, waiting


def _field(given: Attributes) -> Field:
    name = given.simple_name()
    if "type" not in given.raw:
        raise InvalidContract(f"the field {name!r} has no `type`", location=given.place.location())
    order = given.raw.get("order", "ascending")
    if order not in _ORDERS:
        raise given.invalid("order", f"the order of a field is one of {', '.join(_ORDERS)}")
    return Field(
        name=name,
        place=given.place,
        aliases=given.aliases(None),
        doc=given.doc,
        default=Default(given.raw["default"]) if "default" in given.raw else None,
        order=str(order),
        attributes=_rest(given.raw, _FIELD_RESERVED),
    )


def _enum(given: Attributes, namespace: str) -> tuple[EnumType, list[Unread]]:
    name = given.full_name(namespace)
    node = EnumType(
        name=name,
        place=given.place,
        aliases=given.aliases(enclosing_namespace(name)),
        doc=given.doc,
        symbols=given.symbols(),
        default=Default(given.raw["default"]) if given.raw.get("default") is not None else None,
        attributes=_rest(given.raw, _RESERVED[Kind.ENUM]),
    )
    return node, []


def _fixed(given: Attributes, namespace: str) -> tuple[Fixed, list[Unread]]:
    name = given.full_name(namespace)
    logical = logical_type(Kind.FIXED, given.raw)
    node = Fixed(
        name=name,
        place=given.place,
        aliases=given.aliases(enclosing_namespace(name)),
        doc=given.doc,
        size=given.size(),
        logical=logical,
        attributes=_rest(given.raw, _RESERVED[Kind.FIXED] | (_LOGICAL_RESERVED if logical else _PRIMITIVE_RESERVED)),
    )
    return node, []


_Container = TypeVar("_Container", Array, Map)


def _container(node: _Container, given: Attributes, namespace: str, member: str) -> tuple[_Container, list[Unread]]:
    if member not in given.raw:
        raise InvalidContract(f"{given.raw['type']} needs `{member}`", location=given.place.location())
    return node, [Unread(given.raw[member], given.place.inside(member), namespace, Slot(node, member))]


def _array(given: Attributes, namespace: str) -> tuple[Array, list[Unread]]:
    node = Array(place=given.place, attributes=_rest(given.raw, _RESERVED[Kind.ARRAY]))
    return _container(node, given, namespace, "items")


def _map(given: Attributes, namespace: str) -> tuple[Map, list[Unread]]:
    node = Map(place=given.place, attributes=_rest(given.raw, _RESERVED[Kind.MAP]))
    return _container(node, given, namespace, "values")


_Declaration: TypeAlias = Callable[[Attributes, str], "tuple[AvroType, list[Unread]]"]
DECLARATIONS: Mapping[str, _Declaration] = {
    "record": _record,
    "error": _record,
    "enum": _enum,
    "fixed": _fixed,
    "array": _array,
    "map": _map,
}


def _rest(raw: Mapping[str, JsonValue], reserved: frozenset[str]) -> Mapping[str, JsonValue]:
    """The attributes of one's own; nearly always there are none."""
    if raw.keys() <= reserved:
        return NO_ATTRIBUTES
    return {key: value for key, value in raw.items() if key not in reserved}
