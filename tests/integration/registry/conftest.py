"""Fixtures of the registry's integration tests: servers over every store."""

from __future__ import annotations

import itertools
import os
import uuid
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.integration.registry.live_server import Api, InProcess
from tests.integration.registry.postgres_cluster import PostgresCluster, newest_binaries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NO_POSTGRES = "no PostgreSQL: install it (apt-get install postgresql) or set TREATY_TEST_POSTGRES to a server's URL"


@pytest.fixture(scope="session")
def shared_server() -> Iterator[InProcess]:
    """One server in memory for every test that only needs a clean registry."""
    server = InProcess().start()
    yield server
    server.stop()


@pytest.fixture
def api(shared_server: InProcess) -> Api:
    """An empty registry in memory."""
    assert shared_server.api("POST", "/-/reset")[0] == 204
    return shared_server.api


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """A PostgreSQL server that tests may stop and kill."""
    binaries = newest_binaries()
    if binaries is None:
        pytest.skip(NO_POSTGRES)
    cluster = PostgresCluster(binaries)
    cluster.start()
    yield cluster
    cluster.close()


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database."""
    name = f"treaty_{uuid.uuid4().hex[:12]}"
    given = os.environ.get("TREATY_TEST_POSTGRES")
    if given is None:
        cluster: PostgresCluster = request.getfixturevalue("postgres")
        yield cluster.create_database(name)
        return
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    yield given.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty durable store, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/registry.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., InProcess]]:
    """Starts servers, and stops them when the test is over."""
    running: list[InProcess] = []
    numbers = itertools.count(1)

    def start(store: str | None = None, **settings: object) -> InProcess:
        url = store or f"sqlite:///{tmp_path}/served-{next(numbers)}.db"
        server = InProcess(url, **settings).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()
