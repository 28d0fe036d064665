"""Every reference contract is valid in its format, and so is every example in it.

Judged by openapi-spec-validator, jsonschema, AsyncAPI's own JSON Schema, fastavro and protoc.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.integration.contract_places import (
    CONTRACTS,
    MAJORS,
    ROOT,
    Place,
    Tree,
    asyncapi,
    bundled,
    contract_files,
    faults,
    load,
    media,
    operations,
    parameters,
    root,
    shown,
)

from treaty.govern.policy import load_policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ERROR_CODES = {"RG_BLOCK", "LIMIT_EXCEEDED", "DUPLICATE", "IDEMPOTENCY_MISMATCH", "INVALID_STATE", "AUTH_FAILED"}


# --- every file


@pytest.mark.parametrize("path", contract_files(".yaml", ".json", ".avsc"), ids=shown)
def test_every_reference_is_relative_and_leads_somewhere(path: Path) -> None:
    def references(value: Tree) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for member in value.values():
                yield from references(member)
        elif isinstance(value, list):
            for item in value:
                yield from references(item)

    for reference in references(load(path)):
        assert ":" not in reference.partition("#")[0]
        assert Place(path).follow(reference).target.value is not None, reference


@pytest.mark.parametrize("path", contract_files(".yaml"), ids=shown)
def test_yaml_holds_only_what_json_can_say(path: Path) -> None:
    # A bare date or `no` reads differently in YAML 1.1 and 1.2.
    assert json.loads(json.dumps(load(path))) == load(path)


@pytest.mark.parametrize("major", MAJORS)
def test_openapi_is_valid(major: str) -> None:
    bundle = bundled(root(major))
    assert [error.message for error in OpenAPIV31SpecValidator(bundle).iter_errors()] == []
    bundle["paths"]["/health"]["get"]["responses"]["200"]["content"]["application/json"]["examples"] = []
    assert list(OpenAPIV31SpecValidator(bundle).iter_errors()), "the validator must see what stood in other files"


@pytest.mark.parametrize("major", MAJORS)
def test_every_body_has_examples_that_validate(major: str) -> None:
    for section in ("paths", "webhooks"):
        for name, _, operation in operations(major, section):
            for where, content in media(operation):
                schema = content.at("schema")
                named = (
                    [e.value["value"] for _, e in content.at("examples").members()] if content.has("examples") else []
                )
                values = named or schema.value["examples"]
                assert values, f"{name} {where}"
                for value in values:
                    assert faults(schema, value) == [], f"{name} {where}"


@pytest.mark.parametrize("major", MAJORS)
def test_examples_of_parameters_and_headers_validate(major: str) -> None:
    folder = CONTRACTS / "provider-api" / major
    for file in ("parameters.yaml", "headers.yaml"):
        for name, place in Place(folder / file).members():
            assert faults(place.at("schema"), place.value["example"]) == [], name
    for _, item, operation in operations(major):
        for name, place in parameters(item, operation).items():
            assert faults(place.at("schema"), place.value["example"]) == [], name


@pytest.mark.parametrize("major", MAJORS)
def test_no_request_is_accepted_empty(major: str) -> None:
    for name, _, operation in operations(major):
        for where, content in media(operation):
            if where == "request":
                assert faults(content.at("schema"), {}), name


# --- JSON Schema: the shared vocabulary and the webhooks


@pytest.mark.parametrize("path", contract_files(".json"), ids=shown)
def test_json_schemas_are_valid_and_so_are_their_examples(path: Path) -> None:
    Draft202012Validator.check_schema(load(path))
    schemas = (
        [Place(path), *(place for _, place in Place(path).at("$defs").members())]
        if "$defs" in load(path)
        else [Place(path)]
    )
    for schema in schemas:
        raw = schema.value
        assert "examples" in raw or raw.get("title") in ("Identifiers", "Standards", "Identifier"), schema.uri
        for example in raw.get("examples", ()):
            assert faults(schema, example) == [], schema.uri


MONEY = CONTRACTS / "common" / "money.schema.json"
IDENTIFIERS = CONTRACTS / "common" / "identifiers.schema.json"
STANDARDS = CONTRACTS / "common" / "standards.schema.json"


@pytest.mark.parametrize(
    ("schema", "value", "accepted"),
    [
        (Place(MONEY), {"amount": "0.0001", "currency": "KWD"}, True),
        (Place(MONEY), {"amount": "999999999999999.9999", "currency": "EUR", "more": 1}, True),
        (Place(MONEY), {"amount": 14.6, "currency": "EUR"}, False),
        (Place(MONEY), {"amount": "-1", "currency": "EUR"}, False),
        (Place(MONEY), {"amount": "01", "currency": "EUR"}, False),
        (Place(MONEY), {"amount": "1.00000", "currency": "EUR"}, False),
        (Place(MONEY), {"amount": "1", "currency": "eur"}, False),
        (Place(MONEY), {"amount": "1"}, False),
        (Place(IDENTIFIERS, ("$defs", "PlayerId")), "", False),
        (Place(IDENTIFIERS, ("$defs", "PlayerId")), "x" * 65, False),
        (Place(IDENTIFIERS, ("$defs", "EventId")), "not-a-uuid", False),
        (Place(STANDARDS, ("$defs", "Timestamp")), "yesterday", False),
        (Place(STANDARDS, ("$defs", "Locale")), "zh-Hant-TW", True),
        (Place(STANDARDS, ("$defs", "Locale")), "en_GB", False),
    ],
)
def test_the_vocabulary_is_exact(schema: Place, value: Tree, accepted: bool) -> None:
    assert (faults(schema, value) == []) is accepted


def test_error_codes_are_open_and_complete() -> None:
    error = Place(CONTRACTS / "common" / "error.schema.json")
    assert set(error.at("$defs", "ErrorCode").value["x-extensible-enum"]) >= ERROR_CODES
    unheard_of = {"code": "NEW_ONE", "message": "m", "retryable": False, "trace_id": "0123456789abcdef"}
    assert faults(error, unheard_of) == []
    assert error.value["required"] == ["code", "message", "retryable", "trace_id"]


@pytest.mark.node
def test_asyncapi_matches_its_official_schema(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    packed = subprocess.run(
        [npm, "pack", "--silent", "@asyncapi/specs@6.11.1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if packed.returncode:
        pytest.skip(f"the npm registry does not answer: {packed.stderr.strip()[-200:]}")
    with tarfile.open(tmp_path / packed.stdout.split()[-1]) as archive:
        file = archive.extractfile("package/schemas/3.0.0.json")
        assert file is not None
        schema = json.load(file)

    document = bundled(asyncapi())
    assert [f"{e.json_path}: {e.message[:200]}" for e in Draft7Validator(schema).iter_errors(document)] == []
    del document["channels"]["bet.settled"]["messages"]["BetSettled"]["payload"]["schemaFormat"]
    document["operations"]["send_bet_settled"]["action"] = "publish"
    assert list(Draft7Validator(schema).iter_errors(document)), "the schema must bite"


# --- the catalogue


def test_the_policy_covers_every_contract() -> None:
    policy = load_policy(ROOT / "treaty.yaml")
    covered = {file for contract in policy.contracts.values() for glob in contract.paths for file in ROOT.glob(glob)}
    documents = {
        *CONTRACTS.glob("*/v*/openapi.yaml"),
        *CONTRACTS.glob("*/v*/asyncapi.yaml"),
        *CONTRACTS.rglob("*.avsc"),
        *CONTRACTS.glob("*/v*/*.schema.json"),
        *CONTRACTS.rglob("*.proto"),
    }
    assert documents <= covered
    assert all(any(ROOT.glob(glob)) for contract in policy.contracts.values() for glob in contract.paths)
    pointers = [pattern.removeprefix("#/").split("/") for pattern in policy.frozen if pattern.startswith("#/")]
    assert pointers
    for major in MAJORS:
        assert all(root(major).at(*pointer).value for pointer in pointers)
