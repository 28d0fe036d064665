"""From JSON to the model: one pass in document order without recursion, names resolved on the way.

Rules are those of Avro 1.12. Where implementations are known to write something else, and its meaning is clear, it is
read: a name of the null namespace referred to from inside another namespace (the Java library prints such schemas), and
``{"type": "some.Name"}`` for a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.errors import DocumentTooLarge, InvalidContract, UnresolvedReference
from treaty.model.avro.attributes import Attributes, shown
from treaty.model.avro.declarations import DECLARATIONS, Slot, Unread, primitive
from treaty.model.avro.defaults import find_flaws
from treaty.model.avro.names import enclosing_namespace, qualified
from treaty.model.avro.source import schema_document
from treaty.model.avro.types import (
    PRIMITIVES,
    AvroType,
    Named,
    Place,
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
    schema = Schema(root, parser.names, document, flaws)
    if check_defaults:
        check_flaws(schema)
    return schema


def check_flaws(schema: Schema) -> None:
    """Raise InvalidContract for the first invalid default, at its place."""
    for flaw in schema.flaws[:1]:
        where = f"{flaw.owner}.{flaw.field}" if flaw.field else flaw.owner
        raise InvalidContract(
            f"the default of {where} is invalid: {flaw.problem}",
            location=flaw.place.location("default"),
            advice="give a default of the field's own type (of one of its branches, for a union), or none",
        )


class _Closing(NamedTuple):
    """A union whose branches have all been read when its turn comes."""

    union: Union
    branches: list[AvroType]


class _Text:
    """A document that is being read; ``waiting`` is a stack, so that types are read depth first and left to right."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.roots: list[AvroType] = []
        self.waiting: list[Unread | _Closing] = [Unread(document.tree, Place(document), "", Slot(self.roots))]


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
            unread = text.waiting.pop()
            if isinstance(unread, _Closing):
                _close(unread)
                continue
            missing = self._missing(text, unread)
            if missing is not None:
                text.waiting.append(unread)
                self._texts.append(self._text_for(missing, text, unread))
        return first.roots[0]

    def _missing(self, text: _Text, unread: Unread) -> str | None:
        """Read one type; the name that has to be found first, None where it could be read."""
        try:
            self._type(text, unread)
        except _MissingName as missing:
            return missing.name
        return None

    def _text_for(self, name: str, text: _Text, unread: Unread) -> _Text:
        """The text to read before ``name`` can be resolved."""
        place = unread.place
        full = qualified(name, unread.namespace)
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

    def _type(self, text: _Text, unread: Unread) -> None:
        raw, place = unread.raw, unread.place
        if isinstance(raw, str):
            unread.slot.fill(self._by_name(raw, place, unread.namespace, {}))
        elif isinstance(raw, list):
            branches: list[AvroType] = []
            union = Union(place=place)
            unread.slot.fill(union)
            text.waiting.append(_Closing(union, branches))
            text.waiting.extend(
                Unread(branch, place.inside(index), unread.namespace, Slot(branches))
                for index, branch in reversed(list(enumerate(raw)))
            )
        elif isinstance(raw, dict):
            self._object(text, unread, raw, place)
        else:
            raise InvalidContract(
                f"a schema is a name, an object or a list of branches, not {shown(raw)}",
                location=place.location(),
            )

    def _by_name(self, name: str, place: Place, namespace: str, raw: Mapping[str, JsonValue]) -> AvroType:
        node = primitive(name, place, raw)
        if node is not None:
            return node
        known = self.names.get(qualified(name, namespace)) or self.names.get(name)
        if known is None:
            if name in DECLARATIONS:
                raise InvalidContract(
                    f"{name!r} needs an object with its attributes, not only its name",
                    location=place.location(),
                    advice=f'write {{"type": "{name}", …}}',
                )
            raise _MissingName(name)
        return known

    def _object(self, text: _Text, unread: Unread, raw: dict[str, JsonValue], place: Place) -> None:
        kind = raw.get("type")
        if not isinstance(kind, str):
            problem = "a schema object needs a `type`" if kind is None else "the `type` of a schema object is a name"
            raise InvalidContract(
                problem,
                location=place.location(),
                advice="write the inner schema in place of the object around it" if kind is not None else None,
            )
        declaration = DECLARATIONS.get(kind)
        if declaration is None:
            unread.slot.fill(self._by_name(kind, place, unread.namespace, raw))
            return
        node, waiting = declaration(Attributes(raw, place), unread.namespace)
        if isinstance(node, Named):
            self._define(node, place)
        unread.slot.fill(node)
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


def _defined_later(text: _Text, full: str) -> bool:
    """Whether a type that is still waiting to be read defines ``full``, as far as can be told without reading it."""
    looking: list[tuple[JsonValue, str]] = [
        (unread.raw, unread.namespace) for unread in text.waiting if isinstance(unread, Unread)
    ]
    while looking:
        raw, namespace = looking.pop()
        if isinstance(raw, list):
            looking.extend((each, namespace) for each in raw)
        elif isinstance(raw, dict):
            name, kind = raw.get("name"), raw.get("type")
            if isinstance(name, str) and isinstance(kind, str) and kind in DECLARATIONS:
                space = raw.get("namespace", namespace)
                name = qualified(name, space if isinstance(space, str) else namespace)
                if name == full:
                    return True
                namespace = enclosing_namespace(name)
            looking.extend((raw[key], namespace) for key in ("type", "items", "values", "fields") if key in raw)
    return False
