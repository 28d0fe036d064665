"""The last word on a witness: `jsonschema`, which knows nothing of how it was found, on the schemas as written.

Two things are put right for it. Numbers are given to it as exact rationals, because on floats it finds that 0.3 is no
multiple of 0.1. And patterns are read as ECMA-262, because Python's `$` also matches before a newline and its `\\d`
any script's digits.
"""

from __future__ import annotations

import importlib.metadata
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeVar

import jsonschema
from jsonschema.exceptions import FormatError, ValidationError, best_match
from jsonschema.validators import extend
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]  # it has no types

from treaty.changes.proof import formats
from treaty.changes.proof.answers import is_panic
from treaty.changes.proof.patterns.python import is_tame, matches
from treaty.changes.proof.readable import LARGEST_EXPONENT
from treaty.model.schema.dialects import SCHEMA_KEYWORDS, SCHEMA_LIST_KEYWORDS, SCHEMA_MAP_KEYWORDS, subschemas
from treaty.model.schema.numbers import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treaty.changes.proof.answers import Schema
    from treaty.documents.location import JsonValue

NAME = "jsonschema"

_BASES = {
    "4": jsonschema.Draft4Validator,
    "6": jsonschema.Draft6Validator,
    "7": jsonschema.Draft7Validator,
    "2019-09": jsonschema.Draft201909Validator,
    "2020-12": jsonschema.Draft202012Validator,
}
_MOST_OPEN = 4
_SENTENCE = 160
_Question = tuple[str, object]
_Result = TypeVar("_Result")


class Unjudged(Exception):
    """The validator gave no verdict: it cannot read the schema, or not in bounded time and depth."""


class _Validator(Protocol):
    def is_valid(self, instance: object) -> bool: ...
    def iter_errors(self, instance: object) -> Iterator[ValidationError]: ...


class Number(Fraction):
    """An exact number that is shown as the decimal it was written as."""

    def __repr__(self) -> str:
        if self.denominator == 1:
            return f"{self.numerator}.0"
        return str(Decimal(self.numerator) / Decimal(self.denominator))

    __str__ = __repr__


class _Open(Exception):
    """A format was asked about a value nothing is known about."""

    def __init__(self, question: _Question) -> None:
        super().__init__()
        self.question = question


class _Formats(jsonschema.FormatChecker):
    """Formats as :mod:`treaty.changes.proof.formats` knows them; what it leaves open is as assumed, or raises _Open."""

    def __init__(self) -> None:
        super().__init__(formats=())
        self.assumed: dict[_Question, bool] = {}

    def check(self, instance: object, format: str) -> None:  # noqa: A002  # the library names it so
        decided = formats.decide(format, instance)
        if decided is None:
            question = format, instance
            if question not in self.assumed:
                raise _Open(question)
            decided = self.assumed[question]
        if not decided:
            raise FormatError(f"{instance!r} is not a {format!r}")


class Judge:
    """One schema, as its author wrote it, under the validator of its draft."""

    def __init__(self, schema: Schema, *, assert_formats: bool) -> None:
        self._formats = _Formats()
        self._points = schema.draft == "4"
        try:
            _check_names(schema.body)
            body = _adapted(schema.body, self._number)
            self._validator: _Validator = _validator_class(schema.draft)(
                body, registry=REGISTRY, format_checker=self._formats if assert_formats else None
            )
        except RecursionError:
            raise Unjudged from None

    def accepts(self, value: JsonValue, assumed: dict[_Question, bool]) -> bool:
        """Whether ``value`` is valid, given what is ``assumed`` of formats.

        Raises Unjudged, and _Open for what is not assumed.
        """
        self._formats.assumed = assumed
        return self._judged(lambda: self._validator.is_valid(_exact(value, self._number)))

    def refusal(self, value: JsonValue, assumed: dict[_Question, bool]) -> str:
        """Why ``value`` is not valid, in one short sentence with the place in ``value``."""
        self._formats.assumed = assumed
        error = self._judged(lambda: best_match(self._validator.iter_errors(_exact(value, self._number))))
        if error is None:
            raise Unjudged
        sentence = error.message
        if len(sentence) > _SENTENCE:
            sentence = sentence[: _SENTENCE // 2].rstrip() + " … " + sentence[-_SENTENCE // 2 :].lstrip()
        return f"{sentence} at {error.json_path}"

    def _number(self, value: float | Decimal) -> int | Number:
        huge = isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) > LARGEST_EXPONENT
        number = None if huge else exact(value)
        if number is None:
            raise Unjudged
        # Only draft 4 tells 5.0 from 5.
        return number.numerator if number.denominator == 1 and not self._points else Number(number)

    def _judged(self, question: Callable[[], _Result]) -> _Result:
        try:
            return question()
        except _Open:
            raise
        except Exception:  # a validator raises whatever comes up when the schema is malformed
            raise Unjudged from None
        except BaseException as error:
            # The immutable maps of `referencing` panic where Python's recursion ends.
            if is_panic(error):
                raise Unjudged from None
            raise


class Confirmation:
    """Whether a value is a witness, whatever the formats nobody knows say of it."""

    def __init__(self, accepting: Judge, refusing: Judge | None = None) -> None:
        self._accepting = accepting
        self._refusing = refusing
        self.stood_on: dict[str, None] = {}
        """Formats of which it mattered what they hold, and was not known."""

    def holds(self, value: JsonValue, assumed: dict[_Question, bool] | None = None) -> bool:
        """Whether ``value`` is accepted by the one and refused by the other, if there is another. Raises Unjudged."""
        assumed = assumed or {}
        try:
            if not self._accepting.accepts(value, assumed):
                return False
            return self._refusing is None or not self._refusing.accepts(value, assumed)
        except _Open as error:
            if len(assumed) < _MOST_OPEN and all(
                self.holds(value, assumed | {error.question: answer}) for answer in (True, False)
            ):
                return True
            self.stood_on[error.question[0]] = None
            return False

    def reason(self, value: JsonValue) -> str:
        """Why ``value`` is refused. Raises Unjudged."""
        assert self._refusing is not None
        assumed: dict[_Question, bool] = {}
        while True:
            try:
                return self._refusing.refusal(value, assumed)
            except _Open as error:
                assumed = assumed | {error.question: True}


@cache
def version() -> str:
    """The name and version of the library, for the record."""
    return f"{NAME} {importlib.metadata.version(NAME)}"


def _pattern(validator: object, pattern: str, instance: object, schema: object) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: jsonschema.Draft202012Validator, patterns: dict[str, dict[str, object]], instance: object, schema: object
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, inner in patterns.items():
            for name, value in instance.items():
                if matches(pattern, name):
                    yield from validator.descend(value, inner, path=name, schema_path=pattern)


def _additional_properties(
    validator: jsonschema.Draft202012Validator,
    additional: object,
    instance: object,
    schema: dict[str, dict[str, object]],
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    extras = [
        name
        for name in instance
        if name not in schema.get("properties", {})
        and not any(matches(pattern, name) for pattern in schema.get("patternProperties", {}))
    ]
    if isinstance(additional, dict):
        for name in extras:
            yield from validator.descend(instance[name], additional, path=name)
    elif additional is False and extras:
        yield ValidationError(f"Additional properties are not allowed: {', '.join(map(repr, extras))}")


@cache
def _validator_class(draft: str) -> Callable[..., _Validator]:
    extended: Callable[..., _Validator] = extend(  # type: ignore[no-untyped-call]  # the library does not type it
        _BASES[draft],
        validators={
            "pattern": _pattern,
            "patternProperties": _pattern_properties,
            "additionalProperties": _additional_properties,
        },
    )
    return extended


def _adapted(schema: JsonValue, number: Callable[[float | Decimal], object]) -> object:
    """``schema`` with exact numbers, and without `$schema`, for which the validator would change its draft."""
    if not isinstance(schema, dict):
        return schema
    written: dict[str, object] = {}
    for keyword, value in schema.items():
        if keyword in SCHEMA_MAP_KEYWORDS and isinstance(value, dict):
            written[keyword] = {name: _adapted(inner, number) for name, inner in value.items()}
        elif keyword in SCHEMA_LIST_KEYWORDS and isinstance(value, list):
            written[keyword] = [_adapted(inner, number) for inner in value]
        elif keyword in SCHEMA_KEYWORDS:
            written[keyword] = _adapted(value, number)
        elif keyword != "$schema":
            written[keyword] = _exact(value, number)
    return written


def _check_names(schema: JsonValue) -> None:
    """Raise Unjudged for patterns that `unevaluatedProperties`, which matches them by itself, may not finish with."""
    patterns: set[str] = set()
    unevaluated = False
    waiting: list[JsonValue] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting.extend(subschemas(node))
            unevaluated = unevaluated or "unevaluatedProperties" in node
            names = node.get("patternProperties")
            patterns |= names.keys() if isinstance(names, dict) else set()
    if unevaluated and not all(map(is_tame, patterns)):
        raise Unjudged


def _exact(value: JsonValue, number: Callable[[float | Decimal], object]) -> object:
    if isinstance(value, float | Decimal):
        return number(value)
    if isinstance(value, list):
        return [_exact(item, number) for item in value]
    if isinstance(value, dict):
        return {name: _exact(member, number) for name, member in value.items()}
    return value
