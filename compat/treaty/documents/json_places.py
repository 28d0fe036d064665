"""Where the members of a JSON text stand: containers are split into the raw text of their members when asked."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

if TYPE_CHECKING:
    from treaty.documents.location import JsonValue, Pointer

__all__ = ["JsonPlaces"]

_MEMBER = re.compile(rb'[ \t\r\n]*,?[ \t\r\n]*("(?:[^"\\]|\\.)*+")[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
_ITEM = re.compile(rb"[ \t\r\n]*,?[ \t\r\n]*")
_BLANK = re.compile(rb"[ \t\r\n]*")


class _Member(NamedTuple):
    """Bytes: where the key starts (an item: its value), where the value starts, where it ends."""

    start: int
    value: int
    end: int


_Members: TypeAlias = "dict[str | int, _Member]"


@cache
def _splitters() -> tuple[msgspec.json.Decoder[dict[str, msgspec.Raw]], msgspec.json.Decoder[list[msgspec.Raw]]]:
    return msgspec.json.Decoder(dict[str, msgspec.Raw]), msgspec.json.Decoder(list[msgspec.Raw])


class JsonPlaces:
    """Byte offsets in a text that has been read as JSON.

    msgspec skips over a value at a gigabyte per second and says how long it is; what lies between two values is at most
    a key. So the way down to a member costs one pass over each container on it, the first time, and a dictionary
    look-up afterwards.
    """

    __slots__ = ("_members", "_root", "_text")

    def __init__(self, text: bytes) -> None:
        self._text = text
        start = _end(_BLANK, text, 0)
        self._root = _Member(start, start, len(text))
        self._members: dict[int, _Members] = {}

    def offset(self, tree: JsonValue, pointer: Pointer) -> int:
        """The first byte of the key (the item, the root) that ``pointer`` names, or of its nearest ancestor."""
        member = self._root
        for token in pointer:
            if not isinstance(tree, (dict, list)):
                break
            members = self._members.get(member.value)
            if members is None:
                members = self._members[member.value] = self._split(tree, member)
            step = int(token) if isinstance(tree, list) and str(token).isdecimal() else token
            child = members.get(step)
            if child is None:
                break
            member = child
            tree = tree[step]  # type: ignore[index]  # found among the members, so of the container's own kind
        return member.start

    def _split(self, tree: dict[str, JsonValue] | list[JsonValue], member: _Member) -> _Members:
        piece = memoryview(self._text)[member.value : member.end]
        members: _Members = {}
        objects, arrays = _splitters()
        position = member.value + 1
        if isinstance(tree, dict):
            # The keys of the tree stand in the order of the text, and none was dropped as a duplicate.
            for key, raw in zip(tree, objects.decode(piece).values(), strict=True):
                found = _MEMBER.match(self._text, position)
                assert found is not None, "the text has been parsed before"
                position = found.end() + len(memoryview(raw))
                members[key] = _Member(found.start(1), found.end(), position)
        else:
            for index, raw in enumerate(arrays.decode(piece)):
                start = _end(_ITEM, self._text, position)
                position = start + len(memoryview(raw))
                members[index] = _Member(start, start, position)
        return members


def _end(pattern: re.Pattern[bytes], text: bytes, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found is not None else position
