"""Avro schemas: read, named, and printed in the forms that registries and fingerprints need."""

from treaty.model.avro.canonical import canonical_text, fingerprint, normalized_text, parsing_canonical_form
from treaty.model.avro.parsing import parse, parse_document
from treaty.model.avro.types import Schema

__all__ = [
    "Schema",
    "canonical_text",
    "fingerprint",
    "normalized_text",
    "parse",
    "parse_document",
    "parsing_canonical_form",
]
