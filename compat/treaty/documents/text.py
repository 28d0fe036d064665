"""The bytes of one file as text: UTF-8 or a clear refusal, and places in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treaty.documents.location import Location
from treaty.errors import DocumentError

if TYPE_CHECKING:
    from treaty.documents.lines import Lines

__all__ = ["Text", "text_of"]

_UTF8_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_UTF8_ADVICE = "save it as UTF-8"


class Text:
    """UTF-8 text without byte order mark, the name the user knows it by, and its lines once somebody asks for one."""

    __slots__ = ("_lines", "data", "name")

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name
        self._lines: Lines | None = None

    @property
    def lines(self) -> Lines:
        """The index of lines, built by the first call."""
        if self._lines is None:
            from treaty.documents.lines import Lines

            self._lines = Lines(self.data)
        return self._lines

    def at(self, offset: int, pointer: str = "") -> Location:
        """The location of the byte at ``offset``."""
        line, column = self.lines.place(offset)
        return Location(self.name, pointer, line, column)

    def at_character(self, index: int, pointer: str = "") -> Location:
        """The location of the character at ``index``."""
        line, column = self.lines.place_of_character(index)
        return Location(self.name, pointer, line, column)

    def decoded(self) -> str:
        """All of it as characters. Raises DocumentError at the first byte that is not UTF-8."""
        self.check_encoding()
        return self.data.decode()

    def check_encoding(self) -> None:
        """Raises DocumentError at the first byte that is not UTF-8; called when a parser has already complained."""
        try:
            self.data.decode()
        except UnicodeDecodeError as error:
            raise DocumentError(
                f"not UTF-8: byte 0x{self.data[error.start]:02x} ({error.reason})",
                location=self.at(error.start),
                advice=_UTF8_ADVICE,
            ) from None


def text_of(data: bytes, name: str) -> Text:
    """``data`` as text, its UTF-8 byte order mark dropped.

    Raises DocumentError for an empty file, for UTF-16 and UTF-32, and for a NUL byte, which no text holds. Other bytes
    that are not UTF-8 are left to the parser, which decodes anyway (see :meth:`Text.check_encoding`).
    """
    for mark, encoding in _OTHER_BOMS:
        if data.startswith(mark):
            raise DocumentError(
                f"the file is {encoding}, not UTF-8", location=Location(name, line=1, column=1), advice=_UTF8_ADVICE
            )
    text = Text(data.removeprefix(_UTF8_BOM), name)
    if not text.data or text.data.isspace():
        raise DocumentError("the file is empty", location=Location(name))
    nul = text.data.find(0)
    if nul >= 0:
        raise DocumentError(
            "a NUL byte: this is a binary file, or text in UTF-16", location=text.at(nul), advice=_UTF8_ADVICE
        )
    return text
