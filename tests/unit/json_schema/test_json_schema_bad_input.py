"""Schemas that are none: a located error of the right class, never a verdict, a traceback or a hang."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

import treaty
from treaty.errors import InvalidContract, TreatyError

CASES = Path(__file__).parents[2] / "cases" / "json_schema"
FINE = '{"type": "object"}'


class Bad(NamedTuple):
    """A text, the class of the error it gives, where, and what the message says."""

    name: str
    text: str
    error: str
    place: str
    says: str

    def __str__(self) -> str:
        return self.name


BAD = [Bad(**raw) for raw in yaml.safe_load((CASES / "invalid.yaml").read_text())]
BAD.append(Bad("nested too deep", '{"not": ' * 5000 + "{}" + "}" * 5000, "DocumentTooLarge", "1.json:1", "deep"))


@pytest.mark.parametrize("bad", BAD, ids=str)
@pytest.mark.parametrize("side", ["old", "new"])
def test_located(bad: Bad, side: str) -> None:
    named = treaty.SchemaText(bad.text, name="1.json")
    old, new = (named, FINE) if side == "old" else (FINE, named)
    with pytest.raises(TreatyError) as caught:
        treaty.check_compatibility(new, [old], type="JSON", mode="FULL")
    assert type(caught.value).__name__ == bad.error
    assert str(caught.value).startswith(bad.place)
    assert bad.says in str(caught.value)


FINE_ODDITIES = (
    # What a meta-schema refuses nowhere, and people write.
    '{"pattern": "(?i)^a"}',
    '{"pattern": "^\\\\p{L}+$"}',
    '{"pattern": "[^]"}',
    '{"patternProperties": {"^x-": {}}}',
    '{"maximum": 1e400}',
    '{"maximum": 12345678901234567890.5}',
    '{"enum": [1, 1]}',
    '{"x-extension": {"type": "strng"}, "examples": [{"$ref": "#/nowhere"}]}',
    '{"default": {"type": "strng"}}',
    '{"properties": {"type": {}, "$ref": {"type": "string"}, "required": {"enum": ["a"]}}}',
    '{"definitions": {"list": {"properties": {"next": {"$ref": "#/definitions/list"}}}}, "$ref": "#/definitions/list"}',
    '{"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "https://json-schema.org/draft/2020-12/schema"}',
)


@pytest.mark.parametrize("text", FINE_ODDITIES)
def test_odd_and_valid(text: str) -> None:
    assert treaty.check_compatibility(text, [text], type="JSON", mode="FULL").compatible is True
    assert treaty.check_compatibility(text, ["{}"], type="JSON", mode="FULL").compatible in (True, False, None)


def test_a_file_that_is_referred_to_is_checked_too() -> None:
    schema = treaty.SchemaText('{"$ref": "money.json"}', {"money.json": '{"type": "objct"}'}, name="bet.json")
    with pytest.raises(InvalidContract, match="a type is one of") as caught:
        treaty.check_compatibility(schema, [FINE], type="JSON")
    assert str(caught.value).startswith("money.json:1:2")


def test_trees_are_located_by_pointer() -> None:
    with pytest.raises(InvalidContract) as caught:
        treaty.check_compatibility({"properties": {"a/b": {"type": "strng"}}}, [{}], type="JSON")
    assert caught.value.location is not None
    assert caught.value.location.pointer == "/properties/a~1b/type"


def test_exponential_references_end() -> None:
    definitions = {"d0": {"type": "string"}}
    for level in range(1, 40):
        definitions[f"d{level}"] = {"properties": {side: {"$ref": f"#/definitions/d{level - 1}"} for side in "ab"}}
    old = {"definitions": definitions, "$ref": "#/definitions/d39"}
    new = json.loads(json.dumps(old).replace('"string"', '"integer"'))
    assert treaty.check_compatibility(new, [old], type="JSON").compatible is not True
