"""One OpenAPI document: its path items and webhooks, operations, and everything an operation is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from treaty.errors import InvalidContract
from treaty.model.schema.dialects import OPENAPI_30, OPENAPI_31, Dialect, dialect_by_uri
from treaty.model.schema.space import SchemaSpace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.library import Library, Node
    from treaty.documents.location import JsonValue

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
ParameterKey: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, its `$ref` followed. ``location`` is the `in` of the document."""

    node: Node
    name: str
    location: str

    @property
    def required(self) -> bool:
        return self.location == "path" or member(self.node, "required") is True


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path (or of one webhook or callback), with what it inherits from above it."""

    method: str
    path: str
    node: Node
    item: Node

    @property
    def label(self) -> str:
        """``POST /v1/bets``: what people call it."""
        return f"{self.method.upper()} {self.path}"


class OpenApiContract:
    """A parsed OpenAPI document and the schemas inside it."""

    def __init__(self, library: Library, root: Node) -> None:
        self.library = library
        self.root = root
        self.space = SchemaSpace(library, _dialect(root))

    @property
    def version(self) -> str | None:
        """`info.version`, as written; None where there is none."""
        info = member(self.root, "info")
        version = info.get("version") if isinstance(info, dict) else None
        return str(version) if isinstance(version, str | int | float) else None

    def paths(self) -> dict[str, Node]:
        """Path template to its path item, references not yet followed."""
        return {name: node for name, node in children(self.root, "paths") if name.startswith("/")}

    def webhooks(self) -> dict[str, Node]:
        return dict(children(self.root, "webhooks"))

    def operations(self, path: str, item: Node) -> dict[str, Operation]:
        """Method (lower case) to operation; `additionalOperations` of OpenAPI 3.2 included."""
        item = self.follow(item)
        raw = item.value
        found: dict[str, Operation] = {}
        if isinstance(raw, dict):
            for method in METHODS:
                if isinstance(raw.get(method), dict):
                    found[method] = Operation(method, path, item.child(method), item)
            for method, node in children(item, "additionalOperations"):
                found[method.lower()] = Operation(method.lower(), path, node, item)
        return found

    def parameters(self, operation: Operation) -> dict[ParameterKey, Parameter]:
        """The parameters in force: those of the path item, replaced by the operation's own of the same name and place.

        The key is the place and the name as the wire knows it: header names in lower case, path parameters by position.
        """
        order = self._positions(operation)
        found: dict[ParameterKey, Parameter] = {}
        for owner in (operation.item, operation.node):
            listed = member(owner, "parameters")
            if not isinstance(listed, list):
                continue
            for index in range(len(listed)):
                node = self.follow(owner.child("parameters", index))
                name, location = member(node, "name"), member(node, "in")
                if not isinstance(name, str) or not isinstance(location, str):
                    raise InvalidContract(
                        "a parameter needs `name` and `in`",
                        location=node.document.locate(node.pointer),
                        advice="add both, or point `$ref` at a parameter that has them",
                    )
                if location == "header" and name.lower() in ("accept", "content-type", "authorization"):
                    continue  # ignored by the specification: content and security say it
                key = order.get(name, name) if location == "path" else name.lower() if location == "header" else name
                found[location, key] = Parameter(node, name, location)
        return found

    def _positions(self, operation: Operation) -> dict[str, str]:
        """Path parameter name to its position in the template; names the template lacks take what is left over."""
        named = _TEMPLATE.findall(operation.path)
        order = {name: str(index) for index, name in enumerate(named)}
        declared: list[str] = []
        for owner in (operation.item, operation.node):
            listed = member(owner, "parameters")
            for index in range(len(listed) if isinstance(listed, list) else 0):
                node = self.follow(owner.child("parameters", index))
                if member(node, "in") == "path":
                    declared.append(str(member(node, "name")))
        left = [order[name] for name in named if name not in declared]
        strays = [name for name in dict.fromkeys(declared) if name not in order]
        return order | dict(zip(strays, left, strict=False))

    def request_body(self, operation: Operation) -> Node | None:
        body = operation.node.value
        if not isinstance(body, dict) or not isinstance(body.get("requestBody"), dict):
            return None
        return self.follow(operation.node.child("requestBody"))

    def responses(self, operation: Operation) -> dict[str, Node]:
        """Status code, range (``2XX``) or ``default`` to the response; `x-` members left out."""
        return {
            status.upper() if status.lower() != "default" else "default": self.follow(node)
            for status, node in children(operation.node, "responses")
            if not status.startswith("x-")
        }

    def content(self, owner: Node) -> dict[str, Node]:
        """Media type to media type object of a body, response, parameter or header."""
        return {name: self.follow(node) for name, node in children(owner, "content")}

    def headers(self, owner: Node) -> dict[str, tuple[str, Node]]:
        """Lower-case name to the name as written and the header object; `Content-Type` is not one (section 4.8.17)."""
        return {
            name.lower(): (name, self.follow(node))
            for name, node in children(owner, "headers")
            if name.lower() != "content-type"
        }

    def callbacks(self, operation: Operation) -> dict[str, dict[str, Node]]:
        """Callback name to runtime expression to path item."""
        found: dict[str, dict[str, Node]] = {}
        for name, node in children(operation.node, "callbacks"):
            followed = self.follow(node)
            if isinstance(followed.value, dict):
                found[name] = {
                    expression: followed.child(expression)
                    for expression, item in followed.value.items()
                    if isinstance(item, dict) and not expression.startswith("x-")
                }
        return found

    def follow(self, node: Node) -> Node:
        """``node``, or what its `$ref` leads to."""
        return self.library.follow(node)


def member(node: Node, name: str) -> JsonValue:
    """The value of a member, None where there is none or ``node`` is no object."""
    return node.value.get(name) if isinstance(node.value, dict) else None


def children(node: Node, name: str) -> Iterator[tuple[str, Node]]:
    """Each object inside the object ``name``, by key."""
    raw = member(node, name)
    if isinstance(raw, dict):
        for key, value in raw.items():
            if isinstance(value, dict):
                yield key, node.child(name, key)


def template_key(path: str) -> str:
    """What a path is without the names of its parameters: ``/p/{id}`` and ``/p/{petId}`` are one path."""
    return _TEMPLATE.sub("{}", path)


def _dialect(root: Node) -> Dialect:
    version = str(member(root, "openapi"))
    if version.startswith("3.0"):
        return OPENAPI_30
    return dialect_by_uri(member(root, "jsonSchemaDialect")) or OPENAPI_31
