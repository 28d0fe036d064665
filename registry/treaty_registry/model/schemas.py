"""Schemas, the versions that hold them, and the subjects that hold versions."""

from __future__ import annotations

import hashlib
import uuid
from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from treaty_registry.names import SubjectName, parse_subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty.documents.location import JsonValue
    from treaty_registry.model.governance import Metadata, RuleSet
    from treaty_registry.model.members import Members

SCHEMA_TYPES = ("JSON", "PROTOBUF", "AVRO")
"""In the order ``GET /schemas/types`` lists them."""

MAX_VERSION = 2**31 - 1
MAX_ID = 2**31 - 1
"""Ids travel as four bytes in front of every message."""

LATEST = -1


class Reference(NamedTuple):
    """``name`` as the schema's text uses it, and the subject version it stands for; the subject may be qualified."""

    name: str
    subject: str
    version: int

    @classmethod
    def read(cls, members: Members) -> Reference:
        """A reference of a request body or stored row; raises RegistryError 400 on a wrong type. Absent members are
        empty.
        """
        version = members.integer("version")
        return cls(members.text("name") or "", members.text("subject") or "", 0 if version is None else version)

    def target(self, context: str) -> SubjectName:
        """The subject meant, seen from a schema of ``context``."""
        return parse_subject(self.subject, context)

    def json(self) -> dict[str, JsonValue]:
        return {"name": self.name, "subject": self.subject, "version": self.version}


class SchemaKey(NamedTuple):
    """An id within its context."""

    context: str
    id: int


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema of a context: its canonical text and everything its identity covers."""

    key: SchemaKey
    type: str
    text: str
    digest: bytes
    references: tuple[Reference, ...] = ()
    metadata: Metadata | None = None
    rules: RuleSet | None = None

    @property
    def guid(self) -> str:
        """The digest as a UUID."""
        return str(uuid.UUID(bytes=self.digest))


class Version(NamedTuple):
    """A version of a subject: the id of its schema, and when it was registered (milliseconds since 1970)."""

    number: int
    id: int
    at: int
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The versions of a subject, ascending by number, soft-deleted ones included."""

    name: SubjectName
    versions: tuple[Version, ...] = ()

    def version(self, number: int, *, deleted: bool = False) -> Version | None:
        """Version ``number``, or None; a soft-deleted one only with ``deleted``."""
        index = bisect_left(self.versions, number, key=attrgetter("number"))
        if index == len(self.versions) or self.versions[index].number != number:
            return None
        found = self.versions[index]
        return found if deleted or not found.deleted else None

    def latest(self, *, deleted: bool = False) -> Version | None:
        return next((version for version in reversed(self.versions) if deleted or not version.deleted), None)

    @property
    def live(self) -> tuple[Version, ...]:
        """The versions that are not soft-deleted."""
        return tuple(version for version in self.versions if not version.deleted)

    @property
    def next_number(self) -> int:
        return self.versions[-1].number + 1 if self.versions else 1


def digest_of(text: str, references: Sequence[Reference], metadata: Metadata | None, rules: RuleSet | None) -> bytes:
    """The 16 bytes that identify a schema: MD5 over text, references, metadata and rules, as in Confluent."""
    md5 = hashlib.md5(text.encode(), usedforsecurity=False)
    for reference in references:
        md5.update(reference.name.encode())
        md5.update(reference.subject.encode())
        md5.update(reference.version.to_bytes(4, "big", signed=True))
    for governance in (metadata, rules):
        if governance is not None:
            # Empty metadata is not the same as none.
            md5.update(b"\x01")
            for part in governance.hashed():
                md5.update(part)
    return md5.digest()
