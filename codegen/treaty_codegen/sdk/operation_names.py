"""What operations become: the resource, the method, and the names of its arguments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.model.openapi.contract import member
from treaty_codegen.naming import module_name, python_name, unique

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.model.openapi.contract import OpenApiContract
    from treaty_codegen.sdk.plan import ApiPlan, OperationPlan

__all__ = ["TAKEN", "name_operations", "resource_name"]

TAKEN = frozenset({"self", "body", "options", "timeout", "max_retries", "headers", "on_response", "idempotency_key"})
_SPLIT = re.compile(r"[./:#]")


def name_operations(
    planned: list[OperationPlan], plan: ApiPlan, contract: OpenApiContract, lock: Mapping[str, str]
) -> None:
    """Resources and methods. A name given once stays, whatever the contract calls the operation later."""
    taken: dict[str, set[str]] = {}
    proposals = {each.key: _proposal(each, contract) for each in planned}
    for each in planned:
        locked = lock.get(each.key, "")
        resource, _, method = locked.partition(".")
        if method:
            each.resource, each.method = resource, method
            taken.setdefault(resource, set()).add(method)
    for each in planned:
        if not each.method:
            each.resource, method = proposals[each.key]
            names = taken.setdefault(each.resource, set())
            each.method = unique(method, names)
            names.add(each.method)
        plan.resources.setdefault(each.resource, "")
        plan.names[each.key] = f"{each.resource}.{each.method}"
    for each in planned:
        if each.page is not None:
            name = "iterate" if each.method == "list" else f"iterate_{each.method.removeprefix('list_')}"
            each.page_method = unique(name, taken[each.resource])
            taken[each.resource].add(each.page_method)
        names = set(TAKEN) | set(plan.shared_headers)
        for argument in each.arguments:
            text = (
                re.sub(r"^x-", "", argument.wire, flags=re.IGNORECASE)
                if argument.location == "header"
                else argument.wire
            )
            argument.name = unique(python_name(text, "argument", names), names)
            names.add(argument.name)
    used = {each.resource for each in planned}
    plan.resources = {name: text for name, text in plan.resources.items() if name in used}


def _proposal(each: OperationPlan, contract: OpenApiContract) -> tuple[str, str]:
    """Resource and method of an operation: of an id like ``bets.settle``, else its tag and its id."""
    tags = _tags(each, contract)
    identified = each.id != each.label
    parts = [part for part in _SPLIT.split(each.id) if part] if identified else []
    if len(parts) > 1:
        resource, method = parts[0], " ".join(parts[1:])
    else:
        path = re.split(r"[?#]", each.path)[0]
        segments = [part for part in path.split("/") if part and "{" not in part and not re.fullmatch(r"v\d+", part)]
        resource = tags or (segments[0] if segments else "root")
        method = parts[0] if parts else _described(each)
    return resource_name(resource), python_name(method, "call")


def resource_name(text: str) -> str:
    """The attribute of the client, and the module, of a resource; `close` is the client's own."""
    name = module_name(text, "resource")
    return f"{name}_" if name == "close" else name


def _described(each: OperationPlan) -> str:
    """What an operation without an id is called: its method and path."""
    parts = [f"by {part.strip('{}')}" if part.startswith("{") else part for part in each.path.split("/")]
    return " ".join([each.http_method.lower(), *parts])


def _tags(each: OperationPlan, contract: OpenApiContract) -> str:
    node = contract.follow(contract.root.child("paths", each.path))
    try:
        tags = member(node.child(each.http_method.lower()), "tags")
    except LookupError:
        return ""
    return next((tag for tag in tags if isinstance(tag, str) and tag), "") if isinstance(tags, list) else ""
