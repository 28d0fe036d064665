"""Every operation of the client, as steps: no network, no waiting, the same for sync and async."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from treaty.documents.schema_text import SchemaText
from treaty.errors import ServiceError
from treaty_registry.client.caching import FOR_EVER
from treaty_registry.client.exchange import Ask
from treaty_registry.client.model import SchemaEntry, Verdict, VersionEntry, read_schema, read_version
from treaty_registry.errors import RegistryError
from treaty_registry.model.members import Members
from treaty_registry.names import parse_subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from treaty.documents.location import JsonValue
    from treaty_registry.client.caching import AnswerCache
    from treaty_registry.client.exchange import Steps
    from treaty_registry.names import SubjectName

MAX_REFERENCES = 1000


class Operations:
    """What can be asked of a registry, with everything known remembered in ``cache``."""

    def __init__(self, cache: AnswerCache, latest_seconds: float) -> None:
        self._cache = cache
        self._latest_seconds = latest_seconds

    def schema(self, number: int, subject: str | None) -> Steps[SchemaEntry]:
        query = f"?{urlencode({'subject': subject})}" if subject is not None else ""
        return read_schema((yield from self._remembered(f"/schemas/ids/{number}{query}", FOR_EVER)))

    def version(self, subject: str, number: int | None) -> Steps[VersionEntry]:
        """Version ``number``, the latest for None; a version is remembered for ever, also once it is deleted."""
        path = f"/subjects/{_quoted(subject)}/versions/"
        if number is not None:
            answer = yield from self._remembered(f"{path}{number}?deleted=true", FOR_EVER)
        else:
            answer = yield from self._remembered(f"{path}latest", self._latest_seconds)
        version = read_version(answer)
        self._know_id(version, answer)
        return version

    def versions(self, subject: str) -> Steps[list[int]]:
        answer = yield from self._remembered(f"/subjects/{_quoted(subject)}/versions", 0)
        return [number for number in _list(answer) if isinstance(number, int)]

    def subjects(self, prefix: str) -> Steps[list[str]]:
        query = f"?{urlencode({'subjectPrefix': prefix})}" if prefix else ""
        answer = yield from self._remembered(f"/subjects{query}", 0)
        return [name for name in _list(answer) if isinstance(name, str)]

    def register(self, subject: str, schema: SchemaEntry, *, normalize: bool) -> Steps[VersionEntry]:
        """Register, and remember; a schema registered once is not sent again."""
        path = f"/subjects/{_quoted(subject)}/versions{'?normalize=true' if normalize else ''}"
        return (yield from self._written(path, subject, schema))

    def look_up(self, subject: str, schema: SchemaEntry, *, normalize: bool) -> Steps[VersionEntry]:
        path = f"/subjects/{_quoted(subject)}{'?normalize=true' if normalize else ''}"
        return (yield from self._written(path, subject, schema))

    def check(self, subject: str, schema: SchemaEntry, version: int | str | None) -> Steps[Verdict]:
        """Whether ``schema`` may follow a version (a number or ``latest``) or, for None, whatever registration would
        ask.
        """
        path = f"/compatibility/subjects/{_quoted(subject)}/versions"
        if version is not None:
            path += f"/{version}"
        members = Members.of((yield Ask("POST", f"{path}?verbose=true", _body(schema))).json())
        return Verdict(bool(members.flag("is_compatible")), members.texts("messages") or ())

    def config(self, subject: str | None) -> Steps[Mapping[str, JsonValue]]:
        """The config in force for a subject, or for everything."""
        path = "/config" if subject is None else f"/config/{_quoted(subject)}?defaultToGlobal=true"
        return Members.of((yield Ask("GET", path)).json()).values

    def configure(self, subject: str | None, settings: Mapping[str, JsonValue]) -> Steps[None]:
        (yield Ask("PUT", "/config" if subject is None else f"/config/{_quoted(subject)}", dict(settings))).json()

    def delete(self, subject: str, *, permanent: bool) -> Steps[list[int]]:
        path = f"/subjects/{_quoted(subject)}"
        answer = (yield Ask("DELETE", f"{path}{'?permanent=true' if permanent else ''}")).json()
        self._cache.forget(f"{path}/versions/latest")
        return [number for number in _list(answer) if isinstance(number, int)]

    def get(self, path: str) -> Steps[JsonValue]:
        """The answer to ``GET path``, not remembered."""
        return (yield Ask("GET", path)).json()

    def texts(self, schema: SchemaEntry, subject: str = "") -> Steps[dict[str, str]]:
        """Name and text of everything ``schema`` refers to, directly and through others; the nearest wins a name.

        Unqualified references are seen from the context of ``subject``.
        """
        found: dict[str, str] = {}
        context = parse_subject(subject).context
        waiting = deque((context, reference) for reference in schema.references)
        seen: set[tuple[SubjectName, int]] = set()
        while waiting:
            context, reference = waiting.popleft()
            target = reference.target(context)
            version = yield from self.version(target.qualified, reference.version)
            found.setdefault(reference.name, version.schema.text)
            if (target, reference.version) not in seen:
                seen.add((target, reference.version))
                if len(seen) > MAX_REFERENCES:
                    raise ServiceError(f"a schema draws in more than {MAX_REFERENCES} others by reference")
                waiting.extend((target.context, nested) for nested in version.schema.references)
        return found

    def history(self, subject: str) -> Steps[list[tuple[VersionEntry, SchemaText]]]:
        """Every version of a subject, oldest first, ready to be compared."""
        entries = []
        for number in sorted((yield from self.versions(subject))):
            version = yield from self.version(subject, number)
            texts = yield from self.texts(version.schema, version.subject)
            entries.append((version, SchemaText(version.schema.text, texts, f"{subject}@{number}")))
        return entries

    def _remembered(self, path: str, seconds: float) -> Steps[JsonValue]:
        """The answer to ``GET path``: from memory where it is young enough, from the registry, or, without it, an old
        one.
        """
        kept = self._cache.fresh(path, seconds)
        if kept is not None:
            return kept.value
        kept = self._cache.get(path)
        try:
            reply = yield Ask("GET", path, etag=kept.etag if kept is not None else None)
            if reply.status >= 500:
                raise reply.refusal()
        except ServiceError:
            if kept is None:
                raise
            return kept.value
        if reply.status == 304 and kept is not None:
            self._cache.confirm(path, kept)
            return kept.value
        if reply.status == 404:
            self._cache.forget(path)
        value = reply.json()
        self._cache.put(path, value, reply.etag)
        return value

    def _written(self, path: str, subject: str, schema: SchemaEntry) -> Steps[VersionEntry]:
        body = _body(schema)
        key = f"POST {path} {body}"
        kept = self._cache.get(key)
        if kept is None:
            answer = (yield Ask("POST", path, body)).json()
            if not isinstance(answer, dict):
                raise RegistryError(500, "the registry answered a registration without an id")
            # Servers of before 8 answer with the id alone.
            if "version" not in answer and "/versions" in path:
                answer = (yield Ask("POST", path.replace("/versions", "", 1), body)).json()
            known = dict(answer) if isinstance(answer, dict) else {}
            value: JsonValue = {**body, **known, "subject": known.get("subject", subject)}
            self._cache.put(key, value, None)
            version = read_version(value)
            self._know_id(version, value)
            return version
        return read_version(kept.value)

    def _know_id(self, version: VersionEntry, answer: JsonValue) -> None:
        """What came with a version is what its id stands for; messages are read by it without asking again."""
        path = f"/schemas/ids/{version.id}"
        if parse_subject(version.subject).is_default and self._cache.get(path) is None:
            self._cache.put(path, answer, None)


def _body(schema: SchemaEntry) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {"schema": schema.text, "schemaType": schema.type}
    if schema.references:
        body["references"] = [reference.json() for reference in schema.references]
    if schema.metadata:
        body["metadata"] = dict(schema.metadata)
    if schema.rule_set:
        body["ruleSet"] = dict(schema.rule_set)
    return body


def _quoted(subject: str) -> str:
    # Dots alone would be taken for a step in the path.
    return quote(subject, safe="") if subject.strip(".") else subject.replace(".", "%2E")


def _list(answer: JsonValue) -> Sequence[JsonValue]:
    if not isinstance(answer, list):
        raise ServiceError("the registry answered with something else than a list")
    return answer
