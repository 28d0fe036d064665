"""Request bodies and answers: which media type is spoken, and what comes out as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.model.openapi.contract import member
from treaty.model.openapi.media_types import MediaType, media_type
from treaty_codegen.sdk.conventions import page_of
from treaty_codegen.sdk.examples import example_of
from treaty_codegen.sdk.plan import AnswerKind, BodyPlan

if TYPE_CHECKING:
    from treaty.documents.library import Node
    from treaty.model.openapi.contract import OpenApiContract, Operation
    from treaty_codegen.models.definitions import Definitions
    from treaty_codegen.sdk.plan import OperationPlan

__all__ = ["plan_answer", "plan_body", "schema_of"]

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_BODILESS = ("204", "205")
"""Statuses that have no body, whatever a contract says (RFC 9110, sections 15.3.5 and 15.3.6)."""
_FILES = ("application/octet-stream", "application/pdf", "application/zip", "application/gzip")


def schema_of(holder: Node) -> Node | None:
    """The schema of a media type, parameter or header, None where it has none."""
    schema = member(holder, "schema")
    return holder.child("schema") if isinstance(schema, dict) else None


def plan_body(
    contract: OpenApiContract, definitions: Definitions, operation: Operation, planned: OperationPlan, hint: str
) -> None:
    """Fill in ``planned.body``: JSON before forms, before anything that is passed on as it is."""
    body = contract.request_body(operation)
    if body is None:
        return
    content = contract.content(body)
    required = member(body, "required") is True
    ranked = sorted(content, key=_rank_of_body)
    if not ranked:
        return
    chosen = ranked[0]
    schema = schema_of(content[chosen])
    kind = media_type(chosen)
    if _is_json(kind) or kind.essence in _FORMS:
        type_ = definitions.place(schema, f"{hint} request", "sent") if schema is not None else None
        example = example_of(contract, content[chosen], schema) if _is_json(kind) else None
        name = chosen if "*" not in chosen else "application/json"
        planned.body = BodyPlan(name, required, type_, example)
        return
    planned.body = BodyPlan(chosen if "*" not in chosen else "application/octet-stream", required, None)
    if kind.type != "text" and not _is_file(kind):
        planned.downgrades.append(f"its body, {chosen}, is passed as it is")


def plan_answer(
    contract: OpenApiContract, definitions: Definitions, operation: Operation, planned: OperationPlan, hint: str
) -> None:
    """Fill in ``planned.answer`` from the successful responses."""
    answer = planned.answer
    kinds: dict[AnswerKind, None] = {}
    accepted: dict[str, None] = {}
    responses = contract.responses(operation)
    successful = {status: node for status, node in responses.items() if status.startswith("2")}
    if not successful and "default" in responses:
        successful = {"default": responses["default"]}
    for status, response in successful.items():
        content = contract.content(response)
        if not content or operation.method == "head" or status in _BODILESS:
            answer.types[status] = None
            continue
        chosen = min(content, key=_rank_of_answer)
        kind = _kind_of(media_type(chosen))
        kinds[kind] = None
        accepted[chosen] = None
        if kind == "raw":
            planned.downgrades.append(f"its answer {status}, {chosen}, is returned as it is")
        schema = schema_of(content[chosen])
        if kind in ("json", "events") and schema is not None:
            answer.types[status] = definitions.place(
                schema, f"{hint} response{_suffix(status, successful)}", "received"
            )
            page = page_of(contract, operation, content[chosen])
            planned.page = planned.page or page
            if answer.example is None:
                answer.example = example_of(contract, content[chosen], schema)
                answer.example_status = int(status) if status.isdecimal() else 200
        elif kind == "json":
            answer.types[status] = None
            answer.untyped.add(status)
            answer.example = answer.example or example_of(contract, content[chosen], None)
    if not kinds:
        answer.example_status = next((int(status) for status in answer.types if status.isdecimal()), 204)
        return
    answer.kind = next(iter(kinds)) if len(kinds) == 1 else "raw"
    if len(kinds) > 1 and "raw" not in kinds:
        planned.downgrades.append(
            f"its answers come in several forms ({', '.join(accepted)}) and are returned as they are"
        )
    answer.accept = ", ".join(accepted)
    if answer.kind != "json":
        planned.page = None


def _suffix(status: str, successful: dict[str, Node]) -> str:
    return f" {status}" if len(successful) > 1 else ""


def _rank_of_body(name: str) -> int:
    kind = media_type(name)
    if _is_json(kind):
        return 0 if kind.essence == "application/json" else 1
    if kind.essence in _FORMS:
        return 2 + _FORMS.index(kind.essence)
    return 4 if _is_file(kind) else 5


def _rank_of_answer(name: str) -> int:
    order: tuple[AnswerKind, ...] = ("json", "events", "text", "bytes", "raw", "none")
    kind = media_type(name)
    return order.index(_kind_of(kind)) * 2 + (kind.essence != "application/json")


def _kind_of(kind: MediaType) -> AnswerKind:
    if _is_json(kind):
        return "json"
    if kind.essence == "text/event-stream":
        return "events"
    if kind.type == "text":
        return "text"
    return "bytes" if _is_file(kind) else "raw"


def _is_json(kind: MediaType) -> bool:
    return kind.suffix == "json" or kind.essence == "*/*" or (kind.type == "application" and kind.subtype == "*")


def _is_file(kind: MediaType) -> bool:
    return kind.essence in _FILES or kind.type in ("image", "audio", "video", "font")
