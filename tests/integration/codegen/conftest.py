"""The generated packages of the contracts in this repository, made once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.codegen.generated_code import imported

from treaty_codegen.generating import generate
from treaty_codegen.jobs import Job, job_for_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from treaty_codegen.outcome import Emitted

CONTRACTS = Path(__file__).parents[3] / "contracts"


@pytest.fixture(scope="session")
def provider_emitted() -> Emitted:
    """The SDK of the provider API v1."""
    path = CONTRACTS / "provider-api/v1/openapi.yaml"
    return generate(job_for_file(path, "python-sdk", Path("out"), "provider_api_v1"), {})


@pytest.fixture(scope="session")
def provider(provider_emitted: Emitted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with imported(provider_emitted, tmp_path_factory.mktemp("provider")) as package:
        yield package


@pytest.fixture(scope="session")
def events_emitted() -> Emitted:
    """The events of provider-events v1."""
    path = CONTRACTS / "provider-events/v1/asyncapi.yaml"
    return generate(job_for_file(path, "events", Path("out"), "provider_events_v1"), {})


@pytest.fixture(scope="session")
def events(events_emitted: Emitted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    with imported(events_emitted, tmp_path_factory.mktemp("events")) as package:
        yield package


@pytest.fixture(scope="session")
def everything(provider_emitted: Emitted, events_emitted: Emitted) -> dict[str, Emitted]:
    """All that is generated from the contracts of this repository."""
    second = CONTRACTS / "provider-api/v2/openapi.yaml"
    webhooks = tuple(sorted((CONTRACTS / "webhooks/v1").glob("*.schema.json")))
    return {
        "provider-api-v1": provider_emitted,
        "provider-api-v2": generate(job_for_file(second, "python-sdk", Path("out"), "provider_api_v2"), {}),
        "provider-events-v1": events_emitted,
        "webhooks-v1": generate(
            Job("webhooks v1", "models", webhooks, "contracts/webhooks/v1/", Path("out"), "webhooks_v1", "webhooks-v1"),
            {},
        ),
    }
