"""Schemas as a registry takes them: one text each, and the names by which it draws in others."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import orjson

from treaty.documents.formats import Family
from treaty.documents.schema_text import SchemaText
from treaty.errors import UnresolvedReference, UnsupportedDocument

if TYPE_CHECKING:
    from treaty.documents.library import Library
    from treaty.documents.location import Location, Pointer
    from treaty.documents.node import Node
    from treaty.model.asyncapi.nodes import Payload
    from treaty.model.avro.files import AvroFiles

SUFFIXES = (".avsc", ".schema.json", ".schema.yaml", ".schema.yml", ".proto", ".json", ".yaml", ".yml")


class Use(NamedTuple):
    """A name in a schema, and the schema it stands for."""

    name: str
    unit: Unit


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One schema to register.

    ``place`` is its file and where in it, ``fallback`` the subject it has by itself. ``as_written`` says that ``text``
    is the file's, so that lines of the one are lines of the other.
    """

    place: tuple[str, Pointer]
    location: Location
    type: str
    text: str
    uses: tuple[Use, ...]
    fallback: str
    as_written: bool

    @property
    def texts(self) -> dict[str, str]:
        """Name and text of everything it draws in. Raises UnresolvedReference where a name stands for two files."""
        found: dict[str, Unit] = {}
        waiting = deque(self.uses)
        while waiting:
            name, unit = waiting.popleft()
            if name not in found:
                found[name] = unit
                waiting.extend(unit.uses)
            elif found[name] is not unit:
                raise UnresolvedReference(
                    f"{name!r} stands for {found[name].place[0]} and for {unit.place[0]}",
                    location=self.location,
                    advice="a registry knows one schema by each name: rename one of the files",
                )
        return {name: unit.text for name, unit in found.items()}

    @property
    def schema(self) -> SchemaText:
        """The schema as it is compared."""
        return SchemaText(self.text, self.texts, self.location.file)

    @property
    def topic(self) -> str:
        """The name of its file without what says its format: the topic where nothing else tells one."""
        name = self.place[0].rpartition("/")[2]
        return next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), name)

    @property
    def record(self) -> str | None:
        """The name of the type: full for Avro and Protobuf, the title of a JSON Schema; None where there is none."""
        if self.type == "PROTOBUF":
            from treaty.model.protobuf import parse

            parsed = parse(self.schema)
            return next((message.full_name for message in parsed.files[parsed.roots[0]].messages), None)
        tree = orjson.loads(self.text)
        if not isinstance(tree, dict):
            return None
        if self.type == "JSON":
            return str(tree["title"]) if "title" in tree else None
        name, space = tree.get("name"), tree.get("namespace")
        if not isinstance(name, str):
            return None
        return f"{space}.{name}" if isinstance(space, str) and space and "." not in name else name


class Units:
    """Reads the schemas of one library, each once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._known: dict[tuple[str, Pointer], Unit] = {}
        self._under_way: list[tuple[str, Pointer]] = []
        self._avro: AvroFiles | None = None

    @property
    def avro(self) -> AvroFiles:
        if self._avro is None:
            from treaty.model.avro.files import AvroFiles

            self._avro = AvroFiles(self.library)
        return self._avro

    def file(self, path: str) -> Unit:
        """The schema that a whole file is. Raises the CannotCheck errors of reading it."""
        root = self.library.root(path)
        return self._read(root, root.document.format.family)

    def payload(self, payload: Payload) -> Unit:
        """The schema of a message. Raises UnsupportedDocument for a language no registry takes."""
        from treaty.model.asyncapi.schema_formats import Language
        from treaty_registry.publishing.protobuf import payload_file

        node = payload.node
        assert node is not None
        if payload.format.language is Language.PROTOBUF:
            path = payload_file(node)
            return self.file(path) if path is not None else self._read(node, Family.PROTOBUF)
        node = self.library.follow(node)
        if not node.pointer:
            return self.file(node.document.path)
        if payload.format.language is Language.AVRO:
            return self._read(node, Family.AVRO)
        if payload.format.language is Language.JSON_SCHEMA:
            return self._read(node, Family.JSON_SCHEMA, payload.format.dialect.draft)
        raise UnsupportedDocument(
            f"a schema in {payload.format.family} cannot be registered",
            location=node.location,
            advice="registries take Avro, JSON Schema and Protobuf",
        )

    def _read(self, node: Node, family: Family, draft: str | None = None) -> Unit:
        key = (node.document.path, node.pointer)
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._under_way:
            circle = [path for path, _ in [*self._under_way[self._under_way.index(key) :], key]]
            raise UnresolvedReference(
                f"the files need each other in a circle: {' → '.join(circle)}",
                location=node.location,
                advice="a registry takes what is referred to first: keep what needs each other in one file",
            )
        self._under_way.append(key)
        try:
            unit = self._known[key] = self._unit(node, family, draft)
        finally:
            self._under_way.pop()
        return unit

    def _unit(self, node: Node, family: Family, draft: str | None) -> Unit:
        if family is Family.AVRO:
            from treaty_registry.publishing.avro import avro_unit

            return avro_unit(self, node)
        if family is Family.JSON_SCHEMA:
            from treaty_registry.publishing.json_schema import json_unit

            return json_unit(self.library, node, draft)
        if family is Family.PROTOBUF:
            from treaty_registry.publishing.protobuf import protobuf_unit

            return protobuf_unit(self, node)
        raise UnsupportedDocument(
            f"{node.document.name} is {family.value}, not a schema",
            location=node.location,
            advice="registries take Avro, JSON Schema and Protobuf",
        )


def written(node: Node) -> str:
    """The text of a schema: as its author wrote it where it is a file of JSON, printed again where it is not."""
    if not node.pointer and node.document.syntax == "json":
        return node.document.text.decode()
    return orjson.dumps(node.value).decode()
