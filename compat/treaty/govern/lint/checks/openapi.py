"""Good practice for OpenAPI documents, as far as it takes more than a schema to see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.govern.lint.rule import Violation
from treaty.govern.places import Kind
from treaty.model.openapi.contract import Operation, children, member, template_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.documents.location import JsonValue, Pointer
    from treaty.documents.node import Node
    from treaty.govern.lint.document import LintDocument

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_BAD_PATHS = ((re.compile(r".+/$"), "ends with a slash"), (re.compile(r"//"), "has an empty part"),
              (re.compile(r"[?#]"), "holds a query or a fragment"))  # fmt: skip


def operations(document: LintDocument, section: str = "paths") -> Iterator[Operation]:
    """The operations under `paths` or `webhooks`."""
    contract = document.openapi
    items = contract.paths() if section == "paths" else contract.webhooks()
    for path, item in items.items():
        yield from contract.operations(path, item).values()


def operation_ids(document: LintDocument) -> Iterator[Violation]:
    """Operation ids that two operations have."""
    seen: dict[str, str] = {}
    for section in ("paths", "webhooks"):
        for operation in operations(document, section):
            name = member(operation.node, "operationId")
            if not isinstance(name, str):
                continue
            if name in seen:
                message = f"the operationId {name} is that of {seen[name]} too"
                yield Violation(operation.label, document.locate(operation.node, "operationId"), message, name)
            seen.setdefault(name, operation.label)


def path_names(document: LintDocument) -> Iterator[Violation]:
    """Paths that end with a slash, have empty parts, or hold a query."""
    for path, node in document.openapi.paths().items():
        for pattern, problem in _BAD_PATHS:
            if pattern.search(path):
                yield Violation(path, document.locate(node), f"the path {problem}", path)
                break


def ambiguous_paths(document: LintDocument) -> Iterator[Violation]:
    """Paths that differ in the names of their parameters only."""
    seen: dict[str, str] = {}
    for path, node in document.openapi.paths().items():
        other = seen.setdefault(template_key(path), path)
        if other != path:
            yield Violation(path, document.locate(node), f"the path means the same requests as {other}", path)


def path_parameters(document: LintDocument) -> Iterator[Violation]:
    """Names in braces without a parameter, and path parameters that the path has no braces for."""
    for operation in operations(document):
        named = set(_TEMPLATE.findall(operation.path))
        declared = {
            each.name: each for each in document.openapi.parameters(operation).values() if each.location == "path"
        }
        for name in sorted(named - declared.keys()):
            yield Violation(
                operation.label, document.locate(operation.node), f"nothing says what {{{name}}} in the path is", name
            )
        for name in sorted(declared.keys() - named):
            node = declared[name].node
            yield Violation(operation.label, document.locate(node), f"the path has no {{{name}}}", name)


def success_responses(document: LintDocument) -> Iterator[Violation]:
    """Operations that never say what success looks like."""
    for operation in operations(document):
        statuses = document.openapi.responses(operation)
        if not any(status[:1] in "123" for status in statuses):
            yield Violation(
                operation.label,
                document.locate(operation.node, "responses"),
                "no response says what success looks like",
            )


def error_responses(document: LintDocument) -> Iterator[Violation]:
    """Operations that never say how they fail."""
    for operation in operations(document):
        statuses = document.openapi.responses(operation)
        if not any(status[:1] in "45" or status == "default" for status in statuses):
            yield Violation(
                operation.label,
                document.locate(operation.node, "responses"),
                "no response says how the operation fails",
            )


def tags(document: LintDocument) -> Iterator[Violation]:
    """Tags that the document does not declare."""
    declared = member(document.root, "tags")
    known = {str(tag.get("name")) for tag in declared if isinstance(tag, dict)} if isinstance(declared, list) else set()
    if not known:
        return
    for section in ("paths", "webhooks"):
        for operation in operations(document, section):
            used = member(operation.node, "tags")
            for index, tag in enumerate(used if isinstance(used, list) else ()):
                if str(tag) not in known:
                    where = document.locate(operation.node, "tags", index)
                    yield Violation(operation.label, where, f"the tag {tag} is not declared", str(tag))


def _requirements(document: LintDocument) -> Iterator[tuple[str, Node, dict[str, JsonValue]]]:
    """Every security requirement: what it protects, where it stands, scheme to scopes."""
    for name, node in [("contract", document.root), *((each.label, each.node) for each in operations(document))]:
        listed = member(node, "security")
        for index, requirement in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(requirement, dict):
                yield name, node.child("security", index), requirement


def schemes(document: LintDocument) -> dict[str, Node]:
    """The security schemes by name, references followed."""
    components = member(document.root, "components")
    if not isinstance(components, dict):
        return {}
    return {
        name: document.side.library.follow(node)
        for name, node in children(document.root.child("components"), "securitySchemes")
    }


def security_schemes(document: LintDocument) -> Iterator[Violation]:
    """Security requirements that name no scheme of the document."""
    known = schemes(document)
    for name, node, requirement in _requirements(document):
        for scheme in requirement:
            if scheme not in known:
                yield Violation(name, document.locate(node, scheme), f"no security scheme is called {scheme}", scheme)


def scopes(document: LintDocument) -> Iterator[Violation]:
    """Scopes that the OAuth flows do not have."""
    known = {name: _scopes(node) for name, node in schemes(document).items()}
    for name, node, requirement in _requirements(document):
        for scheme, asked in requirement.items():
            offered = known.get(scheme)
            if offered is None or not isinstance(asked, list):
                continue
            for index, scope in enumerate(asked):
                if scope not in offered:
                    where = document.locate(node, scheme, index)
                    yield Violation(name, where, f"{scheme} has no scope {scope}", str(scope))


def _scopes(scheme: Node) -> set[str] | None:
    """The scopes of an OAuth 2 scheme; None for another kind, whose roles nobody lists."""
    if member(scheme, "type") != "oauth2":
        return None
    found: set[str] = set()
    for _, flow in children(scheme, "flows"):
        listed = member(flow, "scopes")
        found.update(listed if isinstance(listed, dict) else ())
    return found


def security_present(document: LintDocument) -> Iterator[Violation]:
    """Operations that anybody may call without the document saying that this is meant."""
    if isinstance(member(document.root, "security"), list):
        return
    for operation in operations(document):
        if "security" not in dict(_object(operation.node)):
            message = "nothing says who may call it; an operation for everybody says `security: []`"
            yield Violation(operation.label, document.locate(operation.node), message)


def unused_components(document: LintDocument) -> Iterator[Violation]:
    """Components that nothing refers to, directly or by the file they are kept in."""
    root = document.root
    components = member(root, "components")
    if not isinstance(components, dict):
        return
    reached = _reached(document, root)
    for section in components:
        if section in ("securitySchemes", "examples") or section.startswith("x-"):
            continue  # schemes are used by name, and an example is there to be read
        for name, node in children(root.child("components"), section):
            target = document.side.library.follow(node)
            if not {_key(node), _key(target)} & reached:
                label = name if section == "schemas" else f"{section} {name}"
                yield Violation(label, document.locate(node), "nothing refers to it", name)


def _reached(document: LintDocument, root: Node) -> set[tuple[str, Pointer]]:
    """Everything that a reference from outside of the components leads to, or from what that leads to."""
    library = document.side.library
    found: set[tuple[str, Pointer]] = set()
    waiting = [root.child(name) for name in _object(root) if name != "components"]
    while waiting:
        node = waiting.pop()
        raw = node.value
        if isinstance(raw, dict):
            reference = raw.get("$ref")
            if isinstance(reference, str):
                target = library.resolve(reference, node)
                if _key(target) not in found:
                    found.add(_key(target))
                    waiting.append(target)
            waiting.extend(node.child(key) for key, value in raw.items() if isinstance(value, dict | list))
            mapping = raw.get("mapping") if "propertyName" in raw else None
            for key, written in mapping.items() if isinstance(mapping, dict) else ():
                if isinstance(written, str) and ("/" in written or "#" in written):
                    found.add(_key(library.resolve(written, node.child("mapping", key))))
        elif isinstance(raw, list):
            waiting.extend(node.child(index) for index, value in enumerate(raw) if isinstance(value, dict | list))
    return found


def hidden_siblings(document: LintDocument) -> Iterator[Violation]:
    """What stands beside a `$ref` in OpenAPI 3.0, where it means nothing."""
    if not document.side.document.format.version.startswith("3.0"):
        return
    for place in document.of_kind(Kind.SCHEMA, Kind.PROPERTY):
        raw = place.node.value if place.node is not None else None
        if place.node is not None and isinstance(raw, dict) and isinstance(raw.get("$ref"), str):
            beside = sorted(key for key in raw if key not in ("$ref", "description", "summary"))
            if beside:
                message = f"`{beside[0]}` beside `$ref` means nothing in OpenAPI 3.0"
                yield Violation(place.name, document.locate(place.node, beside[0]), message, beside[0])


def nullable(document: LintDocument) -> Iterator[Violation]:
    """`nullable` from OpenAPI 3.1 on, where it means nothing."""
    if document.side.document.format.version.startswith("3.0"):
        return
    for place in document.of_kind(Kind.SCHEMA, Kind.PROPERTY):
        raw = place.node.value if place.node is not None else None
        if place.node is not None and isinstance(raw, dict) and raw.get("nullable") is True:
            message = "`nullable` means nothing from OpenAPI 3.1 on"
            yield Violation(place.name, document.locate(place.node, "nullable"), message)


def _object(node: Node) -> dict[str, JsonValue]:
    return node.value if isinstance(node.value, dict) else {}


def _key(node: Node) -> tuple[str, Pointer]:
    return (node.document.path, node.pointer)
