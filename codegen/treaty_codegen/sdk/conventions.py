"""What contracts agree on beyond their specification, as data: traces, idempotency, pages, codes of errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.errors import TreatyError
from treaty.model.openapi.contract import member
from treaty_codegen.sdk.plan import PagePlan

if TYPE_CHECKING:
    from treaty.documents.library import Node
    from treaty.documents.location import JsonValue
    from treaty.model.openapi.contract import OpenApiContract, Operation

__all__ = ["STATUS_CLASSES", "error_codes", "is_idempotency_header", "is_trace_header", "page_of"]

STATUS_CLASSES = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "410": "Gone",
    "412": "PreconditionFailed",
    "422": "Unprocessable",
    "429": "TooManyRequests",
}
"""The classes the runtime raises by status; 5xx is ServerError."""
_TRACE = re.compile(r"(x-)?(trace|correlation|request)-?id|traceparent", re.IGNORECASE)
_IDEMPOTENCY = re.compile(r"(x-)?idempotency-?key", re.IGNORECASE)
_CURSORS = {
    "cursor": ("next_cursor", "nextCursor"),
    "page_token": ("next_page_token", "nextPageToken"),
    "pageToken": ("nextPageToken", "next_page_token"),
    "after": ("next_cursor", "nextCursor"),
    "next_token": ("next_token", "nextToken"),
    "nextToken": ("nextToken", "next_token"),
    "starting_after": ("next_cursor",),
}
_ITEMS = ("items", "data", "results", "entries", "values")
_MORE = ("has_more", "hasMore")


def is_trace_header(name: str) -> bool:
    """Whether a header follows a flow through systems: it is made where the caller gives none."""
    return _TRACE.fullmatch(name) is not None


def is_idempotency_header(name: str) -> bool:
    """Whether a header names the intent of a write (draft-ietf-httpapi-idempotency-key-header)."""
    return _IDEMPOTENCY.fullmatch(name) is not None


def page_of(contract: OpenApiContract, operation: Operation, media: Node) -> PagePlan | None:
    """How a list is paged: a query parameter for the cursor, and a page with its items and the next cursor.

    None where the contract follows no convention of the table.
    """
    if operation.method != "get":
        return None
    queries = {each.name for (location, _), each in contract.parameters(operation).items() if location == "query"}
    cursor = next((name for name in _CURSORS if name in queries), None)
    if cursor is None or not isinstance(member(media, "schema"), dict):
        return None
    properties = _properties(contract, media.child("schema"), 0)
    after = next((name for name in _CURSORS[cursor] if name in properties), None)
    items = next((name for name in _ITEMS if _is_array(contract, properties.get(name))), None)
    if after is None or items is None:
        return None
    return PagePlan(cursor, items, after, next((name for name in _MORE if name in properties), None))


def _properties(contract: OpenApiContract, node: Node, depth: int) -> dict[str, Node]:
    node = contract.follow(node)
    raw = node.value
    found: dict[str, Node] = {}
    if not isinstance(raw, dict) or depth > 8:
        return found
    members = raw.get("allOf")
    for index in range(len(members) if isinstance(members, list) else 0):
        found |= _properties(contract, node.child("allOf", index), depth + 1)
    properties = raw.get("properties")
    for name, schema in properties.items() if isinstance(properties, dict) else ():
        if isinstance(schema, dict):
            found[name] = node.child("properties", name)
    return found


def _is_array(contract: OpenApiContract, node: Node | None) -> bool:
    if node is None:
        return False
    raw = contract.follow(node).value
    return isinstance(raw, dict) and raw.get("type") == "array"


def error_codes(contract: OpenApiContract, planned_operations: list[Operation]) -> list[str]:
    """The codes that error answers list for their property `code`, in the order of the contract."""
    found: dict[str, None] = {}
    seen: set[tuple[str, object]] = set()
    for operation in planned_operations:
        try:
            responses = contract.responses(operation)
        except TreatyError:
            continue
        for status, response in responses.items():
            if not status.startswith(("4", "5", "d")):
                continue
            for name, media in contract.content(response).items():
                place = (media.document.path, media.pointer)
                if "json" in name and place not in seen and isinstance(member(media, "schema"), dict):
                    seen.add(place)
                    for value in _codes(contract, media.child("schema")):
                        found[value] = None
    return list(found)


def _codes(contract: OpenApiContract, schema: Node) -> list[str]:
    try:
        properties = _properties(contract, schema, 0)
        if "code" not in properties and "error" in properties:
            properties = _properties(contract, properties["error"], 0)
        code = contract.follow(properties["code"]).value if "code" in properties else None
    except TreatyError:
        return []
    values: JsonValue = code.get("x-extensible-enum", code.get("enum")) if isinstance(code, dict) else None
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
