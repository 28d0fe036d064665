"""One request as the routes see it: parameters with their types, the body, the caller and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, unquote_to_bytes

import orjson

from treaty_registry.access.roles import Role
from treaty_registry.decisions.registering import Registration
from treaty_registry.errors import RegistryError
from treaty_registry.model.governance import Metadata, RuleSet
from treaty_registry.model.members import Members
from treaty_registry.model.schemas import LATEST, MAX_VERSION, Reference
from treaty_registry.names import DEFAULT_CONTEXT, SubjectName, check_subject, parse_subject
from treaty_registry.queries import Filter, aliased

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from treaty_registry.access.roles import Principal
    from treaty_registry.decisions.outcome import Outcome
    from treaty_registry.node import Node
    from treaty_registry.server.metrics import Metrics
    from treaty_registry.server.settings import Settings
    from treaty_registry.server.shapes import Profile
    from treaty_registry.state import State

T = TypeVar("T")

MAX_PARAMETERS = 1000


class Call:
    """Parameters raise RegistryError 400, names 42208, bodies 400 and 422; what the caller may not do raises 403."""

    __slots__ = ("_parameters", "body", "context", "metrics", "node", "path", "principal", "profile", "settings")

    def __init__(
        self,
        node: Node,
        settings: Settings,
        profile: Profile,
        metrics: Metrics,
        principal: Principal,
        context: str | None,
        path: Mapping[str, str],
        query: bytes,
        body: bytes,
    ) -> None:
        self.node = node
        self.settings = settings
        self.profile = profile
        self.metrics = metrics
        self.principal = principal
        self.context = context
        """The context of a ``/contexts/…`` prefix."""
        self.path = path
        self.body = body
        self._parameters = _parameters(query)

    # Query parameters

    def text(self, name: str) -> str | None:
        values = self._parameters.get(name)
        return values[-1] if values else None

    def texts(self, name: str) -> Sequence[str]:
        return self._parameters.get(name, ())

    def flag(self, name: str) -> bool:
        """``true`` in any case; absent, empty and ``false`` are not."""
        value = (self.text(name) or "false").lower()
        if value not in ("true", "false"):
            raise RegistryError(400, f"The parameter {name} must be true or false, not {value!r}")
        return value == "true"

    def integer(self, name: str) -> int | None:
        value = self.text(name)
        if value is None:
            return None
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
            raise RegistryError(400, f"The parameter {name} must be an integer, not {value!r}")
        return int(value)

    @property
    def shown(self) -> Filter:
        return Filter(deleted=self.flag("deleted"), deleted_only=self.flag("deletedOnly"))

    def page(self, items: list[T]) -> list[T]:
        """The part of a list that ``offset`` and ``limit`` ask for; a limit of -1 means no limit."""
        offset, limit = self.integer("offset") or 0, self.integer("limit")
        if offset < 0:
            raise RegistryError(400, f"The parameter offset must not be negative, not {offset}")
        return items[offset:] if limit is None or limit < 0 else items[offset : offset + limit]

    # Names

    def subject(self, *, alias: bool = True) -> SubjectName:
        """The subject of the path; an alias leads to the subject it stands for."""
        name = parse_subject(_unquoted(self.path["subject"], 42208), self.context or DEFAULT_CONTEXT)
        return aliased(self.node.state, name) if alias else name

    def writable_subject(self) -> SubjectName:
        return check_subject(self.subject())

    def scope(self) -> SubjectName:
        """The scope of a config or mode: the subject of the path or the context, which is everything by default."""
        if "subject" in self.path:
            return self.subject(alias=False)
        return SubjectName(self.context or DEFAULT_CONTEXT, "")

    def writable_scope(self) -> SubjectName:
        scope = self.scope()
        return check_subject(scope, scope=True) if "subject" in self.path and scope.name else scope

    def wanted_subject(self) -> SubjectName | None:
        """The subject an id is looked up for, by parameter or prefix; None when the client named neither."""
        text = self.text("subject")
        if text:
            return aliased(self.node.state, parse_subject(text, self.context or DEFAULT_CONTEXT))
        return None if self.context is None else SubjectName(self.context, "")

    def prefix(self) -> str:
        """The prefix of subject lists; without one every context, or the context of the URL prefix, is meant."""
        text = self.text("subjectPrefix")
        if self.context is None or (text or "").startswith((":.", ":*:")):
            return ":*:" if text is None else text
        return SubjectName(self.context, text or "").qualified

    def part(self, name: str) -> str:
        """A part of the path, unquoted."""
        return _unquoted(self.path[name], 400)

    # Bodies

    def members(self) -> Members:
        """The body, which must be a JSON object."""
        if not self.body:
            raise RegistryError(422, "The request body must not be empty")
        try:
            return Members.of(orjson.loads(self.body))
        except orjson.JSONDecodeError as error:
            raise RegistryError(400, f"The request body is not JSON: {error}") from error

    def registration(self) -> Registration:
        """The body as what a client wants to register, look up or compare."""
        members = self.members()
        number = members.integer("version") or 0
        if not LATEST <= number <= MAX_VERSION:
            raise RegistryError(42202, f"The specified version '{number}' is not a valid version id")
        identity = members.integer("id")
        return Registration(
            text=members.text("schema"),
            type=members.text("schemaType") or "AVRO",
            references=tuple(Reference.read(reference) for reference in members.objects("references") or ()),
            metadata=Metadata.read(members.object("metadata")),
            rules=RuleSet.read(members.object("ruleSet")),
            id=identity if identity is not None and identity >= 0 else None,
            version=number,
            normalize=self.flag("normalize"),
        )

    # Doing

    def demand(self, role: Role, scope: SubjectName) -> None:
        """Raises RegistryError 403 where the caller has not got ``role`` over ``scope``."""
        if not self.principal.may(role, scope):
            what = f"subject '{scope.qualified}'" if scope.name else f"context '{scope.context}'"
            raise RegistryError(403, f"{self.principal.name} is no {role.name.lower()} of {what}")

    def readable(self, scope: SubjectName) -> bool:
        return self.principal.may(Role.READER, scope)

    async def read(self, query: Callable[[State], T]) -> T:
        return await self.node.read(query)

    async def write(self, decide: Callable[[State], Outcome[T]]) -> T:
        return await self.node.write(decide, self.principal.name)


def _parameters(query: bytes) -> dict[str, list[str]]:
    parameters: dict[str, list[str]] = {}
    if query:
        try:
            pairs = parse_qsl(
                query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
            )
        except ValueError as error:
            raise RegistryError(400, f"The query cannot be read: {error}") from error
        for name, value in pairs:
            parameters.setdefault(name, []).append(value)
    return parameters


def _unquoted(text: str, code: int) -> str:
    if "%" not in text:
        return text
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError as error:
        raise RegistryError(code, f"{text!r} is not UTF-8 once unquoted") from error
