"""Names of subjects and contexts, in both spellings: ``:.context:subject`` and ``/contexts/.context/…``."""

from __future__ import annotations

from typing import NamedTuple

from treaty_registry.errors import RegistryError

DEFAULT_CONTEXT = "."
ANY_CONTEXT = ":*:"
"""The prefix that asks for subjects of every context."""

MAX_SUBJECT_BYTES = 1500
MAX_CONTEXT_BYTES = 255
"""An index entry of PostgreSQL holds some 2,700 bytes, and keys hold a context and a subject."""

_RESERVED = frozenset({"", "__GLOBAL", "__EMPTY"})


class SubjectName(NamedTuple):
    """A subject within its context; ``name`` is empty where a whole context is meant."""

    context: str
    name: str

    @property
    def qualified(self) -> str:
        """``name`` in the default context, ``:.context:name`` in any other."""
        return self.name if self.context == DEFAULT_CONTEXT else f":{self.context}:{self.name}"

    @property
    def is_default(self) -> bool:
        return self.context == DEFAULT_CONTEXT

    @property
    def scope(self) -> SubjectName:
        """The scope of the whole context."""
        return SubjectName(self.context, "")


GLOBAL = SubjectName(DEFAULT_CONTEXT, "")
"""The scope of settings for everything; the default context has no settings apart from it."""


def parse_subject(text: str, parent: str = DEFAULT_CONTEXT) -> SubjectName:
    """The subject ``text`` names; unqualified it belongs to the context ``parent``.

    ``:.ctx:a`` is ``a`` in ``.ctx``, and ``:.ctx`` or ``:.ctx:`` the context itself.
    """
    if text.startswith(":."):
        context, _, name = text[1:].partition(":")
        return SubjectName(context, name)
    return SubjectName(parent, text)


def parse_context(text: str) -> str:
    """The context ``text`` names: ``a``, ``.a`` and ``:.a:`` are all ``.a``.

    Raises RegistryError 400 for a colon inside, control characters and names over 255 bytes.
    """
    name = text.removeprefix(":").removesuffix(":")
    if not name.startswith("."):
        name = f".{name}"
    _check_context(name, 400)
    return name


def check_subject(subject: SubjectName, *, scope: bool = False) -> SubjectName:
    """``subject`` itself when it may be written to; with ``scope`` a whole context is meant as well.

    Raises RegistryError 42208 for reserved, empty and overlong names and for control characters, which no client can
    print.
    """
    _check_context(subject.context, 42208)
    if scope and not subject.name and not subject.is_default:
        return subject
    name = subject.name
    if name in _RESERVED or (not name.isprintable() and any(_is_control(c) for c in name)):
        raise RegistryError(42208, f"The subject name {name!r} is not allowed")
    if len(name) > MAX_SUBJECT_BYTES // 4 and len(name.encode()) > MAX_SUBJECT_BYTES:
        raise RegistryError(
            42208, f"The subject name starting with {name[:40]!r} is longer than {MAX_SUBJECT_BYTES} bytes"
        )
    return subject


def _check_context(context: str, code: int) -> None:
    if ":" in context or any(_is_control(c) for c in context):
        raise RegistryError(code, f"The context name {context!r} is not allowed: no colon and no control characters")
    if len(context.encode()) > MAX_CONTEXT_BYTES:
        raise RegistryError(
            code, f"The context name starting with {context[:40]!r} is longer than {MAX_CONTEXT_BYTES} bytes"
        )


def _is_control(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"
