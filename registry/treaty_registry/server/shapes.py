"""What answers look like: the members of each, under the response profiles 7 and 8."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty_registry.decisions.registering import Registered
    from treaty_registry.model.schemas import Schema, Version
    from treaty_registry.names import SubjectName
    from treaty_registry.queries import Found

JsonObject = dict[str, "JsonValue"]


class Profile:
    """Profile 7 leaves out ``schemaType`` for Avro, ``guid`` and ``ts``; profile 8 always has them."""

    def __init__(self, number: int) -> None:
        self.full = number >= 8

    def version(self, found: Registered, text: str | None = None) -> JsonObject:
        """A version of a subject, as ``Schema`` in the API; ``text`` stands for the schema's own where given."""
        members: JsonObject = {
            "subject": found.subject.qualified,
            "version": found.version.number,
            "id": found.version.id,
        }
        return members | self._schema(found.schema, text, found.version)

    def registered(self, found: Registered, text: str | None) -> JsonObject:
        """The answer to a registration; ``text`` stands for the schema's own where given."""
        members: JsonObject = {"id": found.version.id, "version": found.version.number}
        return members | self._schema(found.schema, text, found.version)

    def by_id(self, found: Found, subject: SubjectName | None, text: str | None, max_id: int | None) -> JsonObject:
        """A schema by id or GUID; ``subject`` where the client named one."""
        members: JsonObject = {}
        if subject is not None and found.subject is not None and found.version is not None:
            members |= {"subject": found.subject.qualified, "version": found.version.number}
        members |= self._schema(found.schema, text, found.version)
        members.pop("deleted", None)
        if max_id is not None:
            members["maxId"] = max_id
        return members

    def _schema(self, schema: Schema, text: str | None, version: Version | None) -> JsonObject:
        members: JsonObject = {}
        if self.full:
            members["guid"] = schema.guid
        if self.full or schema.type != "AVRO":
            members["schemaType"] = schema.type
        if schema.references:
            members["references"] = [reference.json() for reference in schema.references]
        if schema.metadata is not None:
            members["metadata"] = schema.metadata.json()
        if schema.rules is not None:
            members["ruleSet"] = schema.rules.json()
        members["schema"] = schema.text if text is None else text
        if self.full and version is not None:
            members["ts"] = version.at
            if version.deleted:
                members["deleted"] = True
        return members
