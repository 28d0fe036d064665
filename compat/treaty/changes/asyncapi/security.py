"""Security: which sets of credentials let somebody connect, send or receive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from treaty.changes.change import Effect
from treaty.documents.location import JsonValue
from treaty.model.roles import Standing
from treaty.model.schema.shape import Origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.changes.asyncapi.scope import Scope
    from treaty.documents.node import Node
    from treaty.model.asyncapi.nodes import Alternative, Scheme

_Meaning: TypeAlias = "frozenset[tuple[str, frozenset[str]]]"


def compare_security(
    scope: Scope,
    site: str,
    old: Sequence[Alternative],
    new: Sequence[Alternative],
    places: tuple[Node, Node],
) -> None:
    """Record what changed in who is let in; no alternative at all lets everybody in.

    Schemes count by what they ask for, so a renamed or inlined scheme is no change. The scheme is the cause where one
    changed, so that all servers and operations it guards are told together.
    """
    before, after = _asked(old), _asked(new)
    site = f"{site} security"
    here = Origin(places[0], "security"), Origin(places[1], "security")
    if not before or not after:
        if after:
            scope.fact(site, Standing.REQUEST, "security-added", Effect.NARROWS, *here, None, _shown(new))
        elif before:
            scope.fact(site, Standing.REQUEST, "security-removed", Effect.WIDENS, *here, _shown(old), None)
        return
    lost = [one for one in old if not any(_met(asked, one.meaning) for asked in after)]
    gained = [one for one in new if not any(_met(asked, one.meaning) for asked in before)]
    for one in lost:
        twin = next((other for other in new if _names(other) == _names(one) and other.meaning not in before), None)
        if twin is not None:
            gained = [other for other in gained if other is not twin]
            _changed(scope, site, one, twin)
        else:
            places_of_one = one.node, here[1]
            shown = _shown([one]), _shown(new)
            scope.fact(site, Standing.REQUEST, "security-alternative-removed", Effect.NARROWS, *places_of_one, *shown)
    for one in gained:
        fewer = any(_met(one.meaning, held) for held in before)
        rule = "security-scope-removed" if fewer else "security-alternative-added"
        scope.fact(site, Standing.REQUEST, rule, Effect.WIDENS, here[0], one.node, _shown(old), _shown([one]))


def _asked(alternatives: Sequence[Alternative]) -> set[_Meaning]:
    """What each alternative asks for; empty where one of them, or the lack of any, lets everybody in."""
    asked = {each.meaning for each in alternatives}
    return set() if frozenset() in asked else asked


def _met(asked: _Meaning, held: _Meaning) -> bool:
    """Whether somebody with the credentials ``held`` meets ``asked``."""
    scopes = dict(held)
    return all(scheme in scopes and wanted <= scopes[scheme] for scheme, wanted in asked)


def _changed(scope: Scope, site: str, old: Alternative, new: Alternative) -> None:
    """The same schemes by name: other scopes, or other credentials under an old name."""
    if {scheme.meaning for scheme, _ in old.schemes} == {scheme.meaning for scheme, _ in new.schemes}:
        scope.fact(
            site,
            Standing.REQUEST,
            "security-scope-added",
            Effect.NARROWS,
            old.node,
            new.node,
            _shown([old]),
            _shown([new]),
        )
        return
    for (scheme, _), (other, _) in zip(_sorted(old), _sorted(new), strict=True):
        if scheme.meaning != other.meaning:
            scope.fact(
                site,
                Standing.REQUEST,
                "security-scheme-changed",
                Effect.REPLACES,
                scheme.node,
                other.node,
                _meant(scheme.meaning),
                _meant(other.meaning),
            )


def _sorted(alternative: Alternative) -> list[tuple[Scheme, frozenset[str]]]:
    return sorted(alternative.schemes, key=lambda each: each[0].name)


def _names(alternative: Alternative) -> frozenset[str]:
    return frozenset(scheme.name for scheme, _ in alternative.schemes)


def _meant(meaning: str) -> JsonValue:
    value: JsonValue = json.loads(meaning)
    return value


def _shown(alternatives: Sequence[Alternative]) -> JsonValue:
    shown: list[JsonValue] = [
        {scheme.name: list[JsonValue](sorted(scopes)) for scheme, scopes in _sorted(each)} for each in alternatives
    ]
    return sorted(shown, key=str)
