"""The one form written back as draft 4, the only draft in which 5.0 is no integer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.schema.dialects import SCHEMA_KEYWORDS, SCHEMA_LIST_KEYWORDS, SCHEMA_MAP_KEYWORDS

if TYPE_CHECKING:
    from treaty.changes.proof.drafts import JsonSchema
    from treaty.documents.location import JsonValue


def as_draft_4(schema: JsonSchema) -> dict[str, JsonValue]:
    """``schema``, which was read from draft 4, in that draft's own keywords.

    Draft 4 has neither `true` nor `false` as a schema.
    """
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    written: dict[str, JsonValue] = {}
    for keyword, value in schema.items():
        if keyword == "$ref":
            written[keyword] = str(value).replace("#/$defs/", "#/definitions/", 1)
        elif keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            written[keyword] = {name: _inner(inner) for name, inner in value.items()}
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            written[keyword] = [_inner(inner) for inner in value]
        elif keyword in SCHEMA_KEYWORDS:
            written[keyword] = _inner(value)
        else:
            written[keyword] = value
    for plain, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if exclusive in written:
            written[plain] = written[exclusive]
            written[exclusive] = True
    if "prefixItems" in written:
        if "items" in written:
            written["additionalItems"] = written["items"]
        written["items"] = written.pop("prefixItems")
    dependencies: dict[str, JsonValue] = {}
    for keyword in ("dependentRequired", "dependentSchemas"):
        value = written.pop(keyword, None)
        if isinstance(value, dict):
            dependencies |= value
    if dependencies:
        written["dependencies"] = dependencies
    if "$defs" in written:
        written["definitions"] = written.pop("$defs")
    if "$ref" in written and len(written) > 1:
        reference: JsonValue = {"$ref": written.pop("$ref")}
        definitions = written.pop("definitions", None)
        wrapped: dict[str, JsonValue] = {"allOf": [reference, written]} if written else {"allOf": [reference]}
        return wrapped | ({"definitions": definitions} if definitions is not None else {})
    return written


def _inner(schema: JsonValue) -> JsonValue:
    return as_draft_4(schema) if isinstance(schema, dict | bool) else schema
