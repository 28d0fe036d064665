"""House rules for a provider API: who calls, how it fails, how lists go on, who signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.govern.lint.checks.examples import has_example
from treaty.govern.lint.checks.openapi import operations, schemes
from treaty.govern.lint.rule import Violation
from treaty.model.openapi.contract import member
from treaty.model.openapi.media_types import media_type
from treaty.model.schema.shape import Part
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.location import JsonValue
    from treaty.documents.node import Node
    from treaty.govern.lint.document import LintDocument
    from treaty.model.openapi.contract import Operation
    from treaty.model.schema.shape import Conjunction, Shape

COMMON_HEADERS = ("X-Trace-Id", "X-Brand-Id", "X-Region", "X-Provider-Id")
ERROR_MODEL = ("code", "message", "retryable", "trace_id")
_PAGE_NUMBERS = frozenset({"page", "page_number", "page_size", "per_page", "offset", "skip"})
_WRITES = frozenset({"post", "put", "patch", "delete"})


def is_public(operation: Operation) -> bool:
    """Whether the operation says that anybody may call it: `security: []`."""
    return member(operation.node, "security") == []


def json_schema(document: LintDocument, owner: Node) -> Node | None:
    """The schema of the first JSON body of a request or response; None where there is none."""
    for name, media in document.openapi.content(owner).items():
        raw = media.value
        if media_type(name).wire is Wire.JSON and isinstance(raw, dict) and isinstance(raw.get("schema"), dict):
            return media.child("schema")
    return None


def _shape(document: LintDocument, schema: Node) -> Shape:
    return document.space.shape((Part(schema),))


def common_headers(document: LintDocument) -> Iterator[Violation]:
    """Operations without the headers that every request has to carry."""
    for operation in operations(document):
        if is_public(operation):
            continue
        required = {
            each.name.lower()
            for each in document.openapi.parameters(operation).values()
            if each.location == "header" and each.required
        }
        missing = [name for name in COMMON_HEADERS if name.lower() not in required]
        if missing:
            listed = ", ".join(missing)
            yield Violation(
                operation.label, document.locate(operation.node), f"it does not require the headers {listed}", listed
            )


def error_model(document: LintDocument) -> Iterator[Violation]:
    """Errors that do not look like all the others."""
    for operation in operations(document):
        for status, response in document.openapi.responses(operation).items():
            if status[:1] not in "45" and status != "default":
                continue
            schema = json_schema(document, response)
            element = f"{operation.label} response {status}"
            if schema is None:
                yield Violation(element, document.locate(response), "the error has no JSON body")
                continue
            missing = [name for name in ERROR_MODEL if name not in _shape(document, schema).objects.required]
            if missing:
                listed = ", ".join(missing)
                message = f"the error does not require {listed}"
                yield Violation(element, document.locate(schema), message, listed)


def lists(document: LintDocument) -> Iterator[Violation]:
    """Lists that end with their first page: no cursor, no limit, or no way to tell that there is more."""
    for operation in operations(document):
        page = _page(document, operation)
        if page is None:
            continue
        schema, shape = page
        if "array" in shape.types:
            message = "the answer is a bare list, which can never say that there is more"
            yield Violation(operation.label, document.locate(schema), message)
            continue
        queries = {each.name for each in document.openapi.parameters(operation).values() if each.location == "query"}
        asked = [name for name in ("cursor", "limit") if name not in queries]
        told = [name for name in ("next_cursor", "has_more") if name not in shape.objects.properties]
        if asked:
            message = f"the list takes no {' and no '.join(asked)}"
            yield Violation(operation.label, document.locate(operation.node), message, ", ".join(asked))
        if told:
            message = f"the page has no {' and no '.join(told)}"
            yield Violation(operation.label, document.locate(schema), message, ", ".join(told))


def _page(document: LintDocument, operation: Operation) -> tuple[Node, Shape] | None:
    """The schema and shape of what a list operation answers, None for any other operation."""
    if operation.method != "get":
        return None
    for status, response in document.openapi.responses(operation).items():
        schema = json_schema(document, response) if status.startswith("2") else None
        if schema is None:
            continue
        shape = _shape(document, schema)
        items = shape.objects.properties.get("items")
        if "array" in shape.types or (items is not None and "array" in document.space.shape(items).types):
            return schema, shape
    return None


def page_numbers(document: LintDocument) -> Iterator[Violation]:
    """Lists by page number or offset, which skip and repeat entries while others are added."""
    for operation in operations(document):
        for each in document.openapi.parameters(operation).values():
            if each.location == "query" and each.name.lower() in _PAGE_NUMBERS:
                message = f"{each.name} pages by number; entries are skipped and repeated while others are added"
                yield Violation(operation.label, document.locate(each.node), message, each.name)


def scoped(document: LintDocument) -> Iterator[Violation]:
    """Ways to be let in that ask for no scope, so that every credential may do everything."""
    kinds = {name: member(node, "type") for name, node in schemes(document).items()}
    for operation in operations(document):
        listed = member(operation.node, "security")
        for index, requirement in enumerate(listed if isinstance(listed, list) else ()):
            if not isinstance(requirement, dict):
                continue
            identities = {name: asked for name, asked in requirement.items() if kinds.get(name) != "apiKey"}
            if identities and not any(identities.values()):
                where = document.locate(operation.node, "security", index)
                message = f"{' with '.join(identities)} is let in without a scope"
                yield Violation(operation.label, where, message, ", ".join(identities))


def _signatures(document: LintDocument) -> set[str]:
    """The security schemes that sign."""
    return {name for name, node in schemes(document).items() if member(node, "x-treaty-signing") is not None}


def signed_writes(document: LintDocument) -> Iterator[Violation]:
    """Writes that nobody has to sign."""
    signing = _signatures(document)
    for operation in operations(document):
        if operation.method not in _WRITES or is_public(operation):
            continue
        if not _all_sign(_alternatives(document, operation), signing):
            message = "the body need not be signed by every way to be let in"
            yield Violation(operation.label, document.locate(operation.node), message)


def _alternatives(document: LintDocument, operation: Operation) -> JsonValue:
    own = member(operation.node, "security")
    return own if own is not None else member(document.root, "security")


def _all_sign(alternatives: JsonValue, signing: set[str]) -> bool:
    if not isinstance(alternatives, list) or not alternatives:
        return False
    return all(isinstance(each, dict) and not signing.isdisjoint(each) for each in alternatives)


def signed_webhooks(document: LintDocument) -> Iterator[Violation]:
    """Deliveries that a receiver cannot tell from forged ones: no signature, or no time that it covers."""
    signing = _signatures(document)
    for operation in operations(document, "webhooks"):
        headers = {
            each.name.lower()
            for each in document.openapi.parameters(operation).values()
            if each.location == "header" and each.required
        }
        label = f"webhook {operation.label}"
        signed = "x-signature" in headers or _all_sign(member(operation.node, "security"), signing)
        if not signed:
            yield Violation(label, document.locate(operation.node), "the delivery is not signed")
        elif "x-timestamp" not in headers:
            message = "the delivery requires no X-Timestamp, so an old one can be sent again"
            yield Violation(label, document.locate(operation.node), message)


def bodies_with_examples(document: LintDocument) -> Iterator[Violation]:
    """JSON bodies that show no example."""
    contract = document.openapi
    for operation in operations(document):
        body = contract.request_body(operation)
        owners = [(f"{operation.label} request", body)] if body is not None else []
        owners += [
            (f"{operation.label} response {status}", response)
            for status, response in contract.responses(operation).items()
            if status != "default"
        ]
        for label, owner in owners:
            for name, media in contract.content(owner).items():
                if media_type(name).wire is Wire.JSON and not has_example(document, media):
                    yield Violation(f"{label} {name}", document.locate(media), "the body shows no example")


def binary_deliveries(document: LintDocument) -> Iterator[Violation]:
    """Files inside of deliveries, which every repeat sends again."""
    for operation in operations(document, "webhooks"):
        body = document.openapi.request_body(operation)
        schema = json_schema(document, body) if body is not None else None
        for path, shape, node in _inside(document, schema) if schema is not None else ():
            strings = shape.strings
            if strings.formats & {"binary", "byte"} or (strings.encoding or "").lower() == "base64":
                message = "the delivery holds a file: deliver a link to it"
                yield Violation(f"webhook {operation.label} {path}", document.locate(node), message, path)


def _inside(document: LintDocument, schema: Node) -> Iterator[tuple[str, Shape, Node]]:
    """Every property below a schema, each written object once."""
    start: Conjunction = (Part(schema),)
    waiting = [("$", start)]
    seen: set[object] = set()
    while waiting:
        path, conjunction = waiting.pop()
        key = tuple(part.key for part in conjunction)
        if key in seen:
            continue
        seen.add(key)
        shape = document.space.shape(conjunction)
        node = conjunction[0].node if conjunction else schema
        yield path, shape, node
        waiting.extend((f"{path}.{name}", inner) for name, inner in shape.objects.properties.items())
        if shape.arrays.items is not None:
            waiting.append((f"{path}[]", shape.arrays.items))
