"""Random schemas of each draft, small edits of them, and values near what they speak of."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

URIS = {
    "4": "http://json-schema.org/draft-04/schema#",
    "6": "http://json-schema.org/draft-06/schema#",
    "7": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}
DRAFTS = list(URIS)
NAMES = ["a", "b", "c"]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
PATTERNS = ["^a", "b$", "^[ab]*$", "a"]
NUMBERS = st.one_of(st.integers(-4, 6), st.sampled_from([0.5, 1.5, 2.0, -0.5, 2**53 + 1]))
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, st.sampled_from(["", "a", "b", "ab", "ba", "aaa"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([*NAMES, "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _flagged(draft: str, bound: str, exclusive: str, value: Any, strict: bool) -> dict[str, Any]:
    if draft == "4":
        return {bound: value, exclusive: True} if strict else {bound: value}
    return {exclusive if strict else bound: value}


@st.composite
def _keywords(draw: st.DrawFn, draft: str, inner: st.SearchStrategy[Any]) -> dict[str, Any]:
    """One group of keywords that belong together."""
    since = DRAFTS.index(draft)
    groups = [
        "type",
        "enum",
        "lower",
        "upper",
        "step",
        "length",
        "pattern",
        "items",
        "counts",
        "properties",
        "required",
    ]
    groups += ["additional", "sizes", "patterns", "allOf", "anyOf", "oneOf", "not", "tuple", "dependencies"]
    groups += ["const", "contains", "names"] if since >= 1 else []
    groups += ["if"] if since >= 2 else []
    small = st.integers(0, 3)
    match draw(st.sampled_from(groups)):
        case "type":
            return {
                "type": draw(
                    st.one_of(
                        st.sampled_from(TYPES), st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True)
                    )
                )
            }
        case "enum":
            return {"enum": draw(st.lists(SCALARS, min_size=1, max_size=3))}
        case "const":
            return {"const": draw(SCALARS)}
        case "lower":
            return _flagged(draft, "minimum", "exclusiveMinimum", draw(NUMBERS), draw(st.booleans()))
        case "upper":
            return _flagged(draft, "maximum", "exclusiveMaximum", draw(NUMBERS), draw(st.booleans()))
        case "step":
            return {"multipleOf": draw(st.sampled_from([1, 2, 3, 0.5]))}
        case "length":
            return {draw(st.sampled_from(["minLength", "maxLength"])): draw(small)}
        case "pattern":
            return {"pattern": draw(st.sampled_from(PATTERNS))}
        case "items":
            return {"items": draw(inner)}
        case "tuple":
            listed = draw(st.lists(inner, min_size=1, max_size=2))
            if draft == "2020-12":
                return {"prefixItems": listed, **draw(st.sampled_from([{}, {"items": False}]))}
            return {"items": listed, **draw(st.sampled_from([{}, {"additionalItems": False}]))}
        case "counts":
            return draw(
                st.one_of(
                    st.fixed_dictionaries({"minItems": small}),
                    st.fixed_dictionaries({"maxItems": small}),
                    st.just({"uniqueItems": True}),
                )
            )
        case "properties":
            return {"properties": draw(st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=2))}
        case "required":
            return {"required": draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))}
        case "additional":
            return {"additionalProperties": draw(st.one_of(st.just(False), inner))}
        case "sizes":
            return {draw(st.sampled_from(["minProperties", "maxProperties"])): draw(small)}
        case "patterns":
            return {"patternProperties": {draw(st.sampled_from(PATTERNS)): draw(inner)}}
        case "dependencies":
            needs = {draw(st.sampled_from(NAMES)): [draw(st.sampled_from(NAMES))]}
            return {"dependencies" if since <= 2 else "dependentRequired": needs}
        case "contains":
            return {"contains": draw(inner)}
        case "names":
            return {"propertyNames": {"maxLength": draw(small)}}
        case "not":
            return {"not": draw(inner)}
        case "if":
            return {"if": draw(inner), "then": draw(inner)}
        case kind:
            return {kind: draw(st.lists(inner, min_size=1, max_size=2))}


def _schemas(draft: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(_combined(draft, st.just({})), lambda inner: _combined(draft, inner), max_leaves=4)


@st.composite
def _combined(draw: st.DrawFn, draft: str, inner: st.SearchStrategy[Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(draw(st.integers(0, 3))):
        schema |= draw(_keywords(draft, inner))
    if draft == "4":
        # The flags say nothing without their bounds, and the meta-schema wants both.
        for bound, flag in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if bound not in schema:
                schema.pop(flag, None)
    return schema


@st.composite
def edited(draw: st.DrawFn, schema: dict[str, Any], draft: str) -> dict[str, Any]:
    """``schema`` with one or two keywords dropped, replaced or added, at the top or one level in."""
    changed = copy.deepcopy(schema)
    for _ in range(draw(st.integers(1, 2))):
        places = [changed, *(each for each in changed.get("properties", {}).values() if isinstance(each, dict))]
        place = draw(st.sampled_from(places))
        if place and draw(st.booleans()):
            place.pop(draw(st.sampled_from(sorted(place))))
        else:
            place |= draw(_keywords(draft, st.just({"type": "integer"})))
        if draft == "4":
            for bound, flag in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
                if bound not in place:
                    place.pop(flag, None)
        if draft != "2020-12" and not isinstance(place.get("items"), list):
            place.pop("additionalItems", None)
    return changed


@st.composite
def schema_pairs(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A draft, and two schemas of it: mostly a schema and an edit of it."""
    draft = draw(st.sampled_from(DRAFTS))
    old = draw(_schemas(draft))
    new = draw(edited(old, draft)) if draw(st.integers(0, 3)) else draw(_schemas(draft))
    named = {"$schema": URIS[draft]}
    return draft, named | old, named | new


@st.composite
def flat_pairs(draw: st.DrawFn) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A draft, and two schemas of it: objects of scalars, the second an edit of the first."""
    draft = draw(st.sampled_from(DRAFTS))
    properties = draw(st.dictionaries(st.sampled_from(NAMES), _scalars(draft), min_size=1))
    old: dict[str, Any] = {"type": "object", "properties": properties}
    old |= draw(st.sampled_from([{}, {}, {"additionalProperties": False}, {"required": ["a"]}, {"minProperties": 1}]))
    named = {"$schema": URIS[draft]}
    return draft, named | old, named | draw(edited(old, draft))


@st.composite
def _scalars(draw: st.DrawFn, draft: str) -> dict[str, Any]:
    value = draw(NUMBERS)
    return draw(
        st.sampled_from(
            [
                {"type": draw(st.sampled_from(TYPES[:5]))},
                {"enum": draw(st.lists(SCALARS, min_size=1, max_size=3))},
                _flagged(draft, "minimum", "exclusiveMinimum", value, draw(st.booleans())),
                {"maxLength": draw(st.integers(0, 3))},
                {"pattern": draw(st.sampled_from(PATTERNS))},
            ]
        )
    )
