"""Good practice for Protobuf files, as far as it takes more than a schema to see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from treaty.govern.lint.protobuf_view import file_of
from treaty.govern.lint.rule import Violation
from treaty.model.protobuf.nodes import nested_messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treaty.govern.lint.document import LintDocument
    from treaty.model.protobuf.nodes import Enum, Message

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_READING = ("Get", "List", "Watch", "Search", "Check", "Stream")


def enums(document: LintDocument) -> Iterator[Violation]:
    """Enums whose zero is no "unspecified", and values without the name of their enum in front."""
    file = file_of(document)
    for enum in (*file.enums, *(each for message in nested_messages(file.messages) for each in message.enums)):
        yield from _enum(enum)


def _enum(enum: Enum) -> Iterator[Violation]:
    prefix = _WORD.sub("_", enum.name).upper()
    zero = next((value for value in enum.values if value.number == 0), None)
    if zero is not None and zero.name != f"{prefix}_UNSPECIFIED":
        message = f"its zero is {zero.name}: a value that was never set cannot be told from it"
        advice = f"call zero {prefix}_UNSPECIFIED"
        yield Violation(f"{enum.full_name}.{zero.name}", zero.location(), message, zero.name, advice)
    for value in enum.values:
        if not value.name.startswith(f"{prefix}_") and value is not zero:
            message = f"{value.name} does not begin with {prefix}_, and names of enum values share one scope"
            yield Violation(f"{enum.full_name}.{value.name}", value.location(), message, value.name)


def idempotency(document: LintDocument) -> Iterator[Violation]:
    """Methods that change something and take no idempotency key."""
    file = file_of(document)
    requests: dict[str, Message] = {message.full_name: message for message in nested_messages(file.messages)}
    for service in file.services:
        for method in service.methods.values():
            request = requests.get(method.request)
            if method.name.startswith(_READING) or request is None:
                continue
            if not any(field.name == "idempotency_key" for field in request.fields.values()):
                message = f"{request.name} has no idempotency_key, so a repeated call happens twice"
                yield Violation(method.full_name, method.location(), message)
