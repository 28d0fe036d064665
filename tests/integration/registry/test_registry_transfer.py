"""Whole registries moved: to a file and back, and out of another registry over its API."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.integration.registry.live_server import InProcess
from tests.unit.registry.small_registry import avro

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.registry.live_server import Api

    from treaty.documents.location import JsonValue

ORDER = avro("Order", "a")
MONEY = avro("Money", "cents")
PRICE = json.dumps({"type": "record", "name": "Price", "fields": [{"name": "money", "type": "Money"}]})
TO_MONEY: JsonValue = [{"name": "Money", "subject": "Money", "version": 1}]


def fill(api: Api) -> None:
    """A bit of everything a registry can hold."""
    api.register("orders-value", ORDER)
    api.register("orders-value", avro("Order", "a", "b="))
    api.register("orders-value", avro("Order", "a", "b=", "c="))
    api.register("payments%2Fvalue", ORDER)
    api.register("Money", MONEY)
    api.register("Price", PRICE, references=TO_MONEY)
    api.register("gone", avro("Gone", "x"))
    api.register("for-ever", avro("ForEver", "x"))
    api.register(":.staging:orders-value", ORDER)
    api.register("point", '{"type": "object", "properties": {"x": {"type": "number"}}}', "JSON")
    api.register("tagged", ORDER, metadata={"properties": {"owner": "ann"}}, ruleSet=RULES)
    assert api("DELETE", "/subjects/orders-value/versions/2")[0] == 200
    assert api("DELETE", "/subjects/gone")[0] == 200
    assert api("DELETE", "/subjects/for-ever")[0] == 200
    assert api("DELETE", "/subjects/for-ever?permanent=true")[0] == 200
    assert api("PUT", "/config", {"compatibility": "FULL"})[0] == 200
    assert api("PUT", "/config/orders-value", {"compatibility": "NONE", "normalize": True})[0] == 200
    assert api("PUT", "/config/:.staging:", {"compatibility": "FORWARD"})[0] == 200
    assert api("PUT", "/mode/gone", {"mode": "READONLY"})[0] == 200


RULES: JsonValue = {"domainRules": [{"name": "r", "kind": "CONDITION", "mode": "WRITE", "type": "CEL", "expr": "true"}]}


def told(api: Api) -> dict[str, JsonValue]:
    """Everything a client can find out."""
    paths = ["/config", "/config/:.staging:", "/config/orders-value", "/mode", "/mode/gone", "/contexts"]
    paths += ["/subjects?deleted=true", "/subjects", "/schemas?deleted=true", "/schemas", "/schemas/ids/1/versions"]
    names = api("GET", "/subjects?deleted=true")[1]
    assert isinstance(names, list)
    for name in names:
        quoted = str(name).replace("/", "%2F")
        paths += [f"/subjects/{quoted}/versions?deleted=true", f"/subjects/{quoted}/versions"]
    return {path: api("GET", path)[1] for path in paths}


def command(*arguments: object, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "treaty_registry", *map(str, arguments)], input=given, capture_output=True, check=False
    )


def test_an_export_and_its_import_are_the_same_registry(
    serve: Callable[..., InProcess], store_url: str, tmp_path: Path
) -> None:
    """Also deletions, which only the store itself knows, and the ids that were given out for ever."""
    first = serve(store_url)
    fill(first.api)
    before = told(first.api)
    exported = command("export", tmp_path / "all.jsonl", "--store", store_url)
    assert exported.returncode == 0, exported.stderr
    copy = f"sqlite:///{tmp_path}/copy.db"
    imported = command("import", tmp_path / "all.jsonl", "--store", copy)
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout == b"the store holds 10 versions of 8 subjects\n"
    second = serve(copy)
    assert told(second.api) == before
    assert second.api.register("new", avro("New", "y")) == first.api.register("new", avro("New", "y"))


def test_an_export_is_written_to_and_read_from_pipes(tmp_path: Path) -> None:
    store, copy = f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/b.db"
    server = InProcess(store).start()
    server.api.register("s", ORDER)
    server.stop()
    exported = command("export", "-", "--store", store)
    assert exported.stdout.startswith(b'{"treaty-registry":1}\n')
    assert command("import", "-", "--store", copy, given=exported.stdout).returncode == 0
    assert command("export", "-", "--store", copy).stdout == exported.stdout


HEADER = b'{"treaty-registry":1}\n'
CONTEXT = b'{"fact":"context-added","context":".","nextId":1}\n'
VERSION = b'{"fact":"version-added","context":".","subject":"s","version":1,"id":1,"at":1,"deleted":false}\n'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", b"x.jsonl:1:1"),
        (b"{}\n", b"x.jsonl:1:1: this is no export of a registry"),
        (b'{"treaty-registry":2}\n', b"x.jsonl:1:1: this is no export of a registry"),
        (HEADER + b"nonsense\n", b"x.jsonl:2:1"),
        (HEADER + b"[]\n", b"x.jsonl:2:1"),
        (HEADER + b'{"fact":"unheard of"}\n', b"x.jsonl:2:1"),
        (HEADER + b"\n", b"x.jsonl:2:1"),
        (HEADER + CONTEXT + b'{"fact":"mode-set","subject":7}\n', b"x.jsonl:3:1"),
        (HEADER + CONTEXT + VERSION, b"x.jsonl:3:1: no line before has a schema with the id 1"),
        (HEADER + CONTEXT, b"x.jsonl:2:1: the export ends too early"),
        (HEADER + CONTEXT + b'{"facts":2}\n', b"x.jsonl:3:1: 1 facts come before this line"),
        (b"\xff\xfe\n", b"x.jsonl:1:1"),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_its_line(content: bytes, says: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(content)
    done = command("import", file, "--store", f"sqlite:///{tmp_path}/r.db")
    assert done.returncode == 3
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_export_does_not_go_into_a_store_in_use(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/a.db"
    server = InProcess(store).start()
    server.api.register("s", ORDER)
    server.stop()
    assert command("export", tmp_path / "x.jsonl", "--store", store).returncode == 0
    done = command("import", tmp_path / "x.jsonl", "--store", store)
    assert done.returncode == 2
    assert b"an export goes into an empty store" in done.stderr


@pytest.mark.parametrize("arguments", [("import", "nowhere.jsonl"), ("export", "no/such/folder/x.jsonl")])
def test_files_that_cannot_be_opened_are_told(arguments: tuple[str, str], tmp_path: Path) -> None:
    done = command(*arguments, "--store", f"sqlite:///{tmp_path}/r.db")
    assert done.returncode == 2
    assert arguments[1].encode() in done.stderr
    assert b"Traceback" not in done.stderr


def test_another_registry_is_taken_over_with_its_ids(serve: Callable[..., InProcess], tmp_path: Path) -> None:
    """All that its API tells: what was deleted for good is not among it, and that is the only difference."""
    source = serve()
    fill(source.api)
    store = f"sqlite:///{tmp_path}/taken.db"
    tried = command("import", source.url, "--store", store, "--dry-run")
    assert tried.stdout == b"the store would hold 10 versions of 8 subjects\n"
    done = command("import", source.url, "--store", store)
    assert done.returncode == 0, done.stderr
    assert done.stdout == b"the store holds 10 versions of 8 subjects\n"
    target = serve(store)
    assert told(target.api) == told(source.api)
    again = command("import", source.url, "--store", store)
    assert again.returncode == 0, again.stderr
    assert told(target.api) == told(source.api)


def test_what_is_added_to_the_other_registry_later_is_taken_over_by_the_next_import(
    serve: Callable[..., InProcess], tmp_path: Path
) -> None:
    source = serve()
    source.api.register("orders-value", ORDER)
    store = f"sqlite:///{tmp_path}/taken.db"
    assert command("import", source.url, "--store", store).returncode == 0
    target = serve(store)
    number = source.api.register("orders-value", avro("Order", "a", "b="))
    assert command("import", source.url, "--store", store).returncode == 0
    assert target.api("GET", f"/schemas/ids/{number}")[0] == 200  # without a restart
    assert target.api("GET", "/subjects/orders-value/versions")[1] == [1, 2]


def test_a_registry_that_uses_an_id_for_something_else_is_not_mixed_in(
    serve: Callable[..., InProcess], tmp_path: Path
) -> None:
    source = serve()
    source.api.register("orders-value", ORDER)
    store = f"sqlite:///{tmp_path}/mine.db"
    target = serve(store)
    target.api.register("mine", MONEY)
    done = command("import", source.url, "--store", store)
    assert done.returncode == 1
    assert b"not imported: orders-value version 1 (id 1): Overwrite new schema with id 1" in done.stderr
    assert target.api("GET", "/subjects")[1] == ["mine"]
    skipping = command("import", source.url, "--store", store, "--skip-invalid")
    assert skipping.returncode == 0
    assert target.api("GET", "/subjects")[1] == ["mine"]


def test_a_registry_behind_a_password_is_asked_with_the_credentials_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TREATY_REGISTRY_USER", "ann")
    done = command("import", "http://127.0.0.1:9/", "--store", f"sqlite:///{tmp_path}/r.db")
    assert done.returncode == 2
    assert b"TREATY_REGISTRY_PASSWORD" in done.stderr


def test_a_registry_that_does_not_answer_is_told(tmp_path: Path) -> None:
    done = command("import", "http://127.0.0.1:9/", "--store", f"sqlite:///{tmp_path}/r.db")
    assert done.returncode == 3
    assert b"no registry answers at http://127.0.0.1:9" in done.stderr
