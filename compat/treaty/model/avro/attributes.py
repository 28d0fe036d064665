"""The attributes of one written schema or field, read and checked by the grammar of the specification."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.errors import InvalidContract
from treaty.model.avro.names import NAME, NAMESPACE, qualified

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue
    from treaty.model.avro.types import Place

__all__ = ["Attributes", "shown"]

_NAME_RULE = "names start with a letter or _ and hold only letters, digits and _ (A-Z, a-z, 0-9)"
_SHOWN = 60


def shown(value: JsonValue) -> str:
    """A value for a message, cut where it is long."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


class Attributes:
    """One JSON object, and where it stands; each method reads one attribute or raises InvalidContract at its place."""

    __slots__ = ("place", "raw")

    def __init__(self, raw: dict[str, JsonValue], place: Place) -> None:
        self.raw = raw
        self.place = place

    def invalid(self, attribute: str, problem: str, advice: str | None = None) -> InvalidContract:
        """The error to raise about ``attribute``, with what was found there."""
        found = f", not {shown(self.raw[attribute])}" if attribute in self.raw else ""
        return InvalidContract(f"{problem}{found}", location=self.place.location(attribute), advice=advice)

    def simple_name(self) -> str:
        """The name of a field."""
        name = self._text("name")
        if not NAME.fullmatch(name):
            raise self.invalid("name", "a field needs a valid name", _NAME_RULE)
        return name

    def full_name(self, enclosing: str) -> str:
        """The full name of a named type inside the namespace ``enclosing`` (Avro 1.12, "Names")."""
        name = self._text("name")
        if not NAMESPACE.fullmatch(name):
            raise self.invalid("name", "a type needs a valid name", _NAME_RULE)
        namespace = self.raw.get("namespace")
        if namespace is None:
            return qualified(name, enclosing)
        # A name with a dot is full: the namespace beside it says nothing, but it still has to be one.
        if not isinstance(namespace, str) or (namespace and not NAMESPACE.fullmatch(namespace)):
            raise self.invalid("namespace", "a namespace is a list of names joined by dots", _NAME_RULE)
        return qualified(name, namespace)

    def _text(self, attribute: str) -> str:
        value = self.raw.get(attribute)
        if not isinstance(value, str):
            what = str(self.raw.get("type")) if attribute == "name" and "type" in self.raw else "this"
            if attribute in self.raw:
                raise self.invalid(attribute, f"a {attribute} is text")
            raise InvalidContract(f"{what[:_SHOWN]} needs a `{attribute}`", location=self.place.location())
        return value

    def aliases(self, namespace: str | None) -> tuple[str, ...]:
        """Aliases as full names relative to ``namespace``; those of a field, with None, as they are."""
        raw = self.raw.get("aliases")
        if raw is None:
            return ()
        if not isinstance(raw, list):
            raise self.invalid("aliases", "aliases are a list of names")
        grammar = NAME if namespace is None else NAMESPACE
        found: dict[str, None] = {}
        for index, alias in enumerate(raw):
            if not isinstance(alias, str) or not grammar.fullmatch(alias):
                raise InvalidContract(
                    f"an alias is a name, not {shown(alias)}",
                    location=self.place.location("aliases", index),
                    advice=_NAME_RULE,
                )
            found[qualified(alias, namespace or "")] = None
        return tuple(found)

    @property
    def doc(self) -> str | None:
        """The documentation; what is no text is no documentation, and means nothing to any reader."""
        doc = self.raw.get("doc")
        return doc if isinstance(doc, str) else None

    def objects(self, attribute: str) -> list[dict[str, JsonValue]]:
        """A required list of objects."""
        raw = self.raw.get(attribute)
        if not isinstance(raw, list):
            if attribute in self.raw:
                raise self.invalid(attribute, f"`{attribute}` is a list")
            raise InvalidContract(f"{self.raw['type']} needs `{attribute}`", location=self.place.location())
        found: list[dict[str, JsonValue]] = []
        for index, each in enumerate(raw):
            if not isinstance(each, dict):
                raise InvalidContract(
                    f"each of `{attribute}` is an object, not {shown(each)}",
                    location=self.place.location(attribute, index),
                )
            found.append(each)
        return found

    def symbols(self) -> tuple[str, ...]:
        """The symbols of an enum: valid names, each once."""
        raw = self.raw.get("symbols")
        if not isinstance(raw, list):
            raise self.invalid("symbols", "an enum needs `symbols`, a list of names")
        found: dict[str, None] = {}
        for index, symbol in enumerate(raw):
            place = self.place.location("symbols", index)
            if not isinstance(symbol, str) or not NAME.fullmatch(symbol):
                raise InvalidContract(f"a symbol is a name, not {shown(symbol)}", location=place, advice=_NAME_RULE)
            if symbol in found:
                raise InvalidContract(f"the symbol {symbol!r} stands twice in one enum", location=place)
            found[symbol] = None
        return tuple(found)

    def size(self) -> int:
        """The size of a fixed, in bytes."""
        size = self.raw.get("size")
        if not isinstance(size, int) or isinstance(size, bool) or size < 0:
            raise self.invalid("size", "a fixed needs a `size`, a whole number of bytes")
        return size
