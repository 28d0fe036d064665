"""What an SDK is made of, decided before a line of it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty.errors import TreatyError
    from treaty.model.lifecycle import Lifecycle
    from treaty_codegen.models.definitions import Definition

__all__ = [
    "AnswerKind",
    "AnswerPlan",
    "ApiPlan",
    "Argument",
    "BodyPlan",
    "DeliveryPlan",
    "OperationPlan",
    "PagePlan",
    "SchemePlan",
    "SigningPlan",
]

AnswerKind: TypeAlias = Literal["json", "text", "bytes", "events", "none", "raw"]


@dataclass(slots=True)
class Argument:
    """One parameter of an operation; ``type`` is None where anything is taken. ``style`` as the runtime names it."""

    wire: str
    location: str
    required: bool
    type: Definition | None
    description: str
    style: str
    lifecycle: Lifecycle
    example: JsonValue = None
    name: str = ""


@dataclass(slots=True)
class BodyPlan:
    """The request body; ``type`` is None where it is passed on as it is (bytes, text, a file)."""

    content_type: str
    required: bool
    type: Definition | None
    example: JsonValue = None


@dataclass(slots=True)
class AnswerPlan:
    """Successful answers: types by status (None: no body), how they are read, and what is asked for (`Accept`).

    ``untyped`` are the statuses whose JSON the contract says nothing about.
    """

    kind: AnswerKind
    accept: str
    types: dict[str, Definition | None] = field(default_factory=dict)
    untyped: set[str] = field(default_factory=set)
    example: JsonValue = None
    example_status: int = 200


@dataclass(slots=True)
class PagePlan:
    """A list in pages: the query parameter that takes the cursor, and where a page has its items and the next one."""

    cursor: str
    items: str
    after: str
    more: str | None


@dataclass(slots=True)
class OperationPlan:
    """One operation, and the method it becomes; ``refusals`` are what the contract says about errors, by class."""

    key: str
    id: str
    label: str
    http_method: str
    path: str
    resource: str
    method: str
    summary: str
    description: str
    lifecycle: Lifecycle
    arguments: list[Argument] = field(default_factory=list)
    shared_headers: list[str] = field(default_factory=list)
    idempotency_header: str | None = None
    body: BodyPlan | None = None
    answer: AnswerPlan = field(default_factory=lambda: AnswerPlan("none", "*/*"))
    security: list[list[str]] = field(default_factory=list)
    page: PagePlan | None = None
    page_method: str = ""
    refusals: dict[str, list[str]] = field(default_factory=dict)
    downgrades: list[str] = field(default_factory=list)


@dataclass(slots=True)
class SigningPlan:
    """`x-treaty-signing` of a security scheme."""

    header: str
    timestamp_header: str | None
    content: str
    formats: dict[str, str]
    tolerance: int


@dataclass(slots=True)
class SchemePlan:
    """One security scheme; ``argument`` is the client's argument that takes its credential."""

    wire: str
    argument: str
    kind: str
    location: str = "header"
    name: str = "Authorization"
    token_url: str = ""
    description: str = ""
    signing: SigningPlan | None = None


@dataclass(slots=True)
class DeliveryPlan:
    """One webhook: its topic and body."""

    topic: str
    type: Definition
    summary: str


@dataclass(slots=True)
class ApiPlan:
    """One SDK; ``refusals`` are what the contract says about errors nearly everywhere, by class."""

    title: str
    version: str
    description: str
    summary: str
    source: str
    hash: str
    lifecycle: Lifecycle
    servers: list[tuple[str, str]] = field(default_factory=list)
    operations: list[OperationPlan] = field(default_factory=list)
    schemes: list[SchemePlan] = field(default_factory=list)
    resources: dict[str, str] = field(default_factory=dict)
    resource_classes: dict[str, str] = field(default_factory=dict)
    shared_headers: dict[str, Argument] = field(default_factory=dict)
    trace_header: str | None = None
    error_codes: list[str] = field(default_factory=list)
    refusals: dict[str, list[str]] = field(default_factory=dict)
    deliveries: list[DeliveryPlan] = field(default_factory=list)
    delivery_tag: str | None = None
    delivery_signing: SigningPlan | None = None
    names: dict[str, str] = field(default_factory=dict)
    unreadable: list[TreatyError] = field(default_factory=list)

    @property
    def base_url(self) -> str | None:
        """The server a client talks to unless it is told otherwise; None where the contract names none."""
        url = self.servers[0][0] if self.servers else ""
        return url if "://" in url else None
