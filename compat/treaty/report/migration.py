"""A migration guide, as Markdown and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from treaty.report.entries import example, plural
from treaty.report.json import change_report
from treaty.report.markdown import code, row, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treaty.documents.location import JsonValue
    from treaty.govern.migration import Guide, Step
    from treaty.model.lifecycle import Lifecycle

_MOST = 200


def markdown(guide: Guide) -> str:
    """What to do first, then what is called instead, field by field, and by when."""
    old, new = guide.comparison.base, guide.comparison.revision
    names = f"{text(old.version or old.source)} to {text(new.version or new.source)}"
    must = len(guide.must)
    lines = [
        f"# From {names}",
        "",
        f"{plural(must, 'change')} to make, {plural(len(guide.may), 'change')} to use if you like."
        if must
        else "Nothing has to change: what works today goes on working.",
        "",
        *_timeline(guide),
        *_operations(guide),
        *_fields(guide),
        *_steps("What to change", guide.must),
        *_steps("What you may use", guide.may),
    ]
    return "\n".join(lines)


def _timeline(guide: Guide) -> list[str]:
    lines: list[str] = []
    if guide.deadline is not None:
        lines += _facts("The old version", guide.deadline)
    for name, lifecycle in guide.announced:
        lines += _facts(code(name), lifecycle)
    return ["## By when", "", *lines, ""] if lines else []


def _facts(what: str, lifecycle: Lifecycle) -> list[str]:
    facts = [f"deprecated since {text(lifecycle.deprecated_since)}"] if lifecycle.deprecated_since else ["deprecated"]
    facts += [f"works until **{lifecycle.sunset}**"] if lifecycle.sunset is not None else ["no end is announced"]
    facts += [f"use {code(lifecycle.replaced_by)}"] if lifecycle.replaced_by else []
    lines = [f"- {what}: {', '.join(facts)}"]
    return [*lines, *(f"  - {text(said)}" for said in (lifecycle.reason, lifecycle.migration) if said)]


def _operations(guide: Guide) -> list[str]:
    if not guide.operations:
        return []
    moved = [each for each in guide.operations if each.old != each.new]
    if not moved:
        return ["## Operations", "", "All are called as before.", ""]
    lines = ["## Operations", ""]
    kept = len(guide.operations) - len(moved)
    if kept:
        lines += [f"{plural(kept, 'operation')} called as before.", ""]
    lines += [row("before", "now"), "|---|---|"]
    for each in moved[:_MOST]:
        instead = code(each.new) if each.new is not None else "**gone**, and nothing is named instead"
        lines.append(row(code(each.old), f"{instead}{' (announced)' if each.by == 'announced' else ''}"))
    if len(moved) > _MOST:
        lines.append(row(f"… {len(moved) - _MOST} more", ""))
    return [*lines, ""]


def _fields(guide: Guide) -> list[str]:
    if not guide.fields:
        return []
    lines = ["## Fields", "", row("where", "before", "now", ""), "|---|---|---|---|"]
    for each in guide.fields:
        known = "" if each.announced else "by its name; check that it means the same"
        lines.append(row(code(each.site), code(each.old), code(each.new), known))
    return [*lines, ""]


def _steps(title: str, steps: Iterable[Step]) -> list[str]:
    by_place: dict[str, list[Step]] = {}
    for step in steps:
        place = step.element.partition(" $")[0]
        by_place.setdefault(place, []).append(step)
    if not by_place:
        return []
    lines = [f"## {title}", ""]
    for place, found in by_place.items():
        lines += [f"### {code(place)}", ""]
        for step in found:
            lines.append(f"- {text(step.instruction)}.")
            witness = step.change.witness
            if witness is not None and step.must:
                side = "no longer accepted" if witness.refused_by == "revision" else "may now come"
                lines.append(f"  - {side}: {code(example(witness, 300))}")
        lines.append("")
    return lines


def guide_json(guide: Guide) -> str:
    """The guide for programs, with the changes it rests on."""
    comparison = guide.comparison
    report: dict[str, JsonValue] = {
        "schema": 1,
        "from": {"source": comparison.base.source, "version": comparison.base.version},
        "to": {"source": comparison.revision.source, "version": comparison.revision.version},
        "deadline": _lifecycle(guide.deadline) if guide.deadline is not None else None,
        "announced": [{"element": name, **_lifecycle(lifecycle)} for name, lifecycle in guide.announced],
        "operations": [{"before": each.old, "now": each.new, "by": each.by} for each in guide.operations],
        "fields": [
            {"where": each.site, "before": each.old, "now": each.new, "announced": each.announced}
            for each in guide.fields
        ],
        "steps": [
            {
                "element": step.element,
                "instruction": step.instruction,
                "must": step.must,
                "change": change_report(step.change),
            }
            for step in guide.steps
        ],
    }
    return json.dumps(report, indent=2, ensure_ascii=False, default=str) + "\n"


def _lifecycle(lifecycle: Lifecycle) -> dict[str, JsonValue]:
    return {
        "deprecated_since": lifecycle.deprecated_since,
        "removed_in": lifecycle.removed_in,
        "sunset": lifecycle.sunset.isoformat() if lifecycle.sunset is not None else None,
        "replaced_by": lifecycle.replaced_by,
        "reason": lifecycle.reason,
        "migration": lifecycle.migration,
    }
