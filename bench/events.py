"""Event contracts: milliseconds a pair of each format, beside the bare reading of the two texts.

``python -m bench.events`` takes the contracts of this repository, a JSON Schema of 20 properties that stands alone, and
an edit of each that somebody would make. Texts go in, verdicts come out: every call reads both sides again, with no
file system in it. ``floor`` is the JSON (or YAML) parser alone on the same texts; Protobuf has none here, its compiler
is most of the time. Figures are medians. The targets: an Avro pair under 1 ms, a JSON Schema pair under 5 ms.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import yaml
from bench.proof import order

import treaty
from treaty.changes.comparison import Settings, Side, compare_documents
from treaty.documents.library import Library
from treaty.documents.schema_text import SchemaText
from treaty.documents.source import TextSource
from treaty.govern.versions import verdict_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONTRACTS = Path(__file__).parents[1] / "contracts"
EVENTS = CONTRACTS / "provider-events" / "v1" / "events"
ASYNCAPI = "provider-events/v1/asyncapi.yaml"
SECONDS = 1.0
"""How long one figure is measured."""
FEWEST = 21
"""How many calls of it there are at least."""


class Figure(NamedTuple):
    """What is measured: ``check`` gives the verdict, ``floor`` reads the texts and does nothing with them."""

    name: str
    check: Callable[[], object]
    verdict: object
    floor: Callable[[], object] | None
    target: float | None = None


def avro() -> list[Figure]:
    texts = {file.stem: file.read_text() for file in sorted(EVENTS.glob("*.avsc"))}
    old = texts["platform.events.v1.BetSettled"]
    last = '{ "name": "in_bonus"'
    added = old.replace(last, '{ "name": "note", "type": "string", "default": "" }, ' + last)
    changed = old.replace('"type": "boolean"', '"type": "string"')
    return [
        _schemas("Avro, a field with default", "AVRO", old, added, texts, True, 1.0),
        _schemas("Avro, another type", "AVRO", old, changed, texts, False, 1.0),
    ]


def json_schema() -> list[Figure]:
    name = "webhooks/v1/bet.settled.schema.json"
    files = {
        file.relative_to(CONTRACTS).as_posix(): file.read_text()
        for folder in ("webhooks/v1", "common")
        for file in sorted((CONTRACTS / folder).glob("*.schema.json"))
    }
    old = files.pop(name)
    added = old.replace('"in_bonus": {', '"note": {"type": "string", "maxLength": 80}, "in_bonus": {', 1)
    asked = old.replace('"win", "in_bonus"]', '"win", "in_bonus", "note"]', 1)
    plain = order()
    bound, status = order(amount={"type": "integer", "minimum": 0}), order(status={"enum": ["open", "paid"]})
    one, wider, narrower = (json.dumps(schema) for schema in (plain, bound, status))
    return [
        _schemas("JSON Schema, wider bound", "JSON", one, wider, {}, True, 5.0),
        _schemas("JSON Schema, an enum value gone", "JSON", one, narrower, {}, False, 5.0),
        _schemas(
            "JSON in 5 files, optional property", "JSON", old, added, files, True, 5.0, name=name, policy="LENIENT"
        ),
        _schemas("JSON in 5 files, required property", "JSON", old, asked, files, False, 5.0, name=name),
    ]


def protobuf() -> list[Figure]:
    old = (CONTRACTS / "wallet" / "v1" / "wallet.proto").read_text()
    return [
        _schemas("Protobuf, a field renumbered", "PROTOBUF", old, old.replace("units = 1;", "units = 19;"), {}, False)
    ]


def _schemas(
    title: str,
    kind: str,
    old: str,
    new: str,
    references: Mapping[str, str],
    compatible: bool,
    target: float | None = None,
    *,
    name: str = "schema",
    policy: str = "STRICT",
) -> Figure:
    sides = SchemaText(old, references, name), SchemaText(new, references, name)

    def check() -> object:
        found = treaty.check_compatibility(sides[1], [sides[0]], type=kind, mode="BACKWARD", policy=policy)
        return found.compatible

    floor = None if kind == "PROTOBUF" else lambda: (json.loads(old), json.loads(new))
    return Figure(title, check, compatible, floor, target)


def asyncapi() -> list[Figure]:
    files = {
        path.relative_to(CONTRACTS).as_posix(): path.read_bytes()
        for path in sorted(CONTRACTS.rglob("*"))
        if path.is_file() and path.suffix in (".yaml", ".json", ".avsc")
    }
    money = "provider-events/v1/events/platform.events.v1.Money.avsc"
    messages = "provider-events/v1/messages.yaml"
    edits: dict[str, tuple[dict[str, bytes], str]] = {
        "AsyncAPI, nothing changed": ({}, "identical"),
        "AsyncAPI, a type of 17 messages": (
            {money: files[money].replace(b'"type": "string"', b'"type": "int"')},
            "breaking",
        ),
        "AsyncAPI, a header of 17 messages": ({messages: files[messages].replace(b", trace_id]", b"]")}, "breaking"),
    }
    read = [files[ASYNCAPI], files[messages], *(data for path, data in files.items() if path.endswith(".avsc"))]
    floor = lambda: [_parsed(data) for data in (*read, *read)]  # noqa: E731  # one expression, made once
    return [
        Figure(name, partial(_verdict, files, {**files, **edit}), verdict, floor)
        for name, (edit, verdict) in edits.items()
    ]


def _parsed(data: bytes) -> object:
    return json.loads(data) if data.startswith(b"{") else yaml.load(data, yaml.CSafeLoader)


def _verdict(old: dict[str, bytes], new: dict[str, bytes]) -> object:
    sides = []
    for files in (old, new):
        library = Library(TextSource(files))
        sides.append(Side(library, library.open(ASYNCAPI)))
    return str(verdict_of(compare_documents(sides[0], sides[1], Settings())))


def milliseconds(step: Callable[[], object]) -> float:
    """The median of single calls, the first of which, with its imports, does not count."""
    step()
    found: list[float] = []
    end = time.perf_counter() + SECONDS
    while len(found) < FEWEST or time.perf_counter() < end:
        began = time.perf_counter()
        step()
        found.append(time.perf_counter() - began)
    return median(found) * 1000


def main() -> None:
    print(f"{'ms a pair':36}{'treaty':>9}{'floor':>9}{'ratio':>8}{'target':>9}")
    for figure in (*avro(), *json_schema(), *protobuf(), *asyncapi()):
        if figure.check() != figure.verdict:
            sys.exit(f"{figure.name}: the verdict is {figure.check()}, not {figure.verdict}")
        took = milliseconds(figure.check)
        floor = milliseconds(figure.floor) if figure.floor is not None else None
        beside = f"{floor:9.3f}{took / floor:8.1f}" if floor is not None else f"{'':17}"
        missed = "  missed" if figure.target is not None and took > figure.target else ""
        print(f"{figure.name:36}{took:9.3f}{beside}{figure.target or '':>9}{missed}")


if __name__ == "__main__":
    main()
