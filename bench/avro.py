"""Comparing Avro schemas: milliseconds a pair, beside parsing JSON, fastavro's parser and Apache Avro's own checker.

``python -m bench.avro`` takes the event contracts of this repository and edits of them. Texts go in, verdicts come out:
nothing is parsed beforehand and nothing kept between two runs. Each figure is the best of five rounds. At the end it
prints what the first witness of a process costs, the import of fastavro.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import avro.compatibility
import avro.schema
import fastavro

import treaty
from treaty.documents.schema_text import SchemaText

if TYPE_CHECKING:
    from collections.abc import Callable

EVENTS = Path(__file__).parents[1] / "contracts" / "provider-events" / "v1" / "events"
ROUNDS = 5
SECONDS = 0.3
"""How long one round of one figure takes at least."""


class Pair(NamedTuple):
    """Two versions of a schema; ``compatible`` is what BACKWARD has to say."""

    name: str
    old: str
    new: str
    compatible: bool
    references: dict[str, str]

    def texts(self) -> tuple[SchemaText, SchemaText]:
        return SchemaText(self.old, self.references), SchemaText(self.new, self.references)


def pairs() -> list[Pair]:
    references = {file.stem: file.read_text() for file in sorted(EVENTS.glob("*.avsc"))}
    bet = references["platform.events.v1.BetSettled"]
    flag, last = '"type": "boolean"', '{ "name": "in_bonus"'
    added = bet.replace(last, '{ "name": "note", "type": "string", "default": "" }, ' + last)
    texts = [{"name": f"field_{i}", "type": ["null", "string"]} for i in range(200)]
    numbers = [*texts[:100], {"name": "field_100", "type": ["null", "long"]}, *texts[101:]]
    wide, changed = (json.dumps({"type": "record", "name": "Wide", "fields": fields}) for fields in (texts, numbers))
    return [
        Pair("int → long", '"int"', '"long"', True, {}),
        Pair("int → string", '"int"', '"string"', False, {}),
        Pair("event, field added", bet, added, True, references),
        Pair("event, type changed", bet, bet.replace(flag, '"type": "string"'), False, references),
        Pair("200 fields, one changed", wide, changed, False, {}),
    ]


def best(step: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    step()
    found = []
    for _ in range(ROUNDS):
        calls, began = 0, time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            step()
            calls += 1
        found.append((time.perf_counter() - began) / calls)
    return min(found) * 1000


def complete(text: str, references: dict[str, str]) -> str:
    """A text with the types it refers to written into it, for parsers that know no references."""
    from treaty.model.avro import parse, parsing_canonical_form

    return parsing_canonical_form(parse(SchemaText(text, references)))


def main() -> None:
    print(f"{'ms a pair':28}{'treaty':>9}{'json':>9}{'fastavro':>10}{'apache':>9}   treaty/apache")
    for pair in pairs():
        old, new = pair.texts()

        def check(old: SchemaText = old, new: SchemaText = new) -> bool | None:
            return treaty.check_compatibility(new, [old], type="AVRO", mode="BACKWARD").compatible

        if check() is not pair.compatible:
            sys.exit(f"{pair.name}: the verdict is wrong")
        whole = [complete(text, pair.references) for text in (pair.old, pair.new)]

        def apache(whole: list[str] = whole) -> object:
            reader, writer = avro.schema.parse(whole[1]), avro.schema.parse(whole[0])
            return avro.compatibility.ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)

        ours = best(check)
        floor = best(lambda pair=pair: (json.loads(pair.old), json.loads(pair.new)))  # type: ignore[misc]  # a bound default
        parsing = best(lambda whole=whole: [fastavro.parse_schema(json.loads(text)) for text in whole])  # type: ignore[misc]  # a bound default
        theirs = best(apache)
        print(f"{pair.name:28}{ours:9.3f}{floor:9.3f}{parsing:10.3f}{theirs:9.3f}{ours / theirs:12.2f}")
    print(f"\nimport of fastavro, once a process and only for a witness: {import_cost():.0f} ms")


def import_cost() -> float:
    """Milliseconds that a process with fastavro takes beyond one without."""

    def process(program: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        return time.perf_counter() - began

    both = "import decimal, datetime, hashlib, json, uuid"
    return 1000 * (min(process(f"{both}, fastavro") for _ in range(ROUNDS)) - min(process(both) for _ in range(ROUNDS)))


if __name__ == "__main__":
    main()
