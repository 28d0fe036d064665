"""What a person may have meant by a name that does not exist."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean"]

_COMPARED = 5000
_LISTED = 8
_AS_GOOD = 0.1
"""How much less alike than the best match a name may be to be offered beside it."""


def did_you_mean(name: str, names: Iterable[str], *, prefix: str = "") -> str | None:
    """A sentence that offers the names closest to ``name``, or all of a few; None where there is nothing to offer.

    ``prefix`` is put before each, to make of a name what the user can type.
    """
    known = list(islice(names, _COMPARED))
    if not known:
        return None
    from difflib import SequenceMatcher, get_close_matches

    folded = {candidate.casefold(): candidate for candidate in reversed(known)}
    wanted = name.casefold()
    matches = get_close_matches(wanted, folded)
    likeness = [SequenceMatcher(None, match, wanted).ratio() for match in matches]
    close = [folded[match] for match, ratio in zip(matches, likeness, strict=True) if ratio >= likeness[0] - _AS_GOOD]
    if close:
        return f"did you mean {' or '.join(prefix + match for match in close)}?"
    if len(known) <= _LISTED:
        return f"there is {', '.join(prefix + candidate for candidate in known)}"
    return None
