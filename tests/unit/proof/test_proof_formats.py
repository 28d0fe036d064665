"""What a proof and a witness may and may not say of formats."""

from __future__ import annotations

import pytest

from treaty.changes.proof import Answer, Prover, Schema
from treaty.changes.proof.formats import NUMBERS, STRINGS, decide

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def text(name: str | None, **more: object) -> dict:
    return {"type": "string", **({"format": name} if name else {}), **more}


@pytest.mark.parametrize("name", sorted(STRINGS))
def test_the_table_agrees_with_itself(name):
    known = STRINGS[name]
    for length in (0, 5, 25, 60):
        for member in known.examples(length):
            assert known.decide(member) is True
            assert len(member) >= known.shortest
            assert known.longest is None or len(member) <= known.longest
            for wider in known.within:
                assert STRINGS[wider].decide(member) is True


DECISIONS = [
    ("date", "2026-02-28", True),
    ("date", "2026-02-30", False),
    ("date", "2026-2-3", False),
    ("date", "0000-01-01", None),
    ("time", "23:59:59Z", True),
    ("time", "23:59:60Z", None),
    ("time", "12:00:00", None),
    ("time", "24:00:00Z", False),
    ("date-time", "2026-01-31T12:30:00+02:00", True),
    ("date-time", "2026-01-31 12:30:00Z", None),
    ("date-time", "2026-01-31", False),
    ("uuid", "123E4567-e89b-42d3-a456-426614174000", True),
    ("uuid", "123e4567e89b42d3a456426614174000", None),
    ("uuid", "123", False),
    ("ipv4", "192.0.2.1", True),
    ("ipv4", "192.0.2.01", None),
    ("ipv4", "192.0.2.256", False),
    ("ipv6", "::1", True),
    ("ipv6", "fe80::1%eth0", None),
    ("ipv6", "1.2.3.4", False),
    ("email", "user@example.com", True),
    ("email", '"a b"@example.com', None),
    ("email", "user", False),
    ("hostname", "example.com", True),
    ("hostname", "localhost", None),
    ("hostname", "a b", False),
    ("uri", "https://example.com/a", True),
    ("uri", "urn:isbn:0", None),
    ("uri", "/a", False),
    ("uri-reference", "/a", True),
    ("duration", "P1DT2H", True),
    ("duration", "1D", False),
    ("json-pointer", "/a~1b", True),
    ("json-pointer", "a", False),
    ("byte", "YQ==", True),
    ("byte", "!", False),
    ("phone", "+49 30 1", None),
    ("phone", 5, None),
    ("date", 5, True),
    ("int32", 2**31 - 1, True),
    ("int32", 2**31, False),
    ("int32", 0.5, False),
    ("float", 0.5, True),
    ("double", 10**400, False),
    ("int32", "5", None),
    ("password", "x", True),
    ("phone", None, True),
]


@pytest.mark.parametrize(("name", "value", "decided"), DECISIONS)
def test_decisions(name, value, decided):
    assert decide(name, value) is decided


PAIRS = [
    ("a format set", text(None), text("date"), NO, YES),
    ("another format", text("date"), text("date-time"), NO, NO),
    ("within another", text("uri"), text("uri-reference"), YES, NO),
    ("the same unknown one", text("phone", maxLength=5), text("phone", maxLength=6), YES, UNKNOWN),
    ("an unknown one set", text(None), text("phone"), UNKNOWN, YES),
    ("one unknown for another", text("phone"), text("fax"), UNKNOWN, UNKNOWN),
    ("fixed length", text("date"), text(None, maxLength=10, minLength=10), YES, NO),
    ("shorter than any", text("date"), text(None, maxLength=9), NO, NO),
    ("longer than some", text("uri", maxLength=40), text("uri", maxLength=30), NO, YES),
    ("longer moments", text("date-time"), text("date-time", maxLength=25), NO, YES),
    ("constants inside", {"enum": ["2026-01-31"]}, text("date"), YES, NO),
    ("constants outside", {"enum": ["x"]}, text("date"), NO, NO),
    ("constants nobody knows", {"enum": ["x"]}, text("phone"), UNKNOWN, UNKNOWN),
    ("integers", {"type": "integer", "format": "int32"}, {"type": "integer", "format": "int64"}, YES, NO),
    ("numbers", {"type": "number", "format": "float"}, {"type": "number", "format": "double"}, YES, NO),
    (
        "bounds say the same",
        {"type": "integer", "format": "int8"},
        {"type": "integer", "minimum": -128, "maximum": 127},
        YES,
        YES,
    ),
    ("integers as text", text("int64"), text("int32"), UNKNOWN, UNKNOWN),
    ("unknown numbers", {"type": "number", "format": "money"}, {"type": "number"}, YES, UNKNOWN),
    ("other types are free", {"type": "integer"}, {"format": "date"}, YES, NO),
    ("hints are no formats", text("password"), text(None), YES, YES),
    ("denied", {"type": "string", "not": {"format": "date"}}, text(None, maxLength=1000), NO, NO),
    (
        "elsewhere a constant",
        {"properties": {"a": text("phone"), "b": {"enum": ["x"]}}},
        {"properties": {"a": text("phone"), "b": {"enum": ["x", "y"]}}},
        YES,
        NO,
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "forwards", "backwards"), [pair[1:] for pair in PAIRS], ids=[p[0] for p in PAIRS]
)
def test_asserted(old, new, forwards, backwards):
    prover = Prover()
    answers = prover.covers(Schema(new), Schema(old)), prover.covers(Schema(old), Schema(new))
    # Numbers nobody published a format for are not proven either way, even where a format is only dropped.
    if old.get("format") == "money":
        forwards = UNKNOWN
    assert tuple(proof.answer for proof in answers) == (forwards, backwards), answers


@pytest.mark.parametrize(
    ("old", "new"), [(text("date"), text("phone")), (text(None), text("date")), (text("int64"), text("int32"))]
)
def test_not_asserted_formats_say_nothing(old, new):
    prover = Prover(formats=False)
    assert prover.covers(Schema(new), Schema(old)).answer is YES
    assert prover.covers(Schema(old), Schema(new)).answer is YES


def test_no_witness_stands_on_an_unknown_format():
    def body(maximum: int, name: str) -> Schema:
        phone = {"type": "string", "format": name}
        return Schema(
            {
                "type": "object",
                "required": ["p"],
                "properties": {"p": phone, "n": {"type": "integer", "maximum": maximum}},
            }
        )

    prover = Prover()
    known = prover.covers(body(9, "uri"), body(10, "uri"))
    assert known.witness is not None
    assert known.witness.value == {"p": "https://example.com/", "n": 10}
    unknown = prover.covers(body(9, "phone"), body(10, "phone"))
    assert unknown.answer is UNKNOWN
    assert unknown.undecided[0] == "format 'phone', of which too little is known"
    # Where the value of that format does not have to be there, it is left out.
    loose = prover.covers(
        Schema({**body(9, "phone").body, "required": []}), Schema({**body(10, "phone").body, "required": []})
    )
    assert loose.witness is not None
    assert loose.witness.value == {"n": 10}


def test_the_ranges_of_the_format_registry():
    assert NUMBERS["int64"].high == 9223372036854775807
    assert NUMBERS["uint8"].low == 0
    assert float(NUMBERS["double"].high) == 1.7976931348623157e308
