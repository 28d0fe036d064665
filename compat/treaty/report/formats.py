"""The report formats by name; each is imported when somebody asks for it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from treaty.govern.comparison import Comparison
    from treaty.govern.lint.outcome import LintOutcome
    from treaty.govern.outcome import RunOutcome

Reportable: TypeAlias = "RunOutcome | Comparison | LintOutcome"
"""What can be reported: a run of the gate, one comparison, a lint run."""

FORMATS = {
    "json": "treaty.report.json",
    "markdown": "treaty.report.markdown",
    "html": "treaty.report.html",
    "sarif": "treaty.report.sarif",
    "junit": "treaty.report.junit",
    "github": "treaty.report.github",
    "gitlab": "treaty.report.gitlab",
}
"""Format to the module whose ``render`` makes it: the whole report as text, its last line ended.

`text` is not among them: it is printed, with the width and colours of where it goes (:mod:`treaty.report.text`).
"""
NAMES = ("text", *FORMATS)


def render(name: str, subject: Reportable) -> str:
    """The report of ``subject`` in the format ``name``."""
    rendered: str = importlib.import_module(FORMATS[name]).render(subject)
    return rendered
