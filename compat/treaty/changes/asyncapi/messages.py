"""Messages: matched by name and content, compared as they travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from treaty.changes.asyncapi.bindings import compare_bindings, protocols
from treaty.changes.asyncapi.marks import compare_lifecycle, compare_texts, removal_announced
from treaty.changes.asyncapi.payloads import check_payload, compare_payloads
from treaty.changes.change import Effect
from treaty.documents.formats import Family, family
from treaty.errors import UnsupportedDocument
from treaty.model.asyncapi.nodes import Action, Message, Payload
from treaty.model.asyncapi.schema_formats import DEFAULT, SchemaFormat, schema_format
from treaty.model.lifecycle import Lifecycle, lifecycle_of
from treaty.model.openapi.media_types import media_type
from treaty.model.schema.shape import Origin
from treaty.model.schema.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from treaty.changes.asyncapi.scope import Scope
    from treaty.documents.location import JsonValue
    from treaty.documents.node import Node
    from treaty.model.asyncapi.contract import AsyncApiContract

_TEXTS = ("title", "summary", "description", "tags", "externalDocs", "examples")
_KEY = ("kafka", "key")


class _Matched(NamedTuple):
    pairs: list[tuple[Message, Message]]
    removed: list[Message]
    added: list[Message]


def compare_messages(
    scope: Scope,
    site: str,
    action: Action,
    old: Sequence[Message],
    new: Sequence[Message],
    old_owner: Node,
    new_owner: Node,
) -> None:
    """Record what changed in the messages that travel at ``site``; the owners are what lists them."""
    matched = _match(scope, old, new)
    for message in matched.removed:
        announced = removal_announced(_lifecycle(message), scope)
        rule = "deprecated-message-removed" if announced else "message-removed"
        place = _site(site, message)
        scope.fact(place, action.standing, rule, Effect.NARROWS, message.node, Origin(new_owner, "messages"))
    check_messages(scope, matched.added)
    for message in matched.added:
        place = _site(site, message)
        scope.fact(place, action.standing, "message-added", Effect.WIDENS, Origin(old_owner, "messages"), message.node)
    for one, other in matched.pairs:
        _compare(scope, _site(site, other), action, one, other)


def check_messages(scope: Scope, messages: Sequence[Message]) -> None:
    """Read what messages that came are described by. Raises InvalidContract for a schema nobody can read."""
    for message in messages:
        for described in (message.payload, message.headers, _kafka_key(scope.new, message)):
            check_payload(scope, described)


def _site(site: str, message: Message) -> str:
    return f"{site} message {message.label}".rstrip()


def _lifecycle(message: Message) -> Lifecycle:
    return lifecycle_of({name: node.value for name, node in message.members.items()})


def _match(scope: Scope, old: Sequence[Message], new: Sequence[Message]) -> _Matched:
    """Match messages: by name, by what they carry, by key; the last two that are left are one that changed."""
    removed, added = list(old), list(new)
    pairs: list[tuple[Message, Message]] = []

    def pair(one: Message, other: Message) -> None:
        removed.remove(one)
        added.remove(other)
        pairs.append((one, other))

    tests: tuple[Callable[[Message, Message], bool], ...] = (
        lambda one, other: one.name is not None and one.name == other.name,
        lambda one, other: _same_content(scope, one, other),
        lambda one, other: one.key is not None and one.key == other.key,
    )
    for test in tests:
        for one in list(removed):
            alike = [other for other in added if test(one, other)]
            if alike:
                pair(one, next((other for other in alike if other.key == one.key), alike[0]))
    if len(removed) == len(added) == 1:
        pair(removed[0], added[0])
    return _Matched(pairs, removed, added)


def _same_content(scope: Scope, old: Message, new: Message) -> bool:
    """Whether two messages carry the same, whatever they are called."""
    return (
        old.payload.format.family == new.payload.format.family
        and _same(scope, old.payload.node, new.payload.node)
        and _same(scope, old.headers.node, new.headers.node)
        and old.payload.node is not None
    )


def _same(scope: Scope, old: Node | None, new: Node | None) -> bool:
    if old is None or new is None:
        return old is new
    return scope.sameness.same(old, new)


def _compare(scope: Scope, site: str, action: Action, old: Message, new: Message) -> None:
    standing = action.standing
    if old.name != new.name:
        places = old.members.get("name", old.node), new.members.get("name", new.node)
        scope.fact(site, standing, "message-name-changed", Effect.NONE, *places, old.name, new.name)
    compare_texts(scope, site, standing, (old.node, old.members), (new.node, new.members), _TEXTS)
    compare_lifecycle(scope, site, standing, (old.node, _lifecycle(old)), (new.node, _lifecycle(new)))
    wire = _content_type(scope, site, action, old, new)
    compare_payloads(scope, f"{site} payload", action, old.payload, new.payload, (old.node, new.node), wire=wire)
    compare_payloads(scope, f"{site} headers", action, old.headers, new.headers, (old.node, new.node))
    _correlation(scope, site, action, old, new)
    bindings = (old.members.get("bindings"), old.node), (new.members.get("bindings"), new.node)
    compare_bindings(scope, site, standing, *bindings, apart=(_KEY,))
    keys = _kafka_key(scope.old, old), _kafka_key(scope.new, new)
    compare_payloads(scope, f"{site} kafka key", action, *keys, (old.node, new.node))


def _content_type(scope: Scope, site: str, action: Action, old: Message, new: Message) -> Wire:
    """Record another content type; the answer is how values travel on both sides."""
    before, after = old.content_type, new.content_type
    if before is not None and after is not None:
        one, other = media_type(before), media_type(after)
        if one != other:
            _content_type_fact(scope, site, action, old, new, "message-content-type-changed", Effect.REPLACES)
        return one.wire if one.wire is other.wire else Wire.JSON
    if before != after:
        rule = "message-content-type-declared" if before is None else "message-content-type-undeclared"
        _content_type_fact(scope, site, action, old, new, rule, Effect.NONE)
    return Wire.JSON


def _content_type_fact(
    scope: Scope, site: str, action: Action, old: Message, new: Message, rule: str, effect: Effect
) -> None:
    # The default is the cause where a message says nothing itself, and one cause for all such messages.
    places = (
        old.members.get("contentType") or Origin(scope.old.root, "defaultContentType"),
        new.members.get("contentType") or Origin(scope.new.root, "defaultContentType"),
    )
    scope.fact(site, action.standing, rule, effect, *places, old.content_type, new.content_type)


def _correlation(scope: Scope, site: str, action: Action, old: Message, new: Message) -> None:
    before, after = _location(scope.old, old), _location(scope.new, new)
    if before == after:
        return
    rule, effect = (
        ("correlation-id-added", Effect.NARROWS)
        if before is None
        else ("correlation-id-removed", Effect.WIDENS)
        if after is None
        else ("correlation-id-moved", Effect.REPLACES)
    )
    places = old.members.get("correlationId", old.node), new.members.get("correlationId", new.node)
    scope.fact(site, action.standing, rule, effect, *places, before, after)


def _location(contract: AsyncApiContract, message: Message) -> JsonValue:
    written = message.members.get("correlationId")
    if written is None:
        return None
    node = contract.objects.object(written, "a correlation id")
    location = contract.objects.text(node, "location", "the location of a correlation id")
    if location is None:
        contract.objects.refuse(node, "a correlation id needs its `location`", "like $message.header#/correlation_id")
    return location


def _kafka_key(contract: AsyncApiContract, message: Message) -> Payload:
    """The schema of the Kafka key: JSON Schema, or Avro where that is what it is written in (Kafka binding, `key`)."""
    binding = protocols(contract, message.members.get("bindings")).get("kafka")
    if binding is None or not isinstance(binding.value, dict) or binding.value.get("key") is None:
        return Payload(None, DEFAULT)
    key = binding.child("key")
    followed = contract.objects.follow(key)
    return Payload(key, _key_format(followed, message.payload.format))


def _key_format(key: Node, payload: SchemaFormat) -> SchemaFormat:
    if key.document.path.endswith(".avsc") and not key.pointer:
        return schema_format("application/vnd.apache.avro")
    if payload.language != "Avro":
        return DEFAULT
    try:
        found = family(key.value, "")
    except UnsupportedDocument:
        return DEFAULT
    return schema_format("application/vnd.apache.avro") if found.family is Family.AVRO else DEFAULT
