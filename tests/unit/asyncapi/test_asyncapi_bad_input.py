"""Documents that are not built as AsyncAPI asks: a located error of the right class, whatever is wrong with them."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.asyncapi.event_cases import CASES, EventCase, all_cases, patched, side

from treaty.changes.comparison import Settings, compare_documents
from treaty.errors import TreatyError

INVALID = yaml.safe_load((CASES / "invalid" / "documents.yaml").read_text())


@pytest.mark.parametrize("raw", INVALID, ids=lambda raw: raw["name"])
@pytest.mark.parametrize("which", ["old", "new"])
def test_located(raw: dict[str, Any], which: str) -> None:
    fine = side(patched({"major": raw["document"].get("major", 3), **raw.get("fine", {})}))
    bad = side(patched(dict(raw["document"])))
    old, new = (bad, fine) if which == "old" else (fine, bad)
    with pytest.raises(TreatyError) as caught:
        compare_documents(old, new, Settings())
    error = caught.value
    assert type(error).__name__ == raw["error"]
    assert error.location is not None
    # What the new side refers to is followed before anything is compared.
    place = raw.get("at_reference", raw["at"]) if which == "new" else raw["at"]
    assert error.location.pointer.removesuffix("/$ref") == place.removesuffix("/$ref")
    assert error.location.line is not None
    assert raw["says"] in str(error)


JUNK = (
    *(None, 0, -1, 1.5, True, "", "x", "send", [], [1], [None], {}, {"a": 1}, {"oneOf": []}, {"type": "record"}),
    *({"$ref": target} for target in ("#/nope", "#", "#/components", "#/channels", 1)),
    {"schemaFormat": 1},
    {"schemaFormat": "avro/binary", "schema": {}},
    {"schemaFormat": "application/vnd.google.protobuf", "schema": "x"},
)
CASES_TO_BREAK = all_cases()


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_broken_document_is_compared_or_refused(data: st.DataObject) -> None:
    case: EventCase = data.draw(st.sampled_from(CASES_TO_BREAK))
    tree = copy.deepcopy(case.new)
    places = [place for place in _places(tree) if place and place != ("asyncapi",)]
    place = data.draw(st.sampled_from(places))
    owner = tree
    for token in place[:-1]:
        owner = owner[token]
    owner[place[-1]] = copy.deepcopy(data.draw(st.sampled_from(JUNK)))
    refused = _refusal(case, tree)
    assert refused is None or refused.location is not None


def _refusal(case: EventCase, tree: dict[str, Any]) -> TreatyError | None:
    try:
        compare_documents(case.side(new=False), side(tree, case.new_files), case.settings)
    except TreatyError as error:
        return error
    return None


def _places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(inner for token, member in members for inner in _places(member, (*place, token)))]
