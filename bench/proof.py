"""Proofs about JSON Schemas: microseconds a question, by kind, beside what it stands on.

``python -m bench.proof`` asks each kind of question of a new prover, so that nothing is remembered but compiled
expressions. Beside each stands the floor: the same question to the canonical form of `jsonschema-rs` alone, which finds
no witness, and proves fewer. At the end it prints what the first question of a process costs: the imports.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import jsonschema_rs

from treaty.changes.proof import Prover, Schema

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5
SECONDS = 0.2
"""How long one round of one figure takes at least."""


class Kind(NamedTuple):
    """A kind of question: does ``new`` accept everything ``old`` accepts?"""

    name: str
    old: dict[str, object]
    new: dict[str, object]


def order(**changes: object) -> dict[str, object]:
    """A contract of usual size: 20 properties, five of them required, a list of parts."""
    properties: dict[str, object] = {
        f"field_{index}": {"type": "string", "maxLength": 40 + index} for index in range(15)
    }
    properties |= {
        "id": {"type": "string", "format": "uuid"},
        "amount": {"type": "integer", "minimum": 1, "maximum": 100_000},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "status": {"enum": ["open", "paid", "closed"]},
        "parts": {
            "type": "array",
            "items": {"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}},
        },
    } | changes
    return {"type": "object", "required": ["id", "amount", "currency", "field_0", "field_1"], "properties": properties}


def messages(count: int) -> dict[str, object]:
    """A discriminated union."""
    return {
        "oneOf": [
            {
                "type": "object",
                "required": ["kind", "body"],
                "properties": {"kind": {"const": f"kind-{index}"}, "body": {"type": "string", "maxLength": index + 1}},
            }
            for index in range(count)
        ]
    }


def tree(maximum: int) -> dict[str, object]:
    """A schema that contains itself."""
    node = {
        "type": "object",
        "required": ["value"],
        "properties": {
            "value": {"type": "integer", "maximum": maximum},
            "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
        },
    }
    return {"$ref": "#/$defs/node", "$defs": {"node": node}}


def conditions(count: int, *names: str) -> dict[str, object]:
    """Many conditions that all hold."""
    return {
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": index}}, "required": ["kind"]},
                "then": {"required": [f"{name}{index}" for name in names]},
            }
            for index in range(count)
        ]
    }


def kinds() -> list[Kind]:
    text = {"type": "string"}
    return [
        Kind("yes: a bound", {"type": "integer", "minimum": 5}, {"type": "integer", "minimum": 4}),
        Kind("yes: a pattern", {**text, "pattern": "^[a-z]+$"}, {**text, "pattern": "^[a-z0-9]+$"}),
        Kind("yes: 20 properties", order(), order(amount={"type": "integer", "minimum": 0})),
        Kind("yes: a union of 10", messages(10), messages(11)),
        Kind("yes: recursion", tree(5), tree(6)),
        Kind("yes: 20 conditions", conditions(20, "a", "b"), conditions(20, "a")),
        Kind("no: a bound", {"type": "integer"}, {"type": "integer", "maximum": 50}),
        Kind("no: a pattern", {**text, "pattern": "^[a-z]+$"}, {**text, "pattern": "^[a-m]+$"}),
        Kind("no: a format", {**text, "format": "date"}, {**text, "format": "date-time"}),
        Kind("no: 20 properties", order(), order(status={"enum": ["open", "paid"]})),
        Kind("no: a union of 10", messages(11), messages(10)),
        Kind("no: recursion", tree(6), tree(5)),
        Kind("no: 20 conditions", conditions(20, "a"), conditions(20, "a", "b")),
        Kind("unknown: looking behind", {**text, "pattern": "(?<=a)b"}, {**text, "pattern": "(?<=[ac])b"}),
    ]


def best(step: Callable[[], object]) -> float:
    """Microseconds of one call."""
    step()
    found = []
    for _ in range(ROUNDS):
        calls, began = 0, time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            step()
            calls += 1
        found.append((time.perf_counter() - began) / calls)
    return min(found) * 1_000_000


def floor(old: dict[str, object], new: dict[str, object]) -> str:
    """What the canonical form alone says of the question."""
    draft = jsonschema_rs.Draft202012
    try:
        return str(jsonschema_rs.canonicalize(new, draft=draft).covers(jsonschema_rs.canonicalize(old, draft=draft)))
    except jsonschema_rs.canonical.CanonicalizationError:
        return "gives up"


def main() -> None:
    print(f"{'question':26} {'treaty':>10} {'µs':>9}   {'jsonschema-rs':>13} {'µs':>9} {'ratio':>7}")
    for name, old, new in kinds():
        answer = Prover().covers(Schema(new), Schema(old)).answer.value
        took = best(lambda: Prover().covers(Schema(new), Schema(old)))  # noqa: B023  # called at once
        alone = best(lambda: floor(old, new))  # noqa: B023  # called at once
        print(f"{name:26} {answer:>10} {took:9.0f}   {floor(old, new):>13} {alone:9.0f} {took / alone:7.1f}")
    example = best(lambda: Prover().example(Schema(order())))
    print(f"{'an example, 20 properties':26} {'':>10} {example:9.0f}")
    ask = "from treaty.changes.proof import Prover, Schema; Prover().covers(Schema({'maxLength': 1}), Schema({}))"
    for name, code in (("an empty process", "pass"), ("with the first question", ask)):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        print(f"{name:26} {1000 * (time.perf_counter() - began):20.0f} ms")


if __name__ == "__main__":
    main()
