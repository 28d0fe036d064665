"""Random pairs of schemas and random values: what is called compatible is refuted by none of them."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.json_schema.json_schema_strategies import NAMES, SCALARS, VALUES, flat_pairs, schema_pairs

import treaty
from treaty.changes.change import Change, Level

VALIDATORS = {
    "4": jsonschema.Draft4Validator,
    "6": jsonschema.Draft6Validator,
    "7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}
PATIENT = settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
Pair = tuple[str, dict[str, Any], dict[str, Any]]


def accepts(draft: str, schema: dict[str, Any], value: Any) -> bool:
    return VALIDATORS[draft](schema).is_valid(value)


def breaking(changes: tuple[Change, ...]) -> list[Change]:
    return [change for change in changes if change.level is Level.BREAKING]


@PATIENT
@given(schema_pairs(), st.lists(VALUES, min_size=5, max_size=30))
def test_no_value_refutes_compatible(pair: Pair, values: list[Any]) -> None:
    draft, old, new = pair
    if treaty.check_compatibility(new, [old], type="JSON", mode="BACKWARD").compatible is not True:
        return
    for value in values:
        assert not accepts(draft, old, value) or accepts(draft, new, value), value


@PATIENT
@given(schema_pairs())
def test_every_incompatible_verdict_has_a_true_witness(pair: Pair) -> None:
    draft, old, new = pair
    found = treaty.check_compatibility(new, [old], type="JSON", mode="BACKWARD")
    if found.compatible is not False:
        return
    witnesses = [change.witness for change in breaking(found.findings) if change.witness is not None]
    assert witnesses
    for witness in witnesses:
        # What is between two doubles is told exactly, as a Decimal, and jsonschema cannot divide that by a float.
        if witness.at == "$" and "Decimal(" not in repr(witness.value):
            assert accepts(draft, old, witness.value), witness
            assert not accepts(draft, new, witness.value), witness


@PATIENT
@given(schema_pairs())
def test_forward_is_backward_from_the_other_end(pair: Pair) -> None:
    _, old, new = pair
    forward = treaty.check_compatibility(new, [old], type="JSON", mode="FORWARD").compatible
    backward = treaty.check_compatibility(old, [new], type="JSON", mode="BACKWARD").compatible
    assert forward == backward


@PATIENT
@given(schema_pairs(), st.randoms(use_true_random=False))
def test_a_schema_written_in_another_order_is_the_same(pair: Pair, random: Any) -> None:
    schema = pair[1]
    shuffled = json.loads(json.dumps(_shuffled(schema, random)))
    for policy in ("STRICT", "LENIENT"):
        assert treaty.check_compatibility(shuffled, [schema], type="JSON", mode="FULL", policy=policy).findings == ()


def _shuffled(value: Any, random: Any) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: _shuffled(value[key], random) for key in keys}
    return [_shuffled(item, random) for item in value] if isinstance(value, list) else copy.copy(value)


@PATIENT
@given(flat_pairs(), st.lists(st.dictionaries(st.sampled_from(NAMES), SCALARS, max_size=3), min_size=5, max_size=30))
def test_no_declared_value_refutes_lenient(pair: Pair, values: list[dict[str, Any]]) -> None:
    """Under the tolerant model only values whose members the writer declares count."""
    draft, old, new = pair
    found = treaty.check_compatibility(new, [old], type="JSON", mode="BACKWARD", policy="LENIENT")
    if found.compatible is not True or any(change.level is Level.RISKY for change in found.findings):
        return
    for value in values:
        if value.keys() <= old["properties"].keys():
            assert not accepts(draft, old, value) or accepts(draft, new, value), value
