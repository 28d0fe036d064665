"""A registry as a file: one JSON object a line, a header, the facts that build it, and their number."""

from __future__ import annotations

import time
from typing import IO, TYPE_CHECKING

import orjson

from treaty.documents.location import Location
from treaty.errors import DocumentError
from treaty_registry.errors import RegistryError
from treaty_registry.facts import Change, Fact, SchemaAdded, VersionAdded, fact_json, read_fact
from treaty_registry.model.members import Members
from treaty_registry.model.schemas import SchemaKey
from treaty_registry.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from treaty.documents.location import JsonValue
    from treaty_registry.stores.store import Store

FORMAT = 1
FACTS_PER_CHANGE = 500


def write_export(state: State, file: IO[bytes]) -> int:
    """Write ``state`` to ``file``; the number of schema versions in it."""
    count = versions = 0
    file.write(_line({"treaty-registry": FORMAT}))
    for fact in state.facts():
        file.write(_line(fact_json(fact)))
        count += 1
        versions += isinstance(fact, VersionAdded)
    file.write(_line({"facts": count}))
    return versions


def read_export(file: Iterable[bytes], name: str) -> Iterator[Fact]:
    """The facts in an export.

    Raises DocumentError with the line of whatever is wrong: no fact, a version of a schema that is not there, an end
    that comes too early.
    """
    lines = enumerate(file, 1)
    number, header = next(lines, (1, b""))
    if _members(header, name, number).values.get("treaty-registry") != FORMAT:
        raise DocumentError(
            "this is no export of a registry in a format this program knows",
            location=Location(name, line=1, column=1),
            advice=f'the first line must be {{"treaty-registry":{FORMAT}}}',
        )
    known: set[SchemaKey] = set()
    for number, line in lines:
        members = _members(line, name, number)
        location = Location(name, line=number, column=1)
        if "facts" in members.values:
            if members.values["facts"] != number - 2:
                raise DocumentError(f"{number - 2} facts come before this line", location=location)
            return
        try:
            fact = read_fact(members)
        except RegistryError as error:
            raise DocumentError(error.problem, location=location) from error
        if isinstance(fact, SchemaAdded):
            known.add(fact.schema.key)
        elif isinstance(fact, VersionAdded) and SchemaKey(fact.subject.context, fact.version.id) not in known:
            raise DocumentError(f"no line before has a schema with the id {fact.version.id}", location=location)
        yield fact
    raise DocumentError(
        "the export ends too early",
        location=Location(name, line=number, column=1),
        advice="its last line tells how many facts there are; export again",
    )


def load_state(store: Store) -> tuple[int, State]:
    """The number of the newest change in ``store``, and what all of them add up to."""
    head, facts = store.load()
    state = State()
    state.apply(facts)
    return head, state


def changes_of(facts: Iterable[Fact], actor: str) -> list[Change]:
    """``facts`` in changes of a size that nodes follow easily."""
    at = int(time.time() * 1000)
    everything = list(facts)
    return [
        Change(tuple(everything[start : start + FACTS_PER_CHANGE]), actor, at)
        for start in range(0, len(everything), FACTS_PER_CHANGE)
    ]


def _line(members: Mapping[str, JsonValue]) -> bytes:
    return orjson.dumps(members, option=orjson.OPT_APPEND_NEWLINE)


def _members(line: bytes, name: str, number: int) -> Members:
    try:
        return Members.of(orjson.loads(line))
    except (orjson.JSONDecodeError, RegistryError) as error:
        raise DocumentError("this line is not a JSON object", location=Location(name, line=number, column=1)) from error
