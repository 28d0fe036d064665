"""Parameters: matched by place and name, compared as they travel on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.change import Effect
from treaty.changes.openapi.scope import Exchange, Scope, schema_at
from treaty.documents.location import JsonValue
from treaty.model.lifecycle import lifecycle_of
from treaty.model.openapi.contract import Operation, Parameter, ParameterKey, member
from treaty.model.openapi.media_types import media_type
from treaty.model.openapi.serialisation import Carrier
from treaty.model.schema.shape import Origin
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from treaty.model.roles import Standing
    from treaty.model.schema.space import SchemaSpace

# Section 4.8.12 of OpenAPI 3.1: the serialisation in force where nothing is written.
_DEFAULT_STYLE = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}


def compare_parameters(scope: Scope, site: str, old: Operation, new: Operation, exchange: Exchange) -> None:
    """Record what changed in the parameters of one operation, those of its path item included."""
    before, after = scope.old.parameters(old), scope.new.parameters(new)
    moved = _moved(before, after)
    for key in before | after:
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None:
            if not scope.sameness.same(one.node, other.node):
                _compare(scope, f"{site} {_label(other)}", one, other, exchange.asked)
        elif one is not None and key in moved:
            target = after[moved[key]]
            scope.fact(
                f"{site} {_label(one)}", exchange.asked, "parameter-moved", Effect.REPLACES, Origin(one.node, "in"),
                Origin(target.node, "in"), one.location, target.location,
            )  # fmt: skip
        elif one is not None:
            place = Origin(new.node, "parameters")
            lifecycle = lifecycle_of(one.node.value)
            if lifecycle.sunset_ahead(scope.settings.today):
                sunset = str(lifecycle.sunset or "unreadable")
                scope.fact(
                    f"{site} {_label(one)}",
                    exchange.asked,
                    "removed-before-sunset",
                    Effect.REPLACES,
                    one.node,
                    place,
                    sunset,
                )
            else:
                scope.fact(f"{site} {_label(one)}", exchange.asked, "parameter-removed", Effect.NONE, one.node, place)
        elif other is not None and key not in moved.values():
            rule = "required-parameter-added" if other.required else "parameter-added"
            effect = Effect.NARROWS if other.required else Effect.WIDENS
            scope.fact(
                f"{site} {_label(other)}", exchange.asked, rule, effect, Origin(old.node, "parameters"), other.node
            )


def _label(parameter: Parameter) -> str:
    return f"{parameter.location} parameter {parameter.name}"


def _moved(old: dict[ParameterKey, Parameter], new: dict[ParameterKey, Parameter]) -> dict[ParameterKey, ParameterKey]:
    """Parameters that kept their name and changed their place, old key to new key."""
    gone = {key: parameter for key, parameter in old.items() if key not in new}
    come = {key: parameter for key, parameter in new.items() if key not in old}
    return {
        key: other
        for key, parameter in gone.items()
        for other, target in come.items()
        if parameter.location != target.location and parameter.name.lower() == target.name.lower()
    }


def _compare(scope: Scope, site: str, old: Parameter, new: Parameter, standing: Standing) -> None:
    if old.required != new.required:
        rule, effect = (
            ("parameter-became-required", Effect.NARROWS)
            if new.required
            else ("parameter-became-optional", Effect.WIDENS)
        )
        scope.fact(site, standing, rule, effect, Origin(old.node, "required"), Origin(new.node, "required"))
    compare_marks(scope, site, standing, old, new)
    before, after = scope.old.content(old.node), scope.new.content(new.node)
    if bool(before) != bool(after) or (before and after and before.keys() != after.keys()):
        scope.fact(
            site, standing, "parameter-encoding-changed", Effect.REPLACES, old.node, new.node,
            list[JsonValue](sorted(before)) or "schema", list[JsonValue](sorted(after)) or "schema",
        )  # fmt: skip
        return
    if before:
        for name in before:
            wire, schemas = media_type(name).wire, (schema_at(before[name]), schema_at(after[name]))
            scope.schemas(site, standing, *schemas, wire=wire, carrier=carrier_of(old, name))
        return
    _serialisation(scope, site, standing, old, new)
    schemas = schema_at(old.node), schema_at(new.node)
    scope.schemas(site, standing, *schemas, wire=Wire.TEXT, carrier=carrier_of(old))


def carrier_of(parameter: Parameter, content: str | None = None) -> Carrier:
    """How the values of a parameter or header travel; ``content`` is its media type where it has one."""
    reserved = member(parameter.node, "allowReserved") is True
    return Carrier(parameter.name, parameter.location, *_style(parameter), reserved, content)


def compare_marks(scope: Scope, site: str, standing: Standing, old: Parameter, new: Parameter) -> None:
    """Texts and deprecation of one parameter or header."""
    changed = [
        name for name in ("description", "example", "examples") if member(old.node, name) != member(new.node, name)
    ]
    if changed:
        places = Origin(old.node, changed[0]), Origin(new.node, changed[0])
        scope.fact(site, standing, "documentation-changed", Effect.NONE, *places, after=list(changed))
    was, now = member(old.node, "deprecated") is True, member(new.node, "deprecated") is True
    if was != now:
        rule = "element-deprecated" if now else "element-no-longer-deprecated"
        scope.fact(site, standing, rule, Effect.NONE, old.node, new.node)


def _serialisation(scope: Scope, site: str, standing: Standing, old: Parameter, new: Parameter) -> None:
    compound = _is_compound(scope.old.space, old) or _is_compound(scope.new.space, new)
    before, after = _style(old), _style(new)
    if before[0] != after[0] and (compound or {before[0], after[0]} & {"label", "matrix"}):
        places = Origin(old.node, "style"), Origin(new.node, "style")
        scope.fact(site, standing, "parameter-style-changed", Effect.REPLACES, *places, before[0], after[0])
    if before[1] != after[1] and compound:
        places = Origin(old.node, "explode"), Origin(new.node, "explode")
        scope.fact(site, standing, "parameter-explode-changed", Effect.REPLACES, *places, before[1], after[1])
    for keyword, narrower, wider in (
        ("allowEmptyValue", "parameter-empty-value-refused", "parameter-empty-value-allowed"),
        ("allowReserved", "parameter-reserved-changed", "parameter-reserved-changed"),
    ):
        was, now = member(old.node, keyword) is True, member(new.node, keyword) is True
        if was == now:
            continue
        effect = Effect.NARROWS if was else Effect.WIDENS
        if keyword == "allowReserved":
            effect = Effect.NONE
        places = Origin(old.node, keyword), Origin(new.node, keyword)
        scope.fact(site, standing, narrower if was else wider, effect, *places, was, now)


def _style(parameter: Parameter) -> tuple[str, bool]:
    style = member(parameter.node, "style") or _DEFAULT_STYLE.get(parameter.location, "form")
    explode = member(parameter.node, "explode")
    return str(style), explode if isinstance(explode, bool) else style == "form"


def _is_compound(space: SchemaSpace, parameter: Parameter) -> bool:
    """Whether values may be arrays or objects; `explode` and most styles say nothing about anything else."""
    return bool(space.shape(schema_at(parameter.node)).types & {"array", "object"})
