"""docs/registry.md beyond its session: its configuration files are read, its programs run against a server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from treaty_registry.server.configuration import load_configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.registry.live_server import Api, InProcess

TEXT = (Path(__file__).parents[3] / "docs" / "registry.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", blocks("yaml"))
def test_a_configuration_that_is_shown_is_read(text: str, tmp_path: Path) -> None:
    file = tmp_path / "registry.yaml"
    file.write_text(text)

    configuration = load_configuration(file)

    assert (configuration.access is not None) == ("access:" in text)
    assert (configuration.listen.tls is not None) == ("tls:" in text)


@pytest.mark.parametrize("text", blocks("python"))
def test_a_program_that_is_shown_runs(text: str, api: Api, tmp_path: Path) -> None:
    text = re.sub(r"http://[a-z0-9.-]+:8081", api.url, text).replace("/var/cache/schemas", str(tmp_path))
    text = re.sub(r'\["(http[^"]+)", "http[^"]+"\]', r'["\1"]', text)

    exec(compile(text, "docs/registry.md", "exec"), {})

    status, subjects = api("GET", "/subjects")
    assert status == 200
    assert subjects


def test_nodes_that_are_started_as_shown_agree(serve: Callable[..., InProcess], store_url: str) -> None:
    assert len(re.findall(r"^treaty registry serve --store postgresql://", TEXT, re.MULTILINE)) >= 2
    first, second = serve(store_url), serve(store_url)

    first.api.register("orders-value", '"string"')

    assert second.api("GET", "/subjects/orders-value/versions/1")[0] == 200
