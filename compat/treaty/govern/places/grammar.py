"""Which objects stand inside which: the shape of OpenAPI documents and of JSON Schema, as data.

A walk over a document needs nothing else. What is not listed here holds no place people speak about.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from treaty.govern.places.place import Kind
from treaty.model.openapi.contract import METHODS


class Many(enum.Enum):
    """How the children of one member are held."""

    ONE = "one"
    LIST = "list"
    MAP = "map"


class Member(NamedTuple):
    """One member of an object that holds places: what they are, and how they are held."""

    name: str
    kind: Kind
    many: Many = Many.ONE


# Objects that are reached through several names are told apart by who holds them; these have no name of their own.
_CONTENT = Member("content", Kind.MEDIA_TYPE, Many.MAP)
_SCHEMA = Member("schema", Kind.SCHEMA)

OPENAPI: dict[Kind, tuple[Member, ...]] = {
    Kind.PATH: (
        Member("parameters", Kind.PARAMETER, Many.LIST),
        *(Member(method, Kind.OPERATION) for method in METHODS),
        Member("additionalOperations", Kind.OPERATION, Many.MAP),
    ),
    Kind.OPERATION: (
        Member("parameters", Kind.PARAMETER, Many.LIST),
        Member("requestBody", Kind.REQUEST_BODY),
        Member("responses", Kind.RESPONSE, Many.MAP),
        Member("callbacks", Kind.CALLBACK, Many.MAP),
    ),
    Kind.PARAMETER: (_SCHEMA, _CONTENT),
    Kind.HEADER: (_SCHEMA, _CONTENT),
    Kind.REQUEST_BODY: (_CONTENT,),
    Kind.RESPONSE: (Member("headers", Kind.HEADER, Many.MAP), _CONTENT),
    Kind.MEDIA_TYPE: (_SCHEMA, Member("itemSchema", Kind.SCHEMA)),
}
OPENAPI_ROOT = (
    Member("servers", Kind.SERVER, Many.LIST),
    Member("paths", Kind.PATH, Many.MAP),
    Member("webhooks", Kind.PATH, Many.MAP),
)
OPENAPI_COMPONENTS = (
    Member("pathItems", Kind.PATH, Many.MAP),
    Member("parameters", Kind.PARAMETER, Many.MAP),
    Member("headers", Kind.HEADER, Many.MAP),
    Member("requestBodies", Kind.REQUEST_BODY, Many.MAP),
    Member("responses", Kind.RESPONSE, Many.MAP),
    Member("mediaTypes", Kind.MEDIA_TYPE, Many.MAP),
    Member("securitySchemes", Kind.SECURITY_SCHEME, Many.MAP),
)

SCHEMA_MAPS: dict[str, Kind] = {
    "properties": Kind.PROPERTY,
    "patternProperties": Kind.PROPERTY,
    "$defs": Kind.SCHEMA,
    "definitions": Kind.SCHEMA,
    "dependentSchemas": Kind.SCHEMA,
}
ENUM_LIFECYCLE = "x-enum-lifecycle"
"""On a schema or an Avro enum: value (as text) to the lifecycle block of that value."""
