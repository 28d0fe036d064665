"""The source of the two clients, and of the package around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_codegen.layout import fitted
from treaty_codegen.models.emitting import fitted_import, import_order
from treaty_codegen.quoting import docstring, first_sentences, hanging, literal, one_line, plain
from treaty_codegen.sdk.scheme_source import credential_types, scheme_source

if TYPE_CHECKING:
    from treaty_codegen.sdk.plan import ApiPlan

__all__ = ["client_module", "package_module"]


def client_module(name: str, plan: ApiPlan, header: list[str]) -> str:
    """The module of the two clients."""
    credentials = sorted({kind for scheme in plan.schemes for kind in credential_types(scheme)})
    signing = [scheme for scheme in plan.schemes if scheme.signing is not None]
    keys = [kind for kind in credentials if kind.endswith("Key") and kind != "ApiKey"]
    others = [kind for kind in credentials if kind not in keys]
    scheme_imports = sorted([*others, "Scheme"], key=import_order)
    signing_imports = sorted([*keys, *(["SignatureScheme"] if signing else [])], key=import_order)
    lines = [
        *header,
        "",
        *docstring(f"The clients of {plan.title}: :class:`{name}`, and :class:`Async{name}`, which does not block."),
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Callable, Mapping",
        "from functools import cached_property",
        "from typing import TYPE_CHECKING, Any",
        "",
        "import httpx2",
        "",
        "from ._runtime.client import AsyncBaseClient, AsyncCore, BaseClient, Core",
        *fitted_import("._runtime.credentials", scheme_imports),
        "from ._runtime.operation import Contract, Deprecation, Options",
        "from ._runtime.retries import Clock, RetryPolicy",
        "from ._runtime.settings import Settings",
        *(fitted_import("._runtime.signing", signing_imports) if signing_imports else []),
        "from .errors import CODES",
        "",
    ]
    if plan.resources:
        lines.append("if TYPE_CHECKING:")
        for resource in sorted(plan.resources):
            kind = plan.resource_classes[resource]
            both = sorted([f"Async{kind}", kind], key=import_order)
            lines.extend(f"    {line}" for line in fitted_import(f".resources.{resource}", both, 4))
        lines.append("")
    exported = sorted([f"Async{name}", "CallOptions", name], key=import_order)
    lines.extend([*fitted(f"__all__ = [{', '.join(literal(each) for each in exported)}]"), ""])
    lines.extend(_contract(plan))
    lines.extend(["", "", *_options(plan), "", "", *_settings(plan)])
    for asynchronous in (False, True):
        lines.extend(["", "", *_client(name, plan, asynchronous=asynchronous)])
    return "\n".join([*lines, ""])


def _contract(plan: ApiPlan) -> list[str]:
    arguments = [literal(plan.title), literal(plan.version), literal(plan.hash)]
    if plan.trace_header is not None:
        arguments.append(f"trace_header={literal(plan.trace_header)}")
    lines = fitted(f"CONTRACT = Contract({', '.join(arguments)})")
    schemes = ", ".join(f"{literal(scheme.wire)}: {scheme_source(scheme)}" for scheme in plan.schemes)
    lines.extend(fitted(f"_SCHEMES: Mapping[str, Scheme] = {{{schemes}}}"))
    headers = ", ".join(f"{literal(name)}: {literal(each.wire)}" for name, each in plan.shared_headers.items())
    lines.extend(fitted(f"_OPTION_HEADERS: Mapping[str, str] = {{{headers}}}"))
    return lines


def _options(plan: ApiPlan) -> list[str]:
    lines = ["class CallOptions(Options, total=False):"]
    about = (
        "What may be said about one call, on top of what the client says: a time limit in seconds for the whole call,"
    )
    lines.extend(docstring(f"{about} retries, further headers, a look at the answer.", 4))
    if plan.shared_headers:
        lines.append("")
    for name, argument in plan.shared_headers.items():
        lines.append(f"    {name}: str")
        lines.extend(docstring(one_line(argument.description), 4))
    return lines


def _settings(plan: ApiPlan) -> list[str]:
    agent = f"{_token(plan.title)}-python/{_token(plan.version)}"
    contract = f"contract/{plan.hash}"
    return [
        "def _settings(",
        "    base_url: str,",
        "    credentials: Mapping[str, Any],",
        "    shared: Mapping[str, str | None],",
        "    timeout: float,",
        "    max_retries: int,",
        "    on_deprecation: Callable[[Deprecation], None] | None,",
        "    clock: Clock | None,",
        ") -> Settings:",
        "    return Settings(",
        "        CONTRACT,",
        "        base_url,",
        "        _SCHEMES,",
        "        {name: value for name, value in credentials.items() if value is not None},",
        "        CODES,",
        *_argument_names(plan),
        *fitted(f"user_agent={literal(f'{agent} {contract}')},", 8),
        "        shared=shared,",
        "        option_headers=_OPTION_HEADERS,",
        "        timeout=timeout,",
        "        retries=RetryPolicy(max_retries),",
        "        clock=clock or Clock(),",
        "        on_deprecation=on_deprecation,",
        "    )",
    ]


def _argument_names(plan: ApiPlan) -> list[str]:
    names = ", ".join(f"{literal(each.wire)}: {literal(each.argument)}" for each in plan.schemes)
    return fitted(f"arguments={{{names}}},", 8) if plan.schemes else []


def _token(text: str) -> str:
    """``text`` as a product name of a `User-Agent` (RFC 9110, section 5.6.2)."""
    import re

    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.") or "api"


def _client(name: str, plan: ApiPlan, *, asynchronous: bool) -> list[str]:
    lead = "Async" if asynchronous else ""
    lines = [f"class {lead}{name}({lead}BaseClient):"]
    if asynchronous:
        lines.extend(docstring(f"As :class:`{name}`, without blocking.", 4))
    else:
        lines.extend(_client_doc(plan))
    url = literal(plan.base_url) if plan.base_url is not None else None
    lines.extend(
        [
            "",
            "    def __init__(",
            "        self,",
            "        *,",
            f"        base_url: str{f' = {url}' if url else ''},",
            *(
                f"        {scheme.argument}: {' | '.join([*credential_types(scheme), 'None'])} = None,"
                for scheme in plan.schemes
            ),
            *(f"        {name}: str | None = None," for name in plan.shared_headers if not _is_trace(name, plan)),
            "        timeout: float = 60.0,",
            "        max_retries: int = 3,",
            "        on_deprecation: Callable[[Deprecation], None] | None = None,",
            f"        http_client: httpx2.{lead}Client | None = None,",
            "        clock: Clock | None = None,",
            "    ) -> None:",
            *_assigned("credentials", [(scheme.wire, scheme.argument) for scheme in plan.schemes]),
            *_assigned("shared", [(name, name) for name in plan.shared_headers if not _is_trace(name, plan)]),
            "        settings = _settings(",
            "            base_url, credentials, shared, timeout, max_retries, on_deprecation, clock",
            "        )",
            f"        self._core = {lead}Core(settings, http_client)",
        ]
    )
    for resource, description in plan.resources.items():
        kind = f"{lead}{plan.resource_classes[resource]}"
        lines.extend(
            [
                "",
                "    @cached_property",
                f"    def {resource}(self) -> {kind}:",
                *docstring(one_line(description) or f"The operations of {resource}.", 8),
                *(f"        {line}" for line in fitted_import(f".resources.{resource}", [kind], 8)),
                "",
                f"        return {kind}(self._core)",
            ]
        )
    return lines


def _is_trace(name: str, plan: ApiPlan) -> bool:
    return plan.shared_headers[name].wire == plan.trace_header


def _assigned(name: str, pairs: list[tuple[str, str]]) -> list[str]:
    kind = "Mapping[str, Any]" if name == "credentials" else "Mapping[str, str | None]"
    return fitted(f"{name}: {kind} = {{{', '.join(f'{literal(key)}: {value}' for key, value in pairs)}}}", 8)


def _client_doc(plan: ApiPlan) -> list[str]:
    lines = [f"    base_url: {one_line(plan.servers[0][1])}" if plan.servers and plan.servers[0][1] else ""]
    lines.extend(
        f"    {each.argument}: {first_sentences(each.description, longest=0)}"
        for each in plan.schemes
        if each.description
    )
    lines.extend(
        f"    {name}: {one_line(each.description)}"
        for name, each in plan.shared_headers.items()
        if each.description and not _is_trace(name, plan)
    )
    lines.extend(
        [
            "    timeout: Seconds for a whole call, retries and pauses included.",
            "    max_retries: How often a call is repeated when that can have no second effect.",
            "    on_deprecation: Called once for each operation that is or becomes deprecated.",
            "    http_client: Use this one (proxies, transports, limits); it stays open when the client is closed.",
            "    clock: Time and chance, to be replaced in tests.",
        ]
    )
    arguments = "\n".join(["Args:", *hanging([line for line in lines if line])])
    summary = plain(plan.summary) or f"{plan.title} {plan.version}."
    return docstring(f"{summary}\n\nClose it, or use it as a context manager.\n\n{arguments}", 4)


def package_module(name: str, plan: ApiPlan, header: list[str]) -> str:
    """The package itself: everything is imported when it is first asked for."""
    credentials = sorted({kind for scheme in plan.schemes for kind in credential_types(scheme)})
    keys = [kind for kind in credentials if kind.endswith("Key") and kind != "ApiKey"]
    homes = {f"Async{name}": "client", name: "client", "CallOptions": "client"}
    homes |= {kind: "_runtime.signing" if kind in keys else "_runtime.credentials" for kind in credentials}
    homes |= {"Deprecation": "_runtime.operation", "Upload": "_runtime.files"}
    modules = ["errors", "models", *(["webhooks"] if plan.deliveries else [])]
    names = sorted([*homes, *modules], key=import_order)
    grouped: dict[str, list[str]] = {}
    for each, home in homes.items():
        grouped.setdefault(home, []).append(each)
    lines = [
        *header,
        "",
        *docstring(f"{plan.title} {plan.version}, for Python."),
        "",
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING, Any",
        "",
        "if TYPE_CHECKING:",
        f"    from . import {', '.join(modules)}",
    ]
    for home in sorted(grouped):
        lines.extend(f"    {line}" for line in fitted_import(f".{home}", sorted(grouped[home], key=import_order)))
    homes_text = ", ".join(f"{literal(each)}: {literal(home)}" for each, home in sorted(homes.items()))
    return "\n".join(
        [
            *lines,
            "",
            "__all__ = [",
            *(f'    "{each}",' for each in names),
            "]",
            f"__version__ = {literal(plan.version)}",
            "",
            *fitted(f"_HOMES = {{{homes_text}}}"),
            "",
            "",
            "def __getattr__(name: str) -> Any:",
            "    from importlib import import_module",
            "",
            "    if name in _HOMES:",
            '        return getattr(import_module(f".{_HOMES[name]}", __name__), name)',
            "    if name in __all__:",
            '        return import_module(f".{name}", __name__)',
            '    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")',
            "",
            "",
            "def __dir__() -> list[str]:",
            "    return __all__",
            "",
        ]
    )
