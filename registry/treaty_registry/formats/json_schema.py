"""JSON Schema: printed without white space, keys in their order or sorted, every reference leading somewhere."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from treaty.documents.json_reader import read_json
from treaty.documents.text import text_of
from treaty.errors import InvalidContract, UnresolvedReference
from treaty_registry.errors import RegistryError
from treaty_registry.formats.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from referencing import Registry, Specification

    from treaty.documents.location import JsonValue
    from treaty.documents.schema_text import SchemaText

_DIALECTS = {
    "http://json-schema.org/draft-04/schema": "Draft4",
    "http://json-schema.org/draft-06/schema": "Draft6",
    "http://json-schema.org/draft-07/schema": "Draft7",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909",
    "https://json-schema.org/draft/2020-12/schema": "Draft202012",
}
_UNDECLARED = tuple(_DIALECTS)[::-1]
"""A schema that names no dialect is taken as the newest one it is valid in."""


def read(schema: SchemaText, *, normalize: bool, strict: bool) -> Reading:
    """See :class:`treaty_registry.formats.reading.SchemaFormat`; the dialects are drafts 4 to 2020-12."""
    del strict  # defaults are annotations in JSON Schema: any value is allowed
    tree = _tree(schema.schema, schema.name)
    if not isinstance(tree, dict | bool):
        raise InvalidContract("a JSON Schema is an object or a boolean")
    if isinstance(tree, dict):
        _check_against_dialect(tree)
        _check_references(tree, schema.references)
    properties = tree.get("properties") if isinstance(tree, dict) else None
    fields = frozenset(properties) if isinstance(properties, dict) else frozenset[str]()
    return Reading(_printed(tree, sort=normalize), fields)


def resolved(schema: SchemaText) -> str:
    """The schema's own canonical form: a JSON Schema with its references written in is another text for every way to do
    so.
    """
    return read(schema, normalize=False, strict=False).text


def written_as(schema: SchemaText) -> str | None:
    """There is one way to write it."""
    del schema
    return None


def formatted(schema: SchemaText, name: str) -> str:
    raise RegistryError(422, f"The format {name!r} is not known for JSON schemas", advice="leave the parameter out")


def _tree(schema: JsonValue, name: str) -> JsonValue:
    return read_json(text_of(schema.encode(), name)) if isinstance(schema, str) else schema


def _printed(tree: JsonValue, *, sort: bool) -> str:
    import orjson

    try:
        return orjson.dumps(tree, option=orjson.OPT_SORT_KEYS if sort else None).decode()
    except TypeError:  # a number no float or 64-bit integer holds
        return json.dumps(_with_literals(tree), sort_keys=sort, separators=(",", ":"), ensure_ascii=False)


class _Literal(float):
    """A number that is written the way it was read."""

    _text: str

    def __new__(cls, text: str) -> Self:
        literal = super().__new__(cls, 0.0)
        literal._text = text
        return literal

    def __repr__(self) -> str:
        return self._text


def _with_literals(tree: JsonValue) -> JsonValue:
    from decimal import Decimal

    if isinstance(tree, Decimal):
        return _Literal(str(tree))
    if isinstance(tree, dict):
        return {key: _with_literals(value) for key, value in tree.items()}
    return [_with_literals(item) for item in tree] if isinstance(tree, list) else tree


def _check_against_dialect(tree: dict[str, JsonValue]) -> None:
    import jsonschema_rs

    declared = tree.get("$schema")
    base = declared.removesuffix("#") if isinstance(declared, str) else None
    # An unknown dialect would be fetched from where its name points; it is read as a draft 7 schema, as other
    # registries do.
    dialects = (base,) if base in _DIALECTS else _UNDECLARED if declared is None else (_UNDECLARED[2],)
    first: Exception | None = None
    for dialect in dialects:
        try:
            jsonschema_rs.meta.validate({**tree, "$schema": dialect})
        except jsonschema_rs.ValidationError as error:
            first = first or error
        else:
            return
    place = "".join(f"/{token}" for token in getattr(first, "instance_path", ()))
    raise InvalidContract(f"{getattr(first, 'message', first)} (at {place or 'the root'})")


@cache
def _known_resources() -> Registry[JsonValue]:
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # the package ships no types

    registry: Registry[JsonValue] = REGISTRY
    return registry


def _specification(tree: JsonValue) -> Specification[JsonValue]:
    from referencing.jsonschema import DRAFT7, specification_with

    declared = tree.get("$schema") if isinstance(tree, dict) else None
    return specification_with(declared, default=DRAFT7) if isinstance(declared, str) else DRAFT7


def _check_references(tree: dict[str, JsonValue], references: Mapping[str, str]) -> None:
    """Raises UnresolvedReference for the first ``$ref`` that leads neither into the schema nor to a reference."""
    from referencing.exceptions import Unresolvable

    if not _mentions_reference(tree):
        return
    specification = _specification(tree)
    root = specification.create_resource(tree)
    base = root.id() or ""
    registry = _known_resources().with_resource(base, root)
    for name, text in references.items():
        contents = _tree(text, name)
        resource = _specification(contents).create_resource(contents)
        identity = resource.id()
        for uri in {name, urljoin(base, name), *((identity,) if identity else ())}:
            registry = registry.with_resource(uri, resource)
    stack = [(root, registry.crawl().resolver(base_uri=base))]
    while stack:
        resource, resolver = stack.pop()
        contents = resource.contents
        reference = contents.get("$ref") if isinstance(contents, dict) else None
        if isinstance(reference, str):
            try:
                resolver.lookup(reference)
            except (Unresolvable, ValueError) as error:
                raise UnresolvedReference(
                    f"the $ref {reference!r} leads nowhere", advice="register that schema and name it in `references`"
                ) from error
        stack.extend((part, resolver.in_subresource(part)) for part in resource.subresources())


def _mentions_reference(tree: JsonValue) -> bool:
    stack = [tree]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if "$ref" in value:
                return True
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return False
