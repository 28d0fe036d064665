"""Every rule on every case: forwards, backwards, and each side against itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.unit.changes.contract_fragments import compare, document, placed, side, told
from tests.unit.changes.rule_cases import FAMILIES, STANDINGS, ContractCase, SchemaCase, all_cases

from treaty.changes.catalogue import family_of, rules
from treaty.changes.change import Change, Effect, Level, Witness
from treaty.changes.comparison import Settings, compare_documents
from treaty.model.roles import Role, Standing

if TYPE_CHECKING:
    from tests.unit.changes.contract_fragments import Json

CASES = all_cases()
SCHEMAS = [case for case in CASES if isinstance(case, SchemaCase)]
CONTRACTS = [case for case in CASES if isinstance(case, ContractCase)]
_SITES = {
    Standing.REQUEST: "POST /bets request application/json $",
    Standing.ANSWER: "POST /bets response 200 application/json $",
    Standing.FIELD: "POST /bets response 200 application/json $.it",
    Standing.DELIVERY: "webhook POST settled request application/json $",
}
_HIDING = ("readOnly", "writeOnly")
_FORMATS = FormatChecker()
_RANGES = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "float": (2**104 - 2**128, 2**128 - 2**104),
    "double": (2**970 - 2**1024, 2**1024 - 2**970),
}
for _name, (_least, _most) in _RANGES.items():
    _FORMATS.checks(_name)(
        lambda value, least=_least, most=_most: not isinstance(value, int | float) or least <= value <= most
    )
_FORMATS.checks("uri")(lambda value: not isinstance(value, str) or urlsplit(value).scheme != "")


CORE = set(FAMILIES)
# Validators read neither discriminators, nor the content of strings, nor what is listed under `x-extensible-enum`.
UNSEEN = {
    "content-changed",
    "content-declared",
    "content-undeclared",
    "discriminator-property-changed",
    "discriminator-value-remapped",
    "discriminator-value-removed",
    "extensible-enum-value-removed",
}


@pytest.mark.parametrize("rule", [rule for rule in rules() if family_of(rule) in CORE])
def test_every_rule_has_a_case_in_which_it_fires(rule: str) -> None:
    assert any(_fires(rule, case) for case in CASES)


def _fires(rule: str, case: SchemaCase | ContractCase) -> bool:
    if isinstance(case, SchemaCase):
        return any(told == rule for standing in STANDINGS for told, _ in case.expected(standing))
    return any(f" {rule}: " in line for line in case.forwards)


@pytest.mark.parametrize("case", SCHEMAS, ids=str)
@pytest.mark.parametrize("standing", STANDINGS, ids=lambda standing: standing.name)
def test_schemas_forwards(case: SchemaCase, standing: Standing) -> None:
    changes = _placed(case, standing)
    assert {(change.rule, change.level.value) for change in changes} == case.expected(standing)
    for change in changes:
        if change.rule == case.rule:
            assert change.element == _SITES[standing] + case.element
            assert change.effect is (Effect(case.effect) if case.effect else rules()[case.rule].effect)
            assert change.role is standing.role


@pytest.mark.parametrize("case", SCHEMAS, ids=str)
@pytest.mark.parametrize("standing", STANDINGS, ids=lambda standing: standing.name)
def test_schemas_backwards(case: SchemaCase, standing: Standing) -> None:
    changes = _placed(case, standing, backwards=True)
    assert {(change.rule, change.level.value) for change in changes} == case.expected_backwards(standing)


@pytest.mark.parametrize("case", SCHEMAS, ids=str)
def test_schemas_under_the_strict_content_model(case: SchemaCase) -> None:
    for standing, level in zip((Standing.REQUEST, Standing.FIELD), case.expected_strict(), strict=True):
        changes = _placed(case, standing, strict=True)
        levels = {change.level.value for change in changes if change.rule == case.rule}
        assert levels == ({level} if level != "none" else set())
        assert case.rule != "alike" or {change.rule for change in changes} == set(case.also)


@pytest.mark.parametrize("case", SCHEMAS, ids=str)
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
def test_a_breaking_change_of_a_schema_has_a_witness(case: SchemaCase, backwards: bool) -> None:
    for standing in STANDINGS:
        old, new = (_place(case, schema, standing) for schema in _sides(case, backwards=backwards))
        for change in _placed(case, standing, backwards=backwards):
            if change.level is not Level.BREAKING:
                continue
            if not case.witness:
                assert change.witness is None
                continue
            assert change.witness is not None
            _confirm(change, change.witness, old, new, standing)


def test_only_what_no_validator_sees_breaks_without_a_witness() -> None:
    breaking = [
        change
        for case in SCHEMAS
        for standing in STANDINGS
        for backwards in (False, True)
        for change in _placed(case, standing, backwards=backwards)
        if change.level is Level.BREAKING
    ]
    shown = {change.rule for change in breaking if change.witness is not None}
    assert {change.rule for change in breaking} - shown == UNSEEN


@pytest.mark.parametrize("case", CONTRACTS, ids=str)
def test_contracts_forwards(case: ContractCase) -> None:
    assert told(_contracts(case)) == list(case.forwards)


@pytest.mark.parametrize("case", CONTRACTS, ids=str)
def test_contracts_backwards(case: ContractCase) -> None:
    assert told(_contracts(case, backwards=True)) == list(case.backwards)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_document_against_itself_is_silent(case: SchemaCase | ContractCase) -> None:
    for written in (case.old, case.new):
        whole = _whole(case, written)
        for other in (side(whole), side(_shuffled(whole)), side(_shuffled(whole), as_json=True)):
            assert compare_documents(side(whole), other, Settings()) == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_findings_have_places_and_do_not_hang_on_layout(case: SchemaCase | ContractCase) -> None:
    settings = case.settings if isinstance(case, ContractCase) else Settings()
    old, new = _whole(case, case.old), _whole(case, case.new)
    changes = compare(old, new, settings)
    for change in changes:
        for place in (change.base, change.revision):
            assert place is not None, change.rule
            assert (place.file, place.line is not None, place.column is not None) == ("openapi.yaml", True, True)
    again = compare_documents(side(_shuffled(old), as_json=True), side(_shuffled(new)), settings)
    assert {change.fingerprint for change in again} == {change.fingerprint for change in changes}


def _sides(case: SchemaCase, *, backwards: bool) -> tuple[Json, Json]:
    return (case.new, case.old) if backwards else (case.old, case.new)


def _place(case: SchemaCase, schema: Json, standing: Standing) -> Json:
    return placed(schema, standing, version=case.version, components=case.components)


@cache
def _compared(index: int, standing: Standing, backwards: bool, strict: bool) -> tuple[Change, ...]:
    case = SCHEMAS[index]
    old, new = (_place(case, schema, standing) for schema in _sides(case, backwards=backwards))
    return compare(old, new, Settings(strict=strict or None))


def _placed(
    case: SchemaCase, standing: Standing, *, backwards: bool = False, strict: bool = False
) -> tuple[Change, ...]:
    return _compared(next(i for i, other in enumerate(SCHEMAS) if other is case), standing, backwards, strict)


def _contracts(case: ContractCase, *, backwards: bool = False) -> tuple[Change, ...]:
    old, new = (document(fragment, version=case.version) for fragment in (case.old, case.new))
    return compare(*((new, old) if backwards else (old, new)), case.settings)


def _whole(case: SchemaCase | ContractCase, written: Json) -> Json:
    if isinstance(case, SchemaCase):
        return _place(case, written, Standing.REQUEST | Standing.ANSWER)
    return document(written, version=case.version)


def _shuffled(value: Json) -> Json:
    """The same JSON with the members of every object in another order."""
    if isinstance(value, dict):
        return {key: _shuffled(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [_shuffled(item) for item in value]
    return value


def _confirm(change: Change, witness: Witness, old: Json, new: Json, standing: Standing) -> None:
    """The witness is accepted by the side that sends and refused by the side that reads, says an own validator."""
    reads = standing.role is Role.READS
    assert (witness.accepted_by, witness.refused_by) == (("base", "revision") if reads else ("revision", "base"))
    assert witness.confirmed_by.startswith("jsonschema ")
    assert witness.reason
    if old["openapi"].startswith("3.0") or any(mark in str((old, new)) for mark in _HIDING):
        return  # what a plain validator of JSON Schema 2020-12 does not know
    sends, receives = (old, new) if reads else (new, old)
    value = witness.value if witness.at == "$" else None
    assert witness.at == "$", f"{change.rule}: no whole message"
    assert _validator(sends, standing).is_valid(value)
    assert not _validator(receives, standing).is_valid(value)


def _validator(whole: Json, standing: Standing) -> Draft202012Validator:
    if standing is Standing.DELIVERY:
        holder = whole["webhooks"]["settled"]["post"]["requestBody"]
    else:
        operation = whole["paths"]["/bets"]["post"]
        holder = operation["requestBody"] if standing is Standing.REQUEST else operation["responses"]["200"]
    schema = {"$ref": "#/held", "held": holder["content"]["application/json"]["schema"], **whole}
    return Draft202012Validator(schema, format_checker=_FORMATS)
