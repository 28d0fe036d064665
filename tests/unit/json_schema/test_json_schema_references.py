"""References inside a schema, between schemas, and by the names schemas give themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

import treaty

INTEGER, NUMBER, STRING = {"type": "integer"}, {"type": "number"}, {"type": "string"}
DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_6 = "http://json-schema.org/draft-06/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"


def money(amount: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"amount": amount}}


# How one schema refers to another inside the same document; `amount` is filled in.
FORMS: dict[str, Any] = {
    "definitions": lambda amount: {"$ref": "#/definitions/money", "definitions": {"money": money(amount)}},
    "$defs": lambda amount: {"$schema": DRAFT_2020, "$ref": "#/$defs/money", "$defs": {"money": money(amount)}},
    "percent-encoded": lambda amount: {"$ref": "#/definitions/a%20b~1c", "definitions": {"a b/c": money(amount)}},
    "$id of draft 7": lambda amount: {
        "$schema": DRAFT_7,
        "$id": "https://example.com/bet.json",
        "$ref": "money.json",
        "definitions": {"m": {"$id": "money.json", **money(amount)}},
    },
    "id of draft 4": lambda amount: {
        "$schema": DRAFT_4,
        "id": "https://example.com/bet.json",
        "allOf": [{"$ref": "money.json"}],
        "definitions": {"m": {"id": "money.json", **money(amount)}},
    },
    "an anchor of draft 6": lambda amount: {
        "$schema": DRAFT_6,
        "allOf": [{"$ref": "#money"}],
        "definitions": {"m": {"$id": "#money", **money(amount)}},
    },
    "$anchor": lambda amount: {
        "$schema": DRAFT_2019,
        "$ref": "#money",
        "$defs": {"m": {"$anchor": "money", **money(amount)}},
    },
    "$anchor in a resource of its own": lambda amount: {
        "$schema": DRAFT_2020,
        "$id": "https://example.com/bet.json",
        "$ref": "money.json#amount",
        "$defs": {"m": {"$id": "money.json", "$defs": {"a": {"$anchor": "amount", **money(amount)}}}},
    },
    "$dynamicRef without a rival": lambda amount: {
        "$schema": DRAFT_2020,
        "$dynamicRef": "#money",
        "$defs": {"m": {"$dynamicAnchor": "money", **money(amount)}},
    },
    "$recursiveRef without a rival": lambda amount: {
        "$schema": DRAFT_2019,
        "properties": {"amount": amount, "inner": {"$recursiveRef": "#"}},
    },
    "a list of itself": lambda amount: {
        "$ref": "#/definitions/list",
        "definitions": {"list": {"properties": {"amount": amount, "next": {"$ref": "#/definitions/list"}}}},
    },
    "two that need each other": lambda amount: {
        "$ref": "#/definitions/a",
        "definitions": {
            "a": {"properties": {"b": {"$ref": "#/definitions/b"}}},
            "b": {"properties": {"a": {"$ref": "#/definitions/a"}, "amount": amount}},
        },
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_what_a_reference_leads_to_counts(form: str) -> None:
    old, new = FORMS[form](NUMBER), FORMS[form](INTEGER)
    assert treaty.check_compatibility(new, [old], type="JSON", mode="BACKWARD").compatible is False
    assert treaty.check_compatibility(new, [old], type="JSON", mode="FORWARD").compatible is True
    assert treaty.check_compatibility(old, [json.loads(json.dumps(old))], type="JSON", mode="FULL").compatible is True


@pytest.mark.parametrize("form", [form for form in FORMS if "itself" not in form and "each other" not in form])
def test_a_reference_means_what_it_leads_to(form: str) -> None:
    if form == "$recursiveRef without a rival":
        return  # it has no form without a reference
    referring, plain = FORMS[form](INTEGER), money(INTEGER)
    if "$schema" in referring:
        plain = {"$schema": referring["$schema"], **plain}
    assert treaty.check_compatibility(plain, [referring], type="JSON", mode="FULL").compatible is True


BET = {"type": "object", "properties": {"stake": {"$ref": "money.json"}}}


def text(schema: dict[str, Any], name: str = "bet.json", **references: dict[str, Any]) -> treaty.SchemaText:
    return treaty.SchemaText(
        json.dumps(schema), {f"{key}.json": json.dumps(value) for key, value in references.items()}, name=name
    )


def test_a_schema_of_its_own_file() -> None:
    old, new = text(BET, money=money(NUMBER)), text(BET, money=money(INTEGER))
    found = treaty.check_compatibility(new, [old], type="JSON", mode="BACKWARD")
    assert found.compatible is False
    (change,) = (each for each in found.findings if each.level == "breaking")
    assert change.element == "schema $.stake.amount"
    assert change.base is not None
    assert str(change.base).startswith("money.json:1:")
    assert change.witness is not None
    assert isinstance(change.witness.value, dict)


def test_a_schema_of_its_own_file_with_a_file_of_its_own() -> None:
    middle = {"properties": {"amount": {"$ref": "amount.json"}}}
    old, new = text(BET, money=middle, amount=NUMBER), text(BET, money=middle, amount=STRING)
    assert treaty.check_compatibility(new, [old], type="JSON", mode="BACKWARD").compatible is False
    assert treaty.check_compatibility(old, [old], type="JSON", mode="FULL").compatible is True


def test_moving_a_definition_into_a_file_is_no_change() -> None:
    inline = treaty.SchemaText(json.dumps({"type": "object", "properties": {"stake": money(NUMBER)}}), name="bet.json")
    assert treaty.check_compatibility(text(BET, money=money(NUMBER)), [inline], type="JSON", mode="FULL").compatible


def test_files_that_need_each_other() -> None:
    tree = {"properties": {"child": {"$ref": "branch.json"}}}
    branch = {"properties": {"root": {"$ref": "tree.json"}, "n": NUMBER}}
    narrower = {"properties": {"root": {"$ref": "tree.json"}, "n": INTEGER}}
    old, new = text(tree, "tree.json", branch=branch), text(tree, "tree.json", branch=narrower)
    assert treaty.check_compatibility(new, [old], type="JSON", mode="BACKWARD").compatible is False
    assert treaty.check_compatibility(old, [new], type="JSON", mode="BACKWARD").compatible is True


def test_names_of_a_registry() -> None:
    """A reference may be called by the `$id` that the other schema gives itself."""
    bet = {"$id": "https://example.com/bet.json", "properties": {"stake": {"$ref": "https://example.com/money.json"}}}
    versions = []
    for amount in (NUMBER, INTEGER):
        other = {"$id": "https://example.com/money.json", **money(amount)}
        versions.append(
            treaty.SchemaText(json.dumps(bet), {"https://example.com/money.json": json.dumps(other)}, name="bet.json")
        )
    assert treaty.check_compatibility(versions[1], [versions[0]], type="JSON", mode="BACKWARD").compatible is False
