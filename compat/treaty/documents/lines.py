"""Line and column of any byte or character of a text, found block by block."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate

__all__ = ["Lines"]

_SHIFT = 14
_BLOCK = 1 << _SHIFT
_CONTINUATION = bytes(range(0x80, 0xC0))


class Lines:
    """Places in one UTF-8 text.

    Counting is done once per block of 16 KiB, then inside one block, so that a thousand look-ups in 13 MB cost
    milliseconds, also when the whole text is one line. A line ends with LF or CRLF; with CR only in a text that has no
    LF at all.
    """

    __slots__ = ("_ascii", "_break", "_breaks", "_characters", "_text")

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._ascii = text.isascii()
        self._break = b"\r" if b"\r" in text and b"\n" not in text else b"\n"
        starts = range(0, len(text) + 1, _BLOCK)
        self._breaks = [0, *accumulate(text.count(self._break, start, start + _BLOCK) for start in starts)]
        self._characters = (
            [] if self._ascii else [0, *accumulate(_count(text[start : start + _BLOCK]) for start in starts)]
        )

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1 and the column in characters, of the byte at ``offset``."""
        offset = min(offset, len(self._text))
        block = offset >> _SHIFT
        line = self._breaks[block] + self._text.count(self._break, block << _SHIFT, offset)
        start = self._line_start(line, block, offset)
        return line + 1, self._characters_before(offset) - self._characters_before(start) + 1

    def place_of_character(self, index: int) -> tuple[int, int]:
        """Line and column of the character at ``index``."""
        return self.place(self.offset_of_character(index))

    def offset_of_character(self, index: int) -> int:
        """The byte at which the character at ``index`` starts."""
        if self._ascii:
            return index
        block = max(bisect_right(self._characters, index) - 1, 0)
        start = min(block << _SHIFT, len(self._text))
        # A character may begin in one block and end in the next: its last bytes belong to the block before.
        raw = self._text[start : start + _BLOCK + 4]
        whole = raw.lstrip(_CONTINUATION)
        head = whole.decode("utf-8", "ignore")[: index - self._characters[block]]
        return start + len(raw) - len(whole) + len(head.encode())

    def _line_start(self, line: int, block: int, offset: int) -> int:
        """The first byte of the line that has ``line`` breaks before it."""
        if line == 0:
            return 0
        if line == self._breaks[block]:
            # No break between the start of the block and the offset: go to the block that holds the last one.
            block = bisect_left(self._breaks, line) - 1
            offset = (block + 1) << _SHIFT
        return self._text.rfind(self._break, block << _SHIFT, offset) + 1

    def _characters_before(self, offset: int) -> int:
        if self._ascii:
            return offset
        block = offset >> _SHIFT
        return self._characters[block] + _count(self._text[block << _SHIFT : offset])


def _count(piece: bytes) -> int:
    """The characters that start in ``piece``."""
    return len(piece.translate(None, _CONTINUATION))
