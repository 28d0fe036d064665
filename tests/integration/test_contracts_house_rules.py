"""The provider API keeps the house rules: headers, idempotency, one error model, signatures, lists, deprecations."""

from __future__ import annotations

import datetime as dt
import email.utils
from typing import Any

import pytest
from tests.integration.contract_places import (
    CONTRACTS,
    MAJORS,
    Place,
    faults,
    load,
    media,
    operations,
    parameters,
    root,
)

COMMON_HEADERS = {"X-Trace-Id", "X-Brand-Id", "X-Region", "X-Provider-Id"}
LIFECYCLE = {"state", "deprecated_since", "removed_in", "sunset", "replaced_by", "reason", "migration", "owner"}
SCOPES = {"sessions:read", "sessions:write", "bets:write", "settlements:write", "events:publish"}


def each_operation() -> list[Any]:
    return [
        pytest.param(name, item, operation, id=name)
        for major in MAJORS
        for name, item, operation in operations(major)
        if operation.value["operationId"] != "health.get"
    ]


@pytest.mark.parametrize("major", MAJORS)
def test_every_schema_and_operation_has_one_name(major: str) -> None:
    listed = root(major).at("components").value["schemas"]
    targets = [entry["$ref"] for entry in listed.values()]
    assert len(set(targets)) == len(targets)
    own = CONTRACTS / "provider-api" / major / "schemas"
    assert {f"schemas/{f.name}#/{name}" for f in own.glob("*.yaml") for name in load(f)} <= set(targets)
    renamed = {n: e["$ref"] for n, e in listed.items() if "#" in e["$ref"] and not e["$ref"].endswith(f"/{n}")}
    assert renamed == {}
    ids = [o.value["operationId"] for section in ("paths", "webhooks") for _, _, o in operations(major, section)]
    assert len(set(ids)) == len(ids)
    tags = {tag["name"] for tag in root(major).value["tags"]}
    for section in ("paths", "webhooks"):
        for name, _, operation in operations(major, section):
            assert operation.value["tags"] == [operation.value["operationId"].partition(".")[0]], name
            assert set(operation.value["tags"]) <= tags
            assert operation.value["summary"], name
            assert operation.value["description"], name


@pytest.mark.parametrize(("name", "item", "operation"), each_operation())
def test_operations_follow_the_house_rules(name: str, item: Place, operation: Place) -> None:
    method = name.partition(" ")[0]
    declared = parameters(item, operation)
    assert {p for p, place in declared.items() if place.value.get("required")} >= COMMON_HEADERS

    schemes = root("v1").at("components", "securitySchemes").value
    known = set(
        Place(root("v1").file.parent / "security.yaml").at("oauth2", "flows", "clientCredentials").value["scopes"]
    )
    alternatives = operation.value["security"]
    assert {tuple(sorted(a.keys() & {"oauth2", "mutualTLS"})) for a in alternatives} == {("oauth2",), ("mutualTLS",)}
    for alternative in alternatives:
        assert alternative.keys() <= schemes.keys()
        scopes = alternative.get("oauth2") or alternative["mutualTLS"]
        assert scopes
        assert set(scopes) <= known

    write = method != "GET"
    assert all(("bodySignature" in alternative) is write for alternative in alternatives)
    assert ("X-Idempotency-Key" in declared) is write
    if write:
        assert declared["X-Idempotency-Key"].value["required"] is True

    responses = dict(operation.at("responses").members())
    assert {"400", "401", "403", "429", "500", "503"} <= responses.keys()
    assert not write or "409" in responses
    assert "{" not in name or "404" in responses
    for status, response in responses.items():
        assert response.at("headers", "X-Trace-Id").value["required"] is True
        if status >= "400":
            schema = response.at("content", "application/json", "schema")
            assert schema.file.name == "error.schema.json"
    for status in ("429", "503"):
        assert responses[status].at("headers", "Retry-After").value["required"] is True
    assert "201" not in responses or "200" in responses, "a repeated creation answers 200"

    if operation.value["operationId"].endswith(".list"):
        assert {"cursor", "limit", "order"} <= declared.keys()
        assert declared["limit"].at("schema").value["default"] == 200
        _, page = next(m for m in media(operation) if m[0] == "200")
        assert faults(page.at("schema"), {"items": [], "next_cursor": None, "has_more": False}) == []
        assert faults(page.at("schema"), {"items": []}) != []


@pytest.mark.parametrize("major", MAJORS)
@pytest.mark.parametrize("resource", ["bets", "settlements", "sessions", "payments"])
def test_lists_filter(major: str, resource: str) -> None:
    found = {o.value["operationId"]: parameters(i, o) for _, i, o in operations(major)}[f"{resource}.list"]
    assert {"occurred_at_from", "occurred_at_to", "tenant_id", "status"} <= found.keys()
    assert resource == "payments" or "game_id" in found


@pytest.mark.parametrize("major", MAJORS)
def test_security_schemes(major: str) -> None:
    schemes = {name: place.value for name, place in root(major).at("components", "securitySchemes").members()}
    assert set(schemes["oauth2"]["flows"]["clientCredentials"]["scopes"]) >= SCOPES
    assert schemes["mutualTLS"]["type"] == "mutualTLS"
    assert schemes["bodySignature"]["x-treaty-signing"]["algorithms"] == ["hmac-sha256", "ed25519"]
    for name in ("bodySignature", "deliverySignature"):
        signing = schemes[name]["x-treaty-signing"]
        assert (signing["header"], signing["timestamp"]) == (schemes[name]["name"], "X-Timestamp")
        assert set(signing["signature_format"]) == set(signing["algorithms"])


def test_the_second_major_differs_where_it_should() -> None:
    first, second = ({o.value["operationId"]: (n, o) for n, _, o in operations(major)} for major in MAJORS)
    assert second.keys() - first.keys() == {"wallet.commit"}
    assert not first.keys() - second.keys()
    for name, (path, _) in first.items():
        assert second[name][0] == path.replace("/v1/", "/v2/")
    settle = {major: ops["bets.settle"][1] for major, ops in zip(MAJORS, (first, second), strict=True)}
    body = {major: o.at("requestBody", "content", "application/json", "schema").value for major, o in settle.items()}
    assert set(body["v2"]["required"]) - set(body["v1"]["required"]) == {"bonus_state"}
    assert body["v1"]["properties"].keys() == body["v2"]["properties"].keys()
    for major in MAJORS:
        assert root(major).value["info"]["version"].startswith(f"{major.removeprefix('v')}.")


def test_what_is_deprecated_says_all_about_it() -> None:
    deprecated = [o for _, _, o in operations("v1") if o.value.get("deprecated")]
    assert "bets.settle" in {o.value["operationId"] for o in deprecated}
    for place in (root("v1").at("info"), *deprecated):
        block = place.value["x-lifecycle"]
        assert block.keys() == LIFECYCLE
        assert (block["state"], block["deprecated_since"], block["removed_in"]) == ("deprecated", "1.7.0", "2.0.0")
    successors = {name for name, _, _ in operations("v2")}
    for operation in deprecated:
        block = operation.value["x-lifecycle"]
        assert block["replaced_by"] in successors
        headers = {n: h.value.get("example") for n, h in operation.at("responses", "200", "headers").members()}
        since = dt.datetime.fromtimestamp(int(headers["Deprecation"].removeprefix("@")), dt.UTC)
        sunset = email.utils.parsedate_to_datetime(headers["Sunset"])
        assert sunset.date() == dt.date.fromisoformat(block["sunset"])
        assert sunset - since >= dt.timedelta(days=180)
        assert headers["Link"] == f'<{block["replaced_by"].partition(" ")[2]}>; rel="successor-version"'
