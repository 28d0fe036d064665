"""From an OpenAPI contract to the plan of its SDK: every operation gets a method, or the reason why it gets less."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING

from treaty.documents.location import pointer_text
from treaty.errors import TreatyError
from treaty.model.lifecycle import lifecycle_of
from treaty.model.openapi.contract import OpenApiContract, children, member
from treaty_codegen.models.definitions import Definitions
from treaty_codegen.naming import python_name, unique
from treaty_codegen.quoting import first_sentences
from treaty_codegen.sdk.bodies import plan_answer, plan_body, schema_of
from treaty_codegen.sdk.conventions import STATUS_CLASSES, error_codes, is_idempotency_header, is_trace_header
from treaty_codegen.sdk.examples import example_of
from treaty_codegen.sdk.operation_names import TAKEN, name_operations, resource_name
from treaty_codegen.sdk.plan import ApiPlan, Argument, DeliveryPlan, OperationPlan
from treaty_codegen.sdk.security import plan_schemes, requirements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from treaty.documents.library import Library, Node
    from treaty.documents.location import JsonValue
    from treaty.model.openapi.contract import Operation, Parameter

__all__ = ["plan_api"]

_STYLES = {
    ("query", "form", True): "",
    ("query", "form", False): "formJoined",
    ("query", "spaceDelimited", False): "spaceDelimited",
    ("query", "pipeDelimited", False): "pipeDelimited",
    ("query", "deepObject", True): "deepObject",
    ("query", "deepObject", False): "deepObject",
    ("query", "spaceDelimited", True): "",
    ("query", "pipeDelimited", True): "",
    ("path", "simple", False): "",
    ("header", "simple", False): "",
    ("header", "simple", True): "",
}


def plan_api(library: Library, root: Node, lock: Mapping[str, str]) -> tuple[ApiPlan, Definitions]:
    """Plan the SDK of the OpenAPI document ``root``. ``lock`` holds the names of methods given before, by place.

    Raises TreatyError where the document itself is broken; an operation whose schemas or parameters are, is planned
    without what cannot be read, and told in ``downgrades``.
    """
    contract = OpenApiContract(library, root)
    definitions = Definitions(library, root, contract.space.dialect)
    for name, node in children(root.child("components"), "schemas") if _has(root, "components") else ():
        definitions.component(name, node)
    plan = _about(contract, root)
    plan.schemes = plan_schemes(contract)
    planned = [_Operation(plan, contract, definitions, operation).plan() for operation in _operations(contract)]
    _share_headers(planned, plan)
    name_operations(planned, plan, contract, lock)
    plan.operations = planned
    _share_refusals(planned, plan)
    plan.error_codes = error_codes(contract, planned_operations=list(_operations(contract)))
    _plan_deliveries(contract, definitions, plan)
    plan.hash = _digest(library)
    return plan, definitions


def _has(node: Node, name: str) -> bool:
    return isinstance(member(node, name), dict)


def _about(contract: OpenApiContract, root: Node) -> ApiPlan:
    info = member(root, "info")
    fields: dict[str, JsonValue] = info if isinstance(info, dict) else {}
    plan = ApiPlan(
        title=_string(fields.get("title")) or "API",
        version=contract.version or "0",
        description=_string(fields.get("description")),
        summary=_string(fields.get("summary")),
        source=root.document.name,
        hash="",
        lifecycle=lifecycle_of(fields),
    )
    servers = member(root, "servers")
    for server in servers if isinstance(servers, list) else ():
        if isinstance(server, dict) and isinstance(url := server.get("url"), str):
            plan.servers.append((_filled(url, server.get("variables")), _string(server.get("description"))))
    tags = member(root, "tags")
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict) and isinstance(name := tag.get("name"), str):
            plan.resources.setdefault(resource_name(name), _string(tag.get("description")))
    return plan


def _filled(url: str, variables: JsonValue) -> str:
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        default = variable.get("default") if isinstance(variable, dict) else None
        url = url.replace(f"{{{name}}}", str(default))
    return url


def _operations(contract: OpenApiContract) -> Iterator[Operation]:
    for path, item in contract.paths().items():
        yield from contract.operations(path, item).values()


class _Operation:
    """The planning of one operation."""

    def __init__(
        self, plan: ApiPlan, contract: OpenApiContract, definitions: Definitions, operation: Operation
    ) -> None:
        self._plan = plan
        self._contract = contract
        self._definitions = definitions
        self._operation = operation

    def plan(self) -> OperationPlan:
        operation, node = self._operation, self._operation.node
        written = _string(member(node, "operationId"))
        path = pointer_text(("paths", operation.path, operation.method))
        planned = OperationPlan(
            key=f"#{path}",
            id=written or operation.label,
            label=operation.label,
            http_method=operation.method.upper(),
            path=operation.path,
            resource="",
            method="",
            summary=_string(member(node, "summary")),
            description=_string(member(node, "description")),
            lifecycle=lifecycle_of(node.value),
            security=requirements(self._contract, operation, self._plan.schemes),
        )
        if "#" in operation.path:
            planned.downgrades.append("its path has a fragment, which no request carries")
        hint = written or f"{operation.method} {operation.path}"
        self._parameters(planned, hint)
        self._refusals(planned)
        for step in (plan_body, plan_answer):
            try:
                step(self._contract, self._definitions, operation, planned, hint)
            except TreatyError as error:
                self._plan.unreadable.append(error)
                planned.downgrades.append(f"sent and read as it is: {error.problem}")
                planned.answer.kind = "raw"
        return planned

    def _parameters(self, planned: OperationPlan, hint: str) -> None:
        try:
            parameters = self._contract.parameters(self._operation)
        except TreatyError as error:
            self._plan.unreadable.append(error)
            planned.downgrades.append(f"its parameters cannot be read: {error.problem}")
            parameters = {}
        for parameter in parameters.values():
            if parameter.location == "header" and is_idempotency_header(parameter.name):
                planned.idempotency_header = parameter.name
            elif parameter.location == "cookie":
                planned.downgrades.append(f"the cookie {parameter.name} is left to options(headers=…)")
            else:
                planned.arguments.append(self._argument(parameter, planned, hint))
        templated = re.findall(r"\{([^{}]+)\}", self._operation.path)
        declared = {each.wire for each in planned.arguments if each.location == "path"}
        for name in dict.fromkeys(templated):
            if name not in declared:
                planned.downgrades.append(f"the path parameter {name} is not declared, and taken as text")
                planned.arguments.append(Argument(name, "path", True, None, "", "", lifecycle_of(None)))
        order = {name: index for index, name in enumerate(templated)}
        planned.arguments = [each for each in planned.arguments if each.location != "path" or each.wire in order]
        planned.arguments.sort(key=lambda each: (each.location != "path", order.get(each.wire, 0)))

    def _refusals(self, planned: OperationPlan) -> None:
        """What the contract says about each refusal, where that is more than its status says."""
        try:
            responses = self._contract.responses(self._operation)
        except TreatyError:
            return  # told where the answers are planned
        for status, response in responses.items():
            kind = STATUS_CLASSES.get(status, "ServerError" if status.startswith("5") else "")
            text = first_sentences(_string(member(response, "description")))
            if kind and _letters(text) not in ("", _letters(kind), _letters(_phrase(status))):
                text = f"{status}: {text}" if kind == "ServerError" else text
                told = planned.refusals.setdefault(kind, [])
                if text not in told:
                    told.append(text)

    def _argument(self, parameter: Parameter, planned: OperationPlan, hint: str) -> Argument:
        node = parameter.node
        content = self._contract.content(node)
        style = _string(member(node, "style")) or ("form" if parameter.location == "query" else "simple")
        exploded = member(node, "explode")
        explode = exploded if isinstance(exploded, bool) else style == "form"
        written = "json" if content else _STYLES.get((parameter.location, style, explode), "unknown")
        if parameter.location == "path" and written == "unknown" and style == "simple":
            written = ""
        if written == "unknown":
            planned.downgrades.append(f"the parameter {parameter.name} has the style {style}: pass it as text")
        holder = next(iter(content.values()), node)
        schema = schema_of(holder)
        type_ = None
        if schema is not None and written != "unknown":
            try:
                type_ = self._definitions.place(schema, f"{hint} {parameter.name}", "sent")
            except TreatyError as error:
                self._plan.unreadable.append(error)
                planned.downgrades.append(f"the parameter {parameter.name} is passed as it is: {error.problem}")
        return Argument(
            parameter.name,
            parameter.location,
            parameter.required,
            type_,
            _string(member(node, "description")),
            "" if written == "unknown" else written,
            lifecycle_of(node.value),
            example_of(self._contract, holder, schema),
        )


def _share_headers(planned: list[OperationPlan], plan: ApiPlan) -> None:
    """Headers that most operations require are arguments of the client, and options of each call."""
    using: dict[str, list[tuple[OperationPlan, Argument]]] = {}
    for each in planned:
        for argument in each.arguments:
            if argument.location == "header" and (argument.required or is_trace_header(argument.wire)):
                using.setdefault(argument.wire.lower(), []).append((each, argument))
    for uses in using.values():
        first = uses[0][1]
        trace = is_trace_header(first.wire)
        if not trace and (len(uses) < 2 or len(uses) * 2 < len(planned)):
            continue
        name = python_name(re.sub(r"^x-", "", first.wire, flags=re.IGNORECASE), "header", TAKEN)
        first.name = unique(name, plan.shared_headers)
        if trace and plan.trace_header is None:
            plan.trace_header = first.wire
        plan.shared_headers[first.name] = first
        for operation, argument in uses:
            operation.arguments.remove(argument)
            operation.shared_headers.append(first.name)


def _share_refusals(planned: list[OperationPlan], plan: ApiPlan) -> None:
    """What most operations say about a refusal is said once, for all of them."""
    said: dict[str, Counter[str]] = {}
    for each in planned:
        for kind, texts in each.refusals.items():
            said.setdefault(kind, Counter()).update(texts)
    for kind, counts in said.items():
        using = [each for each in planned if kind in each.refusals]
        shared = [text for text, count in counts.items() if count > 2 and count * 2 > len(using)]
        if shared:
            plan.refusals[kind] = shared
        for each in using:
            left = [text for text in each.refusals.pop(kind) if text not in shared]
            if left:
                each.refusals[kind] = left
    order = [*STATUS_CLASSES.values(), "ServerError"]
    plan.refusals = {kind: plan.refusals[kind] for kind in order if kind in plan.refusals}


def _plan_deliveries(contract: OpenApiContract, definitions: Definitions, plan: ApiPlan) -> None:
    for topic, item in contract.webhooks().items():
        for operation in contract.operations(topic, item).values():
            body = contract.request_body(operation)
            schema = (
                next((schema_of(media) for media in contract.content(body).values()), None)
                if body is not None
                else None
            )
            if schema is None:
                continue
            type_ = definitions.place(schema, f"{topic} delivery", "received")
            plan.deliveries.append(DeliveryPlan(topic, type_, _string(member(operation.node, "summary"))))
            for names in requirements(contract, operation, plan.schemes):
                for scheme in plan.schemes:
                    if scheme.wire in names and scheme.signing is not None:
                        plan.delivery_signing = scheme.signing
    only = {name for each in plan.operations for names in each.security for name in names}
    plan.schemes = [scheme for scheme in plan.schemes if scheme.wire in only]


def _digest(library: Library) -> str:
    """Twelve hexadecimal digits that change with what the documents say, not with how they are written."""
    sources = library.documents()
    folder = posixpath.commonpath([document.path for document in sources]) if len(sources) > 1 else ""
    digest = hashlib.sha256()
    for document in sources:
        name = posixpath.relpath(document.path, folder) if folder else posixpath.basename(document.path)
        digest.update(json.dumps([name, document.tree], sort_keys=True, default=str).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]


def _letters(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _phrase(status: str) -> str:
    """The reason phrase of a status (RFC 9110, section 15)."""
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return ""


def _string(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
