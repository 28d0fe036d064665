"""Facts about services and their RPCs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.changes.protobuf.descriptions import describe
from treaty.changes.protobuf.facts import Fact
from treaty.documents.location import Location

if TYPE_CHECKING:
    from treaty.changes.protobuf.comparison import Comparison
    from treaty.documents.location import JsonValue
    from treaty.model.protobuf.nodes import Method, Service

_INPUT, _OUTPUT, _OPTIONS, _IDEMPOTENCY = 2, 3, 4, 34
_IDEMPOTENCY_ORDER = ("IDEMPOTENCY_UNKNOWN", "IDEMPOTENT", "NO_SIDE_EFFECTS")


def compare_services(comparison: Comparison) -> None:
    """Compare the services of the files asked for, matched by full name."""
    old, new, matching = comparison.old, comparison.new, comparison.matching
    met: set[str] = set()
    for file in old.root_files:
        path = matching.files.get(file.name)
        after_file = new.files[path] if path is not None else None
        for service in file.services:
            name = service.full_name
            here = {one.name: one for one in after_file.services} if after_file is not None else {}
            repackaged = after_file is not None and after_file.package != file.package
            other = here.get(service.name) if repackaged else new.services.get(name)
            if other is None:
                location = Location(after_file.positions.name) if after_file is not None else None
                comparison.add(_removed(comparison, service, "proto-service-removed", f"service `{name}`", location))
                continue
            met.add(other.full_name)
            if old.file_of[name] in old.roots and matching.files.get(file.name) != new.file_of[other.full_name]:
                comparison.add(
                    Fact(
                        "proto-declaration-moved",
                        name,
                        f"service `{name}`",
                        file.name,
                        new.file_of[other.full_name],
                        service.location(),
                        other.location(),
                    )
                )
            _service(comparison, service, other)
    for file in new.root_files:
        for service in file.services:
            if service.full_name not in met:
                comparison.add(_added(service.full_name, f"service `{service.full_name}`", service.location()))


def _service(comparison: Comparison, old: Service, new: Service) -> None:
    for fact in describe(old, new, f"service `{old.full_name}`"):
        comparison.add(fact)
    for name, method in old.methods.items():
        subject = f"rpc `{method.full_name}`"
        other = new.methods.get(name)
        if other is None:
            comparison.add(_removed(comparison, method, "proto-rpc-removed", subject, new.location()))
        else:
            _method(comparison, method, other, subject)
    for name, method in new.methods.items():
        if name not in old.methods:
            comparison.add(_added(f"{old.full_name}.{name}", f"rpc `{method.full_name}`", method.location()))


def _method(comparison: Comparison, old: Method, new: Method, subject: str) -> None:
    def fact(rule: str, before: JsonValue, after: JsonValue, *place: int) -> None:
        comparison.add(Fact(rule, old.full_name, subject, before, after, old.location(place), new.location(place)))

    for rule, was, now, place in (
        ("proto-rpc-request-changed", old.request, new.request, _INPUT),
        ("proto-rpc-response-changed", old.response, new.response, _OUTPUT),
    ):
        if comparison.matching.messages.get(was, was) != now:
            fact(rule, was, now, place)
        else:
            comparison.reach(was, now)
    if (old.client_streaming, old.server_streaming) != (new.client_streaming, new.server_streaming):
        fact("proto-rpc-streaming-changed", _streaming(old), _streaming(new))
    was = str(old.options.get("idempotency_level", _IDEMPOTENCY_ORDER[0]))
    now = str(new.options.get("idempotency_level", _IDEMPOTENCY_ORDER[0]))
    if was != now:
        weaker = _IDEMPOTENCY_ORDER.index(now) < _IDEMPOTENCY_ORDER.index(was)
        rule = f"proto-rpc-idempotency-{'weakened' if weaker else 'strengthened'}"
        fact(rule, was, now, _OPTIONS, _IDEMPOTENCY)
    for found in describe(old, new, subject):
        comparison.add(found)


def _streaming(method: Method) -> str:
    sides = [
        word for word, streams in (("client", method.client_streaming), ("server", method.server_streaming)) if streams
    ]
    return f"{' and '.join(sides)} streaming" if sides else "unary"


def _removed(comparison: Comparison, one: Service | Method, rule: str, subject: str, location: Location | None) -> Fact:
    if comparison.question.may_go(one.lifecycle):
        return Fact(
            "proto-deprecated-declaration-removed",
            one.full_name,
            subject,
            one.lifecycle.deprecated_since,
            base=one.location(),
            revision=location,
        )
    return Fact(rule, one.full_name, subject, base=one.location(), revision=location)


def _added(element: str, subject: str, location: Location) -> Fact:
    return Fact("proto-declaration-added", element, subject, revision=location)
