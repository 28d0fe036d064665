"""The source of one resource: its operations as data, then a blocking class and one that does not block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_codegen.layout import WIDTH, fitted
from treaty_codegen.lifecycle import deprecation_text
from treaty_codegen.models.emitting import TypeWriter, fitted_import, import_order
from treaty_codegen.models.expressions import ANY, NONE, Name, TypeExpression, optional, union_of
from treaty_codegen.naming import class_name
from treaty_codegen.quoting import docstring, hanging, literal, one_line, plain

if TYPE_CHECKING:
    from treaty_codegen.models.library import Types
    from treaty_codegen.sdk.plan import ApiPlan, Argument, OperationPlan

__all__ = ["name_resource_classes", "resource_module"]

_BUILTIN = frozenset({"list", "dict", "str", "int", "float", "bool", "bytes", "tuple", "type", "object", "set"})


_IMPORTED = frozenset(
    {"Any", "ApiKey", "AsyncBaseClient", "AsyncCore", "AsyncDownload", "AsyncEventStream", "AsyncIterator"}
    | {"AsyncResource", "BaseClient", "BasicCredentials", "BearerToken", "CODES", "CallOptions", "Callable"}
    | {"ClientCertificate", "ClientCredentials", "Clock", "Contract", "Core", "Date", "Decimal", "Deprecation"}
    | {"Download", "Ed25519Key", "EventStream", "HmacKey", "Iterator", "Literal", "Mapping", "Operation", "Options"}
    | {"Resource", "RetryPolicy", "Scheme", "Settings", "SignatureScheme", "UUID", "UnknownVariant", "Unpack", "Upload"}
)
"""Names the modules of the client and of the resources import: no resource may take them."""


def name_resource_classes(plan: ApiPlan, client: str) -> None:
    """Fill in ``plan.resource_classes``: the class of each resource, beside those of the ``client`` and of the
    runtime."""
    taken = {*_IMPORTED, client, f"Async{client}"}
    for resource in plan.resources:
        name = class_name(resource, "Resource")
        while name in taken or f"Async{name}" in taken:
            name += "Resource"
        taken |= {name, f"Async{name}"}
        plan.resource_classes[resource] = name


def resource_module(resource: str, plan: ApiPlan, types: Types, header: list[str]) -> str:
    """The module of ``resource``."""
    return _Module(resource, plan, types).source(header)


class _Module:
    def __init__(self, resource: str, plan: ApiPlan, types: Types) -> None:
        self._resource = resource
        self._plan = plan
        self._operations = [each for each in plan.operations if each.resource == resource]
        methods = {name for each in self._operations for name in (each.method, each.page_method)}
        self._shadowed = methods & _BUILTIN
        self._methods_named = methods
        self._decorated = False
        self._writer = TypeWriter(types, prefix="models.", plain=True, shadowed=frozenset(self._shadowed))
        self._types = types
        self._runtime: dict[str, set[str]] = {
            "client": {"AsyncResource", "Resource"},
            "operation": {"Operation"},
        }
        self._abstract: set[str] = set()
        self._typing: set[str] = {"Unpack"}
        self._raw = False

    def source(self, header: list[str]) -> str:
        constants = [line for each in self._operations for line in self._constant(each)]
        name = self._plan.resource_classes[self._resource]
        blocking = [line for each in self._operations for line in self._methods(each, asynchronous=False)]
        waiting = [line for each in self._operations for line in self._methods(each, asynchronous=True)]
        about = one_line(self._plan.resources.get(self._resource, "")) or f"The operations of {self._resource}."
        lines = [
            *header,
            "",
            *docstring(about),
            "",
            "from __future__ import annotations",
            "",
            *self._imports(),
            "",
            *constants,
            "",
            "",
            f"class {name}(Resource):",
            *docstring(about, 4),
            *blocking,
            "",
            "",
            f"class Async{name}(AsyncResource):",
            *docstring(f"As :class:`{name}`, without blocking.", 4),
            *waiting,
        ]
        return "\n".join([*lines, ""])

    def _imports(self) -> list[str]:
        used = self._writer.used
        lines = ["import builtins"] if self._shadowed and self._writer.qualified else []
        if self._abstract:
            lines.append(f"from collections.abc import {', '.join(sorted(self._abstract))}")
        dates = [*(["date as Date"] if "Date" in used else []), *(["datetime"] if "datetime" in used else [])]
        lines.extend(f"from datetime import {each}" for each in dates)
        if "Decimal" in used:
            lines.append("from decimal import Decimal")
        typing = {"TYPE_CHECKING", *self._typing, *(used & {"Any", "Literal"})}
        lines.append(f"from typing import {', '.join(sorted(typing, key=import_order))}")
        if "UUID" in used:
            lines.append("from uuid import UUID")
        foreign = [*(["import httpx2"] if self._raw else [])]
        if self._decorated:
            foreign.append("from typing_extensions import deprecated")
        lines.extend(["", *foreign] if foreign else [])
        lines.append("")
        if self._writer.referred:
            lines.append("from .. import models")
        if "Upload" in used:
            self._runtime.setdefault("files", set()).add("Upload")
        if "UnknownVariant" in used:
            self._runtime.setdefault("models", set()).add("UnknownVariant")
        for module in sorted(self._runtime):
            lines.extend(fitted_import(f".._runtime.{module}", sorted(self._runtime[module], key=import_order)))
        return [*lines, "", "if TYPE_CHECKING:", "    from ..client import CallOptions"]

    # What an operation gives back.
    def _answer(self, each: OperationPlan, *, asynchronous: bool) -> str:
        kind = each.answer.kind
        if kind == "raw":
            self._raw = True
            return "httpx2.Response"
        if kind == "text":
            return self._writer.text(Name("str"))
        if kind == "bytes":
            name = "AsyncDownload" if asynchronous else "Download"
            self._runtime.setdefault("files", set()).add(name)
            return name
        if kind == "events":
            name = "AsyncEventStream" if asynchronous else "EventStream"
            self._runtime.setdefault("events", set()).add(name)
            return f"{name}[{self._writer.text(self._answer_type(each))}]"
        return self._writer.text(self._answer_type(each))

    def _answer_type(self, each: OperationPlan) -> TypeExpression:
        found = [
            ANY if status in each.answer.untyped else self._types.of(definition.id) if definition is not None else NONE
            for status, definition in each.answer.types.items()
        ]
        if each.answer.kind == "events":
            return union_of([part for part in found if part != NONE]) if any(p != NONE for p in found) else Name("str")
        return union_of(found) if found else NONE

    def _constant(self, each: OperationPlan) -> list[str]:
        type_ = self._constant_type(each)
        arguments = [literal(each.id), literal(each.http_method), literal(each.path)]
        answers = ", ".join(f"{literal(status)}: {self._runtime_type(each, status)}" for status in each.answer.types)
        if answers:
            arguments.append(f"answers={{{answers}}}")
        if each.answer.kind != "json":
            arguments.append(f"kind={literal(each.answer.kind)}")
        if each.answer.accept != "application/json":
            arguments.append(f"accept={literal(each.answer.accept)}")
        if each.security:
            arguments.append(f"security={literal(tuple(tuple(names) for names in each.security))}")
        if each.idempotency_header:
            arguments.append(f"idempotency_header={literal(each.idempotency_header)}")
        if each.lifecycle.deprecated:
            arguments.append(f"deprecation={self._deprecation(each)}")
        styles = {argument.wire: argument.style for argument in each.arguments if argument.style}
        if styles:
            arguments.append(f"styles={literal(styles)}")
        if each.shared_headers:
            arguments.append(f"shared={literal(tuple(each.shared_headers))}")
        line = f"{_constant_name(each)}: Operation[{type_}] = Operation({', '.join(arguments)})"
        return fitted(line)

    def _constant_type(self, each: OperationPlan) -> str:
        if each.answer.kind == "bytes":
            return "bytes"
        return (
            self._outside(self._answer_type(each))
            if each.answer.kind in ("json", "events", "none")
            else self._answer(each, asynchronous=False)
        )

    def _runtime_type(self, each: OperationPlan, status: str) -> str:
        """The type of an answer as the runtime needs it, limits included."""
        definition = each.answer.types[status]
        if definition is None:
            return self._outside(ANY if status in each.answer.untyped else NONE)
        return self._outside(self._types.of(definition.id))

    def _outside(self, expression: TypeExpression) -> str:
        """A type outside of the class, where its methods shadow nothing."""
        writer = TypeWriter(self._types, prefix="models.", plain=True)
        text = writer.text(expression)
        self._writer.used |= writer.used
        self._writer.referred |= writer.referred
        return text

    def _deprecation(self, each: OperationPlan) -> str:
        self._runtime["operation"].add("Deprecation")
        lifecycle = each.lifecycle
        texts = {
            "since": lifecycle.deprecated_since,
            "removed_in": lifecycle.removed_in,
            "sunset": lifecycle.sunset.isoformat() if lifecycle.sunset else None,
            "replaced_by": lifecycle.replaced_by,
            "migration": one_line(lifecycle.migration) if lifecycle.migration else None,
        }
        given = [f"{name}={literal(text)}" for name, text in texts.items() if text]
        return f"Deprecation({', '.join([literal(each.id), *given])})"

    # Methods.
    def _methods(self, each: OperationPlan, *, asynchronous: bool) -> list[str]:
        lines = ["", *self._method(each, asynchronous=asynchronous)]
        if each.page is not None:
            lines.extend(["", *self._page_method(each, asynchronous=asynchronous)])
        return lines

    def _signature(self, each: OperationPlan, *, paging: bool) -> list[str]:
        parts = ["self"]
        parts.extend(
            f"{argument.name}: {self._type_of(argument)}" for argument in each.arguments if argument.location == "path"
        )
        if each.body is not None:
            type_ = self._body_type(each)
            parts.append(f"body: {type_}" if each.body.required else f"body: {type_} | None = None")
        named = [argument for argument in each.arguments if argument.location != "path"]
        if paging and each.page is not None:
            named = [argument for argument in named if argument.wire != each.page.cursor]
        if named or each.idempotency_header:
            parts.append("*")
        for argument in sorted(named, key=lambda each: not each.required):
            type_ = self._type_of(argument)
            absent = type_ if type_.endswith("None") or type_ == "Any" else f"{type_} | None"
            parts.append(f"{argument.name}: {type_}" if argument.required else f"{argument.name}: {absent} = None")
        if each.idempotency_header:
            parts.append(f"idempotency_key: {self._writer.text(optional(Name('str')))} = None")
        return [*parts, "**options: Unpack[CallOptions]"]

    def _type_of(self, argument: Argument) -> str:
        return self._writer.text(self._types.of(argument.type.id) if argument.type is not None else Name("str"))

    def _body_type(self, each: OperationPlan) -> str:
        assert each.body is not None
        if each.body.type is not None:
            return self._writer.text(self._types.of(each.body.type.id))
        if "json" in each.body.content_type:
            return self._writer.text(ANY)
        if each.body.content_type.startswith("text/"):
            return self._writer.text(Name("str"))
        self._runtime.setdefault("files", set()).add("Upload")
        return f"Upload | {self._writer.text(Name('bytes'))}"

    def _method(self, each: OperationPlan, *, asynchronous: bool) -> list[str]:
        lead, wait = ("async def", "await ") if asynchronous else ("def", "")
        parts = ", ".join(self._signature(each, paging=False))
        answer = self._answer(each, asynchronous=asynchronous)
        if len(f"    ) -> {answer}:") > WIDTH:
            answer = f"({answer})"
        call = [_constant_name(each), *self._call_arguments(each), "options=options"]
        lines = [*self._marked(each), *fitted(f"{lead} {each.method}({parts}) -> {answer}:", 4)]
        lines.extend(self._doc(each, asynchronous=asynchronous))
        how = {"bytes": "_download", "events": "_events"}.get(each.answer.kind, "_call")
        written = f"return {wait}self.{how}({', '.join(call)})"
        lines.extend(fitted(written, 8))
        return lines

    def _marked(self, each: OperationPlan) -> list[str]:
        """PEP 702, for editors and type checkers; the runtime warns on its own, once and not for every call."""
        if not each.lifecycle.deprecated or "deprecated" in self._methods_named:
            return []
        self._decorated = True
        text = deprecation_text(each.id, each.lifecycle, migration=False)
        return fitted(f"@deprecated({literal(text)}, category=None)", 4)

    def _call_arguments(self, each: OperationPlan) -> list[str]:
        groups: list[str] = []
        for location, name in (("path", "path"), ("query", "query"), ("header", "headers")):
            pairs = [
                f"{literal(argument.wire)}: {argument.name}"
                for argument in each.arguments
                if argument.location == location
            ]
            if location == "header" and each.idempotency_header:
                pairs.append(f"{literal(each.idempotency_header)}: idempotency_key")
            if pairs:
                groups.append(f"{name}={{{', '.join(pairs)}}}")
        if each.body is not None:
            groups.append("body=body")
            if each.body.content_type != "application/json":
                groups.append(f"content_type={literal(each.body.content_type)}")
        return groups

    def _page_method(self, each: OperationPlan, *, asynchronous: bool) -> list[str]:
        page = each.page
        assert page is not None
        definition = next(each for each in each.answer.types.values() if each is not None)
        item, fields, optional_items = self._page_types(definition.id, page.items)
        kind = "AsyncIterator" if asynchronous else "Iterator"
        self._abstract.add(kind)
        function = "iterate_async" if asynchronous else "iterate"
        self._runtime.setdefault("paging", set()).add(function)
        parts = ", ".join(self._signature(each, paging=True))
        answer = f"{kind}[{item}]"
        lines = [*self._marked(each), *fitted(f"def {each.page_method}({parts}) -> {answer}:", 4)]
        text = f"All items of :meth:`{each.method}`, page by page, from where the filters begin."
        lines.extend(docstring(text, 8))
        arguments = [argument for argument in each.arguments if argument.location == "path"]
        passed = [argument.name for argument in arguments]
        cursor_name = next(argument.name for argument in each.arguments if argument.wire == page.cursor)
        passed.append(f"{cursor_name}=cursor")
        passed.extend(
            f"{argument.name}={argument.name}"
            for argument in each.arguments
            if argument.location != "path" and argument.wire != page.cursor
        )
        after = f"page.{fields[page.after]}"
        if page.more is not None:
            after += f" if page.{fields[page.more]} else None"
        some = " or []" if optional_items else ""
        call = (
            f"return {function}(lambda cursor: self.{each.method}({', '.join([*passed, '**options'])}), "
            f"lambda page: page.{fields[page.items]}{some}, lambda page: {after})"
        )
        return [*lines, *fitted(call, 8)]

    def _page_types(self, id_: str, items: str) -> tuple[str, dict[str, str], bool]:
        """The type of an item, the names of the fields of a page, and whether it may come without items."""
        from treaty_codegen.models.expressions import Generic, inner_expressions, without_none
        from treaty_codegen.sdk.values import Values

        fields = {field.wire: field for field in Values(self._types).fields(id_)}
        names = {wire: field.name for wire, field in fields.items()}
        type_ = fields[items].type
        for part in inner_expressions(without_none(type_)):
            if isinstance(part, Generic) and part.origin == "list":
                return self._writer.text(part.arguments[0]), names, without_none(type_) != type_
        return self._writer.text(ANY), names, True

    def _doc(self, each: OperationPlan, *, asynchronous: bool) -> list[str]:
        summary = one_line(each.summary) or each.label
        summary = summary if summary.endswith((".", "!", "?")) else f"{summary}."
        if asynchronous:
            name = f"{self._plan.resource_classes[self._resource]}.{each.method}"
            return docstring(f"{summary}\n\nArguments and errors are those of :meth:`{name}`.", 8)
        paragraphs = [summary]
        if plain(each.description) and one_line(each.description) not in (one_line(each.summary), summary):
            paragraphs.append(plain(each.description))
        if each.lifecycle.deprecated:
            paragraphs.append(f"Deprecated: {deprecation_text(each.id, each.lifecycle)}")
        described = [argument for argument in each.arguments if _about(argument)]
        if described or each.idempotency_header:
            lines = [f"    {argument.name}: {_about(argument)}" for argument in described]
            if each.idempotency_header:
                lines.append(
                    "    idempotency_key: Names the intent of this call. Made when it is not given; the same for "
                    "every repetition."
                )
            paragraphs.append("\n".join(["Args:", *hanging(lines)]))
        if each.refusals:
            lines = [f"    {kind}: {' '.join(texts)}" for kind, texts in each.refusals.items()]
            paragraphs.append("\n".join(["Raises:", *hanging(lines)]))
        paragraphs.extend(f"Less than the contract says: {reason}." for reason in each.downgrades)
        return docstring("\n\n".join(paragraphs), 8)


def _about(argument: Argument) -> str:
    """What the documentation of a method says about one of its arguments."""
    parts = [one_line(argument.description)]
    if argument.lifecycle.deprecated:
        parts.append(deprecation_text(argument.name, argument.lifecycle))
    return " ".join(part for part in parts if part)


def _constant_name(each: OperationPlan) -> str:
    return f"_{each.method.upper().rstrip('_')}"
