"""Checking a document against a JSON Schema, with places a person can go to."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue, Pointer


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value is not what its schema says; ``pointer`` leads to the offending member."""

    pointer: Pointer
    message: str
    advice: str | None = None


def violations(value: JsonValue, schema: dict[str, JsonValue]) -> list[Violation]:
    """Every violation: unknown keys first, since they explain missing ones, with the key that may have been meant."""
    import jsonschema_rs

    unknown: list[Violation] = []
    found: list[Violation] = []
    for error in jsonschema_rs.validator_for(schema).iter_errors(value):
        pointer: Pointer = tuple(error.instance_path)
        known = _known_keys(schema, tuple(error.schema_path))
        unexpected = getattr(error.kind, "unexpected", None)
        if known is not None and isinstance(unexpected, list):
            unknown.extend(_unknown_key(pointer, str(key), known) for key in unexpected)
        else:
            found.append(Violation(pointer, error.message))
    return unknown + sorted(found, key=lambda violation: tuple(str(token) for token in violation.pointer))


def _unknown_key(pointer: Pointer, key: str, known: list[str]) -> Violation:
    meant = difflib.get_close_matches(key, known, n=1)
    advice = f"did you mean `{meant[0]}`?" if meant else f"known keys: {', '.join(known)}"
    return Violation((*pointer, key), f"unknown key `{key}`", advice)


def _known_keys(schema: dict[str, JsonValue], path: tuple[str | int, ...]) -> list[str] | None:
    """The declared properties beside the `additionalProperties` that ``path`` leads to."""
    if not path or path[-1] != "additionalProperties":
        return None
    at: JsonValue = schema
    for token in path[:-1]:
        if isinstance(at, dict):
            at = at.get(str(token))
        elif isinstance(at, list) and isinstance(token, int):
            at = at[token]
        if isinstance(at, dict) and isinstance(at.get("$ref"), str):
            at = _definition(schema, str(at["$ref"]))
    properties = at.get("properties") if isinstance(at, dict) else None
    return sorted(properties) if isinstance(properties, dict) else None


def _definition(schema: dict[str, JsonValue], reference: str) -> JsonValue:
    at: JsonValue = schema
    for token in reference.removeprefix("#/").split("/"):
        at = at.get(token) if isinstance(at, dict) else None
    return at
