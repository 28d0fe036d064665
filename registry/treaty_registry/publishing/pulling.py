"""Reading versions out of a registry as files, with everything they refer to under the name they refer to it by."""

from __future__ import annotations

import posixpath
from collections import deque
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

import orjson

from treaty.errors import UsageError
from treaty_registry.names import parse_subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty_registry.client.model import SchemaEntry, VersionEntry
    from treaty_registry.client.registry import RegistryClient
    from treaty_registry.model.schemas import Reference

_SUFFIXES = {"AVRO": ".avsc", "JSON": ".schema.json", "PROTOBUF": ".proto"}


class Pulled(NamedTuple):
    """A file: its POSIX path below the folder that is written to, its text, and the version it holds."""

    path: str
    text: str
    version: VersionEntry


class _Wanted(NamedTuple):
    subject: str
    number: int | None
    reference: Reference | None = None


def pulled(client: RegistryClient, subjects: Sequence[str]) -> list[Pulled]:
    """The versions called ``subjects`` (``name`` for the latest, or ``name@3``), all subjects when none is named.

    Files are called after their subject, those that a JSON Schema or Protobuf file refers to by a path are at that
    path; sorted by path. Raises UsageError for a version that is no number and for two versions that would be one file,
    and RegistryError for what the registry does not hold.
    """
    waiting = deque(map(_asked, subjects or client.subjects()))
    found: dict[str, Pulled] = {}
    while waiting:
        wanted = waiting.popleft()
        version = (
            client.latest(wanted.subject) if wanted.number is None else client.version(wanted.subject, wanted.number)
        )
        path = _path(version, wanted.reference)
        known = found.get(path)
        if known is not None:
            if known.version.id != version.id:
                raise UsageError(
                    f"{path} would be {_shown(known.version)} and {_shown(version)}",
                    advice="pull them into different folders",
                )
            continue
        found[path] = Pulled(path, _text(version.schema), version)
        context = parse_subject(version.subject).context
        waiting.extend(
            _Wanted(reference.target(context).qualified, reference.version, reference)
            for reference in version.schema.references
        )
    return [found[path] for path in sorted(found)]


def _asked(written: str) -> _Wanted:
    subject, at, number = written.rpartition("@")
    if not at:
        return _Wanted(written, None)
    if not number.isdecimal():
        raise UsageError(f"{written!r} asks for no version", advice="write SUBJECT@3, or SUBJECT for the latest")
    return _Wanted(subject, int(number))


def _path(version: VersionEntry, reference: Reference | None) -> str:
    suffix = _SUFFIXES.get(version.schema.type, ".txt")
    if reference is not None and version.schema.type != "AVRO":
        path = posixpath.normpath(reference.name)
        # A name is somebody else's text: it must not lead out of the folder.
        outside = path.startswith(("/", "..")) or "\\" in path or not path.isprintable() or bool(urlsplit(path).scheme)
        if not outside and path.endswith((".proto", ".json")):
            return path
    return quote(version.subject, safe=":@+=,-_. ").removesuffix(suffix) + suffix


def _text(schema: SchemaEntry) -> str:
    """The text with line breaks where that keeps every number as it is."""
    if schema.type != "PROTOBUF":
        tree = orjson.loads(schema.text)
        if orjson.dumps(tree).decode() == schema.text:
            return orjson.dumps(tree, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    return schema.text if schema.text.endswith("\n") else f"{schema.text}\n"


def _shown(version: VersionEntry) -> str:
    return f"{version.subject}@{version.version}"
