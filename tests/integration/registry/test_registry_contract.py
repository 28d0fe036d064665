"""contracts/registry-api: what the server promises about itself, held against the server by schemathesis."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from treaty_registry.server.routes.table import OPEN_ROUTES, ROUTES

if TYPE_CHECKING:
    from schemathesis import Case
    from tests.integration.registry.live_server import Api, InProcess

DOCUMENT = Path(__file__).parents[3] / "contracts" / "registry-api" / "v1" / "openapi.yaml"
TREE = yaml.safe_load(DOCUMENT.read_text("utf-8"))
ORDER = json.dumps({"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]})
CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.unsupported_method,
    openapi_checks.missing_required_header,
]

# Four content types of a body are four times the same requests; that all of them are read is tried elsewhere.
_BRIEF = copy.deepcopy(TREE)
for _body in _BRIEF["components"]["requestBodies"].values():
    _body["content"] = dict([next(iter(_body["content"].items()))])
api_description = schemathesis.openapi.from_dict(_BRIEF)


def test_the_document_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(TREE).iter_errors()] == []


def test_it_describes_every_route_and_no_other() -> None:
    described = {(path, method.upper()) for path, item in TREE["paths"].items() for method in item}
    served = {(path, method) for path, methods in {**ROUTES, **OPEN_ROUTES}.items() for method in methods}

    # A prefix stands for every other path, itself for the root.
    assert described == served | {("/contexts/{context}", "GET"), ("/contexts/{context}", "POST")}


@pytest.fixture
def furnished(api: Api) -> Api:
    """A registry in which there is something of every kind."""
    for subject in ("orders-value", "0", ":.prod:orders-value"):
        api.register(subject, ORDER)
    api.register(
        "refs-value", '["null","Order"]', references=[{"name": "Order", "subject": "orders-value", "version": 1}]
    )
    api.register("json-value", '{"type":"object"}', "JSON", metadata={"properties": {"owner": "@a"}})
    api.register("gone-value", ORDER)
    assert api("DELETE", "/subjects/gone-value")[0] == 200
    assert api("PUT", "/config/orders-value", {"compatibility": "FULL"})[0] == 200
    return api


@api_description.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_was_promised(case: Case, furnished: Api, shared_server: InProcess) -> None:
    case.call_and_validate(base_url=shared_server.url, checks=CHECKS)
