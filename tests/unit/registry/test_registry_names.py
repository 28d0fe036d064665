"""Subjects and contexts are read in both spellings, and what nobody could use is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty_registry.errors import RegistryError
from treaty_registry.names import GLOBAL, SubjectName, check_subject, parse_context, parse_subject

SPELLINGS = [
    ("orders-value", SubjectName(".", "orders-value")),
    (":.:orders", SubjectName(".", "orders")),
    (":.sales:orders", SubjectName(".sales", "orders")),
    (":.sales:a:b", SubjectName(".sales", "a:b")),
    (":.sales:", SubjectName(".sales", "")),
    (":.sales", SubjectName(".sales", "")),
    (":sales:orders", SubjectName(".", ":sales:orders")),
    ("", GLOBAL),
    ("a/b c\u00e9\U0001f600", SubjectName(".", "a/b c\u00e9\U0001f600")),
]


@pytest.mark.parametrize(("text", "name"), SPELLINGS)
def test_a_subject_is_read(text: str, name: SubjectName) -> None:
    assert parse_subject(text) == name


def test_an_unqualified_subject_belongs_to_its_parent_and_a_qualified_one_does_not() -> None:
    assert parse_subject("orders", ".sales") == SubjectName(".sales", "orders")
    assert parse_subject(":.other:orders", ".sales") == SubjectName(".other", "orders")


@given(st.text(min_size=1).filter(lambda text: not text.startswith(":.")), st.sampled_from([".", ".a", ".a.b"]))
def test_a_qualified_name_is_read_back(name: str, context: str) -> None:
    subject = SubjectName(context, name)
    assert parse_subject(subject.qualified) == subject


@pytest.mark.parametrize("text", ["sales", ".sales", ":.sales:", ":.sales", "sales:"])
def test_a_context_has_one_name_in_every_spelling(text: str) -> None:
    assert parse_context(text) == ".sales"


@pytest.mark.parametrize("text", ["a:b", "a\nb", "\x00", "x" * 300])
def test_an_impossible_context_is_refused(text: str) -> None:
    with pytest.raises(RegistryError) as refused:
        parse_context(text)
    assert refused.value.code == 400


@pytest.mark.parametrize(
    "text", ["", "__GLOBAL", "__EMPTY", "a\tb", "a\x00b", "a\x85b", "a" * 1501, "\u00e9" * 800, ":.sales:", ":.a\n:b"]
)
def test_a_subject_nobody_could_use_is_refused(text: str) -> None:
    with pytest.raises(RegistryError) as refused:
        check_subject(parse_subject(text))
    assert refused.value.code == 42208


@pytest.mark.parametrize(
    "text", ["a", "a/b", "a b", "\u00e9", "\u200b", "a" * 1500, ":.sales:__x", "%2F", "..", "'; drop table"]
)
def test_any_other_subject_is_allowed(text: str) -> None:
    assert check_subject(parse_subject(text)).qualified == text


def test_a_whole_context_is_a_scope_but_no_subject() -> None:
    assert check_subject(parse_subject(":.sales:"), scope=True) == SubjectName(".sales", "")
