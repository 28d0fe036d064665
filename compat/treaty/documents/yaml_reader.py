"""YAML to a tree: the events of libyaml, our own scalars, no key twice, no alias that multiplies without end."""

from __future__ import annotations

import re
import warnings
from array import array
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol, cast

from yaml.error import MarkedYAMLError, YAMLError
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

from treaty.documents.limits import MAX_DEPTH, MAX_DIGITS, Limits
from treaty.documents.numbers import NumberSizeError
from treaty.documents.yaml_aliases import Anchored, Weights, mappings_to_merge
from treaty.documents.yaml_places import YamlPlaces
from treaty.documents.yaml_scalars import TAGGED, plain_scalar
from treaty.errors import DocumentError, DocumentTooLarge

if TYPE_CHECKING:
    from collections.abc import Callable

    from treaty.documents.location import JsonValue, Location
    from treaty.documents.text import Text

__all__ = ["read_yaml"]

_CORE_COLLECTIONS: dict[type[object], tuple[str | None, ...]] = {
    MappingStartEvent: (None, "!", "tag:yaml.org,2002:map"),
    SequenceStartEvent: (None, "!", "tag:yaml.org,2002:seq"),
}
_CORE = "tag:yaml.org,2002:"
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADVICE = (
    ("mapping values are not allowed", "quote a value that holds ': ', and check the indentation"),
    ("did not find expected key", "check the indentation, and quote values that begin with a special character"),
    ("cannot start any token", "quote the value: it begins with a character YAML reserves"),
)


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
        _explain(text, error)


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
        self._text = text
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
                            self._twice(event, written, merge.place)
                        merge, merging = _Merge(event.start_mark.index), True
                        continue
                    if written in mapping:
                        self._twice(event, written, places[list(mapping).index(written)])
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
                    self._refuse_key(event)
                if event.tag not in _CORE_COLLECTIONS[kind]:
                    self._refuse_tag(event)
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
                    self._second_document(event)
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
                    self._too_deep(event)
                stack.append(_Frame(mapping, sequence, places, merge))
                places, merge = [], None
                if isinstance(value, dict):
                    mapping = value
                elif isinstance(value, list):
                    mapping, sequence = None, value

        if not documents:
            raise DocumentError("the file holds nothing but comments", location=self._text.at(0))
        return documents[0], YamlPlaces(places[0], self._places, self._first)

    def _plain(self, event: _Event) -> JsonValue:
        try:
            return plain_scalar(event.value)
        except NumberSizeError:
            raise DocumentTooLarge(f"a number of more than {MAX_DIGITS:,} digits", location=self._at(event)) from None

    def _tagged(self, event: _Event) -> JsonValue:
        """The value of a scalar with an explicit tag; ``!`` alone makes it a string (YAML 1.2.2, section 6.9.1)."""
        if event.tag == "!":
            return event.value
        convert = TAGGED.get(event.tag or "")
        if convert is None:
            self._refuse_tag(event)
        try:
            return convert(event.value)
        except ValueError:
            raise DocumentError(
                f"{event.value!r} is no {_shown(event.tag)}",
                location=self._at(event),
                advice="remove the tag, or correct the value",
            ) from None

    def _anchored_key(self, event: _Event) -> None:
        if event.tag is not None and event.tag != _CORE + "merge":
            self._tagged(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = Anchored(event.value, event.value)

    def _alias(self, event: _Event) -> Anchored:
        """What the alias stands for, within the limits."""
        name = event.anchor or ""
        anchored = self._anchors.get(name)
        if anchored is None:
            raise DocumentError(f"the alias *{name} has no anchor &{name} before it", location=self._at(event))
        value = anchored.value
        if isinstance(value, (dict, list)):
            if id(value) not in self._first:
                raise DocumentError(
                    f"the alias *{name} stands inside its own anchor",
                    location=self._at(event),
                    advice="refer to it with $ref",
                )
            weight = self._weights.of(value)
            self._aliased += weight.nodes
            if self._aliased > self._limits.aliased:
                raise DocumentTooLarge(
                    f"the aliases up to here stand for more than {self._limits.aliased:,} nodes",
                    location=self._at(event),
                )
            if len(self._open) + weight.levels > MAX_DEPTH:
                self._too_deep(event)
        return anchored

    def _alias_as_key(self, event: _Event, anchored: Anchored, mapping: dict[str, JsonValue], places: list[int]) -> str:
        if anchored.text is None:
            self._refuse_key(event)
        if anchored.text in mapping:
            self._twice(event, anchored.text, places[list(mapping).index(anchored.text)])
        places.append(event.start_mark.index)
        return anchored.text

    def _apply(self, merge: _Merge, mapping: dict[str, JsonValue], places: list[int]) -> None:
        """Add the members that a merge key brings in; their places are where they are written."""
        self._merged.append(merge)
        sources = mappings_to_merge(merge.value)
        if sources is None:
            raise DocumentError(
                "the value of a merge key << is a mapping or a list of mappings",
                location=self._text.at_character(merge.place),
            )
        for source in sources:
            first = self._first[id(source)]
            for number, (key, value) in enumerate(source.items()):
                if key not in mapping:
                    mapping[key] = value
                    places.append(self._places[first + number])

    def _at(self, event: _Event) -> Location:
        return self._text.at_character(event.start_mark.index)

    def _twice(self, event: _Event, key: str, first: int) -> NoReturn:
        line, _ = self._text.lines.place_of_character(first)
        raise DocumentError(
            f"the key {key!r} stands twice in one mapping, first on line {line}",
            location=self._at(event),
            advice="keep one of the two: readers disagree on which one counts",
        )

    def _refuse_key(self, event: _Event) -> NoReturn:
        raise DocumentError(
            "a mapping or a list as a key",
            location=self._at(event),
            advice="keys are text: quote it if it is meant as text",
        )

    def _refuse_tag(self, event: _Event) -> NoReturn:
        raise DocumentError(
            f"the tag {_shown(event.tag)} is not in the core schema of YAML 1.2",
            location=self._at(event),
            advice="remove the tag; quote the value to keep it as text",
        )

    def _second_document(self, event: _Event) -> NoReturn:
        raise DocumentError(
            "a second document begins here", location=self._at(event), advice="keep one contract in one file"
        )

    def _too_deep(self, event: _Event) -> NoReturn:
        raise DocumentTooLarge(
            f"nested deeper than {MAX_DEPTH} levels",
            location=self._at(event),
            advice="give the inner schemas names and refer to them with $ref",
        )


def _shown(tag: str | None) -> str:
    """The tag as an author writes it."""
    return "!!" + tag.removeprefix(_CORE) if tag is not None and tag.startswith(_CORE) else str(tag)


def _explain(text: Text, error: YAMLError) -> NoReturn:
    """Raise what libyaml found, with the place and what usually helps."""
    text.check_encoding()
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        problem = " ".join(part for part in (error.context, error.problem) if part)
        index = error.problem_mark.index
        offset = text.lines.offset_of_character(index)
        raise DocumentError(
            f"not valid YAML: {problem}",
            location=text.at_character(index),
            advice="indent with spaces: YAML allows no tab here"
            if text.data[offset : offset + 1] == b"\t"
            else next((advice for sign, advice in _ADVICE if sign in problem), None),
        ) from None
    control = _UNPRINTABLE.search(text.data.decode())
    if control is not None:
        raise DocumentError(
            f"not valid YAML: the control character {control[0]!r}",
            location=text.at_character(control.start()),
            advice="remove it, or write it as an escape inside double quotes",
        ) from None
    raise DocumentError(f"not valid YAML: {error}", location=text.at(0)) from None
