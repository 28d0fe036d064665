"""Tests that come with an SDK: every operation is called once on a server that answers with examples."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from treaty_codegen.layout import fitted
from treaty_codegen.models.emitting import import_order
from treaty_codegen.models.expressions import NONE, AliasModel, Constrained, Name, Reference, TypeExpression
from treaty_codegen.quoting import literal
from treaty_codegen.sdk.scheme_source import credential_types
from treaty_codegen.sdk.values import NoExampleError, Values

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty_codegen.models.library import Types
    from treaty_codegen.sdk.plan import ApiPlan, Argument, OperationPlan, SchemePlan

__all__ = ["Calls", "first_call", "test_files"]

_SECRETS = {
    "ApiKey": 'ApiKey("key")',
    "BasicCredentials": 'BasicCredentials("user", "password")',
    "BearerToken": 'BearerToken("token")',
    "HmacKey": 'HmacKey("secret")',
}


@dataclass(slots=True)
class Calls:
    """Writes calls of the operations of one SDK."""

    plan: ApiPlan
    types: Types
    package: str
    client: str

    def call(self, each: OperationPlan, used: set[str]) -> str:
        """``client.bets.settle(…)`` with example arguments. Raises NoExampleError where none can be made."""
        if "#" in each.path:
            raise NoExampleError  # what is sent is the path of another operation
        values = Values(self.types)
        arguments = [self._argument(argument, values) for argument in each.arguments if argument.location == "path"]
        if each.body is not None and (each.body.required or each.body.example is not None):
            arguments.append(self._body(each, values))
        arguments.extend(
            f"{argument.name}={self._argument(argument, values)}"
            for argument in each.arguments
            if argument.location != "path" and argument.required
        )
        used |= values.used
        return f"client.{each.resource}.{each.method}({', '.join(arguments)})"

    def _argument(self, argument: Argument, values: Values) -> str:
        type_ = self.types.of(argument.type.id) if argument.type is not None else Name("str")
        return self._python(argument.example, type_, values)

    def _body(self, each: OperationPlan, values: Values) -> str:
        assert each.body is not None
        if each.body.type is None:
            text = each.body.content_type.startswith("text/")
            return "{}" if "json" in each.body.content_type else '"text"' if text else 'b"content"'
        return self._python(each.body.example, self.types.of(each.body.type.id), values)

    def _python(self, example: JsonValue, type_: TypeExpression, values: Values) -> str:
        """The contract's example as Python; where it has none that fits, the smallest value there is."""
        if example is not None:
            try:
                return values.python(example, type_)
            except NoExampleError:
                pass
        return values.python(values.sample(type_), type_)

    def answer(self, each: OperationPlan) -> str:
        """The answer of the stub, as source. Raises NoExampleError."""
        kind = each.answer.kind
        if kind == "text":
            return 'Answer(200, b"text", "text/plain")'
        if kind == "bytes":
            return 'Answer(200, b"content", "application/octet-stream")'
        if kind == "raw":
            return "Answer(200, {})"
        definition = next((type_ for type_ in each.answer.types.values() if type_ is not None), None)
        status = next(
            (int(code) for code, type_ in each.answer.types.items() if type_ is not None and code.isdecimal()), 200
        )
        if definition is None and each.answer.untyped:
            status = next((int(code) for code in each.answer.types if code.isdecimal()), 200)
            return f"Answer({status}, {literal(each.answer.example if each.answer.example is not None else {})})"
        if definition is None:
            empty = next((int(code) for code in each.answer.types if code.isdecimal()), 204)
            return f"Answer({empty})"
        type_ = self.types.of(definition.id)
        example = each.answer.example
        values = Values(self.types)
        if example is not None:
            try:
                values.python(example, type_)
            except NoExampleError:
                example = None
        if example is None:
            example = values.sample(type_)
            values.python(example, type_)
        if kind == "events":
            import json

            event = f"data: {json.dumps(example)}\n\n".encode()
            return f'Answer(200, {literal(event)}, "text/event-stream")'
        return f"Answer({status}, {literal(example)})"

    def served(self) -> bool:
        """Whether a test can make credentials for every operation that asks for some."""
        made = {scheme.wire for scheme in self.plan.schemes if self._credential(scheme, secrets=False)}
        asking = [each.security for each in self.plan.operations if each.security]
        return all(any(made.issuperset(names) for names in alternatives) for alternatives in asking)

    def constructor(self, url: str, *, secrets: bool, http_client: bool = False) -> str:
        """The expression that makes a client."""
        arguments = [f"base_url={url}"] if url else []
        for scheme in self.plan.schemes:
            written = self._credential(scheme, secrets=secrets)
            if written:
                arguments.append(f"{scheme.argument}={written}")
        for name, each in self.plan.shared_headers.items():
            if each.wire != self.plan.trace_header:
                value = each.example if isinstance(each.example, str) else "example"
                arguments.append(f"{name}={literal(value)}")
        if http_client:
            arguments.append("http_client=http_client")
        return f"{self.client}({', '.join(arguments)})"

    def _credential(self, scheme: SchemePlan, *, secrets: bool) -> str:
        kinds = credential_types(scheme)
        if not secrets:
            kind = next((kind for kind in ("BearerToken", *kinds) if kind in kinds and kind in _SECRETS), "")
            return _SECRETS.get(kind, "")
        if "ClientCredentials" in kinds:
            return 'ClientCredentials("client-id", os.environ["CLIENT_SECRET"])'
        kind = next((kind for kind in kinds if kind in ("HmacKey", "ApiKey", "BearerToken")), "")
        return f'{kind}(os.environ["{scheme.argument.upper()}"])' if kind else ""

    def credentials(self, *, secrets: bool) -> list[str]:
        """The classes :meth:`constructor` names."""
        written = " ".join(self._credential(scheme, secrets=secrets) for scheme in self.plan.schemes)
        return sorted(set(re.findall(r"\b([A-Z]\w+)\(", written)))


def first_call(calls: Calls) -> str:
    """A whole program that makes one call: the first write with an example, else whatever can be called."""
    ranked = sorted(
        calls.plan.operations,
        key=lambda each: (
            each.lifecycle.deprecated,
            each.body is None or each.body.example is None,
            each.http_method != "POST",
        ),
    )
    for each in ranked:
        used: set[str] = set()
        try:
            call = calls.call(each, used)
        except NoExampleError:
            continue
        names = [calls.client, *calls.credentials(secrets=True)]
        names.extend(name for name in ("Upload", "models") if name in used or f"{name}." in call)
        constructor = calls.constructor("" if calls.plan.base_url else '"https://api.example"', secrets=True)
        imports = _imports(used, extra=["import os"] if "os.environ" in constructor else [])
        assigned = "answer = " if each.answer.kind != "none" else ""
        shown = ["    print(answer)"] if assigned else []
        lines = [
            *imports,
            *([""] if imports else []),
            f"from {calls.package} import {', '.join(sorted(names, key=lambda name: (name == 'models', name)))}",
            "",
            *fitted(f"with {constructor} as client:", 0),
            *fitted(f"{assigned}{call}", 4),
            *shown,
        ]
        return "\n".join(lines)
    return ""


def _imports(used: set[str], extra: list[str] | None = None) -> list[str]:
    lines = list(extra or [])
    dates = [name for name in ("date", "datetime") if name in used]
    if dates:
        lines.append(f"from datetime import {', '.join(dates)}")
    if "Decimal" in used:
        lines.append("from decimal import Decimal")
    if "UUID" in used:
        lines.append("from uuid import UUID")
    return lines


def test_files(calls: Calls, header: list[str]) -> dict[str, str]:
    """The test modules, by path: one per resource, the stub server, its answers, the fixtures."""
    answers: list[str] = []
    found: dict[str, str] = {}
    for resource in calls.plan.resources:
        tests: list[str] = []
        untested: list[str] = []
        used: set[str] = set()
        for each in calls.plan.operations:
            if each.resource != resource:
                continue
            try:
                tests.extend(_test(each, calls, used))
                answers.extend(fitted(f"({literal(each.http_method)}, {literal(each.path)}): {calls.answer(each)},", 4))
            except NoExampleError:
                untested.append(f"# {each.method}: no example can be made for it from the contract.")
        found[f"tests/test_{resource}.py"] = _test_module(calls, tests, untested, used, header)
    stub = files("treaty_codegen").joinpath("sdk/assets/stub_server.py").read_text("utf-8")
    found["tests/stub_server.py"] = "\n".join([*header, stub])
    found["tests/answers.py"] = "\n".join(
        [
            *header,
            '"""What the stub server answers: the examples of the contract."""',
            "",
            "from __future__ import annotations",
            "",
            "from collections.abc import Mapping",
            "",
            "from stub_server import Answer",
            "",
            "ANSWERS: Mapping[tuple[str, str], Answer] = {",
            *answers,
            "}",
            "",
        ]
    )
    found["tests/conftest.py"] = _fixtures(calls, header)
    return found


def _fixtures(calls: Calls, header: list[str]) -> str:
    names = ", ".join(sorted([calls.client, *calls.credentials(secrets=False)]))
    own = not calls.served()
    return "\n".join(
        [
            *header,
            '"""A stub server, and a client that talks to it."""',
            "",
            "from __future__ import annotations",
            "",
            "from collections.abc import Iterator",
            "",
            *(["import httpx2"] if own else []),
            "import pytest",
            "from answers import ANSWERS",
            "from stub_server import StubServer",
            "",
            f"from {calls.package} import {names}",
            "",
            "",
            "@pytest.fixture",
            "def stub() -> Iterator[StubServer]:",
            "    server = StubServer(ANSWERS)",
            "    yield server",
            "    server.close()",
            "",
            "",
            "@pytest.fixture",
            f"def client(stub: StubServer) -> Iterator[{calls.client}]:",
            # It may leave out credentials that no test can make, such as certificates.
            *(["    http_client = httpx2.Client()"] if own else []),
            *fitted(f"with {calls.constructor('stub.url', secrets=False, http_client=own)} as made:", 4),
            "        yield made",
            *(["    http_client.close()"] if own else []),
            "",
        ]
    )


def _test(each: OperationPlan, calls: Calls, used: set[str]) -> list[str]:
    needed: set[str] = set()
    call = calls.call(each, needed)
    calls.answer(each)
    kind = each.answer.kind
    lines = ["", "", *fitted(f"def test_{each.method}(client: {calls.client}, stub: StubServer) -> None:")]
    indent = 4
    if each.lifecycle.deprecated:
        lines.append('    with pytest.warns(DeprecationWarning, match="deprecated"):')
        needed.add("pytest")
        indent = 8
    if kind in ("bytes", "events"):
        name = "file" if kind == "bytes" else "events"
        lines.extend(fitted(f"with {call} as {name}:", indent))
        shown = 'assert file.read() == b"content"' if kind == "bytes" else "assert [event.data for event in events]"
        lines.append(f"{' ' * (indent + 4)}{shown}")
    else:
        checked = _checked(each, calls)
        lines.extend(fitted(f"answer = {call}" if checked else call, indent))
        for line in checked:
            lines.extend(fitted(line, 4))
        if any("models." in line for line in checked):
            needed.add("models")
    lines.append(f"    assert stub.last.method == {literal(each.http_method)}")
    if each.idempotency_header:
        lines.append(f"    assert stub.last.headers[{literal(each.idempotency_header.lower())}]")
    if "models." in call:
        needed.add("models")
    used |= needed
    return lines


def _checked(each: OperationPlan, calls: Calls) -> list[str]:
    if each.answer.kind == "raw":
        return ["assert answer.status_code == 200"]
    if each.answer.kind == "text":
        return ['assert answer == "text"']
    found = list(each.answer.types.values())
    if len(found) == 1 and found[0] is not None:
        id_ = calls.types.final(found[0].id)
        name = calls.types.name(id_)
        if calls.types.is_own_class(id_) and name is not None:
            return [f"assert isinstance(answer, models.{name})"]
        return ["assert answer is not None"] if not _nullable(found[0].id, calls.types) else []
    return []


def _nullable(id_: str, types: Types) -> bool:
    model = types.models.get(types.final(id_))
    expression: TypeExpression = model.type if isinstance(model, AliasModel) else Reference(id_)
    inner = expression.inner if isinstance(expression, Constrained) else expression
    members = getattr(inner, "members", (inner,))
    return NONE in members or inner == Name("Any")


def _test_module(calls: Calls, tests: list[str], untested: list[str], used: set[str], header: list[str]) -> str:
    if not tests:
        return "\n".join([*header, *untested, ""])
    own = [*_imports(used)]
    foreign = [*(["import pytest"] if "pytest" in used else []), "from stub_server import StubServer"]
    names = ", ".join(sorted([calls.client, *({"Upload", "models"} & used)], key=import_order))
    return "\n".join(
        [
            *header,
            "from __future__ import annotations",
            "",
            *own,
            *([""] if own else []),
            *foreign,
            "",
            f"from {calls.package} import {names}",
            *tests,
            *(["", "", *untested] if untested else []),
            "",
        ]
    )
