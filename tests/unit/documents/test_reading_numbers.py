"""Numbers keep their meaning, whichever syntax they are written in."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.documents.document import read_document
from treaty.documents.numbers import NumberSizeError, exact_number
from treaty.errors import DocumentTooLarge

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue

NUMBERS: list[tuple[str, JsonValue]] = [
    ("0", 0),
    ("-0", 0),
    ("9007199254740993", 2**53 + 1),
    ("9223372036854775808", 2**63),
    ("-9223372036854775809", -(2**63) - 1),
    ("18446744073709551616", 2**64),
    ("1" + "0" * 4299, 10**4299),
    ("0.1", 0.1),
    ("1.0", 1.0),
    ("-0.0", -0.0),
    ("1e3", 1000.0),
    ("1E+2", 100.0),
    ("1.5e-3", 0.0015),
    ("0.30000000000000004", 0.30000000000000004),
    ("123456789012345.5", 123456789012345.5),
    ("0.1000000000000000055511151231257827", Decimal("0.1000000000000000055511151231257827")),
    ("9007199254740993.0", Decimal("9007199254740993.0")),
    ("1e400", Decimal("1e400")),
    ("1e-400", Decimal("1e-400")),
    ("5e-324", 5e-324),
    ("0e9999999", 0.0),
]


@pytest.mark.parametrize(("written", "value"), NUMBERS)
@pytest.mark.parametrize("path", ["x.json", "x.yaml"])
def test_exact(path: str, written: str, value: JsonValue) -> None:
    text = f'{{"n": {written}}}' if path.endswith("json") else f"n: {written}"
    tree = read_document(text.encode(), path, path).tree
    assert isinstance(tree, dict)
    assert tree["n"] == value
    assert type(tree["n"]) is type(value)
    assert str(tree["n"]) == str(value)


@pytest.mark.parametrize("written", ["1" * 4301, "1e4301", "1e-4302", "1e99999999999999999999", "0." + "1" * 4300])
@pytest.mark.parametrize("path", ["x.json", "x.yaml"])
def test_refused(path: str, written: str) -> None:
    text = f'{{"a": 1.5,\n "n": {written}}}' if path.endswith("json") else f"a: 1.5\nn: {written}"
    with pytest.raises(DocumentTooLarge, match="more than 4,300 digits") as caught:
        read_document(text.encode(), path, path)
    assert caught.value.location is not None
    assert caught.value.location.line == 2


@given(st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(lambda d: abs(d.adjusted()) < 4000))
def test_value_never_changes(number: Decimal) -> None:
    literal = f"{number:E}"
    assert Decimal(
        repr(exact_number(literal)) if isinstance(exact_number(literal), float) else exact_number(literal)
    ) == (number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_stay_floats(number: float) -> None:
    value = exact_number(repr(number))
    assert type(value) is float
    assert repr(value) == repr(number)


def test_too_large_says_which() -> None:
    with pytest.raises(NumberSizeError):
        exact_number("1e5000")
