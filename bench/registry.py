"""The registry under load, beside a bare server: ``python -m bench.registry`` (needs wrk; PostgreSQL where installed).

Everything is on loopback with one worker, and load and server share the machine. The floor is an ASGI application on
the same uvicorn that answers every request with the same 300 bytes and does nothing else. Reads go round 10,000 ids;
every registered schema is new, becomes a version of one of 500 subjects, is compared with the version before it, and is
on disk before it is acknowledged; the versions are counted afterwards, and one too few ends the run.
"""

from __future__ import annotations

import json
import os
import tempfile
import urllib.request
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench.registry_load import Load, Server, require_wrk
from tests.integration.registry.postgres_cluster import PostgresCluster, free_port, newest_binaries

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from treaty_registry.facts import Fact

SCHEMAS = 10_000
SUBJECTS = 500
CONNECTIONS = 64
SECONDS = int(os.environ.get("TREATY_BENCH_SECONDS", "8"))
_WORD = b"x" * 290

_POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/vnd.schemaregistry.v1+json"
"""
_READ = f"""
local requests, at = {{}}, 0
function init()
  for id = 1, {SCHEMAS} do requests[id] = wrk.format("GET", "/schemas/ids/" .. id) end
end
function request() at = at % {SCHEMAS} + 1; return requests[at] end
"""
_SCHEMA = (
    '{\\"type\\":\\"record\\",\\"name\\":\\"Order\\",\\"namespace\\":\\"shop\\",\\"fields\\":['
    '{\\"name\\":\\"order_id\\",\\"type\\":\\"string\\"},{\\"name\\":\\"customer\\",\\"type\\":\\"string\\"},'
    '{\\"name\\":\\"amount\\",\\"type\\":\\"long\\"},{\\"name\\":\\"currency\\",\\"type\\":\\"string\\"},'
    '{\\"name\\":\\"lines\\",\\"type\\":{\\"type\\":\\"array\\",\\"items\\":\\"string\\"}},'
    '{\\"name\\":\\"%s_%d\\",\\"type\\":[\\"null\\",\\"int\\"],\\"default\\":null}]}'
)


def _register(prefix: str, different: str, subjects: int) -> str:
    """A script that registers schemas; ``different`` is the Lua expression of what tells them apart."""
    return f"""{_POST}
local at = -1
local body = [[{{"schema":"{_SCHEMA}"}}]]
function request()
  at = at + 1
  return wrk.format(nil, "/subjects/{prefix}-" .. at % {subjects} .. "/versions", nil,
    string.format(body, "{prefix}", {different}))
end
"""


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """The floor: reads what comes and answers with bytes that are ready."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["method"] == "POST":
        while (await receive()).get("more_body"):
            pass
    headers = [(b"content-type", b"application/json"), (b"content-length", b"290")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _WORD})


def main() -> None:
    """Run every load and print the table."""
    require_wrk()
    print(f"{'':58}{'per second':>11}{'target':>9}{'p50 ms':>8}{'p99 ms':>8}{'CPU µs':>8}")
    with tempfile.TemporaryDirectory(prefix="treaty-bench-") as name:
        folder = Path(name)
        _floor(folder)
        _sqlite(folder)
        _postgres(folder)


def _floor(folder: Path) -> None:
    port = free_port()
    options = ("--port", str(port), "--loop", "uvloop", "--http", "httptools", "--no-access-log")
    with Server(port, "/", "-m", "uvicorn", "bench.registry:bare", *options) as server:
        _row("bare server, GET", _load(server, folder, _READ))
        _row("bare server, POST", _load(server, folder, _register("floor", "at", SUBJECTS)))


def _sqlite(folder: Path) -> None:
    store = f"sqlite:///{folder}/seeded.db"
    _seed(store)
    with _registry(store) as server:
        started = server.memory
        server.load(_READ, folder, connections=CONNECTIONS, seconds=2)
        read = server.memory
        _row("read by id, 10,000 ids", _load(server, folder, _READ), 25_000, p99=5)
        _registering(server, folder, "SQLite (WAL, synchronous=FULL)")
        again = _register("again", "at % 1000", 1000)
        server.load(again, folder, connections=CONNECTIONS, seconds=2)
        _row("register again what is there", _load(server, folder, again), 10_000)
    print(f"start-up with {SCHEMAS:,} schemas: {server.start_up:.2f} s (target under 1)")
    print(f"memory with {SCHEMAS:,} schemas: {started:.0f} MiB at the start, {read:.0f} once all were read (under 150)")


def _postgres(folder: Path) -> None:
    binaries = newest_binaries()
    if binaries is None:
        print("PostgreSQL is not installed: apt-get install postgresql")
        return
    cluster = PostgresCluster(binaries)
    cluster.start()
    try:
        with _registry(cluster.create_database("bench")) as server:
            _registering(server, folder, "PostgreSQL (fsync, synchronous_commit)")
    finally:
        cluster.close()


def _registering(server: Server, folder: Path, store: str) -> None:
    """New schemas, each a version that had to be compatible; what was acknowledged must be there."""
    before = sum(1 for _ in _versions(server.url))
    warm = server.load(_register("warm", "at", SUBJECTS), folder, connections=CONNECTIONS, seconds=2)
    load = _load(server, folder, _register("new", "at", SUBJECTS))
    added = sum(1 for _ in _versions(server.url)) - before
    if added < warm.requests + load.requests:
        raise SystemExit(f"{warm.requests + load.requests} registrations were acknowledged, {added} are there")
    _row(f"register, compared, durable: {store}", load, 1_000)


def _load(server: Server, folder: Path, script: str) -> Load:
    return server.load(script, folder, connections=CONNECTIONS, seconds=SECONDS)


def _registry(store: str) -> Server:
    port = free_port()
    return Server(port, "/-/ready", "-m", "treaty_registry", "serve", "--port", str(port), "--store", store)


def _versions(url: str) -> list[object]:
    with urllib.request.urlopen(f"{url}/schemas") as answer:
        listed: list[object] = json.load(answer)
        return listed


def _seed(store: str) -> None:
    """10,000 schemas of about a kilobyte in 2,000 subjects, five versions each."""
    from treaty_registry.comparing import Judge
    from treaty_registry.decisions.registering import Registration, register
    from treaty_registry.model.settings import Config
    from treaty_registry.names import parse_subject
    from treaty_registry.state import State
    from treaty_registry.stores.store import open_store
    from treaty_registry.transfer.files import changes_of

    state, judge = State(), Judge()
    facts: list[Fact] = []
    for number in range(SCHEMAS):
        fields = [{"name": f"field_{index}", "type": "string", "doc": "What it is for."} for index in range(12)]
        text = json.dumps({"type": "record", "name": f"Event{number}", "namespace": "seed", "fields": fields})
        subject = parse_subject(f"seed-{number % 2000}-value")
        request = Registration(text, "AVRO")
        config = Config(level="NONE")
        outcome = judge.settled(partial(register, state, subject, request, judge, config, number))
        state.apply(outcome.facts)
        facts += outcome.facts
    judge.close()
    opened = open_store(store)
    try:
        opened.append(0, changes_of(facts, "bench"))
    finally:
        opened.close()


def _row(name: str, load: Load, target: int | None = None, *, p99: float | None = None) -> None:
    met = "" if p99 is None else f"  (target under {p99:g})"
    aim = f"{target:,}" if target is not None else ""
    print(f"{name:58}{load.rate:11,.0f}{aim:>9}{load.p50:8.2f}{load.p99:8.2f}{load.cpu:8.0f}{met}", flush=True)


if __name__ == "__main__":
    main()
