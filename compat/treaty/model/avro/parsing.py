"""From JSON to the model: one pass in document order without recursion, names resolved on the way.

Rules are those of Avro 1.12. Where implementations are known to write something else, and its meaning is clear, it is
read: a name of the null namespace referred to from inside another namespace (the Java library prints such schemas), and
``{"type": "some.Name"}`` for a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from treaty.errors import DocumentTooLarge, InvalidContract, UnresolvedReference
from treaty.model.avro.attributes import Attributes, shown
from treaty.model.avro.defaults import find_flaws
from treaty.model.avro.logical import LOGICAL_ATTRIBUTES, logical_type
from treaty.model.avro.names import enclosing_namespace, qualified
from treaty.model.avro.source import schema_document
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
    Named,
    Place,
    Primitive,
    Record,
    Schema,
    Union,
    type_name,
)

if TYPE_CHECKING:
    from treaty.documents.document import Document
    from treaty.documents.location import JsonValue
    from treaty.documents.schema_text import SchemaText

__all__ = ["Find", "parse", "parse_document"]

Find: TypeAlias = Callable[[str], "Document | None"]
"""Asked for the text that defines a full name; None when there is none."""

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


def parse(source: SchemaText, *, check_defaults: bool = True) -> Schema:
    """The schema of ``source``, every name resolved, through ``source.references`` where its own text defines none.

    With ``check_defaults`` off, invalid defaults are left to the caller as :attr:`Schema.flaws`.

    Raises DocumentError for text that is not JSON, InvalidContract for what is no valid Avro schema (Avro 1.12,
    "Schema Declaration"), UnresolvedReference for a name nothing defines and for texts that need each other in a
    circle, each with its place.
    """
    texts: dict[str, Document] = {}

    def find(name: str) -> Document | None:
        if name not in texts and name in source.references:
            texts[name] = schema_document(source.references[name], name)
        return texts.get(name)

    document = schema_document(source.schema, source.name)
    return parse_document(document, find, source.references, check_defaults=check_defaults)


def parse_document(
    document: Document, find: Find, others: Iterable[str] = (), *, check_defaults: bool = True
) -> Schema:
    """As :func:`parse`, for a document and a way to find other texts by full name.

    ``others`` are names to ask ``find`` for when a name has no text of its own: it may be defined inside another's.
    """
    try:
        parser = _Parser(find, tuple(others))
        root = parser.parse(document)
        flaws = tuple(find_flaws(parser.names.values()))
    except RecursionError:
        raise DocumentTooLarge(
            "a default is nested too deep", location=Place(document).location(), advice="keep defaults shallow"
        ) from None
    if flaws and check_defaults:
        flaw = flaws[0]
        where = f"{flaw.owner}.{flaw.field}" if flaw.field else flaw.owner
        raise InvalidContract(
            f"the default of {where} is invalid: {flaw.problem}",
            location=flaw.place.location("default"),
            advice="give a default of the field's own type (of one of its branches, for a union), or none",
        )
    return Schema(root, parser.names, document, flaws)


class _Slot(NamedTuple):
    """Where a finished type goes: an attribute of ``owner``, or the end of a list of branches."""

    owner: object
    attribute: str = ""

    def fill(self, node: AvroType) -> None:
        if isinstance(self.owner, list):
            self.owner.append(node)
        else:
            # Nodes are frozen for everyone else; here they are still being made.
            object.__setattr__(self.owner, self.attribute, node)


class _Todo(NamedTuple):
    """A written type that waits to be read."""

    raw: JsonValue
    place: Place
    namespace: str
    slot: _Slot


class _Closing(NamedTuple):
    """A union whose branches have all been read when its turn comes."""

    union: Union
    branches: list[AvroType]


class _Text:
    """A document that is being read; ``waiting`` is a stack, so that types are read depth first and left to right."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.roots: list[AvroType] = []
        self.waiting: list[_Todo | _Closing] = [_Todo(document.tree, Place(document), "", _Slot(self.roots))]


class _MissingName(Exception):
    """A name that no text read so far defines: a signal between two methods, never an error anyone sees."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Parser:
    """Reads one document and the texts it needs; a text that needs another waits for it on a stack."""

    def __init__(self, find: Find, others: tuple[str, ...]) -> None:
        self.names: dict[str, Named] = {}
        self._find = find
        self._others = list(reversed(others))
        self._texts: list[_Text] = []
        self._read: set[int] = set()

    def parse(self, document: Document) -> AvroType:
        first = _Text(document)
        self._texts.append(first)
        self._read.add(id(document))
        while self._texts:
            text = self._texts[-1]
            if not text.waiting:
                self._texts.pop()
                continue
            todo = text.waiting.pop()
            if isinstance(todo, _Closing):
                _close(todo)
                continue
            missing = self._missing(text, todo)
            if missing is not None:
                text.waiting.append(todo)
                self._texts.append(self._text_for(missing, text, todo))
        return first.roots[0]

    def _missing(self, text: _Text, todo: _Todo) -> str | None:
        """Read one type; the name that has to be found first, None where it could be read."""
        try:
            self._type(text, todo)
        except _MissingName as missing:
            return missing.name
        return None

    def _text_for(self, name: str, text: _Text, todo: _Todo) -> _Text:
        """The text to read before ``name`` can be resolved."""
        place = todo.place
        full = qualified(name, todo.namespace)
        for candidate in dict.fromkeys((full, name)):
            document = self._find(candidate)
            if document is None:
                continue
            if id(document) not in self._read:
                return self._started(document)
            circle = [each.document.name for each in self._texts]
            if document.name in circle:
                raise UnresolvedReference(
                    f"{candidate} is needed to read itself: {' → '.join([*circle, document.name])}",
                    location=place.location(),
                    advice="define types that need each other in one text",
                )
            raise UnresolvedReference(
                f"the text given for {candidate} does not define it",
                location=place.location(),
                advice=f"its name and namespace must make {candidate}",
            )
        while self._others:
            document = self._find(self._others.pop())
            if document is not None and id(document) not in self._read:
                return self._started(document)
        raise UnresolvedReference(
            f"nothing defines the type {full}", location=place.location(), advice=self._advice(name, full, text)
        )

    def _started(self, document: Document) -> _Text:
        self._read.add(id(document))
        return _Text(document)

    def _advice(self, name: str, full: str, text: _Text) -> str:
        from treaty.documents.nearby import did_you_mean

        if _defined_later(text, full):
            return "it is defined further down: a type is defined where it is used first, in reading order"
        known = [*PRIMITIVES, *self.names]
        meant = did_you_mean(name, known) or did_you_mean(full, known)
        return meant or "define it before its first use, or give its text as a reference"

    def _type(self, text: _Text, todo: _Todo) -> None:
        raw, place = todo.raw, todo.place
        if isinstance(raw, str):
            todo.slot.fill(self._by_name(raw, place, todo.namespace, {}))
        elif isinstance(raw, list):
            branches: list[AvroType] = []
            union = Union(place=place)
            todo.slot.fill(union)
            text.waiting.append(_Closing(union, branches))
            text.waiting.extend(
                _Todo(branch, place.inside(index), todo.namespace, _Slot(branches))
                for index, branch in reversed(list(enumerate(raw)))
            )
        elif isinstance(raw, dict):
            self._object(text, todo, raw, place)
        else:
            raise InvalidContract(
                f"a schema is a name, an object or a list of branches, not {shown(raw)}",
                location=place.location(),
            )

    def _by_name(self, name: str, place: Place, namespace: str, raw: Mapping[str, JsonValue]) -> AvroType:
        kind = PRIMITIVES.get(name)
        if kind is not None:
            logical = logical_type(kind, raw)
            reserved = _LOGICAL_RESERVED if logical else _PRIMITIVE_RESERVED
            return Primitive(kind=kind, place=place, logical=logical, attributes=_rest(raw, reserved))
        known = self.names.get(qualified(name, namespace)) or self.names.get(name)
        if known is None:
            if name in _MAKERS:
                raise InvalidContract(
                    f"{name!r} needs an object with its attributes, not only its name",
                    location=place.location(),
                    advice=f'write {{"type": "{name}", …}}',
                )
            raise _MissingName(name)
        return known

    def _object(self, text: _Text, todo: _Todo, raw: dict[str, JsonValue], place: Place) -> None:
        kind = raw.get("type")
        if not isinstance(kind, str):
            problem = "a schema object needs a `type`" if kind is None else "the `type` of a schema object is a name"
            raise InvalidContract(
                problem,
                location=place.location(),
                advice="write the inner schema in place of the object around it" if kind is not None else None,
            )
        maker = _MAKERS.get(kind)
        if maker is None:
            todo.slot.fill(self._by_name(kind, place, todo.namespace, raw))
            return
        node, waiting = maker(Attributes(raw, place), todo.namespace)
        if isinstance(node, Named):
            self._define(node, place)
        todo.slot.fill(node)
        text.waiting.extend(reversed(waiting))

    def _define(self, node: Named, place: Place) -> None:
        known = self.names.get(node.name)
        if node.name in PRIMITIVES:
            raise InvalidContract(
                f"a type may not be called {node.name!r}: that is a primitive type", location=place.location("name")
            )
        if known is not None:
            raise InvalidContract(
                f"{node.name} is defined twice, first at {known.place.location()}",
                location=place.location("name"),
                advice="define a type once, where it is used first, and refer to it by name afterwards",
            )
        self.names[node.name] = node


def _record(given: Attributes, namespace: str) -> tuple[Record, list[_Todo]]:
    name = given.full_name(namespace)
    inner = enclosing_namespace(name)
    fields: list[Field] = []
    waiting: list[_Todo] = []
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
        waiting.append(_Todo(raw["type"], place.inside("type"), inner, _Slot(field, "type")))
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


def _enum(given: Attributes, namespace: str) -> tuple[EnumType, list[_Todo]]:
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


def _fixed(given: Attributes, namespace: str) -> tuple[Fixed, list[_Todo]]:
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


def _container(node: _Container, given: Attributes, namespace: str, member: str) -> tuple[_Container, list[_Todo]]:
    if member not in given.raw:
        raise InvalidContract(f"{given.raw['type']} needs `{member}`", location=given.place.location())
    return node, [_Todo(given.raw[member], given.place.inside(member), namespace, _Slot(node, member))]


def _array(given: Attributes, namespace: str) -> tuple[Array, list[_Todo]]:
    node = Array(place=given.place, attributes=_rest(given.raw, _RESERVED[Kind.ARRAY]))
    return _container(node, given, namespace, "items")


def _map(given: Attributes, namespace: str) -> tuple[Map, list[_Todo]]:
    node = Map(place=given.place, attributes=_rest(given.raw, _RESERVED[Kind.MAP]))
    return _container(node, given, namespace, "values")


_Maker: TypeAlias = Callable[[Attributes, str], "tuple[AvroType, list[_Todo]]"]
_MAKERS: Mapping[str, _Maker] = {
    "record": _record,
    "error": _record,
    "enum": _enum,
    "fixed": _fixed,
    "array": _array,
    "map": _map,
}


def _close(closing: _Closing) -> None:
    """Check the branches of a union and put them in (Avro 1.12, "Unions")."""
    union, branches = closing
    seen: set[str] = set()
    for index, branch in enumerate(branches):
        if isinstance(branch, Union):
            raise InvalidContract(
                "a union may not stand directly in a union",
                location=union.place.location(index),
                advice="list its branches in the outer union",
            )
        name = type_name(branch)
        if name in seen:
            raise InvalidContract(
                f"the union has the branch {name} twice",
                location=union.place.location(index),
                advice="keep one; wrap the other in a record or fixed of its own name if the two differ in meaning",
            )
        seen.add(name)
    object.__setattr__(union, "branches", tuple(branches))


def _rest(raw: Mapping[str, JsonValue], reserved: frozenset[str]) -> Mapping[str, JsonValue]:
    """The attributes of one's own; nearly always there are none."""
    if raw.keys() <= reserved:
        return NO_ATTRIBUTES
    return {key: value for key, value in raw.items() if key not in reserved}


def _defined_later(text: _Text, full: str) -> bool:
    """Whether a type that is still waiting to be read defines ``full``, as far as can be told without reading it."""
    looking: list[tuple[JsonValue, str]] = [
        (todo.raw, todo.namespace) for todo in text.waiting if isinstance(todo, _Todo)
    ]
    while looking:
        raw, namespace = looking.pop()
        if isinstance(raw, list):
            looking.extend((each, namespace) for each in raw)
        elif isinstance(raw, dict):
            name, kind = raw.get("name"), raw.get("type")
            if isinstance(name, str) and isinstance(kind, str) and kind in _MAKERS:
                space = raw.get("namespace", namespace)
                name = qualified(name, space if isinstance(space, str) else namespace)
                if name == full:
                    return True
                namespace = enclosing_namespace(name)
            looking.extend((raw[key], namespace) for key in ("type", "items", "values", "fields") if key in raw)
    return False
