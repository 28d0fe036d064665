"""Reading the members of a JSON object that came from outside, each with its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from treaty_registry.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import JsonValue


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one JSON object; absent and null are both None.

    Every method raises RegistryError 400 that names the member when its value has another type.
    """

    values: Mapping[str, JsonValue]
    path: str = ""

    @classmethod
    def of(cls, value: JsonValue, path: str = "") -> Members:
        """The members of ``value``, which must be an object."""
        if not isinstance(value, dict):
            raise RegistryError(400, f"{path or 'The request body'} must be a JSON object, not {_kind(value)}")
        return cls(value, path)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        raise self.refusal(name, "a string")

    def integer(self, name: str) -> int | None:
        """A 32-bit integer, the width of ids and versions on the wire."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31:
            return value
        raise self.refusal(name, "a 32-bit integer")

    def flag(self, name: str) -> bool | None:
        """A boolean, also as the strings ``true`` and ``false``, which command-line clients send."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise self.refusal(name, "a boolean")

    def texts(self, name: str) -> tuple[str, ...] | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, list):
            texts = tuple(item for item in value if isinstance(item, str))
            if len(texts) == len(value):
                return texts
        raise self.refusal(name, "an array of strings")

    def text_map(self, name: str) -> dict[str, str] | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, dict):
            texts = {key: text for key, text in value.items() if isinstance(text, str)}
            if len(texts) == len(value):
                return texts
        raise self.refusal(name, "an object of strings")

    def object(self, name: str) -> Members | None:
        value = self.values.get(name)
        return None if value is None else Members.of(value, self._path(name))

    def objects(self, name: str) -> tuple[Members, ...] | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, list):
            return tuple(Members.of(item, f"{self._path(name)}[{index}]") for index, item in enumerate(value))
        raise self.refusal(name, "an array of objects")

    def _path(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def refusal(self, name: str, expected: str) -> RegistryError:
        """The refusal that says what the member ``name`` must be."""
        return RegistryError(400, f"{self._path(name)} must be {expected}, not {_kind(self.values.get(name))}")


def _kind(value: JsonValue) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, list):
        return "an array"
    return "an object" if isinstance(value, dict) else "a number"
