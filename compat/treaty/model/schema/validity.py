"""Whether a schema is one: allowed by the meta-schema of its draft, with patterns that compile and references that end.

Reading is forgiving, it takes a keyword of the wrong kind for one that is not there; so what is wrong has to be told
before.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NoReturn

from treaty.documents.node import Node
from treaty.errors import InvalidContract, UnsupportedDocument
from treaty.model.schema.dialects import (
    SCHEMA_KEYWORDS,
    SCHEMA_LIST_KEYWORDS,
    SCHEMA_MAP_KEYWORDS,
    Dialect,
    dialect_by_uri,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import jsonschema_rs

    from treaty.documents.library import Library
    from treaty.documents.location import JsonValue, Pointer

__all__ = ["Validity"]

_META_SCHEMAS = {
    "4": "http://json-schema.org/draft-04/schema#",
    "6": "http://json-schema.org/draft-06/schema#",
    "7": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}
_TYPES = "array, boolean, integer, null, number, object, string"
_EITHER = frozenset({"additionalItems", "additionalProperties", "items"})
_REFERRING = ("$ref", "$dynamicRef", "$recursiveRef")


class Validity:
    """Checks the schemas of one library, each once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._checked: set[tuple[str, Pointer]] = set()

    def check(self, root: Node, dialect: Dialect) -> None:
        """Raise InvalidContract at the first thing that makes ``root``, or what it refers to, no schema of its draft.

        Raises UnresolvedReference for a reference that leads nowhere, or only ever to other references.
        """
        waiting = [(root, dialect)]
        while waiting:
            node, dialect = waiting.pop()
            path = node.document.path
            if (path, ()) in self._checked or (path, node.pointer) in self._checked:
                continue
            self._checked.add((path, node.pointer))
            if not dialect.nullable:  # OpenAPI 3.0 has a meta-schema of its own
                _check_form(node, dialect)
            for target in _check_parts(self._library, node, dialect):
                if target.document.path.startswith(("http://", "https://")):
                    continue
                whole = Node(target.document, (), target.document.tree)
                waiting.append((whole, _named(whole) or dialect) if _is_schema(whole) else (target, dialect))


def _is_schema(root: Node) -> bool:
    """Whether a file is a schema as a whole; one that only holds schemas is asked about where they are used."""
    from treaty.documents.formats import Family

    try:
        return root.document.format.family is Family.JSON_SCHEMA
    except UnsupportedDocument:
        return False


def _named(root: Node) -> Dialect | None:
    return dialect_by_uri(root.value.get("$schema")) if isinstance(root.value, dict) else None


def _check_form(root: Node, dialect: Dialect) -> None:
    """Hold the whole schema against the meta-schema of its draft."""
    import jsonschema_rs

    raw = root.value
    if isinstance(raw, bool) and dialect.draft != "4":
        return
    if not isinstance(raw, dict):
        shown = "true or false" if isinstance(raw, bool) else f"{_shown(raw)}"
        raise InvalidContract(
            f"a schema of {dialect.name} is an object, not {shown}",
            location=root.location,
            advice="write {} for a schema that accepts everything" if isinstance(raw, bool) else None,
        )
    asked = raw if _named(root) is dialect else {**raw, "$schema": _META_SCHEMAS[dialect.draft]}
    try:
        if jsonschema_rs.meta.is_valid(asked):
            return
    except jsonschema_rs.ReferencingError:
        pass  # a `$schema` further in names a dialect of its own
    pointer = _first_flaw(asked, dialect.draft)
    if pointer is not None:
        _refuse(root, pointer, dialect)


def _first_flaw(schema: JsonValue, draft: str) -> Pointer | None:
    """Where ``schema`` breaks its meta-schema, as far in as can be told; None where it does not.

    A meta-schema says of `items` and `dependencies` that they are one thing or another, and of neither what is wrong.
    """
    for error in _meta_schema(draft).iter_errors(schema):
        pointer: Pointer = tuple(error.instance_path)
        value: JsonValue = error.instance
        inner: list[tuple[Pointer, JsonValue]] = [((), value)] if isinstance(value, dict) else []
        if isinstance(value, list):
            inner = [((index,), item) for index, item in enumerate(value) if isinstance(item, dict)]
        if pointer and pointer[-1] in _EITHER:
            for step, part in inner:
                further = _first_flaw(part, draft)
                if further is not None:
                    return (*pointer, *step, *further)
        return pointer
    return None


@cache
def _meta_schema(draft: str) -> jsonschema_rs.Validator:
    """The meta-schema without its formats: its own idea of a regular expression is narrower than what people use."""
    import jsonschema_rs

    uri = _META_SCHEMAS[draft]
    return jsonschema_rs.validator_for({"$schema": uri, "$ref": uri}, validate_formats=False)


def _refuse(root: Node, pointer: Pointer, dialect: Dialect) -> NoReturn:
    """Say which keyword has which value, in place of the meta-schema's own sentence about its branches."""
    keyword = next((token for token in reversed(pointer) if isinstance(token, str)), "")
    value = root.child(*pointer).value
    problem = f"`{keyword}` of {dialect.name} cannot be {_shown(value)}" if keyword else "this is no schema"
    advice = f"a type is one of {_TYPES}" if keyword == "type" else None
    if isinstance(value, bool) and dialect.draft == "4":
        advice = 'draft 4 knows no true and false as schemas: write {} or {"not": {}}'
    raise InvalidContract(problem, location=root.document.locate((*root.pointer, *pointer)), advice=advice)


def _check_parts(library: Library, root: Node, dialect: Dialect) -> Iterator[Node]:
    """Check what no meta-schema sees, and give every place a reference leads to."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        raw = node.value
        if not isinstance(raw, dict):
            continue
        for keyword in _REFERRING:
            reference = raw.get(keyword)
            if isinstance(reference, str):
                yield library.resolve(reference, node)
        if isinstance(raw.get("$ref"), str) and (dialect.ref_hides_siblings or len(raw) == 1):
            library.follow(node)
            if dialect.ref_hides_siblings and node is not root:
                continue
        _check_patterns(node)
        waiting.extend(_inside(node, raw))


def _inside(node: Node, raw: dict[str, JsonValue]) -> Iterator[Node]:
    for keyword, value in raw.items():
        if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            yield from (node.child(keyword, name) for name in value)
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            yield from (node.child(keyword, index) for index in range(len(value)))
        elif keyword in SCHEMA_KEYWORDS and isinstance(value, dict):
            yield node.child(keyword)


def _check_patterns(node: Node) -> None:
    assert isinstance(node.value, dict)
    pattern = node.value.get("pattern")
    if isinstance(pattern, str):
        _check_pattern(node, pattern, ("pattern",))
    named = node.value.get("patternProperties")
    if isinstance(named, dict):
        for name in named:
            _check_pattern(node, name, ("patternProperties", name))


def _check_pattern(node: Node, pattern: str, place: tuple[str, ...]) -> None:
    problem = _flaw(pattern)
    if problem is not None:
        raise InvalidContract(
            f"the pattern {pattern!r} is no regular expression: {problem}",
            location=node.document.locate((*node.pointer, *place)),
            advice="patterns are regular expressions of ECMA-262",
        )


@lru_cache(maxsize=4096)
def _flaw(pattern: str) -> str | None:
    """Why ``pattern`` does not compile, None where it does.

    ECMA-262 has a strict form and the one that browsers take; Python and Rust each know some of what is between. What
    one of the three takes is left to the validators.
    """
    import warnings

    import jsonschema_rs

    if jsonschema_rs.is_valid({"$schema": _META_SCHEMAS["7"], "format": "regex"}, pattern, validate_formats=True):
        return None
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (jsonschema_rs.ValidationError, ValueError):
        pass
    else:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(pattern)
    except re.error as error:
        return str(error)
    except (RecursionError, OverflowError):
        return None
    return None


def _shown(value: JsonValue) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
