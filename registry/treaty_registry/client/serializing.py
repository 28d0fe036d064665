"""Values to messages and back, without a network: what serializers for Avro and JSON have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeAlias

import orjson

from treaty_registry.client.framing import Place, Strategy, framed, topic_name, unframed
from treaty_registry.client.model import SchemaEntry
from treaty_registry.memory import Generations

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty_registry.client.exchange import Steps
    from treaty_registry.client.operations import Operations
    from treaty_registry.client.registry import AsyncRegistryClient, RegistryClient

Given: TypeAlias = "SchemaEntry | str | dict[str, JsonValue] | None"
"""A schema as text, as a parsed tree, or with references."""

REMEMBERED_CODECS = 1000


class Codec(Protocol):
    """Writes and reads the payloads of one schema. Raises DocumentError for what does not fit it."""

    @property
    def name(self) -> str | None:
        """The name of the record, where the schema has one."""

    def encode(self, value: object) -> bytes:
        """The payload of ``value``."""

    def decode(self, payload: memoryview, reader: Codec | None) -> object:
        """The value of ``payload``, as ``reader`` sees it where one is given."""


class CodecMaker(Protocol):
    """Makes the codec of a schema and the texts it refers to. Raises InvalidContract for a schema it cannot use."""

    def __call__(self, text: str, texts: dict[str, str]) -> Codec: ...


@dataclass(frozen=True, slots=True)
class Registering:
    """How a serializer finds the id of its schema.

    ``register`` registers it, else it must be there already; ``use_latest`` writes with the latest version of the
    subject instead.
    """

    register: bool = True
    use_latest: bool = False
    normalize: bool = False
    strategy: Strategy = topic_name


class Writing:
    """Steps that turn values into messages."""

    def __init__(
        self, operations: Operations, make: CodecMaker, schema: SchemaEntry | None, registering: Registering
    ) -> None:
        self._operations = operations
        self._make = make
        self._schema = schema
        self._registering = registering
        self._codecs: Generations[int, Codec] = Generations(REMEMBERED_CODECS)
        self._own: Codec | None = None
        self._ids: dict[str, int] = {}

    def message(self, value: object, place: Place) -> Steps[bytes]:
        own = yield from self._own_codec()
        subject = self._registering.strategy(place, own.name if own is not None else None)
        if self._registering.use_latest or self._schema is None or own is None:
            latest = yield from self._operations.version(subject, None)
            codec = self._codecs.get(latest.id)
            if codec is None:
                codec = self._make(latest.schema.text, (yield from self._operations.texts(latest.schema, subject)))
                self._codecs.put(latest.id, codec)
            return framed(latest.id, codec.encode(value))
        number = self._ids.get(subject)
        if number is None:
            find = self._operations.register if self._registering.register else self._operations.look_up
            found = yield from find(subject, self._schema, normalize=self._registering.normalize)
            number = self._ids[subject] = found.id
        return framed(number, own.encode(value))

    def _own_codec(self) -> Steps[Codec | None]:
        if self._own is None and self._schema is not None:
            self._own = self._make(self._schema.text, (yield from self._operations.texts(self._schema)))
        return self._own


class Reading:
    """Steps that turn messages into values."""

    def __init__(self, operations: Operations, make: CodecMaker, reader: SchemaEntry | None) -> None:
        self._operations = operations
        self._make = make
        self._reader_schema = reader
        self._reader: Codec | None = None
        self._codecs: Generations[int, Codec] = Generations(REMEMBERED_CODECS)

    def value(self, message: bytes) -> Steps[object]:
        number, payload = unframed(message)
        codec = self._codecs.get(number)
        if codec is None:
            schema = yield from self._operations.schema(number, None)
            codec = self._make(schema.text, (yield from self._operations.texts(schema)))
            self._codecs.put(number, codec)
        if self._reader is None and self._reader_schema is not None:
            texts = yield from self._operations.texts(self._reader_schema)
            self._reader = self._make(self._reader_schema.text, texts)
        return codec.decode(payload, self._reader)


class Serializer:
    """Writes values with a schema, by default its own and registered where it is new.

    ``schema`` may be left out with ``Registering(use_latest=True)``. Calling it raises DocumentError for a value that
    does not fit, and what the client raises.
    """

    codec: ClassVar[CodecMaker]
    schema_type: ClassVar[str]

    def __init__(self, client: RegistryClient, schema: Given = None, registering: Registering | None = None) -> None:
        self._client = client
        entry = schema_entry(schema, self.schema_type)
        self._writing = Writing(client.operations, type(self).codec, entry, registering or Registering())

    def __call__(self, value: object, topic: str, *, is_key: bool = False) -> bytes:
        return self._client.run(self._writing.message(value, Place(topic, is_key)))


class Deserializer:
    """Reads values with the schema they were written with, as ``reader`` sees them where it is given.

    Calling it raises DocumentError for bytes that are no such message, and what the client raises.
    """

    codec: ClassVar[CodecMaker]
    schema_type: ClassVar[str]

    def __init__(self, client: RegistryClient, reader: Given = None) -> None:
        self._client = client
        self._reading = Reading(client.operations, type(self).codec, schema_entry(reader, self.schema_type))

    def __call__(self, message: bytes) -> object:
        return self._client.run(self._reading.value(message))


class AsyncSerializer:
    """:class:`Serializer` for asyncio."""

    codec: ClassVar[CodecMaker]
    schema_type: ClassVar[str]

    def __init__(
        self, client: AsyncRegistryClient, schema: Given = None, registering: Registering | None = None
    ) -> None:
        self._client = client
        entry = schema_entry(schema, self.schema_type)
        self._writing = Writing(client.operations, type(self).codec, entry, registering or Registering())

    async def __call__(self, value: object, topic: str, *, is_key: bool = False) -> bytes:
        return await self._client.run(self._writing.message(value, Place(topic, is_key)))


class AsyncDeserializer:
    """:class:`Deserializer` for asyncio."""

    codec: ClassVar[CodecMaker]
    schema_type: ClassVar[str]

    def __init__(self, client: AsyncRegistryClient, reader: Given = None) -> None:
        self._client = client
        self._reading = Reading(client.operations, type(self).codec, schema_entry(reader, self.schema_type))

    async def __call__(self, message: bytes) -> object:
        return await self._client.run(self._reading.value(message))


def schema_entry(schema: Given, schema_type: str) -> SchemaEntry | None:
    """``schema`` as an entry: text, a parsed tree, or one with references already."""
    if schema is None or isinstance(schema, SchemaEntry):
        return schema
    if isinstance(schema, str):
        return SchemaEntry(schema_type, schema)
    return SchemaEntry(schema_type, orjson.dumps(schema).decode())
