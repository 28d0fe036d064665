"""The judge: reads and compares schemas, remembers every answer, and keeps slow questions off the event loop."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from treaty.documents.schema_text import SchemaText
from treaty.errors import TreatyError
from treaty.govern.compatibility import Mode as Level
from treaty_registry.decisions.lookups import Wanted, schema_of
from treaty_registry.decisions.references import closure
from treaty_registry.errors import RegistryError
from treaty_registry.formats.reading import Reading, refusal, schema_format
from treaty_registry.memory import Generations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from treaty.changes.change import Change
    from treaty.documents.location import JsonValue
    from treaty.govern.compatibility import Compatibility
    from treaty_registry.model.schemas import Schema, Version
    from treaty_registry.model.settings import Config
    from treaty_registry.names import SubjectName
    from treaty_registry.state import State

A = TypeVar("A")

REMEMBERED_BYTES = 8_000_000
OVERHEAD_BYTES = 2_000
"""What an answer takes beside its texts."""

SHORT = 20_000
"""Characters of Avro that are read and compared in about the time it takes to hand them to a thread and back."""

Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What is the canonical form of this schema?"""

    type: str
    text: str
    texts: Texts
    normalize: bool
    strict: bool

    @property
    def weight(self) -> int:
        return len(self.text)

    def solve(self) -> Reading:
        schema = SchemaText(self.text, dict(self.texts))
        reading = schema_format(self.type).read(schema, normalize=self.normalize, strict=self.strict)
        if "\0" in reading.text:
            raise RegistryError(42201, f"Invalid schema of type {self.type}, details: it holds a NUL character")
        return reading


@dataclass(frozen=True, slots=True)
class Resolve:
    """What is its text with all references written in?"""

    type: str
    text: str
    texts: Texts

    @property
    def weight(self) -> int:
        return len(self.text)

    def solve(self) -> str:
        return schema_format(self.type).resolved(SchemaText(self.text, dict(self.texts)))


@dataclass(frozen=True, slots=True)
class Format:
    """What is its form called ``name``?"""

    type: str
    text: str
    texts: Texts
    name: str

    @property
    def weight(self) -> int:
        return len(self.text)

    def solve(self) -> str:
        return schema_format(self.type).formatted(SchemaText(self.text, dict(self.texts)), self.name)


@dataclass(frozen=True, slots=True)
class Compare:
    """May this schema follow those (name, text and texts, oldest first) under a level and a policy?"""

    type: str
    text: str
    texts: Texts
    older: tuple[tuple[str, str, Texts], ...]
    level: str
    policy: str

    @property
    def weight(self) -> int:
        return len(self.text) + sum(len(text) for _, text, _ in self.older)

    def solve(self) -> Compatibility:
        from treaty.api import check_compatibility

        return check_compatibility(
            SchemaText(self.text, dict(self.texts), "the new schema"),
            [SchemaText(text, dict(texts), name) for name, text, texts in self.older],
            type=self.type,
            mode=self.level,
            policy=self.policy,
        )


Question = Read | Resolve | Format | Compare


class Unanswered(Exception):
    """A decision needs an answer that is not known yet; it is made anew once :meth:`Judge.answer` has found it."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question


class Judge:
    """Answers questions about schemas, each once. Its methods belong to the event loop's thread."""

    def __init__(self, threads: int = 2) -> None:
        self._known: Generations[Question, Reading | str | Compatibility | RegistryError] = Generations(
            REMEMBERED_BYTES
        )
        self._asked: dict[Question, asyncio.Future[Reading | str | Compatibility | RegistryError]] = {}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="judge")

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answer(self, question: Question) -> None:
        """Find the answer to ``question``, so that the next decision knows it."""
        under_way = self._asked.get(question)
        if under_way is None:
            loop = asyncio.get_running_loop()
            under_way = loop.run_in_executor(self._threads, _solved, question)
            self._asked[question] = under_way
            try:
                answer = await asyncio.shield(under_way)
            finally:
                self._asked.pop(question, None)
            self._remember(question, answer)
        else:
            await asyncio.shield(under_way)

    def settled(self, decide: Callable[[], A]) -> A:
        """What ``decide`` returns, with its questions answered on the spot; for programs without an event loop."""
        while True:
            try:
                return decide()
            except Unanswered as open_question:
                self._remember(open_question.question, _solved(open_question.question))

    # Answers for decisions; each raises Unanswered while it is not known

    def reading(self, schema_type: str, text: str, texts: Texts, *, normalize: bool, strict: bool) -> Reading:
        """The canonical form of a schema. Raises RegistryError 42201 where it cannot be read."""
        return cast(Reading, self._recall(Read(schema_type, text, texts, normalize, strict)))

    def resolved(self, schema_type: str, text: str, texts: Texts) -> str:
        """The text of a schema with its references written in."""
        return cast(str, self._recall(Resolve(schema_type, text, texts)))

    def formatted(self, state: State, schema: Schema, name: str) -> str:
        """The form of a stored schema called ``name``. Raises RegistryError 422 where its format has none."""
        texts = closure(state, schema.key.context, schema.references)
        return cast(str, self._recall(Format(schema.type, schema.text, texts, name)))

    def written_as(self, schema_type: str, text: str) -> str | None:
        """The name of the form in which a client wrote a schema that was read before, None for the plain one."""
        return schema_format(schema_type).written_as(SchemaText(text))

    def check(self, state: State, name: SubjectName, wanted: Wanted, older: Sequence[Version], config: Config) -> None:
        """Raises RegistryError 409 when ``wanted`` may not follow the versions ``older`` (oldest first) of ``name``."""
        messages = self.incompatibilities(state, name, wanted, older, config)
        if messages:
            raise RegistryError(
                409,
                f'Schema being registered is incompatible with an earlier schema for subject "{name.qualified}", '
                f"details: [{', '.join(messages)}]",
            )

    def incompatibilities(
        self, state: State, name: SubjectName, wanted: Wanted, older: Sequence[Version], config: Config
    ) -> list[str]:
        """Why ``wanted`` may not follow ``older`` (oldest first); empty when it may.

        What cannot be decided is a reason too, and says so.
        """
        schemas = [(version, schema_of(state, name, version)) for version in older]
        messages = _reserved_fields(wanted, schemas[-1][1] if schemas else None) if config.validate_fields else []
        if config.group is not None:
            group = _group(wanted.metadata, config.group)
            schemas = [pair for pair in schemas if _group(pair[1].metadata, config.group) == group]
        level = Level[config.level or Level.BACKWARD.value]
        asked = schemas if level.transitive else schemas[-1:]
        if level is not Level.NONE and asked:
            others = [version.number for version, schema in asked if schema.type != wanted.type]
            if others:
                messages.append(
                    f"schema-type-changed at the root: version {others[-1]} is of another type than {wanted.type}"
                )
            else:
                texts = tuple(
                    (f"version {version.number}", schema.text, closure(state, name.context, schema.references))
                    for version, schema in asked
                )
                question = Compare(
                    wanted.type, wanted.text, wanted.texts, texts, level.value, config.policy or "STRICT"
                )
                messages += _explained(cast("Compatibility", self._recall(question)))
        if messages:
            messages.append(
                f"{{validateFields: {str(bool(config.validate_fields)).lower()}, compatibility: {level.value}}}"
            )
        return messages

    def _remember(self, question: Question, answer: Reading | str | Compatibility | RegistryError) -> None:
        self._known.put(question, answer, question.weight + OVERHEAD_BYTES)

    def _recall(self, question: Question) -> Reading | str | Compatibility:
        answer = self._known.get(question)
        if answer is None:
            if question.type != "AVRO" or question.weight > SHORT:
                raise Unanswered(question)
            answer = _solved(question)
            self._remember(question, answer)
        if isinstance(answer, RegistryError):
            raise RegistryError(answer.code, answer.problem, advice=answer.advice)
        return answer


def _solved(question: Question) -> Reading | str | Compatibility | RegistryError:
    try:
        return question.solve()
    except (TreatyError, RecursionError) as error:
        return refusal(question.type, error)


def _explained(verdict: Compatibility) -> list[str]:
    """One sentence for each finding that stands in the way: path, rule, both sides and the message that proves it."""
    if verdict.compatible:
        return []
    reasons = [_sentence(change) for change in verdict.findings if change.level.value in ("breaking", "unknown")]
    return reasons or ["undecided at the root: whether the schemas are compatible could not be decided"]


def _sentence(change: Change) -> str:
    older = change.base.file if change.base is not None else "the older version"
    undecided = " (could not be decided)" if change.level.value == "unknown" else ""
    sides = ""
    if change.before is not None or change.after is not None:
        sides = f"; {older}: {_short(change.before)}, new: {_short(change.after)}"
    proof = ""
    if change.witness is not None:
        accepts, refuses = (
            (older, "the new schema") if change.witness.accepted_by == "base" else ("the new schema", older)
        )
        proof = f"; {accepts} allows {_short(change.witness.value)}, {refuses} does not: {change.witness.reason}"
    return f"{change.rule} at {change.element}: {change.message}{undecided}{sides}{proof}"


def _short(value: JsonValue) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:297]}..."


def _reserved_fields(wanted: Wanted, previous: Schema | None) -> list[str]:
    reserved = wanted.metadata.reserved_fields if wanted.metadata is not None else frozenset[str]()
    messages = []
    if previous is not None and previous.metadata is not None:
        messages += [
            f"reserved-field-removed at {name}: the metadata no longer lists the reserved field"
            for name in sorted(previous.metadata.reserved_fields - reserved)
        ]
    messages += [
        f"reserved-field-used at {name}: the schema has a field whose name is reserved"
        for name in sorted(reserved & wanted.fields)
    ]
    return messages


def _group(metadata: object, name: str) -> str | None:
    from treaty_registry.model.governance import Metadata

    return metadata.property_named(name) if isinstance(metadata, Metadata) else None
