"""What becomes of a pair of schemas in each draft, direction and content model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

import treaty

CASES = Path(__file__).parents[2] / "cases" / "json_schema"
URIS = {
    "4": "http://json-schema.org/draft-04/schema#",
    "6": "http://json-schema.org/draft-06/schema#",
    "7": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}
ANSWERS = {True: "y", False: "n", None: "?"}


class Pair(NamedTuple):
    """Two schemas of one draft. The answers are BACKWARD, then FORWARD; ``lenient`` is None where it is not asked."""

    name: str
    old: dict[str, Any]
    new: dict[str, Any]
    strict: str
    lenient: str | None

    def __str__(self) -> str:
        return self.name

    def answers(self, policy: str = "STRICT") -> str:
        found = (
            treaty.check_compatibility(self.new, [self.old], type="JSON", mode=mode, policy=policy)
            for mode in ("BACKWARD", "FORWARD")
        )
        return "".join(ANSWERS[each.compatible] for each in found)


def pairs() -> list[Pair]:
    found: list[Pair] = []
    for raw in yaml.safe_load((CASES / "verdicts.yaml").read_text()):
        for draft in raw.get("drafts", URIS):
            old, new = ({"$schema": URIS[draft], **raw[side]} for side in ("old", "new"))
            found.append(Pair(f"{raw['name']}, {draft}", old, new, raw["strict"], raw.get("lenient", raw["strict"])))
    return found


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_strict(pair: Pair) -> None:
    assert pair.answers() == pair.strict


@pytest.mark.parametrize("pair", [pair for pair in pairs() if pair.lenient is not None], ids=str)
def test_lenient(pair: Pair) -> None:
    assert pair.answers("LENIENT") == pair.lenient


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_the_reverse_answers_in_reverse(pair: Pair) -> None:
    assert pair._replace(old=pair.new, new=pair.old).answers() == pair.strict[::-1]


@pytest.mark.parametrize("pair", pairs(), ids=str)
def test_every_break_is_shown(pair: Pair) -> None:
    """An incompatible verdict carries a message that one side takes and the other refuses."""
    for mode, answer in zip(("BACKWARD", "FORWARD"), pair.strict, strict=True):
        found = treaty.check_compatibility(pair.new, [pair.old], type="JSON", mode=mode).findings
        breaking = [change for change in found if change.level == "breaking"]
        assert bool(breaking) == (answer == "n")
        assert not breaking or any(change.witness is not None for change in breaking)


@pytest.mark.parametrize("raw", yaml.safe_load((CASES / "dialects.yaml").read_text()), ids=lambda raw: raw["name"])
def test_dialects(raw: dict[str, Any]) -> None:
    assert Pair(raw["name"], raw["old"], raw["new"], raw["strict"], None).answers() == raw["strict"]
