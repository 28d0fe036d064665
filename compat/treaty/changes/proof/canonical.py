"""The one module that talks to `jsonschema-rs`: subset questions over its canonical form, and its fast validators.

Its interface is pinned and called experimental by its author, so whatever it does but answer (errors, panics of the
Rust side) becomes None here. It holds the interpreter's lock while it works and crashes the process on reference
chains of thousands; :mod:`pairing` and :class:`Cases` keep such questions away from it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import jsonschema_rs
from jsonschema_rs.canonical import Containment

from treaty.changes.proof.answers import is_panic
from treaty.changes.proof.complexity import Cases
from treaty.changes.proof.draft4 import as_draft_4
from treaty.changes.proof.pairing import nodes, standalone
from treaty.changes.proof.readable import LARGEST_EXPONENT
from treaty.model.schema.numbers import value_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from treaty.changes.proof.drafts import JsonSchema
    from treaty.documents.location import JsonValue

_Result = TypeVar("_Result")

NAME = "jsonschema-rs"

# Measured where alternatives multiply: 64 cases take up to 130 ms and a few MB, 256 take 1.6 s and 100 MB, 1024 some
# seconds and 800 MB. Where they only add up, 200 take 30 ms.
_MOST_CASES = 64
_MOST_PAIRS = 1500
_MOST_SIMPLE_CASES = 250
# Two enumerations of 3,000 values take 0.2 s when the narrower schema has the longer one; of 10,000, 2 s.
_MOST_COMPARISONS = 4_000_000
_PATTERNS = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000, size_limit=2_000_000)


def too_large(new: JsonSchema, old: JsonSchema, definitions: dict[str, JsonSchema]) -> bool:
    """Whether :func:`covers` would take too much time or memory."""
    cases = Cases(definitions)
    before, after = cases.measure(old), cases.measure(new)
    if cases.multiplied and (max(before, after) > _MOST_CASES or before * after > _MOST_PAIRS):
        return True
    return max(before, after) > _MOST_SIMPLE_CASES or _long_enumerations(new, old, definitions)


def covers(
    new: JsonSchema, old: JsonSchema, definitions: dict[str, JsonSchema], *, literal_integers: bool
) -> bool | None:
    """Whether ``new`` accepts every value ``old`` accepts; None when that is not decided.

    ``literal_integers``: both schemas are about draft 4's integers. Formats are not looked at.
    """
    forms = [_canonical(schema, definitions, literal_integers=literal_integers) for schema in (new, old)]
    wide, narrow = forms
    if wide is None or narrow is None:
        return None
    answer = _asked(lambda: wide.covers(narrow))
    return {Containment.YES: True, Containment.NO: False}.get(answer) if answer is not None else None


def _long_enumerations(new: JsonSchema, old: JsonSchema, definitions: dict[str, JsonSchema]) -> bool:
    """Whether comparing enumerations would take too long; when ``new`` has all their values it does not."""
    before, after = (list(_enumerations(schema, definitions)) for schema in (old, new))
    longest = [max(map(len, listed), default=0) for listed in (before, after)]
    if longest[0] * longest[1] <= _MOST_COMPARISONS:
        return False
    known = {value_key(value) for values in after for value in values}
    return not all(value_key(value) in known for values in before for value in values)


def _enumerations(schema: JsonSchema, definitions: dict[str, JsonSchema]) -> Iterator[list[JsonValue]]:
    for node in nodes(schema, definitions):
        listed = node.get("enum")
        if isinstance(listed, list):
            yield listed


def _canonical(
    schema: JsonSchema, definitions: dict[str, JsonSchema], *, literal_integers: bool
) -> jsonschema_rs.CanonicalSchema | None:
    whole = standalone(schema, definitions)
    if literal_integers:
        older = as_draft_4(whole)
        return _asked(
            lambda: jsonschema_rs.canonicalize(
                older, draft=jsonschema_rs.Draft4, validate_formats=False, pattern_options=_PATTERNS, offline=True
            )
        )
    return _asked(
        lambda: jsonschema_rs.canonicalize(
            whole, draft=jsonschema_rs.Draft202012, validate_formats=False, pattern_options=_PATTERNS, offline=True
        )
    )


def validator(
    schema: JsonSchema,
    definitions: dict[str, JsonSchema],
    formats: dict[str, Callable[[str], bool]],
    *,
    literal_integers: bool,
) -> Callable[[JsonValue], bool | None]:
    """A function that tells whether a value is valid; None where no answer could be had.

    ``formats`` are asserted over strings.
    """
    whole = standalone(schema, definitions)
    if literal_integers:
        older = as_draft_4(whole)
        built: jsonschema_rs.Validator | None = _asked(
            lambda: jsonschema_rs.Draft4Validator(
                older, formats=formats, validate_formats=True, pattern_options=_PATTERNS, offline=True
            )
        )
    else:
        built = _asked(
            lambda: jsonschema_rs.Draft202012Validator(
                whole, formats=formats, validate_formats=True, pattern_options=_PATTERNS, offline=True
            )
        )
    if built is None:
        return lambda value: None
    ready = built
    return lambda value: _asked(lambda: ready.is_valid(value))


def text(schema: JsonSchema) -> str | None:
    """One text for all ways to write ``schema`` down; None when it is nested too deeply, or is no JSON.

    Decimals of a million digits would be written out, which takes half a minute.
    """
    waiting: list[JsonValue] = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) <= LARGEST_EXPONENT):
            return None
    return _asked(lambda: jsonschema_rs.canonical.json.to_string(schema))


@cache
def version() -> str:
    """The name and version of the library, for the record."""
    import importlib.metadata

    return f"{NAME} {importlib.metadata.version(NAME)}"


def _asked(question: Callable[[], _Result]) -> _Result | None:
    try:
        return question()
    except (ValueError, RecursionError, TypeError, OverflowError):
        return None
    except BaseException as error:
        if is_panic(error):
            return None
        raise
