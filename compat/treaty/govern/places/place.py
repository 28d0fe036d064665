"""One named place of a contract, and the names by which people ask for it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.documents.deferred import DeferredLocation
from treaty.model.lifecycle import Lifecycle, lifecycle_of

if TYPE_CHECKING:
    from treaty.documents.location import Location
    from treaty.documents.node import Node


class Kind(enum.StrEnum):
    """What stands at a place."""

    CONTRACT = "contract"
    PATH = "path"
    OPERATION = "operation"
    PARAMETER = "parameter"
    REQUEST_BODY = "request body"
    RESPONSE = "response"
    HEADER = "header"
    MEDIA_TYPE = "media type"
    CALLBACK = "callback"
    SECURITY_SCHEME = "security scheme"
    SERVER = "server"
    CHANNEL = "channel"
    MESSAGE = "message"
    SCHEMA = "schema"
    PROPERTY = "property"
    RECORD = "record"
    FIELD = "field"
    ENUM = "enum"
    ENUM_VALUE = "enum value"
    FIXED = "fixed"
    SERVICE = "service"
    METHOD = "method"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Place:
    """A place: its kind, the name findings use for it, and what is written there.

    ``key`` is the name among its siblings inside ``owner``; ``alias`` another name people use (an `operationId`).
    ``node`` is the written object, also a `$ref` with something beside it. Protobuf has declarations and no trees:
    there ``node`` is None, and ``declared`` and ``written_at`` hold what it would tell.
    """

    kind: Kind
    name: str
    key: str
    node: Node | None = None
    owner: Place | None = None
    alias: str | None = None
    declared: Lifecycle | None = None
    written_at: Location | None = None

    @property
    def lifecycle(self) -> Lifecycle:
        """The lifecycle marks of this very place."""
        if self.declared is not None:
            return self.declared
        if self.node is None:
            return Lifecycle()
        # The value of an enum entry is the block itself, that of anything else holds one.
        raw = self.node.value
        return lifecycle_of({"lifecycle": raw} if self.kind is Kind.ENUM_VALUE else raw)

    @property
    def location(self) -> Location:
        if self.written_at is not None:
            return self.written_at
        assert self.node is not None
        return DeferredLocation(self.node.document, self.node.pointer)
