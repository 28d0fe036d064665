"""Decisions tried without a server: a state, a judge that answers at once, and schemas in short."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, TypeVar

from treaty_registry.comparing import Judge, Unanswered
from treaty_registry.decisions.deleting import delete_subject, delete_version
from treaty_registry.decisions.registering import Registered, Registration, register
from treaty_registry.model.schemas import Reference
from treaty_registry.model.settings import Config
from treaty_registry.names import SubjectName, parse_subject
from treaty_registry.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty_registry.decisions.outcome import Outcome

T = TypeVar("T")

DEFAULTS = Config(level="BACKWARD")


class SmallRegistry:
    """A registry of one: every decision happens at once."""

    def __init__(self) -> None:
        self.state = State()
        self.judge = Judge()
        self.now = 0

    def close(self) -> None:
        self.judge.close()

    def ask(self, query: Callable[[], T]) -> T:
        """What ``query`` finds, with its open questions answered."""
        while True:
            try:
                return query()
            except Unanswered as question:
                asyncio.run(self.judge.answer(question.question))

    def do(self, decide: Callable[[State], Outcome[T]]) -> T:
        outcome = self.ask(lambda: decide(self.state))
        self.state.apply(outcome.facts)
        return outcome.result

    def register(self, subject: str, text: str | None, type: str = "AVRO", **rest: object) -> Registered:  # noqa: A002 -- the API's own word
        self.now += 1
        request = Registration(text, type, **rest)
        name = parse_subject(subject)
        return self.do(lambda state: register(state, name, request, self.judge, DEFAULTS, self.now))

    def hide(self, subject: str, number: int | None = None) -> None:
        self._delete(subject, number, permanent=False)

    def remove(self, subject: str, number: int | None = None) -> None:
        self._delete(subject, number, permanent=True)

    def _delete(self, subject: str, number: int | None, *, permanent: bool) -> None:
        name = parse_subject(subject)
        if number is None:
            self.do(lambda state: delete_subject(state, name, permanent=permanent))
        else:
            self.do(lambda state: delete_version(state, name, number, permanent=permanent))

    def versions(self, subject: str) -> list[tuple[int, int, bool]]:
        """Number, id and whether it is hidden, of every version."""
        found = self.state.subjects.get(parse_subject(subject))
        return [(v.number, v.id, v.deleted) for v in found.versions] if found is not None else []


def avro(name: str = "R", *fields: str, **more: object) -> str:
    """A record with int fields; a field written ``a=`` has a default."""
    members = [
        {"name": field.rstrip("="), "type": "int", **({"default": 0} if field.endswith("=") else {})}
        for field in fields
    ]
    return json.dumps({"type": "record", "name": name, "fields": members, **more}, separators=(",", ":"))


def ref(name: str, subject: str, version: int = 1) -> Reference:
    return Reference(name, subject, version)


def scope(text: str) -> SubjectName:
    return parse_subject(text)
