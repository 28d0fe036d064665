"""An SVG timeline of deprecations: from the release that announced each to its sunset, and where today stands."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from treaty.govern.lifecycle.listing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from treaty.govern.lifecycle.listing import Deprecation

_WIDTH, _LABELS, _RIGHT = 960, 360, 24
_TOP, _ROW, _BAR = 44, 30, 12
_LONGEST_LABEL = 52
_MARGIN_DAYS = 20
# The colours of the page around it (page.css), which may be switched by hand; of its own where there is none.
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: var(--text, #1b1f27); }
.quiet { fill: var(--quiet, #565e6c); } .axis { stroke: var(--line, #d5d9e0); }
.today { stroke: var(--link, #0b57b0); stroke-width: 2; }
.today-label { fill: var(--link, #0b57b0); font-weight: 600; } .deprecated { fill: var(--risky, #8a5a00); }
.sunset { fill: var(--unknown, #7a2ea0); } .overdue { fill: var(--breaking, #b3151f); } .open { fill-opacity: .45; }
@media (prefers-color-scheme: dark) {
  text { fill: var(--text, #e6e9ee); } .quiet { fill: var(--quiet, #a5adba); } .axis { stroke: var(--line, #343b46); }
  .today { stroke: var(--link, #8ab4f8); } .today-label { fill: var(--link, #8ab4f8); }
  .deprecated { fill: var(--risky, #f2c14e); } .sunset { fill: var(--unknown, #d3a4f0); }
  .overdue { fill: var(--breaking, #ff8a8f); }
}
"""


def timeline(found: Sequence[Deprecation], today: datetime.date) -> str:
    """One bar per element; a bar without an end fades out, for it has no sunset."""
    begun = [each.released.when.date() for each in found if each.released is not None]
    ended = [each.lifecycle.sunset for each in found if each.lifecycle.sunset is not None]
    margin = datetime.timedelta(_MARGIN_DAYS)
    first, last = min([today, *begun]) - margin, max([today, *ended]) + margin
    height = _TOP + _ROW * len(found) + 20

    def across(day: datetime.date) -> float:
        share = (day - first).days / max((last - first).days, 1)
        return round(_LABELS + share * (_WIDTH - _LABELS - _RIGHT), 1)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="title" font-size="13">',
        f"<title id='title'>{len(found)} deprecated elements by sunset, as of {today}</title>",
        f"<style>{_STYLE}</style>",
    ]
    for month in _months(first, last):
        x = across(month)
        lines.append(f'<line class="axis" x1="{x}" x2="{x}" y1="{_TOP - 14}" y2="{height - 18}"/>')
        lines.append(f'<text class="quiet" x="{x}" y="{_TOP - 20}" text-anchor="middle">{month:%b %Y}</text>')
    for index, each in enumerate(found):
        lines.extend(_bar(each, _TOP + index * _ROW, across, today, last))
    x = across(today)
    lines.append(f'<line class="today" x1="{x}" x2="{x}" y1="{_TOP - 14}" y2="{height - 18}"/>')
    lines.append(f'<text class="today-label" x="{x}" y="{height - 5}" text-anchor="middle">today</text>')
    return "\n".join([*lines, "</svg>", ""])


def _bar(
    each: Deprecation, top: int, across: Callable[[datetime.date], float], today: datetime.date, last: datetime.date
) -> list[str]:
    start = across(each.released.when.date() if each.released is not None else today)
    sunset = each.lifecycle.sunset
    end = across(sunset if sunset is not None else last)
    label = f"{each.contract}: {each.element}"
    shown = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
    until = f"until {sunset}" if sunset is not None else "no sunset"
    kind = each.standing.value if each.standing is not Standing.DEPRECATED else "deprecated"
    fade = "" if sunset is not None else " open"
    width = max(round(end - start, 1), 2)
    return [
        f"<g><title>{escape(label)}, {each.standing.value}, {until}</title>",
        f'<text x="8" y="{top + 11}">{escape(shown)}</text>',
        f'<rect class="{kind}{fade}" x="{min(start, end)}" y="{top + 1}" width="{width}" height="{_BAR}" rx="3"/></g>',
    ]


def _months(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The first days of months to mark, at most a dozen of them."""
    months = []
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            months.append(day)
        day = (day + datetime.timedelta(32)).replace(day=1)
    step = max(1, -(-len(months) // 8))
    return months[::step]
