"""Which messages a contract has, on which topics, and what they carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treaty.model.asyncapi.contract import AsyncApiContract
from treaty.model.asyncapi.schema_formats import Language
from treaty.model.avro.files import AvroFiles
from treaty.model.avro.types import AvroType, Named, Record, Schema
from treaty_codegen.models.definitions import Definition, Definitions

if TYPE_CHECKING:
    from treaty.documents.library import Library, Node
    from treaty.model.asyncapi.nodes import Message, Operation

__all__ = ["EventPlan", "TopicPlan", "plan_asyncapi", "plan_avro"]


@dataclass(slots=True)
class TopicPlan:
    """One message of one topic: an Avro record, a JSON type, or, with ``reason``, nothing that can be typed."""

    address: str
    message: str
    action: str
    summary: str
    record: Record | None = None
    type: Definition | None = None
    headers: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    name: str = ""


@dataclass(slots=True)
class EventPlan:
    """The events of a contract: topics, all named Avro types, and the definitions of JSON payloads."""

    title: str
    version: str
    topics: list[TopicPlan] = field(default_factory=list)
    types: dict[str, Named] = field(default_factory=dict)
    schemas: dict[str, Schema] = field(default_factory=dict)
    definitions: Definitions | None = None


def plan_avro(library: Library, roots: list[Node]) -> EventPlan:
    """The types of Avro schemas that belong together. Raises TreatyError."""
    plan = EventPlan("Events", "")
    files = AvroFiles(library)
    for root in roots:
        _collect(plan, files.read(root))
    return plan


def plan_asyncapi(library: Library, root: Node) -> EventPlan:
    """The messages of an AsyncAPI document. Raises TreatyError."""
    contract = AsyncApiContract(library, root)
    info = root.value.get("info") if isinstance(root.value, dict) else None
    title = info.get("title") if isinstance(info, dict) else None
    plan = EventPlan(title if isinstance(title, str) else "Events", contract.version or "0")
    files = AvroFiles(library)
    seen: set[tuple[str, str]] = set()
    for operation in contract.operations:
        for message in operation.messages:
            place = (operation.channel.label, message.label)
            if place not in seen:
                seen.add(place)
                plan.topics.append(_topic(plan, library, files, operation, message))
    return plan


def _topic(plan: EventPlan, library: Library, files: AvroFiles, operation: Operation, message: Message) -> TopicPlan:
    address = operation.channel.address
    summary = message.text("summary") or message.text("title") or ""
    topic = TopicPlan(address or operation.channel.id, message.label, str(operation.action), summary)
    payload = message.payload
    if address is None or "{" in address:
        topic.reason = "its address is known at run time only"
    if payload.node is None:
        topic.reason = "it has no schema"
        return topic
    node = library.follow(payload.node)
    if payload.format.language is Language.AVRO:
        schema = files.read(node)
        _collect(plan, schema)
        if isinstance(schema.root, Record):
            topic.record = schema.root
            topic.headers = _repeated(message, library, schema.root)
        else:
            topic.reason = "its schema is no record"
    elif payload.format.language is Language.JSON_SCHEMA:
        if plan.definitions is None:
            plan.definitions = Definitions(library, payload.node, payload.format.dialect, single=False)
        topic.type = plan.definitions.place(payload.node, message.label, "sent", "received")
        topic.type.named = True
    else:
        topic.reason = f"its schema is {payload.format.family}, which has a generator of its own"
    return topic


def _collect(plan: EventPlan, schema: Schema) -> None:
    for name, node in schema.names.items():
        if name not in plan.types:
            plan.types[name] = node
            plan.schemas[name] = schema


def _repeated(message: Message, library: Library, record: Record) -> dict[str, str]:
    """Headers that repeat a field of the event: the header's name to the path of the field, two levels down at most."""
    node = message.headers.node
    raw = library.follow(node).value if node is not None else None
    properties = raw.get("properties") if isinstance(raw, dict) else None
    found: dict[str, str] = {}
    for name in properties if isinstance(properties, dict) else ():
        path = _path_to(name, record)
        if path is not None:
            found[name] = path
    return found


def _path_to(name: str, record: Record) -> str | None:
    if any(each.name == name for each in record.fields):
        return name
    for each in record.fields:
        inner: AvroType = each.type
        if isinstance(inner, Record) and any(field_.name == name for field_ in inner.fields):
            return f"{each.name}.{name}"
    return None
