"""What a reference asks for: a document, and a place in it."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

__all__ = ["OutsideRootError", "Reference", "beside", "file_uri", "neighbour", "path_of"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


class OutsideRootError(Exception):
    """A relative path leads out of the root."""


class Reference(NamedTuple):
    """A URI reference (RFC 3986) split at its fragment: ``target`` as written, ``fragment`` percent-decoded."""

    target: str
    fragment: str

    @classmethod
    def parse(cls, written: str) -> Reference:
        target, _, fragment = written.partition("#")
        return cls(target, unquote(fragment))

    @property
    def scheme(self) -> str | None:
        """The scheme in lower case; ``file`` also for a Windows path, None for a relative reference."""
        if _DRIVE.match(self.target):
            return "file"
        found = _SCHEME.match(self.target)
        return found[0][:-1].lower() if found is not None else None


def beside(path: str, target: str) -> str:
    """The path that ``target``, a relative reference, means in the file ``path``. Raises OutsideRootError."""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target)))
    if found == ".." or found.startswith(("../", "/")):
        raise OutsideRootError(found)
    return found


def file_uri(path: str) -> str:
    """The base URI of a file of a source. The root of the source stands for the root of the host."""
    return "file:///" + quote(path)


def path_of(uri: str) -> str | None:
    """The path that :func:`file_uri` was given; None for another URI."""
    return unquote(uri.removeprefix("file:///")) if uri.startswith("file:///") else None


def neighbour(identifier: str, path: str, uri: str) -> str | None:
    """Where ``uri`` lies if files lie to each other as their `$id`s do, given one file and its identifier.

    ``https://a.example/s/order.json`` in ``schemas/order.json`` puts ``https://a.example/s/money.json`` into
    ``schemas/money.json``. None for another host, and outside of the root.
    """
    known, asked = urlsplit(identifier), urlsplit(uri)
    if (known.scheme, known.netloc) != (asked.scheme, asked.netloc) or not asked.path.strip("/"):
        return None
    relative = posixpath.relpath(unquote(asked.path), posixpath.dirname(unquote(known.path)) or "/")
    try:
        return beside(path, quote(relative))
    except OutsideRootError:
        return None
