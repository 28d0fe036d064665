"""Python names for whatever a contract says."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty_codegen.naming import class_name, module_name, python_name, unique

CASES = [
    # written, class, snake
    ("BetSettled", "BetSettled", "bet_settled"),
    ("bet.settled", "BetSettled", "bet_settled"),
    ("rg_limit-hit", "RgLimitHit", "rg_limit_hit"),
    ("HTTPStatus", "HTTPStatus", "http_status"),
    ("userID", "UserID", "user_id"),
    ("reservedIPs_list", "ReservedIPsList", "reserved_ips_list"),
    ("IPs", "IPs", "ips"),
    ("sha256", "Sha256", "sha256"),
    ("v2Payload", "V2Payload", "v2_payload"),
    ("GitHub's API", "GitHubsAPI", "git_hubs_api"),
    ("class", "Class", "class_"),
    ("None", "NoneModel", "none"),
    ("123go", "Model123go", "value_123go"),
    ("@odd/name", "OddName", "odd_name"),
    ("__dunder__", "Dunder", "dunder"),
    ("größe", "Größe", "größe"),
    ("日本語", "日本語", "日本語"),
    ("", "Model", "value"),
    ("💥", "Model", "value"),
]


@pytest.mark.parametrize(("written", "upper", "snake"), CASES)
def test_names(written: str, upper: str, snake: str) -> None:
    assert (class_name(written), python_name(written)) == (upper, snake)


@given(st.text())
def test_every_text_gives_valid_names(text: str) -> None:
    for name in (class_name(text), python_name(text), module_name(text)):
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert not name.startswith("_")


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Order", set(), "Order"),
        ("Order", {"order"}, "Order2"),
        ("Order", {"ORDER", "Order2"}, "Order3"),
    ],
)
def test_names_differ_in_more_than_case(name: str, taken: set[str], expected: str) -> None:
    assert unique(name, taken) == expected


def test_names_that_mean_something_else_are_set_aside() -> None:
    assert python_name("copy", taken={"copy"}) == "copy_"
    assert module_name("test") == "test_"
