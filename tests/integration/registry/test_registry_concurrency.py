"""Many writers on several nodes: one id per schema, versions without gaps or doubles, the same answers everywhere."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from tests.integration.registry.live_server import Api, OwnProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

WRITERS = 32
SUBJECTS = [f"s{number}" for number in range(6)]
SCHEMAS = [f'{{"type":"fixed","name":"F","size":{size}}}' for size in range(1, 25)]


class Seen:
    """What writers were told, by schema and by subject."""

    def __init__(self) -> None:
        self.ids: dict[str, set[object]] = defaultdict(set)
        self.versions: dict[str, dict[object, set[object]]] = defaultdict(lambda: defaultdict(set))
        self.failures: list[object] = []
        self._lock = threading.Lock()

    def registered(self, subject: str, schema: str, status: int, answer: object) -> None:
        with self._lock:
            if status == 200 and isinstance(answer, dict):
                self.ids[schema].add(answer["id"])
                self.versions[subject][answer["version"]].add(answer["id"])
            else:
                self.failures.append((status, answer))


def write_everything(urls: list[str], seen: Seen) -> None:
    """Every writer registers every schema under every subject in an order of its own, at a node of its own."""

    def writer(number: int) -> None:
        api = Api(urls[number % len(urls)])
        work = [(subject, schema) for subject in SUBJECTS for schema in SCHEMAS]
        random.Random(number).shuffle(work)
        for subject, schema in work[: len(work) // 2]:
            seen.registered(subject, schema, *api("POST", f"/subjects/{subject}/versions", {"schema": schema}))
        api.close()

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def everything(api: Api) -> list[tuple[int, object]]:
    paths = ["/subjects", "/schemas", *(f"/subjects/{subject}/versions" for subject in SUBJECTS)]
    return [api("GET", path) for path in paths]


@pytest.fixture
def nodes(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> Iterator[list[OwnProcess]]:
    """Two nodes over one store."""
    started = [OwnProcess(store_url, folder=tmp_path).start() for _ in range(2)]
    yield started
    for node in started:
        node.kill()
        node.stop()


def test_writers_of_two_nodes_agree(nodes: list[OwnProcess]) -> None:
    seen = Seen()
    assert nodes[0].api("PUT", "/config", {"compatibility": "NONE"})[0] == 200
    write_everything([node.url for node in nodes], seen)
    assert seen.failures == []
    assert {len(ids) for ids in seen.ids.values()} == {1}
    assert sorted(next(iter(ids)) for ids in seen.ids.values()) == list(range(1, len(SCHEMAS) + 1))
    for versions in seen.versions.values():
        assert sorted(versions) == list(range(1, len(SCHEMAS) + 1))
        assert {len(ids) for ids in versions.values()} == {1}
    time.sleep(1)
    assert everything(nodes[0].api) == everything(nodes[1].api)


def test_what_one_node_acknowledged_the_other_knows(nodes: list[OwnProcess]) -> None:
    """What is asked for by id or version is there at once, what changes is seen within a second."""
    here, there = nodes[0].api, nodes[1].api
    assert there("GET", "/subjects")[1] == []
    for number in range(1, 20):
        schema = f'{{"type":"fixed","name":"F{number}","size":1}}'
        assert here.register(f"s{number}", schema) == number
        assert there("GET", f"/schemas/ids/{number}")[0] == 200
        assert there("GET", f"/subjects/s{number}/versions/1")[0] == 200
        assert there("POST", f"/subjects/s{number}", {"schema": schema})[0] == 200
    changes = [
        ("PUT", "/config/s1", {"compatibility": "NONE"}, "/config/s1"),
        ("PUT", "/mode/s2", {"mode": "READONLY"}, "/mode/s2"),
        ("DELETE", "/subjects/s3", None, "/subjects"),
        ("POST", "/subjects/s1/versions", {"schema": '"int"'}, "/subjects/s1/versions/latest"),
        ("POST", "/subjects/:.c:s/versions", {"schema": '"int"'}, "/contexts"),
    ]
    for method, path, body, shown in changes:
        before = there("GET", shown)
        assert here(method, path, body)[0] == 200
        after, deadline = here("GET", shown), time.monotonic() + 1
        assert after != before
        while there("GET", shown) != after:
            assert time.monotonic() < deadline, shown
            time.sleep(0.02)


def test_compatibility_holds_under_a_race(nodes: list[OwnProcess]) -> None:
    """Of schemas that exclude each other only one becomes a version, whichever node it was sent to."""

    def field(name: str) -> str:
        return f'{{"type":"record","name":"R","fields":[{{"name":"{name}","type":"int"}}]}}'

    for round_number in range(10):
        answers: list[int] = []
        barrier = threading.Barrier(8)

        def race(number: int, subject: str, answers: list[int], barrier: threading.Barrier) -> None:
            api = Api(nodes[number % 2].url)
            barrier.wait()
            answers.append(api("POST", f"/subjects/{subject}/versions", {"schema": field(f"f{number}")})[0])
            api.close()

        threads = [
            threading.Thread(target=race, args=(number, f"r{round_number}", answers, barrier)) for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [200, *[409] * 7]


def test_workers_share_a_port_and_a_store(store_url: str, tmp_path: Path) -> None:
    server = OwnProcess(store_url, "--workers", "2", folder=tmp_path).start()
    try:
        seen = Seen()
        assert server.api("PUT", "/config", {"compatibility": "NONE"})[0] == 200
        time.sleep(0.5)
        write_everything([server.url], seen)
        assert seen.failures == []
        assert {len(ids) for ids in seen.ids.values()} == {1}
        text = server.api.send("GET", "/metrics").text
        assert "treaty_registry_requests_total" in text
    finally:
        assert server.stop() == 0
