"""Schema formats: which language a payload is described in (AsyncAPI 3.0, "Multi Format Schema Object")."""

from __future__ import annotations

import enum
from typing import NamedTuple

from treaty.model.schema.dialects import (
    DRAFT_4,
    DRAFT_6,
    DRAFT_7,
    DRAFT_2019_09,
    DRAFT_2020_12,
    OPENAPI_30,
    OPENAPI_31,
    Dialect,
)

__all__ = ["ASYNCAPI", "Language", "SchemaFormat", "schema_format"]


class Language(enum.StrEnum):
    """What is compared with what; the versions of one language compare with each other."""

    JSON_SCHEMA = "JSON Schema"
    AVRO = "Avro"
    PROTOBUF = "Protobuf"
    OTHER = "other"


class SchemaFormat(NamedTuple):
    """A language, the dialect of JSON Schema where it is that, and what the author wrote."""

    language: Language
    dialect: Dialect
    written: str | None = None

    @property
    def family(self) -> str:
        """What must stay for payloads to compare: the language, or the format as written where Treaty reads none."""
        if self.language is not Language.OTHER:
            return self.language.value
        return (self.written or "").partition(";")[0].strip().lower()


# The Schema Object of AsyncAPI is JSON Schema draft 7 with a few annotations of its own (AsyncAPI 3.0, "Schema
# Object"), and a Reference Object hides what stands beside it.
ASYNCAPI = DRAFT_7

_LANGUAGES = {
    "application/vnd.aai.asyncapi": Language.JSON_SCHEMA,
    "application/vnd.oai.openapi": Language.JSON_SCHEMA,
    "application/schema": Language.JSON_SCHEMA,
    "application/vnd.apache.avro": Language.AVRO,
    "application/avro": Language.AVRO,
    "avro/binary": Language.AVRO,
    "application/vnd.google.protobuf": Language.PROTOBUF,
}
_DRAFTS = {
    "draft-04": DRAFT_4,
    "draft-06": DRAFT_6,
    "draft-07": DRAFT_7,
    "draft-2019-09": DRAFT_2019_09,
    "2019-09": DRAFT_2019_09,
    "draft-2020-12": DRAFT_2020_12,
    "2020-12": DRAFT_2020_12,
}
DEFAULT = SchemaFormat(Language.JSON_SCHEMA, ASYNCAPI)


def schema_format(written: str | None) -> SchemaFormat:
    """The format of a `schemaFormat`: a media type with a syntax suffix that says nothing and a version.

    ``application/vnd.apache.avro+json;version=1.9.0`` is Avro. None is the Schema Object of AsyncAPI.
    """
    if written is None:
        return DEFAULT
    essence, *parameters = (part.strip() for part in written.lower().split(";"))
    bare = essence.removesuffix("+json").removesuffix("+yaml")
    language = _LANGUAGES.get(bare, Language.OTHER)
    version = next((value.removeprefix("version=") for value in parameters if value.startswith("version=")), "")
    dialect = ASYNCAPI
    if bare == "application/vnd.oai.openapi":
        dialect = OPENAPI_30 if version.startswith("3.0") or not version else OPENAPI_31
    elif bare == "application/schema":
        dialect = _DRAFTS.get(version, DRAFT_7)
    return SchemaFormat(language, dialect, written)
