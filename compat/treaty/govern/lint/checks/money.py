"""Money, currencies and languages: values with a standard, and a meaning that a plain number or text does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.govern.lint.checks.schemas import whole_schemas
from treaty.govern.lint.rule import Violation
from treaty.govern.places import Kind
from treaty.model.schema.shape import NUMERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.lint.document import LintDocument
    from treaty.model.schema.shape import Shape

_MONEY = re.compile(r"(?:^|_)(?:amount|price|stake|balance|payout|fee|winnings|deposit|withdrawal)$")
_MINOR = re.compile(r"(?:^|_)minor_units$")
_CURRENCY = re.compile(r"(?:^|_)currency(?:_code)?$")
_LANGUAGE = re.compile(r"(?:^|_)(?:locale|language|language_tag)$")
_CODE = re.compile(r"[A-Z]{3}\Z")
_NEVER_CODES = ("eur", "EURO", "E", "€", "12A")
_NEVER_TAGS = ("", "english language", "en_GB!", "-en")


def money_numbers(document: LintDocument) -> Iterator[Violation]:
    """Money as a binary fraction: 0.1 and 0.2 do not make 0.3."""
    if document.family is Family.AVRO:
        yield from _avro_floats(document)
        return
    if document.family is Family.PROTOBUF:
        yield from _proto_floats(document)
        return
    for place, shape in whole_schemas(document):
        if place.kind is Kind.PROPERTY and _MONEY.search(place.key) and "fraction" in shape.types & NUMERIC:
            message = f"{place.key} is money as a number, which readers turn into a binary fraction"
            yield Violation(place.name, place.location, message)


def _avro_floats(document: LintDocument) -> Iterator[Violation]:
    for place in document.of_kind(Kind.FIELD):
        raw = place.node.value if place.node is not None else None
        kind = raw.get("type") if isinstance(raw, dict) else None
        branches = kind if isinstance(kind, list) else [kind]
        if (
            place.node is not None
            and _MONEY.search(place.key)
            and {"float", "double"} & {str(each) for each in branches}
        ):
            message = f"{place.key} is money as a binary fraction; use decimal or minor units"
            yield Violation(place.name, document.locate(place.node, "type"), message)


def _proto_floats(document: LintDocument) -> Iterator[Violation]:
    from treaty.govern.lint.protobuf_view import declared_value

    for place in document.of_kind(Kind.FIELD):
        value = declared_value(document, place.name)
        if _MONEY.search(place.key) and isinstance(value, dict) and value.get("type") in ("float", "double"):
            message = f"{place.key} is money as a binary fraction; use minor units and a currency"
            yield Violation(place.name, place.location, message)


def money_currencies(document: LintDocument) -> Iterator[Violation]:
    """Amounts without their currency beside them."""
    for place, shape in whole_schemas(document):
        properties = shape.objects.properties
        amounts = [name for name in properties if _is_scalar_money(name, document.space.shape(properties[name]))]
        if amounts and not any(_CURRENCY.search(name) for name in properties):
            message = f"{amounts[0]} stands without its currency"
            yield Violation(place.name, place.location, message, amounts[0])


def _is_scalar_money(name: str, shape: Shape) -> bool:
    plain = shape.types - {"null"} <= NUMERIC | {"string"}
    return plain and (bool(_MINOR.search(name)) or bool(_MONEY.search(name)))


def currency_codes(document: LintDocument) -> Iterator[Violation]:
    """Currencies that are any text, not ISO 4217 codes."""
    for place, shape in whole_schemas(document):
        named = place.kind is Kind.PROPERTY and _CURRENCY.search(place.key) and "string" in shape.types
        if named and not _only(shape, _NEVER_CODES, _CODE):
            message = f"{place.key} may be any text: ISO 4217 codes are three capital letters"
            yield Violation(place.name, place.location, message)


def language_tags(document: LintDocument) -> Iterator[Violation]:
    """Locales that are any text, not BCP 47 language tags."""
    for place, shape in whole_schemas(document):
        named = place.kind is Kind.PROPERTY and _LANGUAGE.search(place.key) and "string" in shape.types
        if named and not _only(shape, _NEVER_TAGS, None):
            message = f"{place.key} may be any text: BCP 47 tags look like en-GB"
            yield Violation(place.name, place.location, message)


def _only(shape: Shape, never: tuple[str, ...], every: re.Pattern[str] | None) -> bool:
    """Whether a text can be none of ``never``, as far as its patterns and listed values tell."""
    values = shape.enumerated
    if values is not None:
        texts = [value for value in values.values() if isinstance(value, str)]
        return every is None or all(every.match(text) for text in texts)
    for pattern in shape.strings.patterns:
        try:
            compiled = re.compile(pattern)
        except re.error:  # ECMA-262 knows more; whoever writes that much means something
            return True
        if not any(compiled.search(text) for text in never):
            return True
    return False
