"""Ranges as SVG: a change with its interval beside zero, and what moves a result most. The words and tables stand beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from meervoud.lib.saying import spoken

register = template.Library()

WIDE, EDGE, HIGH = 340, 34, 46
ROW, BAR = 46, 12
NARROW = 110
"""Under a bar that is narrower than this its two numbers do not fit beside each other: they stand there as one text."""


@dataclass(frozen=True)
class _Axis:
    """Where numbers stand on a plot."""

    low: float
    high: float

    def at(self, number: float) -> str:
        reach = (self.high - self.low) or 1.0
        return f"{EDGE + (number - self.low) / reach * (WIDE - 2 * EDGE):.1f}"


@register.inclusion_tag("components/range_interval.html")
def interval(name: str, title: str, ends: Sequence[float]) -> dict[str, Any]:  # Any: see the template
    """Draw an interval with its most likely value, beside zero.

    Args:
        name: of the plot in the page.
        title: what it shows, as it is read aloud.
        ends: low, most likely, high.
    """
    low, point, high = ends
    axis, number = _Axis(min(low, 0.0), max(high, 0.0)), spoken().number
    marks = {"low": axis.at(low), "point": axis.at(point), "high": axis.at(high), "zero": axis.at(0.0)}
    said = {
        "low_text": number(round(low, 2)),
        "high_text": number(round(high, 2)),
        "point_text": number(round(point, 2)),
    }
    return {"name": name, "title": title, "wide": WIDE, "height": HIGH, **marks, **said}


@register.inclusion_tag("components/range_swings.html")
def swings_plot(name: str, title: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:  # Any: see the template
    """Draw how far each number alone moves a result, the furthest first.

    Args:
        name: of the plot in the page.
        title: what it shows, as it is read aloud.
        rows: each with its name, and the result at both ends as `ends`.
    """
    numbers = [end for each in rows for end in each["ends"]]
    axis = _Axis(min([*numbers, 0.0]), max([*numbers, 0.0]))
    drawn = []
    for place, each in enumerate(rows):
        low, high = sorted(each["ends"])
        width = float(axis.at(high)) - float(axis.at(low))
        texts = {"name": each["name"], "low_text": each["low"], "high_text": each["high"]}
        is_right = float(axis.at(low)) > WIDE / 2
        ends = {"is_narrow": width < NARROW, "is_right": is_right, "end": axis.at(high)}
        drawn.append({"y": place * ROW, "x": axis.at(low), "width": f"{width:.1f}", **ends, **texts})
    size = {"wide": WIDE, "height": max(1, len(rows)) * ROW, "zero": axis.at(0.0), "bar_height": BAR}
    return {"name": name, "title": title, "rows": drawn, **size}
