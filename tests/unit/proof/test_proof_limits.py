"""Hostile schemas end: with an answer, or with the reason why there is none."""

from __future__ import annotations

import ast
import time
from decimal import Decimal
from pathlib import Path

import pytest

import treaty.changes.proof
from treaty.changes.proof import Answer, Budget, Prover, Schema, canonical
from treaty.changes.proof.complexity import Cases


def nested(depth: int, leaf: object) -> dict:
    schema: object = leaf
    for _ in range(depth):
        schema = {"properties": {"a": schema}}
    return schema


def chained(length: int, leaf: dict, *, inside: bool) -> dict:
    links = {
        f"d{index}": {"properties": {"a": {"$ref": f"#/$defs/d{index + 1}"}}}
        if inside
        else {"$ref": f"#/$defs/d{index + 1}"}
        for index in range(length)
    }
    return {"$ref": "#/$defs/d0", "$defs": {**links, f"d{length}": leaf}}


def mutual(count: int, step: int) -> dict:
    def branch(index: int, other: int) -> dict:
        target = (index * 7 + other * 13 + step) % count
        return {"type": "object", "required": [f"t{other}"], "properties": {"x": {"$ref": f"#/$defs/d{target}"}}}

    definitions = {
        f"d{index}": {
            "anyOf": [{"type": "string", "maxLength": index % 5 + step}, *(branch(index, other) for other in range(5))]
        }
        for index in range(count)
    }
    return {"$ref": "#/$defs/d0", "$defs": definitions}


def product(count: int, name: str) -> dict:
    return {"allOf": [{"anyOf": [{"required": [f"a{i}"]}, {"required": [f"{name}{i}"]}]} for i in range(count)]}


HOSTILE = {
    "deep": (nested(250, {"type": "integer"}), nested(250, {"type": "string"})),
    "very deep": (nested(10_000, {"type": "integer"}), nested(10_000, {"type": "string"})),
    "a chain of references": (
        chained(400, {"type": "integer"}, inside=False),
        chained(400, {"type": "string"}, inside=False),
    ),
    "a long chain": (
        chained(10_000, {"type": "integer"}, inside=False),
        chained(10_000, {"type": "string"}, inside=False),
    ),
    "a long chain of properties": (
        chained(10_000, {"type": "integer"}, inside=True),
        chained(10_000, {"type": "string"}, inside=True),
    ),
    "itself": ({"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}]}}}, {"type": "string"}),
    "its own opposite": ({"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}}, {"type": "string"}),
    "mutually recursive unions": (mutual(300, 1), mutual(300, 2)),
    "a product of alternatives": (product(20, "b"), product(20, "c")),
    "exclusive alternatives": (
        {"oneOf": [{"required": [f"a{i}"]} for i in range(100)]},
        {"oneOf": [{"required": [f"a{i}"]} for i in range(99)]},
    ),
    "a huge enumeration": ({"enum": list(range(10_000))}, {"enum": list(range(1, 10_001))}),
    "an absurd enumeration": ({"enum": list(range(100_000))}, {"enum": list(range(1, 100_001))}),
    "a catastrophic pattern": ({"type": "string", "pattern": "^(a+)+$"}, {"type": "string", "pattern": "^(a|aa)+b$"}),
    "a pattern that grows": (
        {"pattern": "^(([a-z]{1,100}){1,100}){1,50}$"},
        {"pattern": "^(([a-z]{1,100}){1,100}){1,51}$"},
    ),
    "a pattern on a long constant": ({"const": "a" * 30_000 + "!"}, {"pattern": "^(?=a)(a+)+$"}),
    "references back in a pattern": ({"pattern": "^(a+)+\\1$"}, {"pattern": "^(a+)+\\1b$", "minLength": 60}),
    "conditions": (
        {"allOf": [{"if": {"properties": {"t": {"const": i}}}, "then": {"required": [f"r{i}"]}} for i in range(40)]},
        {"maxProperties": 3},
    ),
    "many items": ({"type": "array", "minItems": 10**9}, {"type": "array", "minItems": 10**9 + 1}),
    "many properties": ({"type": "object", "minProperties": 10**9}, {"type": "object", "minProperties": 10**9 + 1}),
    "a huge number": ({"type": "integer", "maximum": 10**4000}, {"type": "integer", "maximum": 10**4000 - 1}),
    "a tiny step": ({"multipleOf": Decimal("1e-3000")}, {"multipleOf": Decimal("3e-3000")}),
    "a number beyond reason": ({"maximum": Decimal("1e999999")}, {"maximum": 5}),
    "doubling at every level": tuple(
        {
            "$ref": "#/$defs/d0",
            "$defs": {
                **{
                    f"d{i}": {"properties": {"a": {"$ref": f"#/$defs/d{i + 1}"}, "b": {"$ref": f"#/$defs/d{i + 1}"}}}
                    for i in range(30)
                },
                "d30": {"type": leaf},
            },
        }
        for leaf in ("integer", "string")
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_schemas_end(name):
    old, new = HOSTILE[name]
    for accepting, refusing in ((old, new), (new, old)):
        start = time.process_time()
        proof = Prover().covers(Schema(refusing), Schema(accepting))
        # Two seconds for the question, as long again for one step that does not look at the clock, and a busy machine.
        assert time.process_time() - start < 6
        assert (proof.answer is Answer.UNKNOWN) is bool(proof.undecided)
        assert (proof.answer is Answer.NO) is (proof.witness is not None)


def test_a_spent_budget_is_never_a_yes():
    old, new = HOSTILE["exclusive alternatives"]
    proof = Prover(budget=Budget(question_steps=300)).covers(Schema(old), Schema(new))
    assert proof.answer is Answer.UNKNOWN
    assert proof.undecided[0] == "no proof was found within the steps one question may take"


def test_the_run_has_a_budget_too():
    prover = Prover(budget=Budget(run_steps=1000))
    answers = [
        prover.covers(Schema({"maximum": limit}), Schema({"type": "integer", "maximum": limit + 1}))
        for limit in range(200)
    ]
    assert answers[0].answer is Answer.NO
    assert answers[-1].answer is Answer.UNKNOWN
    assert "in this run" in answers[-1].undecided[0]
    assert prover.example(Schema({"type": "string"})) is None
    # What was answered before is remembered.
    assert prover.covers(Schema({"maximum": 0}), Schema({"type": "integer", "maximum": 1})).answer is Answer.NO


def test_steps_and_not_speed_decide():
    old, new = HOSTILE["exclusive alternatives"]
    budget = Budget(question_steps=2000, question_seconds=1000)
    assert Prover(budget=budget).covers(Schema(new), Schema(old)) == Prover(budget=budget).covers(
        Schema(new), Schema(old)
    )


def test_a_panic_of_the_rust_side_is_no_answer(monkeypatch):
    class PanicException(BaseException):
        pass

    def panics(*_: object, **__: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(canonical.jsonschema_rs, "canonicalize", panics)
    assert Prover().covers(Schema({"minLength": 1}), Schema({"minLength": 2})).answer is Answer.UNKNOWN
    assert Prover().covers(Schema({"minLength": 2}), Schema({"minLength": 1})).answer is Answer.NO


def test_an_interrupt_is_not_swallowed(monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(canonical.jsonschema_rs, "canonicalize", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Prover().covers(Schema({"minLength": 1}), Schema({"minLength": 2}))


def test_one_module_talks_to_the_rust_side():
    root = Path(treaty.changes.proof.__file__).parent
    talking = {
        path.name
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and "jsonschema_rs"
        in {(getattr(node, "module", None) or "").split(".")[0], *(alias.name.split(".")[0] for alias in node.names)}
    }
    assert talking == {"canonical.py"}


@pytest.mark.parametrize(
    ("schema", "cases"),
    [
        ({"type": "string"}, 1),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 2),
        ({"anyOf": [{"const": index} for index in range(500)]}, 1),
        ({"allOf": [{"anyOf": [{}, {"minLength": 1}]}] * 5}, 32),
        ({"if": {"minLength": 1}, "then": {"maxLength": 5}}, 2),
    ],
)
def test_cases_are_counted(schema, cases):
    assert Cases({}).measure(schema) == cases
