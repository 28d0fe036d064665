"""What every generated model stands on: unknown content is kept, money stays exact, the wire has its own names."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    GetCoreSchemaHandler,
    PlainSerializer,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "UNKNOWN",
    "Base64",
    "DecimalNumber",
    "DecimalText",
    "Model",
    "OneOf",
    "RequestModel",
    "UnknownVariant",
]

UNKNOWN = "\x00unknown"
"""The tag of variants that are newer than this code."""


class Model(BaseModel):
    """A value of the contract. Properties it does not know are kept, readable as attributes and written back."""

    model_config = ConfigDict(
        defer_build=True,
        extra="allow",
        populate_by_name=True,
        protected_namespaces=(),
    )

    def to_wire(self) -> dict[str, Any]:
        """The value as JSON types under the contract's names; what was never set is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class RequestModel(Model):
    """A value that is sent, too.

    ``None`` for an optional property leaves it out, unless the contract gives null a meaning there (``nullable``).
    """

    nullable: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _leave_out_absent(
        self, handler: SerializerFunctionWrapHandler, info: SerializationInfo
    ) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if info.exclude_unset:
            for name, field in type(self).model_fields.items():
                wire = (field.alias or name) if info.by_alias else name
                if (
                    not field.is_required()
                    and written.get(wire, self) is None
                    and wire not in self.nullable
                ):
                    del written[wire]
        return written


class UnknownVariant(Model):
    """A variant of a union that this code does not know. Everything it carries is kept."""


def OneOf(name: str, *known: str | list[str]) -> Discriminator:  # noqa: N802  # it is read as a type
    """The annotation of a union told apart by the property ``name``; values but ``known`` are unknown variants.

    A list stands for the values of one variant; the first is its tag.
    """
    tags = {
        value: group[0]
        for group in (each if isinstance(each, list) else [each] for each in known)
        for value in group
    }

    def tag(value: Any) -> str:
        found = value.get(name) if isinstance(value, dict) else None
        if found is None and isinstance(value, BaseModel):
            found = _attribute(value, name)
        return tags.get(found, UNKNOWN) if isinstance(found, str) else UNKNOWN

    return Discriminator(tag)


def _attribute(value: BaseModel, wire: str) -> object:
    for name, field in type(value).model_fields.items():
        if wire in (field.alias, name):
            return value.__dict__.get(name)
    return (value.model_extra or {}).get(wire)


@dataclass(frozen=True)
class DecimalText:
    """A decimal number that travels as text, so that nobody turns it into a binary fraction.

    Text, int and Decimal are taken, float is refused. ``pattern`` is asked of the text that is sent, which never has an
    exponent and keeps the digits as given.
    """

    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _plain, when_used="json"
            ),
            json_schema_input_schema=core_schema.str_schema(pattern=self.pattern),
        )

    def _read(self, value: Any) -> Decimal:
        number = _decimal(value)
        text = _plain(number)
        if self.pattern is not None and re.search(self.pattern, text, re.ASCII) is None:
            raise ValueError(f"{text} does not match {self.pattern}")
        if self.max_length is not None and len(text) > self.max_length:
            raise ValueError(f"{text} is longer than {self.max_length} characters")
        if self.min_length is not None and len(text) < self.min_length:
            raise ValueError(f"{text} is shorter than {self.min_length} characters")
        return number


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("a decimal is given as text, int or Decimal, never as a float")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is no decimal number") from None
    if not number.is_finite():
        raise ValueError(f"{value!r} is no finite number")
    return number


def _plain(number: Decimal) -> str:
    return format(number, "f")


def _number(number: Decimal) -> int | float:
    """The JSON number that is exactly ``number``; there are Decimals that JSON writers of Python cannot write."""
    if number == number.to_integral_value():
        return int(number)
    written = float(number)
    if Decimal(repr(written)) != number:
        raise ValueError(f"{number} cannot be sent as a JSON number without changing it")
    return written


DecimalNumber = Annotated[Decimal, PlainSerializer(_number, return_type=float, when_used="json")]
"""A decimal that travels as a JSON number."""


def _from_base64(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("bytes, or their base64 text")
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None


class _Base64:
    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        write: Callable[[bytes], str] = lambda data: base64.b64encode(data).decode("ascii")  # noqa: E731  # one expression
        return core_schema.no_info_plain_validator_function(
            _from_base64,
            serialization=core_schema.plain_serializer_function_ser_schema(write, when_used="json"),
            json_schema_input_schema=core_schema.str_schema(),
        )


Base64 = Annotated[bytes, _Base64()]
"""Bytes that travel as base64 text (RFC 4648, section 4). In Python they are bytes."""
