"""How the JSON Schema dialects differ, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue


@dataclass(frozen=True, slots=True)
class Dialect:
    """One dialect, described by what sets it apart from JSON Schema 2020-12.

    ``draft`` is the JSON Schema draft that carries its assertions ("4", "6", "7", "2019-09", "2020-12").
    """

    name: str
    draft: str
    ref_hides_siblings: bool = False
    exclusive_is_flag: bool = False  # `exclusiveMinimum: true` beside `minimum`, as before draft 6
    nullable: bool = False  # OpenAPI 3.0 adds null with `nullable: true`
    items_may_be_array: bool = False  # tuples are written `items: [..]` with `additionalItems`
    integral_float_is_integer: bool = True  # 5.0 is an integer from draft 6 on
    definitions: str = "$defs"


OPENAPI_30 = Dialect("OpenAPI 3.0", "2020-12", ref_hides_siblings=True, exclusive_is_flag=True, nullable=True)
OPENAPI_31 = Dialect("OpenAPI 3.1", "2020-12")
DRAFT_4 = Dialect(
    "JSON Schema draft 4",
    "4",
    ref_hides_siblings=True,
    exclusive_is_flag=True,
    items_may_be_array=True,
    integral_float_is_integer=False,
    definitions="definitions",
)
DRAFT_6 = Dialect(
    "JSON Schema draft 6", "6", ref_hides_siblings=True, items_may_be_array=True, definitions="definitions"
)
DRAFT_7 = Dialect(
    "JSON Schema draft 7", "7", ref_hides_siblings=True, items_may_be_array=True, definitions="definitions"
)
DRAFT_2019_09 = Dialect("JSON Schema 2019-09", "2019-09", items_may_be_array=True)
DRAFT_2020_12 = Dialect("JSON Schema 2020-12", "2020-12")

_BY_URI = {
    "json-schema.org/draft-04/schema": DRAFT_4,
    "json-schema.org/draft-06/schema": DRAFT_6,
    "json-schema.org/draft-07/schema": DRAFT_7,
    "json-schema.org/draft/2019-09/schema": DRAFT_2019_09,
    "json-schema.org/draft/2020-12/schema": DRAFT_2020_12,
    "spec.openapis.org/oas/3.1/dialect/base": OPENAPI_31,
    "spec.openapis.org/oas/3.2/dialect/base": OPENAPI_31,
}


def dialect_by_uri(uri: JsonValue) -> Dialect | None:
    """The dialect that `$schema` or `jsonSchemaDialect` names, None when it is not one of the published ones."""
    if not isinstance(uri, str):
        return None
    bare = uri.removeprefix("http://").removeprefix("https://").rstrip("#").rstrip("/")
    known = _BY_URI.get(bare)
    if known is None and bare.startswith(("spec.openapis.org/oas/3.1/dialect/", "spec.openapis.org/oas/3.2/dialect/")):
        return OPENAPI_31
    return known


# Keywords whose value is a schema, a list of schemas, or an object of schemas, by position. One table serves walking,
# bundling and reference collection; a keyword that is not listed holds no schema.
SCHEMA_KEYWORDS = frozenset(
    {
        "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
        "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
SCHEMA_LIST_KEYWORDS = frozenset({"allOf", "anyOf", "items", "oneOf", "prefixItems"})
SCHEMA_MAP_KEYWORDS = frozenset(
    {"$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"}
)

# The formats JSON Schema and the OpenAPI format registry define closely enough for validators to assert. Any other is
# ignored by validators (JSON Schema 2020-12 Validation, section 7.2.2) and left out of what they are asked.
ASSERTED_FORMATS = frozenset(
    {
        "date", "date-time", "double", "duration", "email", "float", "hostname", "idn-email", "idn-hostname",
        "int32", "int64", "ipv4", "ipv6", "iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer",
        "time", "uri", "uri-reference", "uri-template", "uuid",
    }
)  # fmt: skip

# What says nothing about which values are valid. Everything that is neither here nor known to the model is an
# extension, and extensions say nothing either.
ANNOTATIONS = frozenset(
    {
        "$anchor", "$comment", "$defs", "$dynamicAnchor", "$id", "$recursiveAnchor", "$schema", "$vocabulary",
        "contentEncoding", "default", "definitions", "deprecated", "description", "discriminator", "example",
        "examples", "externalDocs", "id", "readOnly", "title", "writeOnly", "xml",
    }
)  # fmt: skip


_DRAFT_4_ONLY = frozenset({"exclusiveMinimum", "exclusiveMaximum"})
_SINCE_2019 = frozenset({"$defs", "$recursiveRef", "dependentRequired", "dependentSchemas", "minContains",
"maxContains"}) | {
    "unevaluatedItems", "unevaluatedProperties",
}  # fmt: skip
_SINCE_2020 = frozenset({"prefixItems", "$dynamicRef", "$dynamicAnchor"})


def infer_dialect(tree: JsonValue) -> Dialect | None:
    """The dialect a schema without `$schema` must be written in, by the keywords it uses; None when any would do.

    Only keywords at schema positions count.
    """
    waiting: list[JsonValue] = [tree]
    found: Dialect | None = None
    while waiting:
        raw = waiting.pop()
        if not isinstance(raw, dict):
            continue
        keys = raw.keys()
        if any(isinstance(raw.get(keyword), bool) for keyword in _DRAFT_4_ONLY):
            return DRAFT_4
        if keys & _SINCE_2020:
            return DRAFT_2020_12
        if keys & _SINCE_2019:
            found = DRAFT_2019_09
        elif isinstance(raw.get("items"), list) and found is None:
            found = DRAFT_7
        waiting.extend(subschemas(raw))
    # 2019-09 differs from 2020-12 only in tuples; without one, the newer says the same.
    return found


def subschemas(raw: dict[str, JsonValue]) -> list[JsonValue]:
    """The schemas directly inside a schema object."""
    found: list[JsonValue] = []
    for keyword, value in raw.items():
        if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            found.extend(value.values())
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            found.extend(value)
        elif keyword in SCHEMA_KEYWORDS:
            found.append(value)
    return found
