"""How a value travels, which decides what its reader can tell apart."""

from __future__ import annotations

import enum


class Wire(enum.Enum):
    """The form of a value on the wire.

    ``JSON``: typed, 1 is not "1". ``TEXT``: bare text where the contract knows the type (a parameter, a header, a form
    field), so a reader of strings reads numbers too. ``MARKUP``: a body that is text as a whole (XML, plain text),
    which a reader of strings takes as it is.
    """

    JSON = "json"
    TEXT = "text"
    MARKUP = "markup"
