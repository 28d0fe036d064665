"""The schemas of a contract as flat, named definitions: what is one class each, whatever file it is written in."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from treaty.documents.location import pointer_text
from treaty.errors import TreatyError
from treaty.model.lifecycle import Lifecycle, lifecycle_of
from treaty_codegen.models.expressions import ANY
from treaty_codegen.naming import class_name, unique

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from treaty.documents.library import Library, Node
    from treaty.documents.location import JsonValue, Pointer
    from treaty.model.schema.dialects import Dialect
    from treaty_codegen.models.expressions import TypeExpression

__all__ = ["Definition", "Definitions", "Property", "Role", "is_object"]

Role: TypeAlias = Literal["sent", "received"]
"""What the user of generated code does with a value: sends it (a request), or receives it (an answer, a delivery)."""

_ANNOTATIONS = frozenset(
    {"$comment", "$id", "$schema", "$anchor", "$defs", "definitions", "title", "description", "summary", "example"}
    | {"examples", "deprecated", "readOnly", "writeOnly", "externalDocs", "xml", "default"}
)


@dataclass(frozen=True, slots=True)
class Property:
    """What the contract says about one property beside its type."""

    description: str
    lifecycle: Lifecycle
    default: JsonValue
    nullable: bool
    read_only: bool
    write_only: bool


@dataclass(slots=True, eq=False)
class Definition:
    """One schema with an identity of its own.

    ``id`` is what the model library knows it by, ``key`` its place as the name lock writes it, ``schema`` its content
    with references to other ids. ``own`` is the type when it is ours and not the library's to find. Definitions that
    are not ``named`` are written out where they are used.
    """

    id: str
    key: str
    hint: str
    node: Node
    named: bool
    rank: int
    schema: dict[str, JsonValue] = field(default_factory=dict)
    references: dict[str, None] = field(default_factory=dict)
    own: TypeExpression | None = None
    same_as: str | None = None
    properties: dict[str, Property] = field(default_factory=dict)
    roles: set[Role] = field(default_factory=set)
    name: str = ""

    @property
    def description(self) -> str:
        raw = self.node.value
        text = raw.get("description") or raw.get("title") if isinstance(raw, dict) else None
        return text if isinstance(text, str) else ""

    @property
    def lifecycle(self) -> Lifecycle:
        return lifecycle_of(self.node.value)


class Definitions:
    """Collects definitions from the places a contract uses schemas in.

    ``single`` says that the contract is one document, ``root``, and not one of several beside each other.
    """

    def __init__(self, library: Library, root: Node, dialect: Dialect, *, single: bool = True) -> None:
        self._single = single
        self.library = library
        self.root = root
        self.dialect = dialect
        self.by_id: dict[str, Definition] = {}
        self.notes: dict[str, None] = {}
        self.broken: dict[str, TreatyError] = {}
        self._by_place: dict[tuple[str, Pointer], Definition] = {}
        self._waiting: list[Definition] = []
        self._wires: dict[str, str] = {}

    # Names of properties go to the model library as numbers, so that nothing a contract calls them can confuse it.
    def opaque(self, wire: str) -> str:
        """What the model library knows the property ``wire`` by."""
        return self._wires.setdefault(wire, f"p{len(self._wires)}")

    def wire_names(self) -> dict[str, str]:
        """The way back from :meth:`opaque`."""
        return {opaque: wire for wire, opaque in self._wires.items()}

    def component(self, name: str, node: Node) -> Definition:
        """The definition of a schema that the contract itself names."""
        target = self._target(node)
        known = self._by_place.get((target.document.path, target.pointer))
        if known is None or not known.named or known.rank:
            known = self._define(target, hint=name, named=True, rank=0, key=self.key(node))
            known.hint, known.named, known.rank, known.key = name, True, 0, self.key(node)
            return known
        return self._alias(node, known, name)

    def _alias(self, node: Node, known: Definition, name: str) -> Definition:
        place = (node.document.path, node.pointer)
        if place not in self._by_place:
            alias = self._define(node, hint=name, named=True, rank=0, key=self.key(node), rewrite=False)
            alias.same_as = known.id
            alias.references[known.id] = None
        return self._by_place[place]

    def place(self, node: Node, hint: str, *roles: Role) -> Definition:
        """The definition of a schema where an operation uses it: a body, a parameter, an answer.

        Raises TreatyError when it, or something it refers to, cannot be read.
        """
        raw = node.value
        named = isinstance(raw, dict) and ("discriminator" in raw or is_object(raw))
        found = self._referred(node, hint) or self._define(node, hint=hint, named=named, rank=2)
        self._finish()
        if self.broken:
            self._raise_broken(found)
        found.roles.update(roles)
        return found

    def _raise_broken(self, definition: Definition) -> None:
        waiting, seen = [definition.id], {definition.id}
        while waiting:
            id_ = waiting.pop()
            if id_ in self.broken:
                raise self.broken[id_]
            for inside in self.by_id[id_].references:
                if inside not in seen:
                    seen.add(inside)
                    waiting.append(inside)

    def _referred(self, node: Node, hint: str) -> Definition | None:
        """The definition behind a `$ref` that says nothing of its own, None where ``node`` is no such reference."""
        raw = node.value
        if not isinstance(raw, dict):
            return None
        reference = raw.get("$ref", raw.get("$dynamicRef", raw.get("$recursiveRef")))
        if not isinstance(reference, str):
            members = raw.get("allOf")
            rest = raw.keys() - _ANNOTATIONS - {"allOf", "nullable"}
            if isinstance(members, list) and len(members) == 1 and not any(not key.startswith("x-") for key in rest):
                return self._referred(node.child("allOf", 0), hint)
            return None
        structural = [key for key in raw if key not in _ANNOTATIONS and key[0] != "$" and not key.startswith("x-")]
        if structural and not self.dialect.ref_hides_siblings:
            return None
        target = self._target(self.library.resolve(reference, node))
        return self._define(target, hint=_pointer_hint(target), named=True, rank=1)

    def _target(self, node: Node) -> Node:
        """Through references that say nothing but where they lead."""
        seen = set()
        while isinstance(node.value, dict) and isinstance(node.value.get("$ref"), str):
            place = (node.document.path, node.pointer)
            if place in seen or (len(node.value) > 1 and not self.dialect.ref_hides_siblings):
                break
            seen.add(place)
            node = self.library.resolve(str(node.value["$ref"]), node)
        return node if (node.document.path, node.pointer) not in seen else self.library.follow(node)

    def _define(
        self, node: Node, *, hint: str, named: bool, rank: int, key: str | None = None, rewrite: bool = True
    ) -> Definition:
        place = (node.document.path, node.pointer)
        known = self._by_place.get(place)
        if known is not None:
            if named and not known.named:
                known.hint, known.named, known.rank = hint, True, rank
            return known
        found = Definition(f"D{len(self.by_id)}", key or self.key(node), hint, node, named, rank)
        self.by_id[found.id] = self._by_place[place] = found
        if rewrite:
            self._waiting.append(found)
        return found

    def inline(self, node: Node, hint: str, *, named: bool, own: TypeExpression | None = None) -> Definition:
        """The definition of a schema written inside another one."""
        found = self._define(node, hint=hint, named=named, rank=2)
        if own is not None:
            found.own = own
        return found

    def reference(self, node: Node, hint: str) -> Definition | None:
        """As :meth:`_referred`, for the rewriting of schemas."""
        return self._referred(node, hint)

    def note(self, text: str) -> None:
        """Something a reader of the report should know; told once."""
        self.notes[text] = None

    def _finish(self) -> None:
        from treaty_codegen.models.rewriting import rewrite

        while self._waiting:
            definition = self._waiting.pop()
            try:
                rewrite(self, definition)
            except TreatyError as error:
                # Whoever uses it is told; everybody else is not concerned.
                self.broken[definition.id] = error
                definition.own, definition.same_as = ANY, None
                definition.schema, definition.properties, definition.references = {}, {}, {}

    def settle_references(self) -> None:
        """Read what is still to be read. Raises TreatyError for the first definition that cannot be."""
        self._finish()
        for error in self.broken.values():
            raise error

    def settle(self, lock: Mapping[str, str], reserved: Collection[str]) -> dict[str, str]:
        """Hand roles on to what is inside, give every named definition its name, and answer all key → name pairs.

        Names of ``lock`` stay; new ones avoid them, each other and ``reserved``. A definition that nobody uses has
        both roles.
        """
        self._finish()
        for id_, error in self.broken.items():
            self.note(f"{self.by_id[id_].key}: typed as Any, because {error.problem}")
        self._spread_roles()
        return self._name(lock, reserved)

    def _spread_roles(self) -> None:
        for definition in self.by_id.values():
            if definition.named and definition.rank == 0 and not definition.roles:
                definition.roles.add("received")
        used = [definition for definition in self.by_id.values() if definition.roles]
        waiting = list(used)
        while waiting:
            definition = waiting.pop()
            for id_ in definition.references:
                inside = self.by_id[id_]
                if not definition.roles <= inside.roles:
                    inside.roles |= definition.roles
                    waiting.append(inside)

    def _name(self, lock: Mapping[str, str], reserved: Collection[str]) -> dict[str, str]:
        named = sorted((each for each in self.by_id.values() if each.named), key=lambda each: each.rank)
        # A name stays taken for ever: what disappears from the contract does not leave its name to another schema.
        taken = {*reserved, *lock.values()}
        lowered = {name.lower() for name in taken}
        names: dict[str, str] = {}
        given: set[str] = set()
        for definition in named:
            name = lock.get(definition.key)
            if name is None or name in given:
                name = _free(class_name(definition.hint), lowered)
            lowered.add(name.lower())
            given.add(name)
            definition.name = names[definition.key] = name
        return {**lock, **names}

    def key(self, node: Node) -> str:
        """The place of ``node`` as the name lock writes it: a JSON Pointer, after the file where that is another."""
        pointer = f"#{pointer_text(node.pointer)}"
        if self._single and node.document.path == self.root.document.path:
            return pointer
        folder = posixpath.dirname(self.root.document.path)
        return posixpath.relpath(node.document.path, folder or ".") + pointer


def _free(name: str, lowered: set[str]) -> str:
    if name.lower() not in lowered:
        return name
    if f"{name}model" not in lowered and name in _AWKWARD:
        return f"{name}Model"
    return unique(name, lowered)


_AWKWARD = frozenset({"Any", "Model", "Field", "Literal", "Decimal", "Annotated", "Date", "Timestamp"})


def _pointer_hint(node: Node) -> str:
    """What a referenced schema is probably called: the last name of its pointer, or the name of its file."""
    names = [token for token in node.pointer if isinstance(token, str) and token not in ("properties", "schema")]
    if names:
        return names[-1]
    if isinstance(node.value, dict) and isinstance(title := node.value.get("title"), str):
        return title
    stem = posixpath.basename(node.document.path)
    for ending in (".json", ".yaml", ".yml", ".schema"):
        stem = stem.removesuffix(ending)
    return stem


def is_object(raw: dict[str, JsonValue]) -> bool:
    """Whether a schema written inside another one deserves a class."""
    properties = raw.get("properties")
    if isinstance(properties, dict) and properties:
        return True
    members = raw.get("allOf")
    return isinstance(members, list) and any(
        isinstance(member, dict) and ("$ref" in member or is_object(member)) for member in members
    )
