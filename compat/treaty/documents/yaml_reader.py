"""YAML to a tree: the events of libyaml, our own scalars, no key twice, no alias that multiplies without end."""

from __future__ import annotations

import warnings
from array import array
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from treaty.documents.limits import MAX_DEPTH, Limits
from treaty.documents.numbers import NumberSizeError
from treaty.documents.yaml_aliases import Anchored, Weights, mappings_to_merge
from treaty.documents.yaml_errors import CORE, Refusals, explain
from treaty.documents.yaml_places import YamlPlaces
from treaty.documents.yaml_scalars import TAGGED, plain_scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.location import JsonValue
    from treaty.documents.text import Text

__all__ = ["read_yaml"]

_CORE_COLLECTIONS: dict[type[object], tuple[str | None, ...]] = {
    MappingStartEvent: (None, "!", CORE + "map"),
    SequenceStartEvent: (None, "!", CORE + "seq"),
}


class _Mark(Protocol):
    index: int


class _Event(Protocol):
    """What this reader takes from an event of whichever class; the class says which of them are there."""

    start_mark: _Mark
    value: str
    anchor: str | None
    tag: str | None
    implicit: tuple[bool, bool]


class _Merge:
    """A merge key: where it stands, and its value once that has been read."""

    __slots__ = ("place", "value")

    def __init__(self, place: int) -> None:
        self.place = place
        self.value: JsonValue = None


class _Frame(NamedTuple):
    """A container that waits while one inside it is read; one of the first two is None."""

    mapping: dict[str, JsonValue] | None
    sequence: list[JsonValue]
    places: list[int]
    merge: _Merge | None


def read_yaml(text: Text, limits: Limits) -> tuple[JsonValue, YamlPlaces]:
    """The tree of one YAML document, and where its members stand.

    Scalars follow the core schema of YAML 1.2.2; a key is the text its author wrote (``200:`` is ``"200"``). Merge keys
    are applied.

    Raises DocumentError, with the line, for text that is not YAML or not UTF-8, a key twice in one mapping (both lines
    are named), a second document, tags outside the core schema and aliases to what contains them; DocumentTooLarge for
    nesting deeper than MAX_DEPTH, aliases that stand for too much and numbers of more than MAX_DIGITS digits.
    """
    parser = _parser(text.data)
    try:
        return _Builder(text, limits).build(cast("Callable[[], _Event]", parser.get_event))
    except YAMLError as error:
        explain(text, error)


class _Parser(Protocol):
    def get_event(self) -> object: ...


def _parser(data: bytes) -> _Parser:
    try:
        from yaml._yaml import CParser
    except ImportError:
        from yaml.parser import Parser
        from yaml.reader import Reader
        from yaml.scanner import Scanner

        class PureParser(Reader, Scanner, Parser):
            def __init__(self, stream: bytes) -> None:
                Reader.__init__(self, stream)
                Scanner.__init__(self)
                Parser.__init__(self)

        warnings.warn(
            "PyYAML was built without libyaml: YAML is read thirty times slower", RuntimeWarning, stacklevel=2
        )
        return PureParser(data)
    return CParser(data)


class _Builder:
    """One document in the making."""

    def __init__(self, text: Text, limits: Limits) -> None:
        self._refuse = Refusals(text)
        self._limits = limits
        self._anchors: dict[str, Anchored] = {}
        self._weights = Weights()
        self._aliased = 0
        self._open: list[_Frame] = []
        self._places = array("I")
        self._first: dict[int, int] = {}
        self._merged: list[_Merge] = []  # kept, so that no id of what was merged is given out again

    def build(self, next_event: Callable[[], _Event]) -> tuple[JsonValue, YamlPlaces]:
        """Read all events, half a million in a large document: hence one loop, without calls in the common case."""
        scalars: dict[str, JsonValue] = {}
        keys: dict[str, str] = {}
        stack = self._open
        documents: list[JsonValue] = []
        # The container being filled: a mapping with the key that waits for its value, or a sequence.
        mapping: dict[str, JsonValue] | None = None
        key: str | None = None
        sequence = documents
        places: list[int] = []
        merge: _Merge | None = None
        merging = False
        value: JsonValue

        while True:
            event = next_event()
            kind: type[object] = type(event)
            if kind is ScalarEvent:
                written = event.value
                if mapping is not None and key is None and not merging:
                    if event.anchor is not None or event.tag is not None:
                        self._anchored_key(event)
                    if written == "<<" and event.implicit[0]:
                        if merge is not None:
                            self._refuse.key_twice(event.start_mark.index, written, merge.place)
                        merge, merging = _Merge(event.start_mark.index), True
                        continue
                    if written in mapping:
                        first = places[list(mapping).index(written)]
                        self._refuse.key_twice(event.start_mark.index, written, first)
                    key = keys.setdefault(written, written)
                    places.append(event.start_mark.index)
                    continue
                if event.tag is not None:
                    value = self._tagged(event)
                elif not event.implicit[0]:
                    value = written
                elif written in scalars:
                    value = scalars[written]
                else:
                    value = scalars[written] = self._plain(event)
                if event.anchor is not None:
                    self._anchors[event.anchor] = Anchored(value, written)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                if merge is not None and mapping is not None:
                    self._apply(merge, mapping, places)
                self._first[id(sequence if mapping is None else mapping)] = len(self._places)
                self._places.fromlist(places)
                mapping, sequence, places, merge = stack.pop()
                continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if mapping is not None and key is None and not merging:
                    self._refuse.key_is_no_text(event.start_mark.index)
                if event.tag not in _CORE_COLLECTIONS[kind]:
                    self._refuse.tag(event.start_mark.index, event.tag)
                value = {} if kind is MappingStartEvent else []
                if event.anchor is not None:
                    self._anchors[event.anchor] = Anchored(value)
            elif kind is AliasEvent:
                anchored = self._alias(event)
                if mapping is not None and key is None and not merging:
                    key = self._alias_as_key(event, anchored, mapping, places)
                    continue
                value = anchored.value
            elif kind is StreamEndEvent:
                break
            else:
                if kind is DocumentStartEvent and documents:
                    self._refuse.second_document(event.start_mark.index)
                continue

            if merging and merge is not None:
                merge.value, merging = value, False
            elif mapping is not None and key is not None:
                mapping[key] = value
                key = None
            else:
                sequence.append(value)
                places.append(event.start_mark.index)
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                if len(stack) >= MAX_DEPTH:
                    self._refuse.too_deep(event.start_mark.index)
                stack.append(_Frame(mapping, sequence, places, merge))
                places, merge = [], None
                if isinstance(value, dict):
                    mapping = value
                elif isinstance(value, list):
                    mapping, sequence = None, value

        if not documents:
            self._refuse.nothing()
        return documents[0], YamlPlaces(places[0], self._places, self._first)

    def _plain(self, event: _Event) -> JsonValue:
        try:
            return plain_scalar(event.value)
        except NumberSizeError:
            self._refuse.number_too_large(event.start_mark.index)

    def _tagged(self, event: _Event) -> JsonValue:
        """The value of a scalar with an explicit tag; ``!`` alone makes it a string (YAML 1.2.2, section 6.9.1)."""
        if event.tag == "!":
            return event.value
        convert = TAGGED.get(event.tag or "")
        if convert is None:
            self._refuse.tag(event.start_mark.index, event.tag)
        try:
            return convert(event.value)
        except ValueError:
            self._refuse.not_of_its_tag(event.start_mark.index, event.value, event.tag)

    def _anchored_key(self, event: _Event) -> None:
        if event.tag is not None and event.tag != CORE + "merge":
            self._tagged(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchored(event.value, event.value)

    def _alias(self, event: _Event) -> Anchored:
        """What the alias stands for, within the limits."""
        name, index = event.anchor or "", event.start_mark.index
        anchored = self._anchors.get(name)
        if anchored is None:
            self._refuse.no_anchor(index, name)
        value = anchored.value
        if isinstance(value, (dict, list)):
            if id(value) not in self._first:
                self._refuse.alias_inside_its_anchor(index, name)
            weight = self._weights.of(value)
            self._aliased += weight.nodes
            if self._aliased > self._limits.aliased:
                self._refuse.too_much_aliased(index, self._limits.aliased)
            if len(self._open) + weight.levels > MAX_DEPTH:
                self._refuse.too_deep(index)
        return anchored

    def _alias_as_key(self, event: _Event, anchored: Anchored, mapping: dict[str, JsonValue], places: list[int]) -> str:
        index = event.start_mark.index
        if anchored.text is None:
            self._refuse.key_is_no_text(index)
        if anchored.text in mapping:
            self._refuse.key_twice(index, anchored.text, places[list(mapping).index(anchored.text)])
        places.append(index)
        return anchored.text

    def _apply(self, merge: _Merge, mapping: dict[str, JsonValue], places: list[int]) -> None:
        """Add the members that a merge key brings in; their places are where they are written."""
        self._merged.append(merge)
        sources = mappings_to_merge(merge.value)
        if sources is None:
            self._refuse.not_to_be_merged(merge.place)
        for source in sources:
            first = self._first[id(source)]
            for number, (key, value) in enumerate(source.items()):
                if key not in mapping:
                    mapping[key] = value
                    places.append(self._places[first + number])
