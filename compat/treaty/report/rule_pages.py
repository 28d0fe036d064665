"""The folder of rule pages, `docs/rules/`: one page per rule, and an index by family.

``python -m treaty.report.rule_pages [FOLDER]`` writes it (`make docs`).
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from treaty.changes.catalogue import FAMILIES, rules
from treaty.report.rule_page import family_title, levels_in_short, rule_page

if TYPE_CHECKING:
    from treaty.changes.catalogue import Rule

_INDEX = "README.md"


def pages() -> dict[str, str]:
    """File name to Markdown, the index among them."""
    return {_INDEX: _index()} | {f"{rule.id}.md": rule_page(rule) for rule in rules().values()}


def write(folder: Path) -> None:
    """Bring ``folder`` to hold exactly the pages: those of rules that are gone are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for stale in folder.glob("*.md"):
        if stale.name not in wanted:
            stale.unlink()
    for name, text in wanted.items():
        page = folder / name
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


def _index() -> str:
    sections = [
        "# Rules",
        "What Treaty can say about a change, by family. *Read* is the level where the owner of the contract receives "
        "the value (a request), *written* where it sends it (a field of an answer). The policy can set another level "
        "for each. `treaty explain RULE` prints a page in the terminal. These pages are made from the catalogue by "
        "`make docs`; change the row in `compat/treaty/changes/rules/`, not the page.",
    ]
    for family in FAMILIES:
        listed: tuple[Rule, ...] = importlib.import_module(f"treaty.changes.rules.{family}").RULES
        rows = [
            f"## {family_title(listed[0]).capitalize()}",
            "",
            "| rule | what happened | read | written |",
            "|---|---|---|---|",
        ]
        for rule in listed:
            read, written = levels_in_short(rule)
            rows.append(f"| [{rule.id}]({rule.id}.md) | {rule.summary.replace('|', '/')} | {read} | {written} |")
        sections.append("\n".join(rows))
    return "\n\n".join(sections) + "\n"


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/rules"))
