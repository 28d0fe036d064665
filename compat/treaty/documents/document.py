"""One file, read and parsed, that knows where everything in it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from treaty.documents.collection import collection_paused
from treaty.documents.limits import Limits, check_size
from treaty.documents.location import Location, pointer_text
from treaty.documents.text import Text, text_of
from treaty.errors import DocumentError, DocumentTooLarge, UnsupportedDocument

if TYPE_CHECKING:
    from treaty.documents.formats import Family, Format
    from treaty.documents.json_places import JsonPlaces
    from treaty.documents.location import JsonValue, Pointer
    from treaty.documents.yaml_places import YamlPlaces

__all__ = ["Document", "Syntax", "read_document"]

Syntax: TypeAlias = Literal["json", "yaml", "protobuf"]

_YAML_NAMES = (".yaml", ".yml")


class Document:
    """One file of a source.

    ``path`` is its POSIX path in the source (a URL for a remote document), ``name`` what the user calls it, ``text``
    its bytes without byte order mark, ``tree`` what they say, ``syntax`` how. The tree must not be changed: positions
    are found through it. A Protobuf file has no tree: its compiler reads the text.
    """

    __slots__ = ("_format", "_places", "_text", "path", "syntax", "tree")

    def __init__(
        self, path: str, text: Text, tree: JsonValue, syntax: Syntax, places: JsonPlaces | YamlPlaces | None = None
    ) -> None:
        self.path = path
        self.tree = tree
        self.syntax = syntax
        self._text = text
        self._places = places
        self._format: Format | None = None

    @classmethod
    def of_tree(cls, tree: JsonValue, name: str) -> Document:
        """A document that was never text: its locations have a pointer, and neither line nor column."""
        return cls(name, Text(b"", name), tree, "json")

    def decoded(self) -> str:
        """The text as characters. Raises DocumentError at the first byte that is not UTF-8."""
        return self._text.decoded()

    def has(self, data: bytes) -> bool:
        """Whether ``data`` are the bytes this document was read from; a byte order mark makes a difference."""
        return bool(self.text) and data == self.text

    def again(self, path: str, name: str) -> Document | None:
        """This document under another name, its tree shared; None when it could not be told apart by its path alone."""
        if path.rpartition(".")[2] != self.path.rpartition(".")[2]:
            return None
        return Document(path, Text(self.text, name), self.tree, self.syntax, self._places)

    def declare(self, family: Family) -> None:
        """Take the document for one of ``family``, whatever its content says; the version stays what that says."""
        from treaty.documents.formats import Format

        try:
            version = self.format.version if self.format.family is family else ""
        except UnsupportedDocument:
            version = ""
        self._format = Format(family, version)

    @property
    def prefix(self) -> Pointer:
        """Where the tree begins in the file: at its root, unless this is a part of one."""
        return ()

    @property
    def name(self) -> str:
        """What the user calls the document."""
        return self._text.name

    @property
    def text(self) -> bytes:
        """The bytes that were read, without byte order mark; empty for a document made from a tree."""
        return self._text.data

    @property
    def format(self) -> Format:
        """The family and version of the contract. Raises UnsupportedDocument when it is none that Treaty compares."""
        if self._format is None:
            from treaty.documents.formats import family

            content = self._text.data if self.syntax == "protobuf" else self.tree
            self._format = family(content, self.path, self.locate)
        return self._format

    def locate(self, pointer: Pointer) -> Location:
        """Where the member ``pointer`` names stands: its key, or the start of a list item or of the root.

        Where ``pointer`` leads nowhere, the place of its nearest ancestor that exists, with the pointer as asked for.
        The first call for a document finds the way in, later ones look it up.
        """
        written = pointer_text(pointer)
        if not self._text.data:
            return Location(self.name, written)
        if self.syntax == "protobuf":
            return self._text.at(0, written)
        if self.syntax == "yaml":
            from treaty.documents.yaml_places import YamlPlaces

            assert isinstance(self._places, YamlPlaces), "recorded when the text was read"
            return self._text.at_character(self._places.character(self.tree, pointer), written)
        from treaty.documents.json_places import JsonPlaces

        if not isinstance(self._places, JsonPlaces):
            self._places = JsonPlaces(self._text.data)
        return self._text.at(self._places.offset(self.tree, pointer), written)

    def __repr__(self) -> str:
        return f"<Document {self.name} ({self.syntax})>"


def read_document(data: bytes, path: str, name: str, limits: Limits | None = None) -> Document:
    """Read the bytes of one file as JSON or YAML.

    The content decides: text that begins with ``{`` or ``[`` is JSON, and so is a file named ``.json``. Only in a file
    named ``.yaml`` or ``.yml`` may a flow mapping that is not JSON be YAML. A file named ``.proto`` is kept as text.

    Raises DocumentError and DocumentTooLarge, each with its line where there is one.
    """
    limits = limits or Limits()
    check_size(len(data), name, limits)
    text = text_of(data, name)
    if path.endswith(".proto"):
        return Document(path, text, None, "protobuf")
    with collection_paused():
        if text.data.lstrip()[:1] in (b"{", b"[") or path.endswith(".json"):
            try:
                return _read_json(path, text)
            except DocumentTooLarge:
                raise
            except DocumentError as error:
                if not path.endswith(_YAML_NAMES) or not error.problem.startswith("not valid JSON"):
                    raise
        from treaty.documents.yaml_reader import read_yaml

        tree, places = read_yaml(text, limits)
        return Document(path, text, tree, "yaml", places)


def _read_json(path: str, text: Text) -> Document:
    from treaty.documents.json_reader import read_json

    return Document(path, text, read_json(text), "json")
