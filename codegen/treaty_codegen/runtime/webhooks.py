"""Deliveries: signatures checked over the bytes as received, before anything is parsed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from .errors import ApiError
from .models import UnknownVariant
from .retries import Clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .signing import SignatureScheme, VerifyingKey

__all__ = ["DeliveryInvalid", "open_delivery"]

_adapters: dict[int, TypeAdapter[Any]] = {}


class DeliveryInvalid(ApiError):
    """A delivery, rightly signed, whose body is not what the contract says: answer 400."""


def open_delivery(
    body: bytes,
    headers: Mapping[str, str],
    key: VerifyingKey | None,
    scheme: SignatureScheme | None,
    types: Mapping[str, Any],
    *,
    tag: str | None = None,
    topic: str | None = None,
    clock: Clock | None = None,
) -> Any:
    """Verify and decode one delivery.

    ``types`` are the bodies by topic; the topic is ``topic``, or what the property ``tag`` of the
    body says. One that is not known is an UnknownVariant. Raises SignatureInvalid and
    DeliveryInvalid.
    """
    if scheme is not None and key is not None:
        scheme.verify(key, clock or Clock(), headers, body)
    try:
        decoded = json.loads(body)
    except ValueError as error:
        raise DeliveryInvalid(f"the body is not JSON: {error}") from error
    if topic is None and tag is not None and isinstance(decoded, dict):
        found = decoded.get(tag)
        topic = found if isinstance(found, str) else None
    type_ = types.get(topic or "", UnknownVariant)
    adapter = _adapters.setdefault(id(type_), TypeAdapter(type_))
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        raise DeliveryInvalid(
            f"the body of {topic} is not what the contract says: {error}"
        ) from error
