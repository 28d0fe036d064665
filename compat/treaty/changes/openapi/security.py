"""Security: which sets of credentials let a caller in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from treaty.changes.change import Effect
from treaty.documents.location import JsonValue
from treaty.model.openapi.contract import OpenApiContract, Operation, member
from treaty.model.roles import Standing
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from treaty.changes.openapi.scope import Scope
    from treaty.documents.library import Node

Requirement: TypeAlias = frozenset[tuple[str, frozenset[str]]]
"""One alternative: scheme name and scopes, all of them needed."""


class _Schemes(NamedTuple):
    """Old scheme name to the new name it answers to, and the schemes whose meaning changed."""

    names: dict[str, str]
    same: bool


def compare_security(scope: Scope, site: str = "", old: Operation | None = None, new: Operation | None = None) -> bool:
    """Record what changed in who may call: of the schemes when no operation is given, else of one operation.

    For the schemes the answer is whether every operation inherits what it did before.
    """
    if old is None or new is None:
        return _schemes(scope)
    before, after = _alternatives(scope.old, old.node), _alternatives(scope.new, new.node)
    names = _renamed(scope)
    before = [frozenset((names.get(name, name), scopes) for name, scopes in one) for one in before]
    if set(before) == set(after):
        return True
    _compare(scope, f"{site} security", old, new, before, after)
    return True


def _compare(
    scope: Scope, site: str, old: Operation, new: Operation, before: list[Requirement], after: list[Requirement]
) -> None:
    places = _origin(scope.old, old.node), _origin(scope.new, new.node)
    # A caller who met an old alternative gets in when some new one asks for no more.
    lost = [one for one in before if not any(_met(other, one) for other in after)]
    gained = [other for other in after if not any(_met(one, other) for one in before)]
    shut = [one for one in lost if one]
    if frozenset() in lost:
        scope.fact(site, Standing.REQUEST, "security-added", Effect.NARROWS, *places, None, _shown(after))
    for one in shut:
        stricter = _stricter(one, after)
        if stricter is not None:
            rule, shown = "security-scope-added", [stricter]
            gained = [other for other in gained if other != stricter]
        else:
            rule, shown = "security-alternative-removed", after
        scope.fact(site, Standing.REQUEST, rule, Effect.NARROWS, *places, _shown([one]), _shown(shown))
    for other in gained:
        if other:
            wider = any(_met(other, one) for one in before)
            rule = "security-scope-removed" if wider else "security-alternative-added"
            scope.fact(site, Standing.REQUEST, rule, Effect.WIDENS, *places, _shown(before), _shown([other]))
        else:
            scope.fact(site, Standing.REQUEST, "security-removed", Effect.WIDENS, *places, _shown(before), None)


def _met(asked: Requirement, held: Requirement) -> bool:
    """Whether a caller who holds the credentials of ``held`` meets ``asked``."""
    scopes = dict(held)
    return all(name in scopes and wanted <= scopes[name] for name, wanted in asked)


def _stricter(one: Requirement, others: list[Requirement]) -> Requirement | None:
    """What ``one`` became: the alternative with most in common among those that ask for the same schemes, or for more
    on top.
    """
    names = {name for name, _ in one}
    same = [other for other in others if names == {name for name, _ in other} or _met(one, other)]
    return max(same, key=lambda other: (len(one & other), -len(other)), default=None)


def _alternatives(contract: OpenApiContract, operation: Node) -> list[Requirement]:
    listed = member(operation, "security")
    if listed is None:
        listed = member(contract.root, "security")
    if not isinstance(listed, list) or not listed:
        return [frozenset()]
    return [_requirement(one) for one in listed if isinstance(one, dict)]


def _requirement(raw: dict[str, JsonValue]) -> Requirement:
    return frozenset(
        (name, frozenset(str(scope) for scope in scopes) if isinstance(scopes, list) else frozenset())
        for name, scopes in raw.items()
    )


def _origin(contract: OpenApiContract, operation: Node) -> Origin:
    return Origin(operation if member(operation, "security") is not None else contract.root, "security")


def _shown(alternatives: list[Requirement]) -> JsonValue:
    return [
        {name: list[JsonValue](sorted(scopes)) for name, scopes in sorted(one, key=lambda pair: pair[0])}
        for one in sorted(alternatives, key=lambda one: sorted((name, sorted(scopes)) for name, scopes in one))
    ]


def _definitions(contract: OpenApiContract) -> dict[str, Node]:
    components = member(contract.root, "components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    if not isinstance(schemes, dict):
        return {}
    base = contract.root.child("components", "securitySchemes")
    return {name: contract.follow(base.child(name)) for name, raw in schemes.items() if isinstance(raw, dict)}


def _meaning(node: Node) -> dict[str, JsonValue]:
    """What a caller must know of a scheme: everything but the words around it and the scopes it could grant."""
    raw = node.value if isinstance(node.value, dict) else {}
    meaning = {
        key: value for key, value in raw.items() if key not in ("description", "flows") and not key.startswith("x-")
    }
    if meaning.get("type") == "apiKey" and meaning.get("in") == "header":
        meaning["name"] = str(meaning.get("name")).lower()
    flows = raw.get("flows")
    if isinstance(flows, dict):
        meaning["flows"] = list[JsonValue](sorted(name for name in flows if not name.startswith("x-")))
    return meaning


def _renamed(scope: Scope) -> dict[str, str]:
    """Old scheme names whose definition now stands under another name."""
    old, new = _definitions(scope.old), _definitions(scope.new)
    names: dict[str, str] = {}
    for name, node in old.items():
        if name not in new:
            twin = next(
                (other for other, target in new.items() if other not in old and _meaning(target) == _meaning(node)),
                None,
            )
            if twin is not None:
                names[name] = twin
    return names


def _schemes(scope: Scope) -> bool:
    old, new = _definitions(scope.old), _definitions(scope.new)
    used = _used(scope.old)
    for name in old.keys() & new.keys() & used:
        before, after = _meaning(old[name]), _meaning(new[name])
        flows, others = before.pop("flows", None), after.pop("flows", None)
        if before != after:
            scope.fact(
                f"security scheme {name}", Standing.REQUEST, "security-scheme-changed", Effect.REPLACES, old[name],
                new[name], before, after,
            )  # fmt: skip
        elif flows != others:
            lost = isinstance(flows, list) and (
                not isinstance(others, list) or not set(map(str, flows)) <= set(map(str, others))
            )
            rule, effect = ("security-flow-removed", Effect.NARROWS) if lost else ("security-flow-added", Effect.WIDENS)
            scope.fact(f"security scheme {name}", Standing.REQUEST, rule, effect, old[name], new[name], flows, others)
    return member(scope.old.root, "security") == member(scope.new.root, "security") and not _renamed(scope)


def _used(contract: OpenApiContract) -> set[str]:
    """The schemes some operation, or the document, asks for."""
    used: set[str] = set()
    owners = [contract.root]
    for path, item in contract.paths().items():
        owners.extend(operation.node for operation in contract.operations(path, item).values())
    for owner in owners:
        listed = member(owner, "security")
        for one in listed if isinstance(listed, list) else ():
            used.update(one if isinstance(one, dict) else ())
    return used
