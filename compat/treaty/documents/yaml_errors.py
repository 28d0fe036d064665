"""What is wrong with a YAML text, said so that a person can act on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from yaml.error import MarkedYAMLError

from treaty.documents.limits import MAX_DEPTH, MAX_DIGITS
from treaty.errors import DocumentError, DocumentTooLarge

if TYPE_CHECKING:
    from yaml.error import YAMLError

    from treaty.documents.text import Text

__all__ = ["CORE", "Refusals", "explain"]

CORE = "tag:yaml.org,2002:"
"""The prefix that ``!!`` stands for."""
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADVICE = (
    ("mapping values are not allowed", "quote a value that holds ': ', and check the indentation"),
    ("did not find expected key", "check the indentation, and quote values that begin with a special character"),
    ("cannot start any token", "quote the value: it begins with a character YAML reserves"),
)


class Refusals:
    """Raises what the reader itself refuses; ``index`` is always the character at which it stands."""

    def __init__(self, text: Text) -> None:
        self._text = text

    def key_twice(self, index: int, key: str, first: int) -> NoReturn:
        """``key`` stands at ``index`` and, before that, at ``first``."""
        line, _ = self._text.lines.place_of_character(first)
        self._refuse(
            index,
            f"the key {key!r} stands twice in one mapping, first on line {line}",
            "keep one of the two: readers disagree on which one counts",
        )

    def key_is_no_text(self, index: int) -> NoReturn:
        self._refuse(index, "a mapping or a list as a key", "keys are text: quote it if it is meant as text")

    def tag(self, index: int, tag: str | None) -> NoReturn:
        self._refuse(
            index,
            f"the tag {_shown(tag)} is not in the core schema of YAML 1.2",
            "remove the tag; quote the value to keep it as text",
        )

    def not_of_its_tag(self, index: int, written: str, tag: str | None) -> NoReturn:
        self._refuse(index, f"{written!r} is no {_shown(tag)}", "remove the tag, or correct the value")

    def second_document(self, index: int) -> NoReturn:
        self._refuse(index, "a second document begins here", "keep one contract in one file")

    def no_anchor(self, index: int, name: str) -> NoReturn:
        self._refuse(index, f"the alias *{name} has no anchor &{name} before it")

    def alias_inside_its_anchor(self, index: int, name: str) -> NoReturn:
        self._refuse(index, f"the alias *{name} stands inside its own anchor", "refer to it with $ref")

    def not_to_be_merged(self, index: int) -> NoReturn:
        self._refuse(index, "the value of a merge key << is a mapping or a list of mappings")

    def nothing(self) -> NoReturn:
        self._refuse(0, "the file holds nothing but comments")

    def too_deep(self, index: int) -> NoReturn:
        raise DocumentTooLarge(
            f"nested deeper than {MAX_DEPTH} levels",
            location=self._text.at_character(index),
            advice="give the inner schemas names and refer to them with $ref",
        )

    def too_much_aliased(self, index: int, limit: int) -> NoReturn:
        raise DocumentTooLarge(
            f"the aliases up to here stand for more than {limit:,} nodes", location=self._text.at_character(index)
        )

    def number_too_large(self, index: int) -> NoReturn:
        raise DocumentTooLarge(f"a number of more than {MAX_DIGITS:,} digits", location=self._text.at_character(index))

    def _refuse(self, index: int, problem: str, advice: str | None = None) -> NoReturn:
        raise DocumentError(problem, location=self._text.at_character(index), advice=advice)


def explain(text: Text, error: YAMLError) -> NoReturn:
    """Raise what libyaml found, with the place and what usually helps."""
    text.check_encoding()
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        problem = " ".join(part for part in (error.context, error.problem) if part)
        index = error.problem_mark.index
        offset = text.lines.offset_of_character(index)
        if text.data[offset : offset + 1] == b"\t":
            advice: str | None = "indent with spaces: YAML allows no tab here"
        else:
            advice = next((advice for sign, advice in _ADVICE if sign in problem), None)
        raise DocumentError(f"not valid YAML: {problem}", location=text.at_character(index), advice=advice) from None
    control = _UNPRINTABLE.search(text.data.decode())
    if control is not None:
        raise DocumentError(
            f"not valid YAML: the control character {control[0]!r}",
            location=text.at_character(control.start()),
            advice="remove it, or write it as an escape inside double quotes",
        ) from None
    raise DocumentError(f"not valid YAML: {error}", location=text.at(0)) from None


def _shown(tag: str | None) -> str:
    """The tag as an author writes it."""
    return "!!" + tag.removeprefix(CORE) if tag is not None and tag.startswith(CORE) else str(tag)
