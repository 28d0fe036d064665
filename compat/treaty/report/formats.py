"""The report formats by name; each is imported when somebody asks for it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from treaty.govern.outcome import RunOutcome

if TYPE_CHECKING:
    from treaty.govern.comparison import Comparison

FORMATS = {"json": "treaty.report.json"}
"""Format to the module that renders it: `render_run` for a run of the gate, `render_comparison` for one comparison.

`text` is not among them: it is printed, with the width and colours of where it goes (:mod:`treaty.report.text`).
"""
NAMES = ("text", *FORMATS)


def render(name: str, subject: RunOutcome | Comparison) -> str:
    """The whole report as text, its last line ended."""
    module = importlib.import_module(FORMATS[name])
    rendered: str = module.render_run(subject) if isinstance(subject, RunOutcome) else module.render_comparison(subject)
    return rendered
