"""What a person may have meant by a name that does not exist."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean"]

_COMPARED = 5000
_LISTED = 8


def did_you_mean(name: str, names: Iterable[str], *, prefix: str = "") -> str | None:
    """A sentence that offers the names closest to ``name``, or all of a few; None where there is nothing to offer.

    ``prefix`` is put before each, to make of a name what the user can type.
    """
    known = list(islice(names, _COMPARED))
    if not known:
        return None
    from difflib import get_close_matches

    folded = {candidate.casefold(): candidate for candidate in reversed(known)}
    close = [folded[match] for match in get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)]
    if close:
        return f"did you mean {' or '.join(prefix + match for match in close)}?"
    if len(known) <= _LISTED:
        return f"there is {', '.join(prefix + candidate for candidate in known)}"
    return None
