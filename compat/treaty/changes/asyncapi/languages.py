"""Payloads in Avro and Protobuf: compared by their own engines, told at the sites that carry them."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from treaty.changes.schema_documents import under_policy
from treaty.model.asyncapi.schema_formats import Language

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from treaty.changes.asyncapi.scope import ForeignPair, ForeignSchema, Scope
    from treaty.changes.change import Change
    from treaty.documents.library import Library
    from treaty.documents.location import Location, Pointer
    from treaty.documents.node import Node
    from treaty.model.protobuf.nodes import Schema
    from treaty.model.roles import Role

LISTED_SITES = 25
_Place: TypeAlias = "tuple[str, Pointer, str]"


class _Told:
    """One cause, with the sites that carry it: their own and the places inside the schema."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self.carriers: set[str] = set()
        self.sites: set[str] = set()

    def add(self, site: str, change: Change) -> None:
        if change.level.severity > self.change.level.severity:
            self.change = change
        elif change.level is self.change.level:
            self.change = replace(self.change, role=self.change.role | change.role)
        self.carriers.add(site)
        self.sites.update(f"{site} {inner}".rstrip() for inner in change.sites or ("",))

    def told(self) -> Change:
        sites = sorted(self.sites)
        element = f"{min(self.carriers)} {self.change.element}"
        return replace(self.change, element=element, sites=tuple(sites[:LISTED_SITES]), count=len(sites))


def compare_foreign(scope: Scope) -> Iterator[Change]:
    """Every change inside schemas in other languages, each cause once however many messages carry it."""
    told: dict[Hashable, _Told] = {}
    compared: dict[tuple[Language, _Place, _Place, Role], tuple[Change, ...]] = {}
    readers = _Readers(scope)
    for pair in scope.foreign:
        old, new = scope.old.library, scope.new.library
        key = (pair.language, _place(old, pair.old), _place(new, pair.new), pair.roles)
        if key not in compared:
            compared[key] = readers.compare(pair)
        for change in compared[key]:
            told.setdefault(_cause(change), _Told(change)).add(pair.site, change)
    for schema in scope.arrived:
        readers.check(schema)
    for each in told.values():
        yield each.told()


def _place(library: Library, node: Node) -> _Place:
    """Where a schema is written, references followed as far as they lead to JSON or YAML."""
    reference = _text_reference(node)
    if reference is not None:
        return node.document.path, node.pointer, reference
    followed = library.follow(node)
    return followed.document.path, followed.pointer, ""


def _cause(change: Change) -> Hashable:
    return change.rule, _where(change.base), _where(change.revision), repr(change.before), repr(change.after)


def _where(location: Location | None) -> Hashable:
    return None if location is None else (location.file, location.pointer, location.line, location.column)


class _Readers:
    """Reads and compares the schemas of one comparison."""

    def __init__(self, scope: Scope) -> None:
        from treaty.model.avro.files import AvroFiles

        self._scope = scope
        self._libraries = scope.old.library, scope.new.library
        self._avro = tuple(AvroFiles(library) for library in self._libraries)

    def compare(self, pair: ForeignPair) -> tuple[Change, ...]:
        return self._avro_changes(pair) if pair.language is Language.AVRO else self._protobuf_changes(pair)

    def check(self, schema: ForeignSchema) -> None:
        """Read a schema of the new contract. Raises what reading it raises, and InvalidContract for a bad default."""
        library = self._libraries[1]
        if schema.language is Language.AVRO:
            from treaty.model.avro.parsing import check_flaws

            check_flaws(self._avro[1].read(library.follow(schema.node)))
        else:
            _protobuf(library, schema.node)

    def _avro_changes(self, pair: ForeignPair) -> tuple[Change, ...]:
        from treaty.changes.avro.comparison import compare_schemas

        old, new = (
            files.read(library.follow(node))
            for files, library, node in zip(self._avro, self._libraries, (pair.old, pair.new), strict=True)
        )
        return tuple(under_policy(compare_schemas(old, new, roles=pair.roles), self._scope.settings, pair.roles))

    def _protobuf_changes(self, pair: ForeignPair) -> tuple[Change, ...]:
        from treaty.changes.protobuf import compare_schemas, question_of

        settings = replace(self._scope.settings, roles=pair.roles)
        old, new = (
            _protobuf(library, node) for library, node in zip(self._libraries, (pair.old, pair.new), strict=True)
        )
        return compare_schemas(old, new, question_of(settings))


def _protobuf(library: Library, node: Node) -> Schema:
    """A .proto file that is referred to, or the text of one."""
    from treaty.documents.schema_text import SchemaText
    from treaty.errors import InvalidContract
    from treaty.model.protobuf import parse
    from treaty.model.protobuf.files import read_files

    reference = _text_reference(node)
    if reference is not None:
        return read_files(
            library, [posixpath.normpath(posixpath.join(posixpath.dirname(node.document.path), reference))]
        )
    written = library.follow(node)
    if not isinstance(written.value, str):
        raise InvalidContract(
            "a Protobuf schema is the text of a .proto file",
            location=written.location,
            advice="write the text as it is, or refer to the file with $ref",
        )
    return parse(SchemaText(written.value, name=str(written.location)))


def _text_reference(node: Node) -> str | None:
    """The .proto file that ``node`` refers to."""
    reference = node.value.get("$ref") if isinstance(node.value, dict) else None
    target = reference.partition("#")[0] if isinstance(reference, str) else ""
    return target if target.endswith(".proto") else None
