"""Links from a report to the lines it is about, where a code host says how."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from treaty.documents.location import Location

_COMMIT = re.compile(r"[0-9a-f]{7,64}\Z")


class Links(NamedTuple):
    """Where files are shown: ``pattern`` has ``{commit}`` and ``{path}``, ``commit`` is the state that is proposed."""

    pattern: str
    commit: str

    def to(self, location: Location) -> str | None:
        """The address of a place; None for a state that is not on the host, such as the working tree of a revision."""
        revision, _, path = location.file.rpartition(":")
        if revision and not _COMMIT.match(revision):
            return None
        address = self.pattern.format(commit=revision or self.commit, path=quote(path))
        return f"{address}#L{location.line}" if location.line is not None else address


def links_around(environ: Mapping[str, str] = os.environ) -> Links | None:
    """Links as the CI service of ``environ`` shows files; None outside of one.

    GitHub checks out a merge of a pull request that nobody can look at later, so its own head is linked.
    """
    if environ.get("GITHUB_REPOSITORY") and environ.get("GITHUB_SHA"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        commit = _pull_request_head(environ) or environ["GITHUB_SHA"]
        return Links(f"{server}/{environ['GITHUB_REPOSITORY']}/blob/{{commit}}/{{path}}", commit)
    if environ.get("CI_PROJECT_URL") and environ.get("CI_COMMIT_SHA"):
        return Links(f"{environ['CI_PROJECT_URL']}/-/blob/{{commit}}/{{path}}", environ["CI_COMMIT_SHA"])
    return None


def _pull_request_head(environ: Mapping[str, str]) -> str | None:
    path = environ.get("GITHUB_EVENT_PATH")
    if not path:
        return None
    try:
        event = json.loads(Path(path).read_text("utf-8"))
        head = event["pull_request"]["head"]["sha"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return head if isinstance(head, str) and _COMMIT.match(head) else None
