"""What was acknowledged is there after kill -9; a store that fails is said to fail, and used again once it works."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import httpx2
import pytest
from tests.integration.registry.live_server import Api, InProcess, OwnProcess
from tests.integration.registry.postgres_cluster import PostgresCluster, newest_binaries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def schema(number: object) -> str:
    return f'{{"type":"fixed","name":"F{number}","size":1}}'


class Writers:
    """Writers that note what was acknowledged until their server is gone."""

    def __init__(self, url: str, count: int = 8) -> None:
        self.acknowledged: dict[str, tuple[object, object]] = {}
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(url, number)) for number in range(count)]
        for thread in self._threads:
            thread.start()

    def _write(self, url: str, writer: int) -> None:
        api = Api(url)
        number = 0
        while not self._stopped.is_set():
            number += 1
            name = f"w{writer}_{number}"
            try:
                status, answer = api("POST", f"/subjects/{name}/versions", {"schema": schema(name)})
            except httpx2.TransportError:
                break
            if status == 200 and isinstance(answer, dict):
                self.acknowledged[name] = (answer["id"], answer["version"])
        api.close()

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()


def check_all_there(api: Api, acknowledged: dict[str, tuple[object, object]]) -> None:
    assert len(acknowledged) > 50
    stored = {entry["subject"]: (entry["id"], entry["version"]) for entry in api("GET", "/schemas")[1]}
    missing = {name: known for name, known in acknowledged.items() if stored.get(name) != known}
    assert missing == {}
    assert len({number for number, _ in stored.values()}) == len(stored)


@pytest.mark.slow
def test_a_killed_server_keeps_what_it_acknowledged(store_url: str, tmp_path: Path) -> None:
    acknowledged: dict[str, tuple[object, object]] = {}
    for _ in range(2):
        server = OwnProcess(store_url, folder=tmp_path).start()
        writers = Writers(server.url)
        time.sleep(1)
        server.kill()
        writers.stop()
        server.stop()
        # Names repeat from round to round: the second one finds them again.
        acknowledged |= writers.acknowledged
    server = OwnProcess(store_url, folder=tmp_path).start()
    check_all_there(server.api, acknowledged)
    assert server.stop() == 0


@pytest.mark.slow
@pytest.mark.postgres
def test_a_killed_database_keeps_what_was_acknowledged(
    serve: Callable[..., InProcess], own_cluster: PostgresCluster
) -> None:
    server = serve(own_cluster.create_database("durable"))
    writers = Writers(server.url)
    time.sleep(1)
    own_cluster.kill()
    time.sleep(0.5)
    own_cluster.start()
    wait_for(lambda: server.api("POST", "/subjects/after/versions", {"schema": schema("after")})[0] == 200)
    time.sleep(0.5)
    writers.stop()
    check_all_there(server.api, writers.acknowledged)
    check_all_there(serve(own_cluster.url("durable")).api, writers.acknowledged)


@pytest.fixture
def own_cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL server for this test alone."""
    binaries = newest_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    cluster = PostgresCluster(binaries)
    cluster.start()
    yield cluster
    cluster.close()


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.postgres
def test_without_its_database_a_server_reads_and_says_why_it_cannot_write(
    serve: Callable[..., InProcess], own_cluster: PostgresCluster
) -> None:
    api = serve(own_cluster.create_database("outage")).api
    api.register("a", schema(1))
    own_cluster.stop()
    for path in ("/schemas/ids/1", "/subjects", "/subjects/a/versions/latest", "/config"):
        assert api("GET", path)[0] == 200
    # Whether another node has it cannot be known now, so it is not called missing.
    for method, path, body in [
        ("POST", "/subjects/b/versions", {"schema": schema(2)}),
        ("PUT", "/config", {"compatibility": "NONE"}),
        ("GET", "/schemas/ids/99", None),
        ("DELETE", "/subjects/a", None),
    ]:
        status, answer = api(method, path, body)
        assert (status, answer["error_code"]) == (500, 50003), answer
    assert api("POST", "/subjects/a/versions", {"schema": schema(1)})[0] == 200
    assert api("GET", "/-/ready")[1]["store"]["status"] == "failing"
    assert "treaty_registry_store_up 0.0" in api.send("GET", "/metrics").text
    own_cluster.start()
    wait_for(lambda: api("GET", "/-/ready")[1]["store"]["status"] == "ok")
    assert api.register("b", schema(2)) == 2
    assert api("GET", "/schemas/ids/99")[1]["error_code"] == 40403


def fill_up(api: Api) -> tuple[int, dict[str, object]]:
    """Register until the store is full; how many were acknowledged, and the answer that ended it."""
    for number in range(1, 2000):
        name = f"big{number}"
        text = f'{{"type":"fixed","name":"{name}","size":1,"doc":"{"x" * 50_000}"}}'
        status, answer = api("POST", f"/subjects/{name}/versions", {"schema": text})
        if status != 200:
            return number - 1, answer
    raise AssertionError("the store never filled up")


def check_recovery(api: Api, count: int) -> None:
    assert api.register("small", '"int"') > count
    listed = api("GET", "/subjects")[1]
    assert len(listed) == count + 1
    for number in (1, count):
        assert api("GET", f"/subjects/big{number}/versions/1")[0] == 200


def test_a_file_that_cannot_grow_is_a_store_error(tmp_path: Path) -> None:
    server = OwnProcess(f"sqlite:///{tmp_path}/small.db", folder=tmp_path).start()
    try:
        _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
        count, answer = fill_up(server.api)
        assert answer["error_code"] == 50001, answer
        assert server.api("GET", "/subjects/big1/versions/1")[0] == 200
        assert server.api("POST", "/subjects/x/versions", {"schema": schema("x")})[0] in (200, 500)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard, hard))
        server.api("DELETE", "/subjects/x")
        server.api("DELETE", "/subjects/x?permanent=true")
        check_recovery(server.api, count)
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_full_disk_is_a_store_error(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here")
    server = OwnProcess(f"sqlite:///{disk}/registry.db", folder=tmp_path).start()
    try:
        count, answer = fill_up(server.api)
        assert answer["error_code"] == 50001, answer
        assert server.api("GET", "/subjects/big1/versions/1")[0] == 200
        assert subprocess.run(["mount", "-o", "remount,size=20m", disk], check=False).returncode == 0
        check_recovery(server.api, count)
    finally:
        server.kill()
        server.stop()
        subprocess.run(["umount", "-l", disk], check=False)


def test_a_store_that_cannot_be_opened_ends_the_start_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    for store, words in [
        (f"sqlite:///{tmp_path}/none/registry.db", "unable to open"),
        (f"sqlite:///{tmp_path}/broken.db", "not a database"),
        ("postgresql://nobody:sesame@127.0.0.1:1/x", "refused"),
        ("oracle://x", "no store"),
    ]:
        server = OwnProcess(store, folder=tmp_path)
        with pytest.raises(RuntimeError, match=words) as failed:
            server.start()
        assert "sesame" not in str(failed.value)
        assert "Traceback" not in str(failed.value)
        assert server.stop() in (2, 3)


def test_an_address_in_use_ends_the_start_with_its_reason(api: Api, tmp_path: Path) -> None:
    port = api.url.rpartition(":")[2]
    command = [sys.executable, "-m", "treaty_registry", "serve", "--ephemeral", "--port", port]

    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == 2
    assert ran.stderr.splitlines()[0] == f"treaty: cannot listen on http://127.0.0.1:{port}: Address already in use"
    assert "--port" in ran.stderr


def test_a_server_that_is_told_to_stop_finishes_what_it_began(tmp_path: Path) -> None:
    server = OwnProcess(f"sqlite:///{tmp_path}/registry.db", folder=tmp_path).start()
    writers = Writers(server.url, 4)
    time.sleep(0.5)
    assert server.stop() == 0
    writers.stop()
    again = OwnProcess(f"sqlite:///{tmp_path}/registry.db", folder=tmp_path).start()
    check_all_there(again.api, writers.acknowledged)
    assert again.stop() == 0
