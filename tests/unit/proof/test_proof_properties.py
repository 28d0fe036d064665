"""Random schemas against random instances: no YES is refuted, no witness contradicted, no example invalid."""

from __future__ import annotations

import jsonschema_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from treaty.changes.proof import Answer, Prover, Schema

NAMES = st.sampled_from(["a", "b", "c", "x-1"])
PATTERNS = st.sampled_from(["^a", "b$", "^[a-c]+$", "c", "^\\d+$", "^x-"])
SCALARS = st.sampled_from([0, 1, 2, 5, -1, 1.5, 0.5, "", "a", "b", "ab", "12", None, True, False])
INSTANCES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c", "x-1", "z"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def facets(**options: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries({}, optional=options)


NUMBERS = facets(
    type=st.sampled_from(["integer", "number"]),
    minimum=st.sampled_from([0, 1, 0.5]),
    exclusiveMaximum=st.sampled_from([3, 5, 1.5]),
    multipleOf=st.sampled_from([1, 2, 0.5]),
)
STRINGS = facets(type=st.just("string"), minLength=st.integers(0, 3), maxLength=st.integers(0, 4), pattern=PATTERNS)
KINDS = st.lists(
    st.sampled_from(["null", "boolean", "integer", "string", "array", "object"]), min_size=1, max_size=3, unique=True
).map(lambda names: {"type": names})
LEAVES = st.one_of(
    st.booleans(),
    NUMBERS,
    STRINGS,
    KINDS,
    st.lists(SCALARS, min_size=1, max_size=3).map(lambda values: {"enum": values}),
    INSTANCES.map(lambda value: {"const": value}),
)


def compound(inner: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(inner, min_size=1, max_size=3)
    objects = facets(
        type=st.just("object"),
        properties=st.dictionaries(NAMES, inner, max_size=3),
        required=st.lists(NAMES, max_size=2, unique=True),
        additionalProperties=inner,
        patternProperties=st.dictionaries(PATTERNS, inner, max_size=1),
        propertyNames=STRINGS,
        minProperties=st.integers(0, 2),
        maxProperties=st.integers(0, 3),
        dependentRequired=st.dictionaries(NAMES, st.lists(NAMES, max_size=1), max_size=1),
        dependentSchemas=st.dictionaries(NAMES, inner, max_size=1),
        unevaluatedProperties=st.booleans(),
    )
    arrays = facets(
        type=st.just("array"),
        items=inner,
        prefixItems=several,
        minItems=st.integers(0, 2),
        maxItems=st.integers(0, 3),
        uniqueItems=st.booleans(),
        contains=inner,
        minContains=st.integers(0, 2),
        maxContains=st.integers(0, 2),
        unevaluatedItems=st.booleans(),
    )
    joined = st.one_of(
        several.map(lambda members: {"allOf": members}),
        several.map(lambda members: {"anyOf": members}),
        several.map(lambda members: {"oneOf": members}),
        inner.map(lambda member: {"not": member}),
        st.fixed_dictionaries({"if": inner}, optional={"then": inner, "else": inner}),
    )
    return st.one_of(objects, arrays, joined)


SCHEMAS = st.recursive(LEAVES, compound, max_leaves=8)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[object, object]:
    """Two schemas that mostly have much in common."""
    old = draw(SCHEMAS)
    if not isinstance(old, dict) or not old or draw(st.integers(0, 3)) == 0:
        return old, draw(SCHEMAS)
    keyword = draw(st.sampled_from(sorted(old)))
    new = {name: value for name, value in old.items() if name != keyword}
    other = draw(SCHEMAS)
    if isinstance(other, dict) and draw(st.booleans()):
        new |= other
    return (old, new) if draw(st.booleans()) else (new, old)


def accepts(schema: object, value: object) -> bool:
    return jsonschema_rs.Draft202012Validator(schema).is_valid(value)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pairs(), st.lists(INSTANCES, min_size=10, max_size=30))
def test_answers_hold(pair, instances):
    old, new = pair
    proof = Prover().covers(Schema(new), Schema(old))
    if proof.answer is Answer.YES:
        for value in instances:
            assert not accepts(old, value) or accepts(new, value)
    elif proof.answer is Answer.NO:
        assert proof.witness is not None
        assert accepts(old, proof.witness.value)
        assert not accepts(new, proof.witness.value)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SCHEMAS, st.lists(INSTANCES, min_size=10, max_size=30))
def test_examples_are_valid_and_found(schema, instances):
    example = Prover().example(Schema(schema))
    if example is not None:
        assert accepts(schema, example.value)
    else:
        assert not any(accepts(schema, value) for value in instances)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SCHEMAS)
def test_every_schema_covers_itself_however_it_is_written(schema):
    wrapped = {"allOf": [{"$ref": "#/$defs/it"}], "$defs": {"it": schema}}
    assert Prover().equal(Schema(schema), Schema(wrapped)).answer is not Answer.NO
