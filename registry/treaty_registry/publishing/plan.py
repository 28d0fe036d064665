"""What of `treaty.yaml` goes into a registry: which schema under which subject, what is referred to first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty.documents.formats import Family
from treaty.documents.node import Node
from treaty.errors import PolicyError
from treaty.govern.catalogue import matching
from treaty_registry.publishing.units import Units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from treaty.documents.library import Library
    from treaty.govern.policy import ContractPolicy
    from treaty_registry.publishing.units import Unit

STRATEGIES = {
    "TopicNameStrategy": "{topic}-value",
    "RecordNameStrategy": "{record}",
    "TopicRecordNameStrategy": "{topic}-{record}",
}
"""The strategies of the Confluent serializers, as templates."""

_SCHEMAS = frozenset({Family.AVRO, Family.JSON_SCHEMA, Family.PROTOBUF})
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True, eq=False)
class Publication:
    """One schema and the subject it goes to; ``contract`` is where `treaty.yaml` says so, None for what only others
    need."""

    subject: str
    unit: Unit
    contract: ContractPolicy | None


def planned(
    contracts: Sequence[ContractPolicy], known: Sequence[ContractPolicy], library: Library, paths: Sequence[str]
) -> list[Publication]:
    """The publications of ``contracts`` among the files ``paths``, what is referred to before what refers to it.

    A file that is referred to belongs to whichever contract of ``known`` has it, and has the same subject as when that
    contract is published.

    The schemas of files are named after their type, those of the messages of an AsyncAPI document after their channel,
    unless `subject` says otherwise: a strategy of the Confluent serializers, or a template over {topic}, {record} and
    {contract}. Contracts that are no schemas are left out. Raises PolicyError for a template nobody can fill, and the
    CannotCheck errors of reading the schemas.
    """
    units = Units(library)
    asked: dict[str, Publication] = {}
    for contract in contracts:
        for unit, topic in _units(units, contract, library, paths):
            subject = _subject(contract, unit, topic)
            held = asked.get(subject)
            if held is not None and held.unit.text != unit.text:
                raise PolicyError(
                    f"{held.unit.place[0]} and {unit.place[0]} would both be {subject!r}",
                    advice=f"give {contract.name} a `subject` that tells them apart, such as '{{topic}}-{{record}}'",
                )
            asked.setdefault(subject, Publication(subject, unit, contract))
    return list(_in_order(list(asked.values()), known))


def subjects_of(publications: Sequence[Publication]) -> Mapping[int, str]:
    """The subject that stands for each unit, by its identity, where others refer to it: the first it goes to."""
    found: dict[int, str] = {}
    for publication in publications:
        found.setdefault(id(publication.unit), publication.subject)
    return found


def _units(
    units: Units, contract: ContractPolicy, library: Library, paths: Sequence[str]
) -> Iterator[tuple[Unit, str | None]]:
    for path in matching(paths, contract.paths, ""):
        family = library.open(path).format.family
        if family in _SCHEMAS:
            yield units.file(path), None
        elif family is Family.ASYNCAPI:
            yield from _messages(units, library, path)


def _messages(units: Units, library: Library, path: str) -> Iterator[tuple[Unit, str]]:
    from treaty.model.asyncapi import AsyncApiContract

    document = library.open(path)
    seen: set[tuple[int, str]] = set()
    for operation in AsyncApiContract(library, Node(document, (), document.tree)).operations:
        for message in operation.messages:
            if message.payload.node is None:
                continue
            unit = units.payload(message.payload)
            key = id(unit), operation.channel.label
            if key not in seen:
                seen.add(key)
                yield unit, operation.channel.label


def _subject(contract: ContractPolicy, unit: Unit, topic: str | None) -> str:
    template = contract.subject or ("{record}" if topic is None else "{topic}-value")
    template = STRATEGIES.get(template, template)
    names = {"topic": topic or unit.topic, "record": unit.record or unit.fallback, "contract": contract.name}
    unknown = [name for name in _PLACEHOLDER.findall(template) if name not in names]
    if unknown:
        raise PolicyError(
            f"the subject of {contract.name} asks for {{{unknown[0]}}}",
            advice=f"choose among {', '.join(f'{{{name}}}' for name in names)}, or {', '.join(STRATEGIES)}",
        )
    return _PLACEHOLDER.sub(lambda found: names[found[1]], template)


def _needed(unit: Unit, known: Sequence[ContractPolicy]) -> Publication:
    """The publication of a schema that nobody asked for by itself."""
    path, pointer = unit.place
    owner = None if pointer else next((each for each in known if matching([path], each.paths, "")), None)
    return Publication(unit.fallback if owner is None else _subject(owner, unit, None), unit, owner)


def _in_order(asked: list[Publication], known: Sequence[ContractPolicy]) -> Iterator[Publication]:
    by_unit = {id(publication.unit): publication for publication in reversed(asked)}
    done: set[str] = set()

    def with_uses(publication: Publication) -> Iterator[Publication]:
        if publication.subject in done:
            return
        done.add(publication.subject)
        for use in publication.unit.uses:
            needed = by_unit.get(id(use.unit))
            if needed is None:
                needed = by_unit[id(use.unit)] = _needed(use.unit, known)
            yield from with_uses(needed)
        yield publication

    for publication in asked:
        yield from with_uses(publication)
