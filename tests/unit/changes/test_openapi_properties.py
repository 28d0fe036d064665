"""What holds for every contract: another way to write it is no change, and what a validator refutes is never missed."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import jsonschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.changes.contract_fragments import compare, in_yaml, placed, side
from tests.unit.json_schema.json_schema_strategies import VALUES, flat_pairs, schema_pairs

from treaty.changes.change import Effect, Level
from treaty.changes.comparison import Settings, compare_documents
from treaty.model.roles import Standing

if TYPE_CHECKING:
    from collections.abc import Callable

Json = Any
PATIENT = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
# The examples of the other drafts are told apart by keywords that OpenAPI 3.1 does not have.
_PAIRS = schema_pairs().filter(lambda pair: pair[0] == "2020-12").map(lambda pair: tuple(map(_plain, pair[1:])))
_FLAT = flat_pairs().filter(lambda pair: pair[0] == "2020-12").map(lambda pair: tuple(map(_plain, pair[1:])))
_BOTH = Standing.REQUEST | Standing.ANSWER


def _plain(schema: Json) -> Json:
    return {keyword: value for keyword, value in schema.items() if keyword != "$schema"}


def _contract(schema: Json, standing: Standing = _BOTH, **components: Json) -> Json:
    return placed(schema, standing, components=components)


def _shuffled(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _shuffled(value[key]) for key in sorted(value, reverse=True)}
    return [_shuffled(item) for item in value] if isinstance(value, list) else value


@PATIENT
@given(_PAIRS)
def test_the_same_contract_is_silent_however_it_is_laid_out(pair: tuple[Json, Json]) -> None:
    whole = _contract(pair[0])
    for other in (side(whole), side(_shuffled(whole)), side(whole, as_json=True), side(_shuffled(whole), as_json=True)):
        assert compare_documents(side(whole), other, Settings()) == ()
        assert compare_documents(other, side(whole), Settings()) == ()


def _referred(schema: Json) -> tuple[Json, dict[str, Json]]:
    """Every schema inside moved to a component of its own."""
    components: dict[str, Json] = {}

    def moved(inner: Json) -> Json:
        name = f"Part{len(components)}"
        components[name] = None
        components[name] = rewritten(inner)
        return {"$ref": f"#/components/schemas/{name}"}

    def rewritten(inner: Json) -> Json:
        if not isinstance(inner, dict):
            return inner
        found = dict(inner)
        for keyword in ("items", "not", "contains", "if", "then", "additionalProperties"):
            if isinstance(found.get(keyword), dict):
                found[keyword] = moved(found[keyword])
        for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
            if keyword in found:
                found[keyword] = [moved(each) for each in found[keyword]]
        for keyword in ("properties", "patternProperties"):
            if keyword in found:
                found[keyword] = {name: moved(each) for name, each in found[keyword].items()}
        return found

    return moved(schema), components


def _wrapped(schema: Json) -> tuple[Json, dict[str, Json]]:
    """The whole as the only member of an allOf."""
    return {"allOf": [schema]}, {}


def _split(schema: Json) -> tuple[Json, dict[str, Json]]:
    """Each keyword as a member of an allOf, but for those that read their neighbours."""
    together = {"properties", "patternProperties", "additionalProperties", "items", "prefixItems", "if", "then"}
    kept = {keyword: value for keyword, value in schema.items() if keyword in together}
    rest = [{keyword: value} for keyword, value in schema.items() if keyword not in together]
    return {"allOf": [kept, *rest]}, {}


def _rewriting(schema: Json, rewrite: Callable[[Json], tuple[Json, dict[str, Json]]]) -> None:
    other, components = rewrite(schema)
    for standing in (Standing.REQUEST, Standing.FIELD):
        old, new = _contract(schema, standing), _contract(other, standing, **components)
        for before, after in ((old, new), (new, old)):
            told = [change for change in compare(before, after) if change.level is not Level.UNKNOWN]
            assert told == [], (in_yaml(before), in_yaml(after))


@PATIENT
@given(_PAIRS)
def test_a_schema_moved_to_components_is_silent(pair: tuple[Json, Json]) -> None:
    _rewriting(pair[0], _referred)


@PATIENT
@given(_PAIRS)
def test_a_schema_as_the_only_member_of_an_all_of_is_silent(pair: tuple[Json, Json]) -> None:
    _rewriting(pair[0], _wrapped)


@PATIENT
@given(_FLAT)
def test_a_schema_taken_apart_into_an_all_of_is_silent(pair: tuple[Json, Json]) -> None:
    _rewriting(pair[0], _split)


@PATIENT
@given(_FLAT)
def test_backwards_every_narrowing_is_a_widening(pair: tuple[Json, Json]) -> None:
    old, new = (_contract(schema, Standing.REQUEST) for schema in pair)
    strict = Settings(strict=True)  # else who sends what is declared and who may send anything change places, too
    forwards, backwards = compare(old, new, strict), compare(new, old, strict)
    mirrored = {Effect.NARROWS: Effect.WIDENS, Effect.WIDENS: Effect.NARROWS}
    for one, other in ((forwards, backwards), (backwards, forwards)):
        effects = {(change.element, change.effect) for change in other}
        replaced = {change.element for change in other if change.effect is Effect.REPLACES}
        for change in one:
            if change.effect in mirrored and change.level is not Level.BREAKING:
                continue  # what does not break in one direction may be refuted in the other
            if change.effect in mirrored:
                assert (change.element, mirrored[change.effect]) in effects or change.element in replaced, change


@PATIENT
@given(_PAIRS, st.lists(VALUES, min_size=5, max_size=30))
def test_what_a_validator_refutes_is_never_called_compatible(pair: tuple[Json, Json], values: list[Json]) -> None:
    old, new = pair
    validators = [jsonschema.Draft202012Validator(schema) for schema in (old, new)]
    broken = [value for value in values if validators[0].is_valid(value) and not validators[1].is_valid(value)]
    if not broken:
        return
    changes = compare(_contract(old, Standing.REQUEST), _contract(new, Standing.REQUEST), Settings(strict=True))
    assert {change.level for change in changes} & {Level.BREAKING, Level.UNKNOWN}, broken[0]
    changes = compare(_contract(new, Standing.ANSWER), _contract(old, Standing.ANSWER), Settings(strict=True))
    assert {change.level for change in changes} & {Level.BREAKING, Level.UNKNOWN}, broken[0]


@PATIENT
@given(_PAIRS)
def test_findings_are_known_again_in_another_layout_and_another_file(pair: tuple[Json, Json]) -> None:
    old, new = (_contract(schema) for schema in pair)
    prints = {change.fingerprint for change in compare(old, new)}
    again = compare_documents(side(_shuffled(old), as_json=True), side(_shuffled(new)), Settings())
    assert {change.fingerprint for change in again} == prints
    moved = copy.deepcopy(new)
    schemas = moved["components"].pop("schemas")
    moved["components"]["schemas"] = {name: {"$ref": f"parts.json#/{name}"} for name in schemas}
    elsewhere = side(moved, files={"parts.json": json.dumps(schemas)})
    assert {change.fingerprint for change in compare_documents(side(old), elsewhere, Settings())} == prints


@PATIENT
@given(st.integers(2, 6), st.data())
def test_schemas_that_lead_to_each_other_end(count: int, data: st.DataObject) -> None:
    def drawn(changed: int | None) -> Json:
        schemas: dict[str, Json] = {}
        for index in range(count):
            following = [f"#/components/schemas/S{(index + step) % count}" for step in (1, 2)]
            union = data.draw(st.sampled_from(["anyOf", "oneOf"]), label=f"union of {index}") if changed is None else ""
            kinds[index] = union or kinds[index]
            leaf = {"type": "string", "maxLength": 5 if index == changed else 10}
            schemas[f"S{index}"] = {
                kinds[index]: [
                    leaf,
                    {"type": "object", "properties": {"next": {"$ref": following[0]}}},
                    {"type": "array", "items": {"$ref": following[1]}},
                ]
            }
        return schemas

    kinds: dict[int, str] = {}
    before = drawn(None)
    after = drawn(data.draw(st.integers(0, count - 1), label="changed"))
    root = {"$ref": "#/components/schemas/S0"}
    old, new = _contract(root, Standing.REQUEST, **before), _contract(root, Standing.REQUEST, **after)
    assert compare(old, old) == ()
    assert {change.level for change in compare(old, new)} & {Level.BREAKING, Level.UNKNOWN}
