"""Reading a schema of any type: the text it is stored and identified by, or a clear refusal."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from treaty_registry.errors import RegistryError

if TYPE_CHECKING:
    from treaty.documents.schema_text import SchemaText
    from treaty.errors import TreatyError

FORMATS = {
    "AVRO": "treaty_registry.formats.avro",
    "JSON": "treaty_registry.formats.json_schema",
    "PROTOBUF": "treaty_registry.formats.protobuf",
}
"""Schema type to the module that reads it; imported by the first schema of that type."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``text`` is the canonical form, ``fields`` the names of the outermost fields.

    ``identity`` is what a schema is identified by where that is not all of its text.
    """

    text: str
    fields: frozenset[str] = frozenset()
    identity: str | None = None


class SchemaFormat(Protocol):
    """What each format's module offers. All raise the CannotCheck errors of :mod:`treaty.errors` for a schema nobody
    can read.
    """

    def read(self, schema: SchemaText, *, normalize: bool, strict: bool) -> Reading:
        """The canonical form; with ``normalize`` one text for every spelling. ``strict`` refuses defaults that do not
        fit.
        """

    def resolved(self, schema: SchemaText) -> str:
        """The canonical form with everything it refers to written in, or its own canonical form where the format
        cannot.
        """

    def written_as(self, schema: SchemaText) -> str | None:
        """The name of the form a readable schema is written in, None where it is the plain one."""

    def formatted(self, schema: SchemaText, name: str) -> str:
        """The form called ``name`` (a ``format`` parameter). Raises RegistryError 422 for a name the format does not
        know.
        """


def schema_format(schema_type: str) -> SchemaFormat:
    """The format of ``schema_type``. Raises RegistryError 42201 for a type the registry does not know."""
    module = FORMATS.get(schema_type)
    if module is None:
        raise RegistryError(
            42201, f"Invalid schema type {schema_type!r}", advice=f"choose one of {', '.join(sorted(FORMATS))}"
        )
    loaded: SchemaFormat = importlib.import_module(module)
    return loaded


def refusal(schema_type: str, error: TreatyError | RecursionError) -> RegistryError:
    """The answer to a schema that could not be read."""
    if isinstance(error, RegistryError):
        return error
    if isinstance(error, RecursionError):
        return RegistryError(42201, f"Invalid schema of type {schema_type}, details: it is nested too deeply")
    place = f"{error.location}: " if error.location is not None else ""
    return RegistryError(
        42201, f"Invalid schema of type {schema_type}, details: {place}{error.problem}", advice=error.advice
    )
