"""Released versions: the tags that name one, in the order of Semantic Versioning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from semver import Version

__all__ = ["Release", "releases_among"]

_WILDCARD = re.compile(r"[*?\[]")
_VERSION_BEGUN = re.compile(r"v?[0-9.]*$")
_SHORT = re.compile(r"(\d+)\.(\d+)")


class Release(NamedTuple):
    """A tag and the version it names."""

    tag: str
    version: Version


def releases_among(tags: Iterable[str], pattern: str) -> list[Release]:
    """The releases that ``tags`` name, oldest first; tags that name no SemVer version are none.

    The version is what follows the literal beginning of ``pattern``: ``v*`` and ``v1*`` find 1.2.0 in ``v1.2.0``,
    ``provider-api/v*`` finds it in ``provider-api/v1.2.0``. ``v1.2`` is read as 1.2.0.
    """
    from semver import Version

    prefix = _VERSION_BEGUN.sub("", _WILDCARD.split(pattern, maxsplit=1)[0])
    found = []
    for tag in tags:
        written = tag.removeprefix(prefix).removeprefix("v")
        if _SHORT.fullmatch(written):
            written += ".0"
        if Version.is_valid(written):
            found.append(Release(tag, Version.parse(written)))
    return sorted(found, key=lambda release: (release.version, release.tag))
