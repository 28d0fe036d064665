"""A whole SDK as files: the package, its README and metadata, examples and tests."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING

from treaty.errors import UsageError
from treaty_codegen.lifecycle import deprecation_text
from treaty_codegen.models.expressions import ClassModel, Literals
from treaty_codegen.models.library import build_types
from treaty_codegen.models.parts import models_files, users_of
from treaty_codegen.naming import class_name
from treaty_codegen.outcome import Element, Emitted
from treaty_codegen.quoting import first_sentences, one_line, plain
from treaty_codegen.runtime_sources import NOTICE, runtime_files
from treaty_codegen.sdk.client_module import client_module, package_module
from treaty_codegen.sdk.errors_module import error_classes, errors_module
from treaty_codegen.sdk.planning import plan_api
from treaty_codegen.sdk.resource_module import name_resource_classes, resource_module
from treaty_codegen.sdk.scheme_source import credential_types
from treaty_codegen.sdk.test_modules import Calls, first_call, test_files
from treaty_codegen.sdk.values import Values
from treaty_codegen.sdk.webhooks_module import webhooks_module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.library import Library, Node
    from treaty_codegen.jobs import Job
    from treaty_codegen.models.library import Types
    from treaty_codegen.sdk.plan import ApiPlan, OperationPlan

__all__ = ["emit_sdk"]

_RUNTIME = (
    "client", "credentials", "encoding", "errors", "events", "exchange", "files", "models", "operation", "paging",
    "retries", "settings", "signing", "webhooks",
)  # fmt: skip


def emit_sdk(job: Job, library: Library, roots: list[Node], lock: Mapping[str, str]) -> Emitted:
    """The SDK of one OpenAPI document. Raises TreatyError; UsageError when it is none."""
    from treaty.documents.formats import Family

    root = roots[0]
    if len(roots) != 1 or root.document.format.family is not Family.OPENAPI:
        raise UsageError(
            f"{job.contract} is no OpenAPI document, and only such can become an SDK",
            advice="--target events is for AsyncAPI and Avro, --target models for JSON Schema",
        )
    package, tests = job.package, job.tests
    plan, definitions = plan_api(library, root, lock)
    plan.source = job.shown
    types = build_types(definitions, {key: name for key, name in lock.items() if "." not in name})
    _find_delivery_tag(plan, types)
    client = job.client or class_name(plan.title, "Client")
    name_resource_classes(plan, client)
    header = [f"# {NOTICE}"]
    base = f"src/{package}"
    written: dict[str, str] = {
        f"{base}/__init__.py": package_module(client, plan, header),
        f"{base}/client.py": client_module(client, plan, header),
        f"{base}/errors.py": errors_module(plan, header),
        f"{base}/py.typed": "",
        f"{base}/resources/__init__.py": f'# {NOTICE}\n"""The operations, by resource."""\n',
    }
    parts = models_files(types, plan_title(plan), header, users_of(_roots(plan), types))
    written |= {f"{base}/{path}": text for path, text in parts.items()}
    if plan.deliveries:
        written[f"{base}/webhooks.py"] = webhooks_module(plan, types, header)
    for resource in plan.resources:
        written[f"{base}/resources/{resource}.py"] = resource_module(resource, plan, types, header)
    written |= {f"{base}/_runtime/{name}": text for name, text in runtime_files(_RUNTIME).items()}
    calls = Calls(plan, types, package, client)
    written |= _project_files(plan, calls, package, job.distribution, client, tests=tests)
    if tests:
        written |= test_files(calls, header)
    return Emitted(written, {**types.names, **plan.names}, [_element(each) for each in plan.operations], types.notes)


def _element(each: OperationPlan) -> Element:
    becomes = f"{each.resource}.{each.method}"
    return Element(each.label, becomes, "downgraded" if each.downgrades else "emitted", tuple(each.downgrades))


def plan_title(plan: ApiPlan) -> str:
    """Title and version as they may stand in a docstring."""
    return plain(f"{plan.title} {plan.version}").replace("\\", "").replace('"', "'").replace("\n", " ")


def _roots(plan: ApiPlan) -> dict[str, list[str]]:
    """The definitions each resource names: bodies, answers, arguments."""
    found: dict[str, list[str]] = {}
    for each in plan.operations:
        named = [*each.answer.types.values(), *(argument.type for argument in each.arguments)]
        named.append(each.body.type if each.body is not None else None)
        found.setdefault(each.resource, []).extend(definition.id for definition in named if definition is not None)
    return found


def _find_delivery_tag(plan: ApiPlan, types: Types) -> None:
    """The property that says which topic a delivery is of: the one whose only value is the topic, in every body."""
    candidates: set[str] | None = None
    for delivery in plan.deliveries:
        id_ = types.final(delivery.type.id)
        fields = Values(types).fields(id_) if isinstance(types.models.get(id_), ClassModel) else []
        own = {each.wire for each in fields if each.type == Literals((delivery.topic,))}
        candidates = own if candidates is None else candidates & own
    plan.delivery_tag = min(candidates) if candidates else None


def _project_files(
    plan: ApiPlan, calls: Calls, package: str, distribution: str, client: str, *, tests: bool
) -> dict[str, str]:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # no HTML
    environment.filters["toml"] = lambda text: json.dumps(one_line(text), ensure_ascii=False)
    folder = files("treaty_codegen").joinpath("sdk/templates")
    example = first_call(calls)
    summary = one_line(plan.summary) or f"{one_line(plan.title)} client"
    algorithms = {each for scheme in plan.schemes if scheme.signing for each in scheme.signing.formats}
    if plan.delivery_signing is not None:
        algorithms |= set(plan.delivery_signing.formats)
    values = {
        "notice": NOTICE,
        "title": markdown(plan.title),
        "summary": markdown(summary),
        "source": markdown(plan.source),
        "version": python_version(plan.version),
        "hash": plan.hash,
        "deprecated": markdown(deprecation_text(plan.title, plan.lifecycle)) if plan.lifecycle.deprecated else "",
        "distribution": distribution,
        "package": package,
        "client": client,
        "example": example,
        "ed25519": "ed25519" in algorithms,
        "idempotency": next((each.idempotency_header for each in plan.operations if each.idempotency_header), ""),
        "shared": ", ".join(f"`{name}`" for name in plan.shared_headers),
        "pages": next((f"client.{each.resource}.{each.page_method}" for each in plan.operations if each.page), ""),
        "schemes": [
            {
                "argument": scheme.argument,
                "takes": " or ".join(f"`{kind}(…)`" for kind in credential_types(scheme)),
                "about": cell(first_sentences(scheme.description, longest=0)),
            }
            for scheme in plan.schemes
        ],
        "servers": [(cell(url), cell(about)) for url, about in plan.servers] if plan.base_url else [],
        "shared_example": next((name for name in plan.shared_headers if name != "trace_id"), "trace_id"),
        "refusals": [(kind, cell(" ".join(texts))) for kind, texts in plan.refusals.items()],
        "code": _a_code(error_classes(plan)),
        "tests": tests,
        "delivery": f"models.{_a_delivery(plan, calls)}",
        "untagged": plan.delivery_tag is None,
        "codes": ", ".join(f"`{name}`" for name in dict.fromkeys(error_classes(plan).values())),
        "deprecations": [
            markdown(deprecation_text(f"{each.resource}.{each.method}", each.lifecycle))
            for each in plan.operations
            if each.lifecycle.deprecated
        ],
        "deliveries": len(plan.deliveries),
        "signed": plan.delivery_signing is not None,
        "operations": [
            {
                "method": f"{each.resource}.{each.method}",
                "label": each.label.replace("|", "\\|").replace("`", "'"),
                "summary": cell(each.summary),
            }
            for each in plan.operations
        ],
        "downgrades": [
            markdown(f"`{one_line(each.label)}`: {'; '.join(each.downgrades)}")
            for each in plan.operations
            if each.downgrades
        ],
    }
    found = {
        name: environment.from_string(folder.joinpath(f"{name}.j2").read_text("utf-8")).render(values)
        for name in ("README.md", "pyproject.toml")
    }
    if example:
        found["examples/first_call.py"] = (
            f'# {NOTICE}\n"""The first call: put in your credentials, and run it."""\n\n{example}\n'
        )
    return found


def markdown(text: str) -> str:
    """``text`` on one line, without anything Markdown or HTML would act on beyond emphasis and code."""
    return re.sub(r"[<>]", lambda found: {"<": "&lt;", ">": "&gt;"}[found[0]], one_line(text))


def cell(text: str) -> str:
    """As :func:`markdown`, in a table."""
    return markdown(text).replace("|", "\\|")


def _a_code(classes: Mapping[str, str]) -> str:
    """The class of a code to catch in the example: best one that callers have an answer to."""
    return min(classes.items(), key=lambda pair: "DUPLICATE" not in pair[0].upper(), default=("", ""))[1]


def _a_delivery(plan: ApiPlan, calls: Calls) -> str:
    """A class that a delivery may be of, for the example."""
    names = [calls.types.name(calls.types.final(each.type.id)) for each in plan.deliveries]
    return next((name for name in names if name), "Delivery")


def python_version(version: str) -> str:
    """A contract's version as a version of a package (PEP 440); 0 where it cannot be one."""
    found = re.match(r"v?(\d+(?:\.\d+)*)(?:-(alpha|beta|rc|a|b)\.?(\d+)?)?", version)
    if found is None:
        return "0"
    stage = {"alpha": "a", "beta": "b"}.get(found[2] or "", found[2] or "")
    return f"{found[1]}{stage}{(found[3] or '0') if stage else ''}"
