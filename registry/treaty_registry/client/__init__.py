"""The Python client: ask a registry, write and read messages, go on when the registry is away.

Each name is imported when it is first used, so that a service loads only the serializers it has.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty_registry.client.avro import (
        AsyncAvroDeserializer,
        AsyncAvroSerializer,
        AvroDeserializer,
        AvroSerializer,
    )
    from treaty_registry.client.framing import record_name, topic_name, topic_record_name
    from treaty_registry.client.json_schema import (
        AsyncJsonDeserializer,
        AsyncJsonSerializer,
        JsonDeserializer,
        JsonSerializer,
    )
    from treaty_registry.client.model import SchemaEntry, Verdict, VersionEntry
    from treaty_registry.client.registry import AsyncRegistryClient, Options, RegistryClient
    from treaty_registry.client.serializing import Registering
    from treaty_registry.errors import RegistryError
    from treaty_registry.model.schemas import Reference

_HOMES = {
    "AsyncAvroDeserializer": "avro",
    "AsyncAvroSerializer": "avro",
    "AsyncJsonDeserializer": "json_schema",
    "AsyncJsonSerializer": "json_schema",
    "AsyncRegistryClient": "registry",
    "AvroDeserializer": "avro",
    "AvroSerializer": "avro",
    "JsonDeserializer": "json_schema",
    "JsonSerializer": "json_schema",
    "Options": "registry",
    "Reference": "model",
    "Registering": "serializing",
    "RegistryClient": "registry",
    "RegistryError": "exchange",
    "SchemaEntry": "model",
    "Verdict": "model",
    "VersionEntry": "model",
    "record_name": "framing",
    "topic_name": "framing",
    "topic_record_name": "framing",
}

__all__ = [
    "AsyncAvroDeserializer",
    "AsyncAvroSerializer",
    "AsyncJsonDeserializer",
    "AsyncJsonSerializer",
    "AsyncRegistryClient",
    "AvroDeserializer",
    "AvroSerializer",
    "JsonDeserializer",
    "JsonSerializer",
    "Options",
    "Reference",
    "Registering",
    "RegistryClient",
    "RegistryError",
    "SchemaEntry",
    "Verdict",
    "VersionEntry",
    "record_name",
    "topic_name",
    "topic_record_name",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
