"""Ready answers: bytes that may be sent again until what they depend on changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty_registry.facts import SchemaAdded, SchemaRemoved, VersionAdded, VersionsHidden, VersionsRemoved
from treaty_registry.server.answers import ANY_SUBJECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from treaty_registry.facts import Fact
    from treaty_registry.server.answers import Sent

CAPACITY_BYTES = 24_000_000

Key = tuple[bytes, bytes, bytes]
"""Path, query and body of a request, as they came."""


class HotAnswers:
    """Answers by request. Each is tagged with the subject name or the id it depends on; a change of that takes it away.

    Names and ids are taken without their context, for unqualified requests look into every context. When full it starts
    over.
    """

    def __init__(self, capacity: int = CAPACITY_BYTES) -> None:
        self.answers: dict[Key, Sent] = {}
        self._by_tag: dict[str | int, list[Key]] = {}
        self._capacity = capacity
        self._used = 0

    def put(self, key: Key, tag: str | int, sent: Sent) -> None:
        size = len(sent.body) + sum(len(part) for part in key) + 600
        if size > self._capacity // 20:
            return
        self._used += size
        if self._used > self._capacity:
            self.clear()
            self._used = size
        self.answers[key] = sent
        self._by_tag.setdefault(tag, []).append(key)

    def clear(self) -> None:
        self.answers.clear()
        self._by_tag.clear()
        self._used = 0

    def changed(self, facts: Sequence[Fact]) -> None:
        """Take away every answer that ``facts`` may have made untrue."""
        self._drop(ANY_SUBJECT)
        for fact in facts:
            match fact:
                case VersionAdded(subject, version):
                    self._drop(subject.name)
                    self._drop(version.id)
                case SchemaAdded(schema):
                    self._drop(schema.key.id)
                case VersionsHidden(subject) | VersionsRemoved(subject):
                    # The ids they held may be shown with another subject from now on; that is seldom.
                    self._drop(subject.name)
                    self._drop_ids()
                case SchemaRemoved(key):
                    self._drop(key.id)
                case _:
                    # Configs, modes, aliases and contexts reach further than one subject.
                    self.clear()

    def _drop(self, tag: str | int) -> None:
        for key in self._by_tag.pop(tag, ()):
            self.answers.pop(key, None)

    def _drop_ids(self) -> None:
        for tag in [tag for tag in self._by_tag if isinstance(tag, int)]:
            self._drop(tag)
