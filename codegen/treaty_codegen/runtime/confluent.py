"""Events in the Confluent wire format: the byte 0, the id of the schema in four bytes, the datum."""

from __future__ import annotations

import json
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from urllib.parse import quote

from .avro import AvroRecord, parsed_schema

if TYPE_CHECKING:
    import httpx2

__all__ = [
    "AvroDeserializer",
    "AvroSerializer",
    "EventInvalid",
    "HttpRegistry",
    "InMemoryRegistry",
    "RegisteredSchema",
    "RegistryError",
    "SchemaRegistry",
    "SubjectNameStrategy",
    "TreatyRegistry",
    "record_name",
    "topic_name",
    "topic_record_name",
]

_HEADER = struct.Struct(">bI")
_MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"


class EventInvalid(ValueError):
    """Bytes that are no event of the contract. Park them: asking again gives the same bytes."""


class RegistryError(Exception):
    """The registry did not answer, or refused; ``code`` is its error code."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class RegisteredSchema:
    """A schema as a registry keeps it; ``references`` are texts by the names they are referred to by."""

    text: str
    references: Mapping[str, str] = field(default_factory=dict)


class SchemaRegistry(Protocol):
    """What is needed of a registry. Both calls may be answered from a cache: ids never change their meaning."""

    def schema_id(self, subject: str, schema: str, *, register: bool) -> int:
        """The id of ``schema`` under ``subject``; with ``register`` it is put there. Raises RegistryError."""
        ...

    def schema(self, schema_id: int) -> RegisteredSchema:
        """The schema behind an id. Raises RegistryError."""
        ...


SubjectNameStrategy: TypeAlias = Callable[[str, str], str]
"""From the topic and the full name of the record to the subject."""


def topic_name(topic: str, record: str) -> str:
    """TopicNameStrategy: one subject per topic."""
    return f"{topic}-value"


def record_name(topic: str, record: str) -> str:
    """RecordNameStrategy: one subject per record."""
    return record


def topic_record_name(topic: str, record: str) -> str:
    """TopicRecordNameStrategy: one subject per record and topic."""
    return f"{topic}-{record}"


class AvroSerializer:
    """Records to bytes. Ids are asked for once; with ``register`` unknown schemas are put into the registry."""

    def __init__(
        self,
        registry: SchemaRegistry,
        *,
        strategy: SubjectNameStrategy = topic_name,
        register: bool = False,
    ) -> None:
        self._registry = registry
        self._strategy = strategy
        self._register = register
        self._ids: dict[tuple[str, str], int] = {}

    def serialize(self, topic: str, event: AvroRecord) -> bytes:
        """The bytes of ``event``. Raises RegistryError, and EventInvalid for what does not fit its schema."""
        subject = self._strategy(topic, event.avro.name)
        key = (subject, event.avro.fingerprint)
        if key not in self._ids:
            self._ids[key] = self._registry.schema_id(
                subject, event.avro.text, register=self._register
            )
        try:
            datum = event.encode()
        except (ValueError, TypeError, KeyError) as error:
            raise EventInvalid(f"{event.avro.name} does not fit its schema: {error}") from error
        return _HEADER.pack(0, self._ids[key]) + datum


class AvroDeserializer:
    """Bytes to records: read with the schema they were written with, as the class of this package."""

    def __init__(self, registry: SchemaRegistry, records: Sequence[type[AvroRecord]]) -> None:
        self._registry = registry
        self._records = {record.avro.name: record for record in records}
        self._writers: dict[int, tuple[Any, str]] = {}

    def deserialize(self, data: bytes) -> AvroRecord:
        """The event. Raises EventInvalid for other bytes and unknown records, and RegistryError."""
        if len(data) < _HEADER.size or data[0] != 0:
            raise EventInvalid(
                "no event in the Confluent wire format: it does not begin with 0 and an id"
            )
        _, schema_id = _HEADER.unpack_from(data)
        writer, name = self._writer(schema_id)
        record = self._records.get(name)
        if record is None:
            raise EventInvalid(f"{name} (schema {schema_id}) is no event this package knows")
        try:
            return record.decode(data[_HEADER.size :], writer)
        except (ValueError, TypeError, KeyError, EOFError, IndexError) as error:
            raise EventInvalid(f"not a {name} as schema {schema_id} says: {error}") from error

    def _writer(self, schema_id: int) -> tuple[Any, str]:
        if schema_id not in self._writers:
            registered = self._registry.schema(schema_id)
            parsed = _parsed(registered)
            name = parsed.get("name", "") if isinstance(parsed, dict) else ""
            self._writers[schema_id] = (parsed, name)
        return self._writers[schema_id]


def _parsed(registered: RegisteredSchema) -> Any:
    from fastavro import parse_schema

    if not registered.references:
        return parsed_schema(registered.text)
    named: dict[str, Any] = {}
    waiting = dict(registered.references)
    while waiting:
        before = len(waiting)
        for name, text in list(waiting.items()):
            try:
                parse_schema(json.loads(text), named_schemas=named)
            except Exception:  # fastavro's own error for a name that comes later
                continue
            del waiting[name]
        if len(waiting) == before:
            break
    return parse_schema(json.loads(registered.text), named_schemas=named)


class InMemoryRegistry:
    """A registry in this process, for tests."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._subjects: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def schema_id(self, subject: str, schema: str, *, register: bool) -> int:
        with self._lock:
            known = self._texts.index(schema) + 1 if schema in self._texts else None
            if known is not None and known in self._subjects.get(subject, []):
                return known
            if not register:
                raise RegistryError(f"the subject {subject} does not have this schema", 40403)
            if known is None:
                self._texts.append(schema)
                known = len(self._texts)
            self._subjects.setdefault(subject, []).append(known)
            return known

    def schema(self, schema_id: int) -> RegisteredSchema:
        if not 0 < schema_id <= len(self._texts):
            raise RegistryError(f"there is no schema {schema_id}", 40403)
        return RegisteredSchema(self._texts[schema_id - 1])


class TreatyRegistry:
    """A registry through the `RegistryClient` of Treaty.

    It knows several addresses, retries, and keeps a cache on disk that answers when no registry does.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def schema_id(self, subject: str, schema: str, *, register: bool) -> int:
        entry = import_module("treaty_registry.client").SchemaEntry("AVRO", schema)
        ask = self._client.register if register else self._client.look_up
        return int(self._asked(ask, subject, entry).id)

    def schema(self, schema_id: int) -> RegisteredSchema:
        return self._registered(self._asked(self._client.schema, schema_id), {})

    def _registered(self, entry: Any, found: dict[str, str]) -> RegisteredSchema:
        for reference in entry.references:
            if reference.name not in found:
                other = self._asked(
                    self._client.version, reference.subject, reference.version
                ).schema
                found[reference.name] = other.text
                self._registered(other, found)
        return RegisteredSchema(entry.text, found)

    @staticmethod
    def _asked(ask: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return ask(*arguments)
        except Exception as error:
            raise RegistryError(str(error), getattr(error, "code", None)) from error


class HttpRegistry:
    """A registry behind the Confluent API. ``http`` has its address as base URL, and the credentials."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http
        self._schemas: dict[int, RegisteredSchema] = {}

    @classmethod
    def at(cls, url: str, *, token: str | None = None) -> HttpRegistry:
        """The registry at ``url``, with a bearer token where it asks for one."""
        import httpx2

        headers = {"Accept": _MEDIA_TYPE} | ({"Authorization": f"Bearer {token}"} if token else {})
        return cls(httpx2.Client(base_url=url, headers=headers, timeout=10.0))

    def schema_id(self, subject: str, schema: str, *, register: bool) -> int:
        path = f"/subjects/{quote(subject, safe='')}" + ("/versions" if register else "")
        answer = self._asked("POST", path, {"schema": schema, "schemaType": "AVRO"})
        found = answer.get("id")
        if not isinstance(found, int):
            raise RegistryError("the registry answered without an id")
        return found

    def schema(self, schema_id: int) -> RegisteredSchema:
        if schema_id not in self._schemas:
            answer = self._asked("GET", f"/schemas/ids/{schema_id}", None)
            self._schemas[schema_id] = self._registered(answer, {})
        return self._schemas[schema_id]

    def _registered(self, answer: Mapping[str, Any], found: dict[str, str]) -> RegisteredSchema:
        for reference in answer.get("references", []):
            if reference["name"] not in found:
                subject = quote(reference["subject"], safe="")
                other = self._asked(
                    "GET", f"/subjects/{subject}/versions/{reference['version']}", None
                )
                found[reference["name"]] = str(other["schema"])
                self._registered(other, found)
        return RegisteredSchema(str(answer.get("schema")), found)

    def _asked(self, method: str, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        import httpx2

        try:
            answer = self._http.request(
                method, path, json=body, headers={"Content-Type": _MEDIA_TYPE}
            )
            decoded = answer.json()
        except (httpx2.TransportError, ValueError) as error:
            raise RegistryError(f"the registry did not answer: {error}") from error
        if not answer.is_success or not isinstance(decoded, dict):
            code = decoded.get("error_code") if isinstance(decoded, dict) else None
            message = decoded.get("message") if isinstance(decoded, dict) else None
            raise RegistryError(
                str(message or answer.reason_phrase), code if isinstance(code, int) else None
            )
        return decoded
