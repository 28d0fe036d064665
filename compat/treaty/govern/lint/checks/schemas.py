"""Good practice for schemas: what is required can be sent, patterns compile, texts and lists end somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.govern.lint.rule import Violation
from treaty.govern.places import Kind
from treaty.model.schema.shape import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.lint.document import LintDocument
    from treaty.govern.places import Place
    from treaty.model.schema.shape import Shape

# A schema under these says a part of what another one says; alone it means little.
_PARTS = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "propertyNames"})
# Formats whose values have a length of their own.
_LIMITED = frozenset(
    {"date", "date-time", "time", "duration", "uuid", "ipv4", "ipv6", "email", "hostname", "byte", "binary"}
)


def whole_schemas(document: LintDocument) -> Iterator[tuple[Place, Shape]]:
    """The schemas that stand for values by themselves, with their shapes; parts of others are left out."""
    for place in document.of_kind(Kind.SCHEMA, Kind.PROPERTY):
        node = place.node
        if node is None or not isinstance(node.value, dict):
            continue
        if not _PARTS & {str(token) for token in node.pointer[-2:]}:
            yield place, document.space.shape((Part(node),))


def required_properties(document: LintDocument) -> Iterator[Violation]:
    """Required properties that nothing describes, so that every value has to hold them and nobody knows how."""
    for place, shape in whole_schemas(document):
        objects = shape.objects
        if "object" not in shape.types or not objects.properties or shape.unions:
            continue
        for name in sorted(objects.required.keys() - objects.properties.keys()):
            origin = objects.required[name]
            how = "and may not be sent" if objects.closed else "and nothing describes it"
            where = document.locate(origin.node, "required")
            yield Violation(place.name, where, f"{name} is required, {how}", name)


def patterns(document: LintDocument) -> Iterator[Violation]:
    """Patterns that are no regular expressions."""
    import jsonschema_rs

    for place in document.of_kind(Kind.SCHEMA, Kind.PROPERTY):
        raw = place.node.value if place.node is not None else None
        pattern = raw.get("pattern") if isinstance(raw, dict) else None
        if place.node is None or not isinstance(pattern, str):
            continue
        try:
            jsonschema_rs.Draft202012Validator({"pattern": pattern})
        except ValueError:
            message = f"the pattern {pattern} is no regular expression"
            yield Violation(place.name, document.locate(place.node, "pattern"), message, pattern)


def text_limits(document: LintDocument) -> Iterator[Violation]:
    """Texts of any length."""
    for place, shape in whole_schemas(document):
        strings = shape.strings
        ends = strings.max_length is not None or strings.patterns or strings.formats & _LIMITED
        if shape.types - {"null"} == {"string"} and shape.enumerated is None and not ends and place.node is not None:
            yield Violation(place.name, document.locate(place.node), "the text may have any length")


def list_limits(document: LintDocument) -> Iterator[Violation]:
    """Lists of any length."""
    for place, shape in whole_schemas(document):
        if (
            "array" in shape.types
            and len(shape.types) <= 2
            and shape.arrays.max_items is None
            and place.node is not None
        ):
            if shape.arrays.prefix and shape.arrays.items is not None:
                continue  # a tuple
            yield Violation(place.name, document.locate(place.node), "the list may have any length")
