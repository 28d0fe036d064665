"""Regular expressions: read as ECMA-262, compared exactly, matched in bounded time."""

from __future__ import annotations

import contextlib
import time

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.changes.proof.patterns import characters, language
from treaty.changes.proof.patterns.automaton import NotRegular, formula
from treaty.changes.proof.patterns.python import Unmatchable, is_tame, matches
from treaty.changes.proof.patterns.samples import samples
from treaty.changes.proof.patterns.syntax import PatternError, parse

MATCHES = [
    ("a$", "a", True),
    ("a$", "a\n", False),
    ("^\\d$", "٣", False),
    ("^\\w$", "é", False),
    ("^\\s$", "\ufeff", True),
    ("^.$", "\u2028", False),
    ("^.$", "😀", True),
    ("^\\u{1F600}$", "😀", True),
    ("^\\uD83D\\uDE00$", "😀", True),
    ("^\\p{Lu}$", "É", True),
    ("^\\P{Lu}$", "É", False),
    ("^\\p{Letter}$", "é", True),
    ("(a)?\\1b", "b", True),
    ("(?<year>\\d{4})-\\k<year>", "2026-2026", True),
    ("\\bfoo\\b", "a foo b", True),
    ("^(?=.*\\d)[a-z\\d]+$", "abc", False),
    ("(?<=a)b", "ab", True),
    ("(?<!a)b", "ab", False),
    ("[^a-c]", "abc", False),
    ("[\\d-]", "-", True),
    ("[a\\-z]", "b", False),
    ("^[\\w.+-]+@", "a+b@", True),
    ("\\/", "/", True),
    ("\\x41\\cJ", "A\n", True),
    ("a{2,3}", "aa", True),
    ("^a{2}$", "aaa", False),
    ("a??b", "b", True),
    ("", "anything", True),
    ("^$", "", True),
    ("a|b|", "c", True),
    ("[^]", "x", True),
    ("[]", "x", False),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), MATCHES)
def test_matching(pattern, text, expected):
    assert matches(pattern, text) is expected
    with contextlib.suppress(NotRegular):
        assert formula(pattern).matches(text) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[a",
        "a**",
        "*a",
        "a{3,2}",
        "a{,3}",
        "\\",
        "\\q",
        "(?i)a",
        "(?P<n>a)",
        "\\2(a)",
        "\\u{110000}",
        "[b-a]",
        "^*",
        "\\p{Greek}",
        "(" * 100,
    ],
)
def test_what_is_no_expression(pattern):
    with pytest.raises(PatternError):
        parse(pattern)


CONTAINED = [
    ("^[a-z]+$", "^[a-z0-9]+$", True, False),
    ("^a", "a", True, False),
    ("^abc$", "^a", True, False),
    ("foo|bar", "foo|bar|baz", True, False),
    ("^\\d+$", "^[0-9]+$", True, True),
    ("^(a+)+$", "^(a|aa)+$", True, True),
    ("^[A-Z]{2}\\d{4}$", "^\\w{6}$", True, False),
    ("^$", "^a?$", True, False),
    ("^a$|^b$", "^[ab]$", True, True),
    ("^(?!foo)", "^(?!foobar)", True, False),
    ("^(?=.*a)(?=.*b)", "^(?=.*b)(?=.*a)", True, True),
    ("^x(?=y)", "^x", True, None),
    ("\\bfoo\\b", "foo", True, None),
    ("(a)\\1", "^aa$", None, None),
    ("$^", "^$", None, None),
]


@pytest.mark.parametrize(("inner", "outer", "forwards", "backwards"), CONTAINED)
def test_containment(inner, outer, forwards, backwards):
    assert language.contains(outer, inner) is forwards
    assert language.contains(inner, outer) is backwards


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("^a", "^b", True), ("a", "b", False), ("^a$", "^a+$", False), ("(?<=a)b", "b", None)],
)
def test_disjoint(one, other, expected):
    assert language.disjoint(one, other) is expected


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("^[A-Z]{3}$", 3, 3),
        ("^a?b{2,4}$", 2, 5),
        ("abc", 3, None),
        ("^$", None, 0),
        ("^a*$", None, None),
        ("[]", None, 0),
    ],
)
def test_lengths(pattern, least, most):
    assert (language.shortest_length(pattern) or None) == least
    assert language.longest(pattern) == most


SHORTEST = [
    (language.Texts(("^[a-z]+$",), ("^a",)), "b"),
    (language.Texts(("\\d{4}-\\d{2}",), (), 12, 12), "000000000-00"),
    (language.Texts(("^\\+[1-9]\\d{1,14}$",)), "+10"),
    (language.Texts(("^[A-Z]{3}$",), (), 0, None, frozenset({"AAA"})), "AAB"),
    (language.Texts(("^(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d]{8,}$",)), None),
    (language.Texts((), ("[a-z]", "[0-9]"), 3, 3), "AAA"),
]


@pytest.mark.parametrize(("texts", "expected"), SHORTEST)
def test_shortest(texts, expected):
    found = language.shortest(texts)
    assert found is not None
    assert all(matches(pattern, found) for pattern in texts.matching)
    assert not any(matches(pattern, found) for pattern in texts.refused)
    assert expected is None or found == expected


@pytest.mark.parametrize(
    "texts",
    [
        language.Texts(("^x*$",), ("^x*$",)),
        language.Texts(("^ab$",), (), 3),
        language.Texts(("^[ab]$",), (), 0, None, frozenset("ab")),
    ],
)
def test_there_is_none(texts):
    assert language.shortest(texts) is None


@pytest.mark.parametrize("pattern", ["(?<=a)b", "(a)\\1", "^(([a-z]{1,100}){1,100}){1,100}$"])
def test_too_hard_is_said(pattern):
    with pytest.raises(language.TooHard):
        language.shortest(language.Texts((pattern,)))


@pytest.mark.parametrize("pattern", ["\\bfoo\\b", "^(a|b)\\1$", "^a(?=b)b$", "(?<=x)y", "^(?:(?!ab).)*$"])
def test_samples_hold_a_match(pattern):
    assert any(matches(pattern, text) for text in samples(pattern, 0, None, lambda: None))


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|aa)+$", "^(.*a){12}$", "^((a+)+)+$", "(x+x+)+y", "^(a?){40}a{40}$", "^([a-z]+\\.?)+$"]
)
def test_catastrophic_expressions_end(pattern):
    start = time.process_time()
    for text in ("a" * 40 + "!", "a" * 3000 + "!", "x" * 200):
        matches(pattern, text)
    assert time.process_time() - start < 5


def test_what_cannot_end_in_time_is_not_tried():
    with pytest.raises(Unmatchable):
        matches("^(?:(a+)+)\\1$", "a" * 60 + "!")
    assert not is_tame("^(a+)+$")
    assert is_tame("^x-[a-z]+$")


def test_sets_of_characters():
    letters = characters.of_ranges([(0x61, 0x7A), (0x63, 0x70), (0x7B, 0x7B)])
    assert letters.ranges == ((0x61, 0x7B),)
    assert "a" in letters
    assert "a" not in letters.inverted()
    assert letters.inverted().inverted() == letters
    assert not characters.of_ranges([(0xD800, 0xDFFF)])


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d", "a?", "b*", "(a|b)", "(?:ab)+", "a{1,2}", "\\w", "c"])
PATTERNS = st.builds(
    lambda start, parts, end: start + "".join(parts) + end,
    st.sampled_from(["", "^"]),
    st.lists(ATOMS, max_size=4),
    st.sampled_from(["", "$"]),
) | st.builds("{}|{}".format, ATOMS, ATOMS)
TEXTS = st.text(alphabet="abc1\n", max_size=6)


@given(PATTERNS, TEXTS)
def test_three_matchers_agree(pattern, text):
    expected = jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid(text)
    assert matches(pattern, text) is expected
    assert formula(pattern).matches(text) is expected


@given(PATTERNS, PATTERNS, TEXTS)
def test_containment_is_never_refuted(inner, outer, text):
    if language.contains(outer, inner) and matches(inner, text):
        assert matches(outer, text)
    if language.disjoint(inner, outer):
        assert not (matches(inner, text) and matches(outer, text))


@given(PATTERNS, PATTERNS, st.integers(0, 3), st.integers(0, 3))
def test_what_is_found_is_in_the_language(wanted, unwanted, least, more):
    found = language.shortest(language.Texts((wanted,), (unwanted,), least, least + more))
    if found is not None:
        assert least <= len(found) <= least + more
        assert matches(wanted, found)
        assert not matches(unwanted, found)
